// A colour and a shape for each side, so that neither alone has to tell them apart.
// Colours: Okabe and Ito's, then Paul Tol's muted ones. Sides get them by how many spells they hold in this file,
// and mean nothing: no side is red because of who it is.

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

export class Sides {
  readonly all: Side[];
  private readonly looks = new Map<string, Look>();

  constructor(subjects: Subject[]) {
    const counts = new Map<string, { side: Side; count: number }>();
    for (const { spans } of subjects)
      for (const { spell } of spans)
        for (const side of [...(spell.holder ? [spell.holder] : []), ...(spell.parties ?? [])]) {
          const known = counts.get(side.id) ?? { side, count: 0 };
          known.count += 1;
          counts.set(side.id, known);
        }
    const ranked = [...counts.values()].sort(
      (one, other) => other.count - one.count || (one.side.id < other.side.id ? -1 : 1),
    );
    this.all = ranked.map(({ side }) => side);
    this.all.forEach((side, rank) => {
      this.looks.set(side.id, { color: COLORS[rank % COLORS.length]!, shape: SHAPES[rank % SHAPES.length]! });
    });
  }

  look(side: Side): Look {
    return this.looks.get(side.id) ?? { color: "#777777", shape: CIRCLE };
  }
}
