// The state of the page in its address, so that a link or a reload shows the same.

import type { Day } from "./days";
import { isoDay, parseDay } from "./days";
import type { Camera } from "./map/view";

export interface State {
  day: Day | null;
  place: string | null;
  camera: Camera | null;
  /** Draw the map without WebGL. */
  plain: boolean;
}

export function readHash(): State {
  const values = new URLSearchParams(location.hash.slice(1));
  const [zoom, lat, lon] = (values.get("map") ?? "").split("/").map(Number);
  const valid = [zoom, lat, lon].every((value) => value !== undefined && Number.isFinite(value));
  const camera = valid && Math.abs(lat!) <= 90 && Math.abs(lon!) <= 180 ? { zoom: zoom!, lat: lat!, lon: lon! } : null;
  return { day: parseDay(values.get("on")), place: values.get("place"), camera: values.has("map") ? camera : null, plain: values.has("plain") };
}

let timer = 0;

/** Written a moment later: browsers allow only so many changes of an address in a while. */
export function writeHash({ day, place, camera, plain }: State): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    const parts = [];
    if (day !== null) parts.push(`on=${isoDay(day)}`);
    if (place) parts.push(`place=${encodeURIComponent(place).replace(/%3A/g, ":")}`);
    if (camera) parts.push(`map=${camera.zoom.toFixed(2)}/${camera.lat.toFixed(4)}/${camera.lon.toFixed(4)}`);
    if (plain) parts.push("plain");
    try {
      history.replaceState(null, "", `#${parts.join("&")}`);
    } catch {
      // A mail program that shows the page in a frame may forbid it; the page works without.
    }
  }, 350);
}
