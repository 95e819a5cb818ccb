// The map without WebGL: a drawing of the box around the places. Marks can be reached by keyboard.

import type { MultiPolygon, Polygon, Position } from "geojson";
import { ageOn, spanOn, type Subject } from "../data";
import { s } from "../dom";
import type { Day } from "../days";
import { glyph } from "../glyph";
import type { Sides } from "../sides";
import { sayState } from "../words";
import { basemap } from "./basemap";
import { boxOf, fade, type Box, type MapEvents, type MapView } from "./view";

const WIDTH = 1000;
const MARK = 24;

export function openPlainMap(holder: HTMLElement, subjects: Subject[], sides: Sides, events: MapEvents): MapView {
  const base = basemap();
  const placed = subjects.filter(({ place }) => place.lat !== undefined && place.lon !== undefined);
  let box = roomy(boxOf(placed) ?? { west: -20, south: 0, east: 60, north: 55 });
  let day: Day = 0;
  let selected: Subject | null = null;
  const drawing = s("svg", { class: "plain-map", role: "group", "aria-label": "Map of the places" });
  holder.append(drawing);

  function draw(): void {
    const stretch = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180);
    const scale = WIDTH / ((box.east - box.west) * stretch);
    const height = (box.north - box.south) * scale;
    const project = ([lon = 0, lat = 0]: Position): [number, number] => [(lon - box.west) * stretch * scale, (box.north - lat) * scale];
    drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${height.toFixed(0)}`);
    const land = s("g", { class: "land" });
    for (const country of base.countries.features) {
      const path = pathOf(country.geometry, box, project);
      if (path) land.append(s("path", { d: path }));
    }
    const marks = s("g");
    for (const subject of placed) {
      const spell = spanOn(subject, day)?.spell ?? null;
      const [x, y] = project([subject.place.lon!, subject.place.lat!]);
      const label = `${subject.place.name}: ${sayState(spell, subject)}`;
      const mark = s("g", {
        class: subject === selected ? "mark chosen" : "mark", transform: `translate(${(x - MARK / 2).toFixed(1)} ${(y - MARK / 2).toFixed(1)})`,
        role: "button", tabindex: 0, "aria-label": label,
        opacity: spell && spell.state !== "unknown" ? fade(ageOn(subject, day)) : 1,
      });
      const title = s("title");
      title.textContent = label;
      const name = s("text", { x: MARK + 3, y: MARK / 2 + 5 });
      name.textContent = subject.place.name;
      mark.append(title, glyph(spell, sides, MARK), name);
      if (subject === selected) mark.append(s("circle", { cx: 12, cy: 12, r: 16, class: "ring" }));
      mark.addEventListener("click", () => events.pick(subject));
      mark.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        events.pick(subject);
      });
      marks.append(mark);
    }
    drawing.replaceChildren(land, marks);
  }

  return {
    show(next) {
      day = next;
      draw();
    },
    select(subject) {
      selected = subject;
      draw();
    },
    fit(chosen) {
      const around = boxOf(chosen);
      if (!around) return;
      box = roomy(around);
      draw();
    },
    camera: () => null,
    moveTo: () => undefined,
  };
}

/** With a margin, and at least two degrees wide and high. */
function roomy(box: Box): Box {
  const margin = (span: number) => Math.max(1, span * 0.15);
  const x = margin(box.east - box.west);
  const y = margin(box.north - box.south);
  return { west: box.west - x, east: box.east + x * 1.6, south: box.south - y, north: box.north + y };
}

function pathOf(geometry: Polygon | MultiPolygon, box: Box, project: (at: Position) => [number, number]): string {
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  let path = "";
  for (const rings of parts)
    for (const ring of rings) {
      if (!touches(ring, box)) continue;
      path += `M${ring.map((at) => project(at).map((value) => value.toFixed(1)).join(" ")).join("L")}Z`;
    }
  return path;
}

function touches(ring: Position[], box: Box): boolean {
  let west = Infinity;
  let east = -Infinity;
  let south = Infinity;
  let north = -Infinity;
  for (const [lon = 0, lat = 0] of ring) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west <= box.east && east >= box.west && south <= box.north && north >= box.south;
}
