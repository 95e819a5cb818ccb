// Days as whole numbers (days since 1970-01-01, UTC), and how they are written.

export type Day = number;

const LENGTH = 86_400_000;

/** The day of an ISO date; null where there is none. Years before 1000 are padded in ISO, so they parse too. */
export function parseDay(text: string | null | undefined): Day | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const time = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(time) ? null : Math.round(time / LENGTH);
}

export function isoDay(day: Day): string {
  return new Date(day * LENGTH).toISOString().slice(0, 10);
}

const full = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const brief = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "UTC" });

export function sayDay(day: Day): string {
  return full.format(day * LENGTH);
}

export function sayBriefly(day: Day): string {
  return brief.format(day * LENGTH);
}

export function sayWeekday(day: Day): string {
  return weekday.format(day * LENGTH);
}

export function yearOf(day: Day): number {
  return new Date(day * LENGTH).getUTCFullYear();
}

export function monthOf(day: Day): number {
  return new Date(day * LENGTH).getUTCMonth();
}

/** The first day of a month; January is 0. */
export function firstOfMonth(year: number, month: number): Day {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 1); // Date.UTC would read year 30 as 1930
  return Math.round(date.getTime() / LENGTH);
}

const short = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });

/** "Mar", and the year with January. */
export function sayMonth(day: Day): string {
  return monthOf(day) ? short.format(day * LENGTH) : `Jan ${yearOf(day)}`;
}

export interface Bounds {
  earliest: string | null;
  latest: string | null;
}

/** "21 October 2017", "between 1 October and 3 October 2017", "by 3 October 2017", "not before …". */
export function sayBounds(bounds: Bounds | null): string | null {
  const earliest = parseDay(bounds?.earliest);
  const latest = parseDay(bounds?.latest);
  if (earliest === null && latest === null) return null;
  if (earliest === null) return `by ${sayDay(latest!)}`;
  if (latest === null) return `not before ${sayDay(earliest)}`;
  if (earliest === latest) return sayDay(earliest);
  const sameYear = yearOf(earliest) === yearOf(latest);
  const sameMonth = sameYear && monthOf(earliest) === monthOf(latest);
  const words = sayDay(earliest).split(" ");
  const from = words.slice(0, sameMonth ? 1 : sameYear ? 2 : 3).join(" ");
  return `between ${from} and ${sayDay(latest)}`;
}

export function sayAge(days: number): string {
  if (days === 1) return "a day before";
  if (days < 60) return `${days} days before`;
  if (days < 730) return `${Math.round(days / 30.4)} months before`;
  return `${Math.round(days / 365)} years before`;
}
