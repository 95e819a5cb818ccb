// The data of the page: what whoheld.export.page writes, and a few ways to ask it.

import { parseDay, type Bounds, type Day } from "./days";

export interface Side {
  id: string;
  name: string;
}

export interface Place {
  id: string;
  name: string;
  admin1: string | null;
  country: string | null;
  feature: string | null;
  lat?: number;
  lon?: number;
}

export interface Spell {
  state: "held" | "contested" | "unknown";
  holder: Side | null;
  parties?: Side[];
  extent: "whole" | "part" | "near";
  likelihood?: string;
  from: Bounds | null;
  to: Bounds | null;
  first: string;
  last: string;
  support: string[];
  dissent: string[];
  weights: Record<string, number>;
}

export interface Timeline {
  place: Place;
  spells: Spell[];
  hash: string;
}

export interface Mention {
  text: string;
}

export interface Participant extends Mention {
  name: string | null;
  side_name: string | null;
}

export interface Quotation {
  exact: string;
  prefix: string;
  suffix: string;
  cut?: [boolean, boolean];
}

export interface Decision {
  verdict: string;
  by: string;
  note: string;
  correction: [string, string][];
  recorded: string;
}

export interface Claim {
  id: string;
  report_id: string;
  coder: string;
  kind: string;
  modality: "asserted" | "denied" | "prospective";
  certainty: "certain" | "probable" | "possible";
  actors: Participant[];
  opponents: Participant[];
  place: Mention & { name: string | null; extent: string };
  when: (Mention & Bounds & { inferred?: boolean }) | null;
  when_unresolved?: Mention;
  sources: Mention[];
  evidence: Quotation[];
  recorded: string;
  decisions?: Decision[];
}

export interface Report {
  id: string;
  publisher: string;
  title: string;
  url: string;
  published: string | null;
  copy_of?: string;
}

export interface Page {
  format: number;
  timelines: Timeline[];
  claims: Record<string, Claim>;
  reports: Record<string, Report>;
}

/** A spell with its days as numbers. */
export interface Span {
  spell: Spell;
  first: Day;
  last: Day;
}

/** A place with everything that is said of it, ready to be asked. */
export interface Subject {
  index: number;
  place: Place;
  hash: string;
  spans: Span[];
  /** The days that its evidence speaks of, from and to. */
  told: [Day, Day][];
  changes: Day[];
}

export function readPage(): Page | null {
  const text = document.getElementById("whoheld-data")?.textContent ?? "null";
  return JSON.parse(text) as Page | null;
}

export function subjectsOf(page: Page): Subject[] {
  return page.timelines.map((timeline, index) => {
    const spans = timeline.spells.map((spell) => ({
      spell,
      first: parseDay(spell.first) ?? 0,
      last: parseDay(spell.last) ?? 0,
    }));
    const cited = new Set(spans.flatMap(({ spell }) => [...spell.support, ...spell.dissent]));
    const told = [...cited].map((id) => toldOf(page, page.claims[id])).filter((days) => days !== null);
    return {
      index,
      place: timeline.place,
      hash: timeline.hash,
      spans,
      told,
      changes: spans.map((span) => span.first),
    };
  });
}

/** The days that a claim speaks of; of a claim without a time, the day of its report. */
function toldOf(page: Page, claim: Claim | undefined): [Day, Day] | null {
  if (!claim) return null;
  const to = parseDay(claim.when?.latest) ?? parseDay(page.reports[claim.report_id]?.published);
  return to === null ? null : [parseDay(claim.when?.earliest) ?? to, to];
}

/** Whether the place ever has a holder or is contested: the rest is only spoken of. */
export function everKnown(subject: Subject): boolean {
  return subject.spans.some(({ spell }) => spell.state !== "unknown");
}

export function spanOn(subject: Subject, day: Day): Span | null {
  return subject.spans.find((span) => span.first <= day && day <= span.last) ?? null;
}

/** How many days back the last evidence lies; 0 where it speaks of this day, null where there is only later evidence. */
export function ageOn(subject: Subject, day: Day): number | null {
  const ages = subject.told.filter(([from]) => from <= day).map(([, to]) => Math.max(0, day - to));
  return ages.length ? Math.min(...ages) : null;
}

export function extentOf(subjects: Subject[]): [Day, Day] {
  let first = Infinity;
  let last = -Infinity;
  for (const { spans } of subjects)
    for (const span of spans) {
      first = Math.min(first, span.first);
      last = Math.max(last, span.last);
    }
  return first <= last ? [first, last] : [0, 0];
}

/** The latest of the days on which most places have a holder or are contested: where the map is worth most. */
export function bestDay(subjects: Subject[], [first, last]: [Day, Day]): Day {
  const steps = new Map<Day, number>();
  for (const { spans } of subjects)
    for (const span of spans) {
      if (span.spell.state === "unknown") continue;
      steps.set(span.first, (steps.get(span.first) ?? 0) + 1);
      steps.set(span.last + 1, (steps.get(span.last + 1) ?? 0) - 1);
    }
  let known = 0;
  let most = 0;
  let best = first;
  const days = [...steps.keys()].sort((one, other) => one - other);
  days.forEach((day, index) => {
    known += steps.get(day)!;
    if (known >= most && known > 0) {
      most = known;
      best = Math.min((days[index + 1] ?? last + 1) - 1, last);
    }
  });
  return best;
}
