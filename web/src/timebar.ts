// The time bar: a slider over days with the changes above it, play, steps, and an exact date.

import type { Subject } from "./data";
import { firstOfMonth, isoDay, monthOf, parseDay, sayDay, sayMonth, sayWeekday, yearOf, type Day } from "./days";
import { button, h, s } from "./dom";
import { count } from "./words";

const BINS = 160;

export class Timebar {
  readonly element: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly date: HTMLInputElement;
  private readonly weekday = h("span", { class: "weekday" });
  private readonly playing: HTMLButtonElement;
  private readonly speed: HTMLSelectElement;
  private readonly strip = h("div", { class: "strip", "aria-hidden": "true" });
  private timer = 0;
  private day: Day;
  private changes: Day[] = [];

  constructor(
    private readonly range: [Day, Day],
    subjects: Subject[],
    private readonly go: (day: Day) => void,
  ) {
    const [first, last] = range;
    this.day = first;
    this.slider = h("input", { type: "range", min: first, max: last, step: 1, "aria-label": "Day" });
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    this.slider.addEventListener("keydown", (event) => {
      // Up and down by a month, page keys by a year; left and right stay a day.
      const steps: Record<string, number> = { ArrowUp: 30, ArrowDown: -30, PageUp: 365, PageDown: -365 };
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      this.step(step);
    });
    this.date = h("input", { type: "date", min: isoDay(first), max: isoDay(last), "aria-label": "Date", required: true });
    this.date.addEventListener("change", () => {
      const day = parseDay(this.date.value);
      if (day !== null) this.go(Math.min(last, Math.max(first, day)));
    });
    this.playing = button("Play", "play", () => (this.timer ? this.pause() : this.play()), "▶");
    this.speed = h("select", { "aria-label": "Speed of playing", title: "Speed of playing" });
    const speeds: [number, string][] = [[7, "a week a second"], [30, "a month a second"], [91, "a quarter a second"], [365, "a year a second"]];
    const fitting = speeds.reduce((best, one) => (Math.abs((last - first) / one[0] - 25) < Math.abs((last - first) / best[0] - 25) ? one : best));
    for (const [days, label] of speeds) this.speed.append(h("option", { value: days, selected: days === fitting[0] }, label));
    this.element = h("section", { class: "timebar", "aria-label": "Time" },
      h("div", { class: "controls" },
        this.playing,
        h("div", { class: "steps" },
          button("Previous change", "step", () => this.jump(-1), "⇤"),
          button("Day before", "step", () => this.step(-1), "‹"),
          this.date,
          button("Day after", "step", () => this.step(1), "›"),
          button("Next change", "step", () => this.jump(1), "⇥"),
        ),
        this.weekday,
        this.speed,
      ),
      this.strip,
      this.slider,
      ticks(range),
    );
    this.follow(subjects);
  }

  /** The changes that the strip shows and the change keys go to: of all places, or of the one chosen. */
  follow(subjects: Subject[]): void {
    const [first, last] = this.range;
    this.changes = [...new Set(subjects.flatMap((subject) => subject.changes))].sort((one, other) => one - other);
    const bins = new Array<number>(BINS).fill(0);
    const width = (last - first + 1) / BINS;
    for (const subject of subjects)
      for (const change of subject.changes) {
        const bin = Math.min(BINS - 1, Math.max(0, Math.floor((change - first) / width)));
        bins[bin] = (bins[bin] ?? 0) + 1;
      }
    const most = Math.max(1, ...bins);
    const drawing = s("svg", { viewBox: `0 0 ${BINS} 20`, preserveAspectRatio: "none" });
    bins.forEach((number, index) => {
      const height = number ? 4 + (16 * number) / most : 0;
      if (height) drawing.append(s("rect", { x: index + 0.15, y: 20 - height, width: 0.7, height }));
    });
    this.strip.replaceChildren(drawing);
    this.strip.title = `${count(this.changes.length, "day")} with a change`;
  }

  set(day: Day): void {
    this.day = day;
    this.slider.value = String(day);
    this.slider.setAttribute("aria-valuetext", sayDay(day));
    this.date.value = isoDay(day);
    this.weekday.textContent = `${sayWeekday(day)} ${sayDay(day)}`;
  }

  step(days: number): void {
    const [first, last] = this.range;
    this.go(Math.min(last, Math.max(first, this.day + days)));
  }

  jump(direction: 1 | -1): void {
    const next = direction > 0 ? this.changes.find((day) => day > this.day) : this.changes.findLast((day) => day < this.day);
    if (next !== undefined) this.go(next);
  }

  private play(): void {
    const [first, last] = this.range;
    if (this.day >= last) this.go(first);
    let before = performance.now();
    let rest = 0;
    const tick = (now: number): void => {
      rest += ((now - before) / 1000) * Number(this.speed.value);
      before = now;
      const whole = Math.floor(rest);
      rest -= whole;
      if (whole) this.step(whole);
      if (this.day >= last) this.pause();
      else this.timer = requestAnimationFrame(tick);
    };
    this.timer = requestAnimationFrame(tick);
    this.label("Pause", "❚❚");
  }

  pause(): void {
    cancelAnimationFrame(this.timer);
    this.timer = 0;
    this.label("Play", "▶");
  }

  private label(words: string, sign: string): void {
    this.playing.textContent = sign;
    this.playing.title = words;
    this.playing.setAttribute("aria-label", words);
  }
}

/** Years under the slider, or months where there are few years, as many as there is room for. */
function ticks([first, last]: [Day, Day]): HTMLElement {
  const row = h("div", { class: "years", "aria-hidden": "true" });
  const months = (yearOf(last) - yearOf(first)) * 12 + monthOf(last) - monthOf(first);
  const steps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
  const step = steps.find((size) => months / size <= 9) ?? 1200;
  const from = Math.floor((yearOf(first) * 12) / step) * step;
  for (let month = from; ; month += step) {
    const day = firstOfMonth(Math.floor(month / 12), month % 12);
    if (day > last) break;
    const share = (day - first) / Math.max(1, last - first);
    if (share < 0.02 || share > 0.97) continue;
    const tick = h("span", {}, step >= 12 ? String(yearOf(day)) : sayMonth(day));
    tick.style.left = `${(share * 100).toFixed(2)}%`;
    row.append(tick);
  }
  return row;
}
