// What a map must do, whichever way it is drawn.

import { everKnown, type Subject } from "../data";
import type { Day } from "../days";

export interface Camera {
  zoom: number;
  lat: number;
  lon: number;
}

export interface MapView {
  /** Draw all places as they stood on `day`. */
  show(day: Day): void | Promise<void>;
  select(subject: Subject | null): void;
  /** Move so that these places are seen; without movement where `still`. */
  fit(subjects: Subject[], still?: boolean): void;
  camera(): Camera | null;
  moveTo(camera: Camera): void;
}

export interface MapEvents {
  pick(subject: Subject): void;
  /** Somebody moved the map by hand. */
  moved(): void;
}

export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** What to show of many places: those that ever had a holder or were contested, or all where none was. */
export function worthSeeing(subjects: Subject[]): Subject[] {
  const known = subjects.filter((subject) => everKnown(subject) && subject.place.feature !== "country");
  return known.some(({ place }) => place.lat !== undefined) ? known : subjects;
}

/**
 * What to show first: of many places not the few farthest out, so that one town far from a war does not make the map
 * a map of the world. They are a button away.
 */
export function middleOf(subjects: Subject[]): Subject[] {
  const placed = subjects.filter(({ place }) => place.lat !== undefined && place.lon !== undefined);
  const out = Math.floor(placed.length * 0.06);
  if (out < 1) return placed;
  const within = (value: (subject: Subject) => number) => {
    const sorted = placed.map(value).sort((one, other) => one - other);
    return [sorted[out]!, sorted[sorted.length - 1 - out]!] as const;
  };
  const [west, east] = within(({ place }) => place.lon!);
  const [south, north] = within(({ place }) => place.lat!);
  return placed.filter(({ place }) => place.lon! >= west && place.lon! <= east && place.lat! >= south && place.lat! <= north);
}

/** The box around places with coordinates; null where none has any. */
export function boxOf(subjects: Subject[]): Box | null {
  const box: Box = { west: 180, south: 90, east: -180, north: -90 };
  let any = false;
  for (const { place } of subjects) {
    if (place.lat === undefined || place.lon === undefined) continue;
    any = true;
    box.west = Math.min(box.west, place.lon);
    box.east = Math.max(box.east, place.lon);
    box.south = Math.min(box.south, place.lat);
    box.north = Math.max(box.north, place.lat);
  }
  return any ? box : null;
}

/** Paler with the age of the last evidence: full for two weeks, then down to 0.4 at half a year. */
export function fade(age: number | null): number {
  if (age === null || age <= 14) return 1;
  return Math.max(0.4, 1 - (0.6 * (age - 14)) / 166);
}
