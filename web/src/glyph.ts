// The mark of a place on a day. The same drawing serves the map, the list, the legend and the plain map.

import type { Spell } from "./data";
import { s } from "./dom";
import { CIRCLE, type Look, type Sides } from "./sides";

const INK = "#14181d";
const PAPER = "#ffffff";
const GREY = "#6b7280";

export const NOTHING = "nothing";

/** What tells one mark from another; marks with the same key look the same. */
export function glyphKey(spell: Spell | null): string {
  if (!spell) return NOTHING;
  if (spell.state === "held") return `held|${spell.extent}|${spell.holder?.id ?? ""}`;
  if (spell.state === "contested") return `contested|${(spell.parties ?? []).map((side) => side.id).join("|")}`;
  return "unknown";
}

/** A drawing in a 24 × 24 box. `size` is in CSS pixels. */
export function glyph(spell: Spell | null, sides: Sides, size = 24): SVGSVGElement {
  const drawing = s("svg", {
    xmlns: "http://www.w3.org/2000/svg", viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", class: "glyph",
  });
  drawing.append(...parts(spell, sides));
  return drawing;
}

function parts(spell: Spell | null, sides: Sides): SVGElement[] {
  if (!spell) return [s("circle", { cx: 12, cy: 12, r: 2.8, fill: "#e3e6ea", stroke: GREY, "stroke-width": 1.5 })];
  if (spell.state === "held" && spell.holder) return held(spell.extent === "part", sides.look(spell.holder), spell.holder.id);
  if (spell.state === "contested") return contested((spell.parties ?? []).map((side) => ({ ...sides.look(side), id: side.id })));
  return unknown();
}

function halo(path: string): SVGElement {
  return s("path", { d: path, fill: PAPER, stroke: PAPER, "stroke-width": 4.4, "stroke-linejoin": "round" });
}

function held(inPart: boolean, look: Look, id: string): SVGElement[] {
  if (!inPart) return [halo(look.shape), s("path", { d: look.shape, fill: look.color, stroke: INK, "stroke-width": 1.1, "stroke-linejoin": "round" })];
  const half = `half-${safe(id)}`;
  return [
    halo(look.shape),
    s("defs", {}, bands(half, [look.color, PAPER])),
    s("path", { d: look.shape, fill: `url(#${half})`, stroke: look.color, "stroke-width": 2.2, "stroke-linejoin": "round" }),
  ];
}

/** Two parties: half of the one's mark, half of the other's. More: a disc in bands. One or none named: a striped disc. */
function contested(parties: (Look & { id: string })[]): SVGElement[] {
  const [left, right] = parties;
  if (parties.length === 2 && left && right) {
    const name = `${safe(left.id)}-${safe(right.id)}`;
    const none = "transparent";
    const side = (look: Look, key: string, fill: string[], edge: string[]): SVGElement[] => [
      s("defs", {}, bands(`${key}f`, fill), bands(`${key}e`, edge)),
      s("path", { d: look.shape, fill: `url(#${key}f)`, stroke: `url(#${key}e)`, "stroke-width": 1.4, "stroke-linejoin": "round" }),
    ];
    return [
      halo(CIRCLE),
      ...side(left, `a-${name}`, [left.color, none], [INK, none]),
      ...side(right, `b-${name}`, [none, right.color], [none, INK]),
      s("path", { d: "M12 2L10.3 6L13.7 10L10.3 14L13.7 18L12 22", fill: "none", stroke: PAPER, "stroke-width": 2.6 }),
      s("path", { d: "M12 2L10.3 6L13.7 10L10.3 14L13.7 18L12 22", fill: "none", stroke: INK, "stroke-width": 1.2 }),
    ];
  }
  const colors = parties.length > 1 ? parties.map((look) => look.color) : [0, 1, 2, 3, 4].map((band) => (band % 2 ? PAPER : (left?.color ?? GREY)));
  const key = `bands-${parties.map((look) => safe(look.id)).join("-")}`;
  return [
    halo(CIRCLE),
    s("defs", {}, bands(key, colors)),
    s("path", { d: CIRCLE, fill: `url(#${key})`, stroke: INK, "stroke-width": 1.6, "stroke-dasharray": "2.6 1.4" }),
  ];
}

function unknown(): SVGElement[] {
  return [
    s("circle", { cx: 12, cy: 12, r: 6.4, fill: "#dfe3e8", stroke: "#ffffff", "stroke-width": 3 }),
    s("circle", { cx: 12, cy: 12, r: 6.4, fill: "#dfe3e8", stroke: GREY, "stroke-width": 1.4, "stroke-dasharray": "2.4 1.8" }),
    s("path", { d: "M7.6 13.2L13.2 7.6M8.4 16.2L16.2 8.4M11.4 16.6L16.6 11.4", stroke: GREY, "stroke-width": 1.2, fill: "none" }),
  ];
}

/** A gradient with hard edges: bands of equal width, from left to right. */
function bands(id: string, colors: string[]): SVGElement {
  const gradient = s("linearGradient", { id, gradientUnits: "userSpaceOnUse", x1: 4, y1: 0, x2: 20, y2: 0 });
  colors.forEach((color, index) => {
    const paint = color === "transparent" ? { "stop-color": PAPER, "stop-opacity": 0 } : { "stop-color": color };
    gradient.append(
      s("stop", { offset: index / colors.length, ...paint }),
      s("stop", { offset: (index + 1) / colors.length, ...paint }),
    );
  });
  return gradient;
}

/** An id of a side as part of an SVG id: letters and digits only, and no two alike. */
function safe(id: string): string {
  return [...id].map((sign) => (/[a-z0-9]/i.test(sign) ? sign : `_${sign.codePointAt(0)!.toString(16)}_`)).join("");
}
