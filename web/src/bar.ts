// The bar of a place through time: who held it, with edges as vague as the claims that date them.

import type { Span, Subject } from "./data";
import { parseDay, type Day } from "./days";
import { s } from "./dom";
import type { Sides } from "./sides";

const WIDTH = 1000;
const HEIGHT = 34;

/** The days that a place's bar covers: its own, with a little room. */
export function barRange(subject: Subject): [Day, Day] {
  const first = subject.spans[0]?.first ?? 0;
  const last = subject.spans[subject.spans.length - 1]?.last ?? first;
  const margin = Math.max(2, Math.round((last - first) * 0.02));
  return [first - margin, last + margin];
}

export function controlBar(subject: Subject, sides: Sides, day: Day): SVGSVGElement {
  const [first, last] = barRange(subject);
  const across = Math.max(1, last - first + 1);
  const x = (at: Day) => ((at - first) / across) * WIDTH;
  const bar = s("svg", { class: "bar", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  bar.append(s("rect", { x: 0, y: 13, width: WIDTH, height: 8, class: "bar-empty" }));
  subject.spans.forEach((span, index) => {
    const left = x(span.first);
    const width = Math.max(3, x(span.last + 1) - left);
    for (const piece of pieces(span, sides, left, width, `${subject.index}-${index}`)) bar.append(piece);
  });
  const hatch = s("pattern", { id: "vague", width: 14, height: 10, patternUnits: "userSpaceOnUse", patternTransform: "skewX(-40)" });
  hatch.append(s("rect", { width: 14, height: 10, class: "bar-vague-ground" }), s("rect", { width: 4.5, height: 10, class: "bar-vague-line" }));
  bar.append(s("defs", {}, hatch));
  for (const { spell } of subject.spans)
    for (const bounds of [spell.from, spell.to]) {
      const from = parseDay(bounds?.earliest);
      const to = parseDay(bounds?.latest);
      // A vague date is hatched over its whole width; one day is a sharp edge, and needs no sign.
      if (from === null || to === null || to <= from) continue;
      bar.append(s("rect", { x: x(from), y: 4, width: Math.max(4, x(to + 1) - x(from)), height: 26, fill: "url(#vague)" }));
    }
  for (const [, told] of subject.told) if (told >= first && told <= last) bar.append(s("rect", { x: x(told), y: 31, width: 5, height: 3, class: "bar-told" }));
  if (day >= first && day <= last) bar.append(s("rect", { x: x(day + 0.5) - 3.5, y: 0, width: 7, height: HEIGHT, class: "bar-now" }));
  return bar;
}

function pieces(span: Span, sides: Sides, left: number, width: number, key: string): SVGElement[] {
  const { spell } = span;
  if (spell.state === "held" && spell.holder) {
    const { color } = sides.look(spell.holder);
    if (spell.extent !== "part") return [s("rect", { x: left, y: 4, width, height: 26, fill: color })];
    return [
      s("rect", { x: left, y: 4, width, height: 26, fill: color, opacity: 0.28 }),
      s("rect", { x: left, y: 17, width, height: 13, fill: color }),
    ];
  }
  if (spell.state === "contested") {
    const colors = (spell.parties ?? []).map((side) => sides.look(side).color);
    if (!colors.length) colors.push("#6b7280", "#d5d9de");
    const stripe = s("pattern", { id: `stripe-${key}`, width: 9 * colors.length, height: 40, patternUnits: "userSpaceOnUse", patternTransform: "skewX(-30)" });
    colors.forEach((color, index) => stripe.append(s("rect", { x: 9 * index, y: 0, width: 9, height: 40, fill: color })));
    return [s("defs", {}, stripe), s("rect", { x: left, y: 4, width, height: 26, fill: `url(#stripe-${key})` })];
  }
  return [s("rect", { x: left, y: 11, width, height: 12, class: "bar-unknown" })];
}
