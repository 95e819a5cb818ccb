// The map by MapLibre GL. It draws names with the fonts of this device, and asks no server for anything.

import type { FeatureCollection, Point } from "geojson";
import * as maplibregl from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import { ageOn, everKnown, spanOn, type Spell, type Subject } from "../data";
import type { Day } from "../days";
import { glyph, glyphKey } from "../glyph";
import type { Sides } from "../sides";
import { sayState } from "../words";
import { basemap } from "./basemap";
import { boxOf, fade, type Camera, type MapEvents, type MapView } from "./view";

const SCALE = 2; // sprites are drawn for screens with two pixels a CSS pixel
const SIZE = 24;

interface Theme {
  sea: string;
  land: string;
  border: string;
  country: string;
  name: string;
  halo: string;
  ring: string;
}

const LIGHT: Theme = {
  sea: "#d3dfe5", land: "#f5f2ea", border: "#b9b2a3", country: "#8d8778", name: "#1d242c", halo: "#ffffff", ring: "#14181d",
};
const DARK: Theme = {
  sea: "#10151b", land: "#222a33", border: "#4a5561", country: "#7b8794", name: "#edf1f5", halo: "#151b22", ring: "#ffffff",
};

/** Draws the map in `box`; rejects where this browser cannot. */
export async function openMap(box: HTMLElement, subjects: Subject[], sides: Sides, events: MapEvents): Promise<MapView> {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => (dark.matches ? DARK : LIGHT);
  const map = new maplibregl.Map({
    container: box,
    style: style(theme(), subjects),
    center: [0, 20],
    zoom: 1,
    maxZoom: 13,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 150,
    renderWorldCopies: false,
    locale: { "Map.Title": "Map of the places. The list of places does the same by keyboard." },
    canvasContextAttributes: { preserveDrawingBuffer: true }, // so that the map can be printed
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 110 }), "bottom-right");
  await new Promise<void>((ready, failed) => {
    map.once("load", () => ready());
    map.once("error", ({ error }) => failed(error));
  });
  addPlaces(map, theme());
  dark.addEventListener("change", () => repaint(map, theme()));
  new ResizeObserver(() => map.resize()).observe(box);

  const tip = new maplibregl.Popup({ closeButton: false, closeOnClick: false, offset: 14, className: "tip" });
  let today: Day = 0;
  const at = (point: maplibregl.PointLike): Subject | null => {
    const { x, y } = maplibregl.Point.convert(point as [number, number]);
    const reach = 8;
    const hits = map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers: ["marks", "names"] });
    const index = hits[0]?.properties.index as number | undefined;
    return index === undefined ? null : (subjects[index] ?? null);
  };
  map.on("click", (event) => {
    const subject = at(event.point);
    if (subject) events.pick(subject);
  });
  map.on("mousemove", (event) => {
    const subject = at(event.point);
    map.getCanvas().style.cursor = subject ? "pointer" : "";
    if (!subject) {
      tip.remove();
      return;
    }
    const words = sayState(spanOn(subject, today)?.spell ?? null, subject);
    const text = document.createElement("div");
    const name = document.createElement("strong");
    name.textContent = subject.place.name;
    const state = document.createElement("span");
    state.textContent = words;
    text.append(name, state);
    tip.setLngLat([subject.place.lon!, subject.place.lat!]).setDOMContent(text).addTo(map);
  });
  map.getCanvas().addEventListener("mouseleave", () => tip.remove());
  map.on("moveend", (event) => {
    if ("originalEvent" in event && event.originalEvent) events.moved();
  });

  return {
    async show(day) {
      today = day;
      const marks = marksOn(subjects, day);
      await addSprites(map, subjects, sides, day);
      if (day === today) (map.getSource("places") as maplibregl.GeoJSONSource).setData(marks);
    },
    select(subject) {
      map.setFilter("ring", ["==", ["get", "index"], subject ? subject.index : -1]);
      if (!subject || subject.place.lat === undefined || subject.place.lon === undefined) return;
      const here: [number, number] = [subject.place.lon, subject.place.lat];
      const { x, y } = map.project(here);
      const inside = x > 40 && y > 40 && x < box.clientWidth - 40 && y < box.clientHeight - 40;
      if (inside && map.getZoom() >= 4) return;
      map.easeTo({ center: here, zoom: Math.max(map.getZoom(), 5.4), duration: still() ? 0 : 700 });
    },
    fit(chosen, without = false) {
      const bounds = boxOf(chosen);
      if (!bounds) return;
      map.fitBounds([bounds.west, bounds.south, bounds.east, bounds.north], {
        padding: room(box),
        maxZoom: 6.2, // so near that a border or a coast is still in sight
        duration: without || still() ? 0 : 900,
      });
    },
    camera(): Camera {
      const { lat, lng } = map.getCenter();
      return { zoom: map.getZoom(), lat, lon: lng };
    },
    moveTo({ zoom, lat, lon }) {
      map.jumpTo({ center: [lon, lat], zoom });
    },
  };
}

/** The margin that keeps places clear of the buttons and of the legend, on whichever side that leaves more room. */
function room(box: HTMLElement): maplibregl.PaddingOptions {
  const [width, height] = [box.clientWidth, box.clientHeight];
  const margin = width < 600 ? { top: 30, bottom: 40, left: 34, right: 92 } : { top: 60, bottom: 60, left: 70, right: 120 };
  const legend = box.parentElement?.querySelector<HTMLElement>(".legend[open]");
  if (!legend) return margin;
  const [wide, high] = [legend.offsetWidth + 24, legend.offsetHeight + 24];
  if ((width - wide) * height > width * (height - high)) return { ...margin, left: Math.min(margin.left + wide, width * 0.6) };
  return { ...margin, bottom: Math.min(Math.max(margin.bottom, high + 14), height * 0.6) };
}

function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function style(theme: Theme, subjects: Subject[]): maplibregl.StyleSpecification {
  const base = basemap();
  const fonts = ["system-ui", "sans-serif"];
  return {
    version: 8,
    sources: {
      countries: { type: "geojson", data: base.countries, maxzoom: 8, tolerance: 0.3 },
      borders: { type: "geojson", data: base.borders, maxzoom: 8, tolerance: 0.3 },
      countryNames: { type: "geojson", data: base.names, maxzoom: 6 },
      places: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      placeNames: { type: "geojson", data: marksOn(subjects, null) },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": theme.sea } },
      { id: "land", type: "fill", source: "countries", paint: { "fill-color": theme.land, "fill-outline-color": theme.border } },
      {
        id: "borders", type: "line", source: "borders", layout: { "line-join": "round" },
        paint: { "line-color": theme.border, "line-width": ["interpolate", ["linear"], ["zoom"], 2, 0.7, 7, 1.8], "line-dasharray": [3, 2] },
      },
      {
        id: "countryNames", type: "symbol", source: "countryNames",
        filter: ["step", ["zoom"], [">", ["get", "size"], 60], 2.6, [">", ["get", "size"], 14], 3.6, [">", ["get", "size"], 2], 5, true],
        layout: {
          "text-field": ["upcase", ["get", "name"]], "text-font": fonts, "text-letter-spacing": 0.16, "text-max-width": 7,
          "text-size": ["interpolate", ["linear"], ["zoom"], 2, 9, 6, 14], "symbol-sort-key": ["-", 0, ["get", "size"]],
        },
        paint: { "text-color": theme.country, "text-halo-color": theme.land, "text-halo-width": 1 },
      },
    ],
  };
}

function addPlaces(map: maplibregl.Map, theme: Theme): void {
  map.addLayer({
    id: "names", type: "symbol", source: "placeNames",
    layout: {
      "text-field": ["get", "name"], "text-font": ["system-ui", "sans-serif"], "text-size": ["interpolate", ["linear"], ["zoom"], 3, 11.5, 8, 14.5],
      "text-variable-anchor": ["left", "right", "top", "bottom", "top-left", "bottom-left"], "text-radial-offset": 1.15, "text-justify": "auto", "text-padding": 1,
      "text-max-width": 12, "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": theme.name, "text-halo-color": theme.halo, "text-halo-width": 1.6, "text-halo-blur": 0.3 },
  });
  map.addLayer({
    id: "ring", type: "circle", source: "placeNames", filter: ["==", ["get", "index"], -1],
    paint: {
      "circle-radius": 15.5, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": theme.ring, "circle-stroke-width": 2.4,
    },
  });
  map.addLayer({
    id: "marks", type: "symbol", source: "places",
    layout: {
      "icon-image": ["get", "glyph"], "icon-allow-overlap": true, "icon-padding": 0, "symbol-sort-key": ["get", "order"],
      "icon-size": ["interpolate", ["linear"], ["zoom"], 2, 0.72, 5, 0.92, 8, 1.12],
    },
    paint: { "icon-opacity": ["get", "opacity"] },
  });
}

function repaint(map: maplibregl.Map, theme: Theme): void {
  map.setPaintProperty("sea", "background-color", theme.sea);
  map.setPaintProperty("land", "fill-color", theme.land);
  map.setPaintProperty("land", "fill-outline-color", theme.border);
  map.setPaintProperty("borders", "line-color", theme.border);
  map.setPaintProperty("countryNames", "text-color", theme.country);
  map.setPaintProperty("countryNames", "text-halo-color", theme.land);
  map.setPaintProperty("names", "text-color", theme.name);
  map.setPaintProperty("names", "text-halo-color", theme.halo);
  map.setPaintProperty("ring", "circle-stroke-color", theme.ring);
}

/** The places as points; with the day's mark, or (null) just their names. Places without coordinates are in the list. */
function marksOn(subjects: Subject[], day: Day | null): FeatureCollection<Point> {
  const features: FeatureCollection<Point>["features"] = [];
  for (const subject of subjects) {
    const { lat, lon, name } = subject.place;
    if (lat === undefined || lon === undefined) continue;
    const geometry: Point = { type: "Point", coordinates: [lon, lat] };
    if (day === null) {
      const rank = (everKnown(subject) ? 0 : 1000) - subject.told.length;
      features.push({ type: "Feature", geometry, properties: { index: subject.index, name, rank } });
      continue;
    }
    const spell = spanOn(subject, day)?.spell ?? null;
    const known = spell !== null && spell.state !== "unknown";
    const properties = {
      index: subject.index,
      glyph: glyphKey(spell),
      opacity: known ? fade(ageOn(subject, day)) : 1,
      order: known ? 2 : spell ? 1 : 0,
    };
    features.push({ type: "Feature", geometry, properties });
  }
  return { type: "FeatureCollection", features };
}

/** The drawings that the day needs and the map does not have yet: all of a file's would be too many for a large one. */
async function addSprites(map: maplibregl.Map, subjects: Subject[], sides: Sides, day: Day): Promise<void> {
  const spells = new Map<string, Spell | null>();
  for (const subject of subjects) {
    const spell = spanOn(subject, day)?.spell ?? null;
    const key = glyphKey(spell);
    if (!map.hasImage(key)) spells.set(key, spell);
  }
  const writer = new XMLSerializer();
  await Promise.all(
    [...spells].map(async ([key, spell]) => {
      const image = new Image(SIZE * SCALE, SIZE * SCALE);
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(writer.serializeToString(glyph(spell, sides, SIZE * SCALE)))}`;
      await image.decode();
      if (!map.hasImage(key)) map.addImage(key, image, { pixelRatio: SCALE });
    }),
  );
}
