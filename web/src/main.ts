// The page: reads its data, and keeps map, time bar and panel at one day and one place.

import { bestDay, extentOf, readPage, spanOn, subjectsOf, type Page, type Subject } from "./data";
import { sayBriefly, sayDay, type Day } from "./days";
import { button, h } from "./dom";
import { readHash, writeHash } from "./hash";
import { Legend } from "./legend";
import { openMap } from "./map/gl";
import { openPlainMap } from "./map/plain";
import { middleOf, worthSeeing, type MapView } from "./map/view";
import { Panel } from "./panel";
import { Sides } from "./sides";
import "./style.css";
import { Timebar } from "./timebar";
import { count, sayState } from "./words";

function notice(text: string): void {
  document.getElementById("app")!.replaceChildren(h("p", { class: "notice" }, text));
}

async function start(page: Page): Promise<void> {
  const subjects = subjectsOf(page);
  if (!subjects.length) {
    notice("There is no place in this file yet: no report that was read speaks of who held one.");
    return;
  }
  const sides = new Sides(subjects);
  const range = extentOf(subjects);
  const asked = readHash();
  const clamp = (day: Day) => Math.min(range[1], Math.max(range[0], day));
  let day = clamp(asked.day ?? bestDay(subjects, range));
  let chosen: Subject | null = subjects.find(({ place }) => place.id === asked.place) ?? null;
  let map: MapView | null = null;
  let told = 0;
  let moved = asked.camera !== null;

  const live = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
  const mapBox = h("div", { class: "map" });
  const key = new Legend(sides, subjects);
  const around = h("div", { class: "map-holder", role: "region", "aria-label": "Map" }, mapBox, key.element, button("Show all places", "fit", () => map?.fit(worthSeeing(subjects)), "⤢"));
  const panel = new Panel(page, subjects, sides, { pick, back: () => pick(null), go, fit: (some) => map?.fit(some) });
  const time = new Timebar(range, subjects, go);
  const reports = Object.keys(page.reports).length;
  const header = h("header", { class: "top" },
    h("h1", {}, "Who held it"),
    h("p", {},
      `${count(subjects.length, "place")} · ${count(Object.keys(page.claims).length, "claim")} in ${count(reports, "report")}`,
      h("span", { class: "until" }, ` · ${sayBriefly(range[0])} – ${sayBriefly(range[1])}`),
    ),
  );
  document.getElementById("app")!.replaceChildren(header, h("main", {}, around, time.element, panel.element), live);

  function remember(): void {
    // The map's place in the address only where somebody moved it: other screens have other sizes.
    writeHash({ day, place: chosen?.place.id ?? null, camera: moved ? (map?.camera() ?? asked.camera) : null, plain: asked.plain });
  }

  function show(): void {
    time.set(day);
    panel.show(chosen, day);
    key.show(day);
    void map?.show(day);
    document.title = chosen ? `${chosen.place.name} on ${sayDay(day)}: who held it` : `Who held it on ${sayDay(day)}`;
    remember();
    clearTimeout(told);
    told = window.setTimeout(() => {
      const state = chosen ? `: ${chosen.place.name}: ${sayState(spanOn(chosen, day)?.spell ?? null, chosen)}` : "";
      live.textContent = sayDay(day) + state;
    }, 600);
  }

  function go(next: Day): void {
    const to = clamp(next);
    if (to === day) return;
    day = to;
    show();
  }

  function pick(subject: Subject | null): void {
    const before = chosen;
    chosen = subject;
    time.follow(subject ? [subject] : subjects);
    show();
    map?.select(subject);
    if (subject) panel.element.querySelector<HTMLElement>(".place-name")?.focus({ preventScroll: true });
    else if (before) panel.element.querySelector<HTMLElement>(`[data-index="${before.index}"]`)?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && chosen) {
      pick(null);
      return;
    }
    // Arrow keys belong to whatever is being used: a field, the map. Elsewhere they move through time.
    const target = event.target as Element;
    if (target.closest("input, select, textarea, summary, .maplibregl-canvas, .plain-map")) return;
    const direction = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (!direction) return;
    event.preventDefault();
    if (event.shiftKey) time.jump(direction);
    else time.step(direction);
  });

  window.addEventListener("hashchange", () => {
    const next = readHash();
    if (next.day !== null) day = clamp(next.day);
    pick(subjects.find(({ place }) => place.id === next.place) ?? null);
  });

  if (chosen) time.follow([chosen]);
  show();
  const events = {
    pick,
    moved: () => {
      moved = true;
      remember();
    },
  };
  let kind = "webgl";
  try {
    if (asked.plain) throw new Error("asked for the plain map");
    map = await openMap(mapBox, subjects, sides, events);
  } catch (error) {
    if (!asked.plain) {
      around.append(h("p", { class: "map-note" }, "This browser cannot draw the moving map (WebGL is off or missing), so here is a plain one."));
      console.info("plain map:", error);
    }
    mapBox.replaceChildren();
    mapBox.className = "map";
    around.querySelector(".legend")?.removeAttribute("open"); // this map cannot be moved from under it
    kind = "plain";
    map = openPlainMap(mapBox, subjects, sides, events);
  }
  if (asked.camera) map.moveTo(asked.camera);
  else map.fit(middleOf(worthSeeing(subjects)), true);
  await map.show(day);
  if (chosen) map.select(chosen);
  document.documentElement.dataset.map = kind;
}

const page = readPage();
if (!page) notice("This is the empty map. “whoheld export FILE.html” fills it with data.");
else void start(page);
