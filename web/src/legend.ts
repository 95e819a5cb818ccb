// The legend: the sides of the day by colour and shape, states by filling, age by paleness.

import { spanOn, type Spell, type Subject } from "./data";
import type { Day } from "./days";
import { h } from "./dom";
import { glyph } from "./glyph";
import type { Sides } from "./sides";
import { count } from "./words";

export class Legend {
  readonly element: HTMLDetailsElement;
  private readonly holders = h("ul");
  private shown = "";

  constructor(
    private readonly sides: Sides,
    private readonly subjects: Subject[],
  ) {
    const parties = sides.all.slice(0, 2);
    const pale = glyph(spell({ holder: sides.all[0] ?? null }), sides, 18);
    pale.setAttribute("opacity", "0.4");
    const states = h("ul", {},
      line(glyph(spell({ holder: sides.all[0] ?? null, extent: "part" }), sides, 18), "held in part"),
      line(glyph(spell({ state: "contested", parties }), sides, 18), "contested"),
      line(glyph(spell({ state: "unknown" }), sides, 18), "unknown"),
      line(glyph(null, sides, 18), "nothing said"),
      line(pale, "old evidence"),
    );
    this.element = h("details", { class: "legend", open: innerWidth > 760 }, h("summary", {}, "Legend"), h("div", {}, this.holders, states));
  }

  /** Sides that hold or contest a place on this day; the others come when their day does. */
  show(day: Day): void {
    const present = new Set<string>();
    for (const subject of this.subjects) {
      const today = spanOn(subject, day)?.spell;
      for (const side of [today?.holder, ...(today?.parties ?? [])]) if (side) present.add(side.id);
    }
    const shown = this.sides.all.filter((side) => present.has(side.id));
    const key = shown.map((side) => side.id).join(" ");
    if (key === this.shown && this.holders.childElementCount) return;
    this.shown = key;
    const rest = this.sides.all.length - shown.length;
    this.holders.replaceChildren(...shown.map((side) => line(glyph(spell({ holder: side }), this.sides, 18), side.name)));
    if (rest) this.holders.append(h("li", { class: "rest" }, `${count(rest, shown.length ? "more side" : "side")} on other days`));
  }
}

function spell(more: Partial<Spell>): Spell {
  return { state: "held", holder: null, extent: "whole", from: null, to: null, first: "", last: "", support: [], dissent: [], weights: {}, ...more };
}

function line(mark: SVGSVGElement, words: string): HTMLLIElement {
  return h("li", {}, mark, h("span", {}, h("bdi", {}, words)));
}
