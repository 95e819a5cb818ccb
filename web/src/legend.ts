// The legend: sides by colour and shape, states by filling, age by paleness.

import type { Spell } from "./data";
import { h } from "./dom";
import { glyph } from "./glyph";
import type { Sides } from "./sides";

export function legend(sides: Sides): HTMLElement {
  const spell = (more: Partial<Spell>): Spell => ({
    state: "held", holder: sides.all[0] ?? { id: "", name: "" }, extent: "whole", from: null, to: null, first: "", last: "", support: [], dissent: [], weights: {}, ...more,
  });
  const line = (mark: SVGSVGElement, words: string) => h("li", {}, mark, h("span", {}, h("bdi", {}, words)));
  const parties = sides.all.slice(0, 2);
  const pale = glyph(spell({}), sides, 18);
  pale.setAttribute("opacity", "0.4");
  const states = h("ul", {},
    line(glyph(spell({ extent: "part" }), sides, 18), "held in part"),
    line(glyph(spell({ state: "contested", holder: null, parties }), sides, 18), "contested"),
    line(glyph(spell({ state: "unknown", holder: null }), sides, 18), "unknown"),
    line(glyph(null, sides, 18), "nothing said"),
    line(pale, "old evidence"),
  );
  const holders = h("ul", {}, ...sides.all.map((side) => line(glyph(spell({ holder: side }), sides, 18), side.name)));
  return h("details", { class: "legend", open: innerWidth > 760 }, h("summary", {}, "Legend"), h("div", {}, holders, states));
}
