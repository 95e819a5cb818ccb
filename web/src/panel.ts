// The panel: the list of places on a day, or one place with its answer and everybody who says so.

import { barRange, controlBar } from "./bar";
import { ageOn, spanOn, type Claim, type Page, type Quotation, type Report, type Span, type Subject } from "./data";
import { parseDay, sayAge, sayBounds, sayBriefly, sayDay, type Day } from "./days";
import { button, h, link } from "./dom";
import { glyph } from "./glyph";
import type { Sides } from "./sides";
import { count, countryName, sayClaim, sayModality, saySpan, sayState, sayVoice, sayWeight } from "./words";

const LISTED = 300; // more are found by searching

const VERDICTS: Record<string, string> = { accept: "Accepted", reject: "Rejected", correct: "Corrected", undo: "Decision taken back" };

const AREAS = new Set(["area", "district", "province", "country", "region"]);

export interface PanelEvents {
  pick(subject: Subject): void;
  back(): void;
  go(day: Day): void;
  fit(subjects: Subject[]): void;
}

export class Panel {
  readonly element = h("section", { id: "panel", class: "panel", tabindex: -1, "aria-label": "Places and evidence" });
  private readonly search = h("input", { type: "search", placeholder: "Find a place or a side", "aria-label": "Find a place or a side", autocomplete: "off" });
  private readonly listing = h("div", { class: "listing" });
  private readonly names: string[];
  private subject: Subject | null = null;
  private span: Span | null | undefined;
  private day: Day = 0;

  constructor(
    private readonly page: Page,
    private readonly subjects: Subject[],
    private readonly sides: Sides,
    private readonly events: PanelEvents,
  ) {
    this.names = subjects.map(({ place }) => plain(`${place.name} ${place.admin1 ?? ""} ${countryName(place.country)}`));
    this.search.addEventListener("input", () => this.list());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.listing.querySelector<HTMLButtonElement>("button.row")?.click();
    });
  }

  /** Show the list (null) or a place, as on `day`. Only what changes is drawn again, so that reading is not disturbed. */
  show(subject: Subject | null, day: Day): void {
    const span = subject ? spanOn(subject, day) : undefined;
    const sameText = subject === this.subject && subject !== null && span === this.span;
    const turned = subject !== this.subject;
    this.subject = subject;
    this.span = span;
    this.day = day;
    if (!subject) {
      if (turned || !this.search.isConnected) this.element.replaceChildren(this.search, this.listing, aboutThis());
      this.list();
    } else if (sameText) {
      this.element.querySelector(".bar-holder")?.replaceChildren(this.bar(subject));
      this.element.querySelector(".answer-day")?.replaceChildren(`On ${sayDay(day)}`);
      this.element.querySelector(".age")?.replaceChildren(this.sayAge(subject));
    } else {
      this.element.replaceChildren(...this.place(subject, span ?? null));
    }
    if (turned) this.element.scrollTop = 0;
  }

  private list(): void {
    const wanted = plain(this.search.value).split(/\s+/).filter(Boolean);
    const spoken: Subject[] = [];
    const silent: Subject[] = [];
    for (const subject of this.subjects) {
      const spell = spanOn(subject, this.day)?.spell ?? null;
      const hay = wanted.length ? `${this.names[subject.index]} ${plain(sayState(spell, subject))}` : "";
      if (!wanted.every((word) => hay.includes(word))) continue;
      (spell || wanted.length ? spoken : silent).push(subject);
    }
    const parts: Node[] = this.groups(spoken);
    if (!spoken.length && !silent.length) parts.push(h("p", { class: "empty" }, "No place fits. Try fewer letters, a province, a country or a side."));
    if (silent.length) {
      const open = !spoken.length || (this.listing.querySelector<HTMLDetailsElement>(".silent")?.open ?? false);
      parts.push(h("details", { class: "fold silent", open }, h("summary", {}, `${count(silent.length, "place")} with nothing said for this day`), ...this.groups(silent)));
    }
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.index : undefined;
    this.listing.replaceChildren(...parts);
    if (focused !== undefined) this.listing.querySelector<HTMLElement>(`[data-index="${focused}"]`)?.focus();
  }

  /** Rows by country: first the countries in which most is known on this day, and in each what is known. */
  private groups(subjects: Subject[]): Node[] {
    const groups = new Map<string, { known: number; members: Subject[] }>();
    for (const subject of subjects) {
      const key = countryName(subject.place.country);
      const group = groups.get(key) ?? { known: 0, members: [] };
      group.members.push(subject);
      if (this.isKnown(subject)) group.known += 1;
      groups.set(key, group);
    }
    const parts: Node[] = [];
    let room = LISTED;
    for (const [country, { members }] of [...groups].sort(([one, { known }], [other, rival]) => rival.known - known || one.localeCompare(other))) {
      if (room <= 0) break;
      const fit = button(`Show ${country} on the map`, "quiet", () => this.events.fit(members), "Show on map");
      const items = h("ul", { class: "rows" });
      const order = (subject: Subject) => (this.isKnown(subject) ? 0 : 1);
      members.sort((one, other) => order(one) - order(other) || one.place.name.localeCompare(other.place.name));
      for (const subject of members.slice(0, room)) items.append(this.row(subject));
      room -= members.length;
      parts.push(h("div", { class: "group" }, h("h3", {}, country), fit), items);
    }
    if (subjects.length > LISTED) parts.push(h("p", { class: "empty" }, `${count(subjects.length - LISTED, "more place")}: search to find them.`));
    return parts;
  }

  private isKnown(subject: Subject): boolean {
    const state = spanOn(subject, this.day)?.spell.state;
    return state === "held" || state === "contested";
  }

  private row(subject: Subject): HTMLElement {
    const spell = spanOn(subject, this.day)?.spell ?? null;
    const row = button("", "row", () => this.events.pick(subject));
    row.dataset.index = String(subject.index);
    const where = subject.place.lat === undefined ? "not on the map: no coordinates known" : (subject.place.admin1 ?? "");
    row.append(
      glyph(spell, this.sides, 22),
      h("span", { class: "row-text" },
        h("span", { class: "row-name" }, h("bdi", {}, subject.place.name), where ? h("small", {}, where) : null),
        h("span", { class: spell ? "row-state" : "row-state faint" }, sayState(spell, subject)),
      ),
    );
    return h("li", {}, row);
  }

  private bar(subject: Subject): SVGSVGElement {
    return controlBar(subject, this.sides, this.day);
  }

  private place(subject: Subject, span: Span | null): Node[] {
    const { name, admin1, country, lat, feature } = subject.place;
    const spell = span?.spell ?? null;
    const kind = feature && feature !== "populated" ? feature[0]!.toUpperCase() + feature.slice(1) : null;
    const parts: Node[] = [
      button("All places", "back", () => this.events.back()),
      h("h2", { class: "place-name", tabindex: -1 }, h("bdi", {}, name)),
      h("p", { class: "where" }, [kind, admin1 === name ? null : admin1, country ? countryName(country) : null].filter(Boolean).join(", ") + (lat === undefined ? " · no coordinates known, so not on the map" : "")),
      h("div", { class: "answer" },
        glyph(spell, this.sides, 40),
        h("div", {},
          h("p", { class: "answer-day" }, `On ${sayDay(this.day)}`),
          h("p", { class: "answer-state" }, sayState(spell, subject)),
          spell?.likelihood ? h("p", { class: "answer-likelihood" }, spell.likelihood) : null,
        ),
      ),
      h("p", { class: "detail" }, this.explain(subject, span)),
      h("p", { class: "detail age" }, this.sayAge(subject)),
      this.through(subject),
    ];
    if (spell) {
      const unknown = spell.state === "unknown";
      parts.push(...this.cited(unknown ? "Why it is not known" : "Who says so", spell.support, spell.weights, "support", unknown ? "No claim moves it this way by itself." : "No single claim carries this answer by itself."));
      if (spell.dissent.length) parts.push(...this.cited(unknown ? "Who speaks for the last holder" : "Who speaks against it", spell.dissent, spell.weights, "dissent", ""));
    }
    parts.push(h("p", { class: "caveat" }, `A point, not a front line. Nothing is said of what lies between places${AREAS.has(feature ?? "") ? `, or of each place in this ${feature}: the mark stands in its middle` : ""}. Unknown means that nobody said, or not surely enough.`));
    return parts;
  }

  private explain(subject: Subject, span: Span | null): string {
    if (span) {
      if (span.spell.state === "unknown") {
        const before = subject.spans[subject.spans.indexOf(span) - 1]?.spell;
        const last = before?.holder ? ` It was last held by ${before.holder.name}.` : "";
        return `What is said for these days does not settle who held it.${last}`;
      }
      return saySpan(span.spell);
    }
    if (!subject.spans.length) return "No claim about this place could be used.";
    if (this.day < subject.spans[0]!.first) return "Nobody has spoken of this place for so early a day. That does not mean that nobody held it.";
    return "What was said last is too old to speak for this day. That does not mean that anything changed.";
  }

  private sayAge(subject: Subject): string {
    const age = ageOn(subject, this.day);
    if (age === null) return subject.told.length ? "All evidence for it is of a later day." : "";
    if (age === 0) return "There is evidence that speaks of this day.";
    return `Last evidence: ${sayAge(age)}, ${sayDay(this.day - age)}.`;
  }

  /** The bar, and the same as a list that can be read out and clicked. */
  private through(subject: Subject): HTMLElement {
    const holder = h("div", { class: "bar-holder" }, this.bar(subject));
    holder.addEventListener("click", (event) => {
      const { left, width } = holder.getBoundingClientRect();
      const [first, last] = barRange(subject);
      this.events.go(Math.round(first + ((event.clientX - left) / width) * (last - first)));
    });
    const items = h("ol", { class: "spells" });
    subject.spans.forEach((one) => {
      const words = sayState(one.spell, subject);
      const item = button("", "spell", () => this.events.go(this.day >= one.first && this.day <= one.last ? this.day : one.first));
      item.append(
        glyph(one.spell, this.sides, 18),
        h("span", {}, h("span", { class: "spell-days" }, `${sayBriefly(one.first)} – ${sayBriefly(one.last)}`), h("span", {}, one.spell.likelihood ? `${words}, ${one.spell.likelihood}` : words)),
      );
      if (one === this.span) item.setAttribute("aria-current", "true");
      items.append(h("li", {}, item));
    });
    const [first, last] = barRange(subject);
    return h("div", { class: "through" },
      h("h3", {}, "Through time"),
      holder,
      h("div", { class: "bar-ends" }, h("span", {}, sayBriefly(first)), h("span", {}, sayBriefly(last))),
      subject.spans.length > 1 ? h("details", { class: "fold", open: subject.spans.length <= 6 }, h("summary", {}, count(subject.spans.length, "spell")), items) : items,
    );
  }

  private cited(title: string, ids: string[], weights: Record<string, number>, role: string, none: string): Node[] {
    const parts: Node[] = [h("h3", { class: `cited-title ${role}` }, title)];
    if (!ids.length) return none ? [...parts, h("p", { class: "detail" }, none)] : [];
    // An echo follows the claim that it repeats, and weighs nothing.
    let list: { id: string; echoes: string[] }[] = [];
    for (const id of ids) {
      const last = list[list.length - 1];
      if (weights[id] === 0 && last) last.echoes.push(id);
      else list.push({ id, echoes: [] });
    }
    list = list.filter(({ id }) => this.page.claims[id]);
    for (const { id, echoes } of list) {
      const card = this.card(this.page.claims[id]!, sayWeight(weights[id] ?? 0), role);
      const copies = echoes.map((echo) => this.page.claims[echo]).filter((claim) => claim !== undefined);
      if (copies.length) {
        const items = h("div", { class: "echoes" });
        for (const copy of copies) items.append(this.card(copy, this.whyEcho(copy), "echo"));
        card.append(h("details", { class: "fold" }, h("summary", {}, `${count(copies.length, "copy or repeat", "copies or repeats")}, counted once`), items));
      }
      parts.push(card);
    }
    return parts;
  }

  private whyEcho(claim: Claim): string {
    const report = this.page.reports[claim.report_id];
    const original = report?.copy_of ? this.page.reports[report.copy_of] : undefined;
    return original?.publisher ? `a copy of ${original.publisher}’s report: adds no weight` : "a repeat: adds no weight";
  }

  private card(claim: Claim, weight: string, role: string): HTMLElement {
    const report: Report | undefined = this.page.reports[claim.report_id];
    const { voices, outlet } = sayVoice(claim, report);
    const card = h("article", { class: `claim ${role}` });
    const heading = h("h4", {}, h("bdi", {}, sayClaim(claim)));
    for (const words of sayModality(claim)) heading.append(" ", h("span", { class: "chip" }, words));
    card.append(heading);
    for (const quotation of claim.evidence) card.append(quoted(quotation));
    const voice = h("p", { class: "voice" });
    if (voices.length) voices.forEach((name, index) => voice.append(index ? ", quoted by " : "", h("bdi", { class: "speaker" }, name)));
    voice.append(voices.length ? ", in " : "", h("bdi", { class: "outlet" }, outlet), voices.length ? "" : ", in its own voice");
    card.append(voice);
    if (report?.title || report?.url) {
      const title = report.title || report.url;
      card.append(h("p", { class: "report-title" }, report.url ? link(report.url, title) : h("span", { dir: "auto" }, title)));
    }
    if (report?.url) card.append(h("p", { class: "address", dir: "ltr" }, report.url));
    card.append(
      h("dl", { class: "dates" },
        ...term("Happened", ...happened(claim)),
        ...term("Published", dayOrNot(report?.published)),
        ...term("Recorded", dayOrNot(claim.recorded)),
      ),
    );
    for (const made of claim.decisions ?? []) {
      const changed = made.correction.map(([field, value]) => `${field} → ${value}`).join("; ");
      card.append(h("p", { class: "decision" }, `${VERDICTS[made.verdict] ?? made.verdict} by ${made.by} on ${dayOrNot(made.recorded)}${changed ? ` (${changed})` : ""}.${made.note ? ` ${made.note}` : ""}`));
    }
    card.append(h("p", { class: "weight" }, weight));
    return card;
  }
}

function quoted(quotation: Quotation): HTMLElement {
  const [before, after] = quotation.cut ?? [true, true];
  return h("blockquote", { dir: "auto" },
    before && quotation.prefix ? "… " : "", quotation.prefix, h("mark", {}, quotation.exact), quotation.suffix, after && quotation.suffix ? " …" : "");
}

function term(name: string, ...values: (string | Node)[]): Node[] {
  return [h("dt", {}, name), h("dd", {}, ...values)];
}

function happened(claim: Claim): (string | Node)[] {
  if (!claim.when) {
    const words = claim.when_unresolved?.text;
    return words ? [h("bdi", {}, `“${words}”`), ": no day follows from these words"] : ["the report does not say"];
  }
  const days = sayBounds(claim.when) ?? "open";
  if (claim.when.inferred || !claim.when.text) return [days, h("small", {}, " (as of publication)")];
  return [days, h("small", {}, " (", h("bdi", {}, `“${claim.when.text}”`), ")")];
}

function dayOrNot(text: string | null | undefined): string {
  const day = parseDay(text);
  return day === null ? "not known" : sayDay(day);
}

/** For searching: without case, accents and the like. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}|[ʿʾ‘’'`-]/gu, "").toLowerCase();
}

function aboutThis(): HTMLElement {
  return h("details", { class: "fold about" },
    h("summary", {}, "How to read this map"),
    h("p", {}, "Each mark is a place that reports speak of, as it stood on the day chosen. Marks are points, not front lines or areas: nothing is said of what lies between them."),
    h("p", {}, "Unknown means that nobody said, or that what was said does not settle it. A small ring means that nothing speaks for that day at all. Neither means that nobody held the place."),
    h("p", {}, "Likelihood is given in the words of Intelligence Community Directive 203, not in numbers, because it has not been calibrated: roughly even chance, likely, very likely, almost certain."),
    h("p", {}, "Copies of one story count once. A claim is what a report says, or says that somebody says; it is not a fact. Colours and shapes are given in the order of how often a side appears here, and mean nothing else."),
    h("p", {}, "Everything is in this one file; it asks no server for anything. Coasts and borders: Natural Earth (public domain), as drawn there, for orientation only. Map: MapLibre GL JS (BSD-3-Clause)."),
  );
}
