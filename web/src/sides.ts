// A colour and a shape for each side, so that neither alone has to tell them apart.
// Colours: Okabe and Ito's, then Paul Tol's muted ones. Sides get them in the order of how often they appear in this
// file, so that two of one country differ in both as long as they last. They mean nothing: no side is red because of
// who it is.

import type { Side, Subject } from "./data";

export interface Look {
  color: string;
  shape: string;
}

const COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#7A7A1F", "#332288", "#6D4C41"];

function polygon(corners: number, radius: number, turn: number): string {
  const points = Array.from({ length: corners }, (_, index) => {
    const angle = ((index / corners) * 360 + turn) * (Math.PI / 180);
    return `${(12 + radius * Math.cos(angle)).toFixed(2)} ${(12 + radius * Math.sin(angle)).toFixed(2)}`;
  });
  return `M${points.join("L")}Z`;
}

export const CIRCLE = "M12 4.2A7.8 7.8 0 1 1 12 19.8A7.8 7.8 0 1 1 12 4.2Z";
const SHAPES = [
  CIRCLE,
  "M5.2 5.2H18.8V18.8H5.2Z",
  polygon(4, 9.6, 0), // diamond
  "M12 3.4L20.6 18.6H3.4Z", // triangle
  polygon(6, 8.8, 0), // hexagon
  "M12 20.6L3.4 5.4H20.6Z", // triangle, pointing down
  polygon(5, 9, -90), // pentagon
  "M9 4H15V9H20V15H15V20H9V15H4V9H9Z", // plus
  "M3.4 15.8A8.6 8.6 0 0 1 20.6 15.8L20.6 17.6H3.4Z", // half circle
];

/** The choice that is least used among `near`, and then least used at all. */
function rarest(choices: number, used: number[], near: number[]): number {
  const uses = (list: number[], choice: number) => list.filter((one) => one === choice).length;
  let best = 0;
  for (let choice = 1; choice < choices; choice++) {
    const less = uses(near, choice) - uses(near, best) || uses(used, choice) - uses(used, best);
    if (less < 0) best = choice;
  }
  return best;
}

export class Sides {
  readonly all: Side[];
  private readonly looks = new Map<string, Look>();

  constructor(subjects: Subject[]) {
    const counts = new Map<string, { side: Side; count: number; countries: Set<string> }>();
    for (const { spans, place } of subjects)
      for (const { spell } of spans)
        for (const side of [...(spell.holder ? [spell.holder] : []), ...(spell.parties ?? [])]) {
          const known = counts.get(side.id) ?? { side, count: 0, countries: new Set() };
          known.count += 1;
          known.countries.add(place.country ?? "");
          counts.set(side.id, known);
        }
    const ranked = [...counts.values()].sort(
      (one, other) => other.count - one.count || (one.side.id < other.side.id ? -1 : 1),
    );
    this.all = ranked.map(({ side }) => side);
    const given: { countries: Set<string>; color: number; shape: number }[] = [];
    for (const { side, countries } of ranked) {
      const near = given.filter((other) => [...countries].some((country) => other.countries.has(country)));
      const color = rarest(COLORS.length, given.map((one) => one.color), near.map((one) => one.color));
      const alike = given.filter((one) => one.color === color);
      const shape = rarest(SHAPES.length, given.map((one) => one.shape), [...near, ...alike].map((one) => one.shape));
      given.push({ countries, color, shape });
      this.looks.set(side.id, { color: COLORS[color]!, shape: SHAPES[shape]! });
    }
  }

  look(side: Side): Look {
    return this.looks.get(side.id) ?? { color: "#777777", shape: CIRCLE };
  }
}
