// Countries, coasts and borders: Natural Earth 1:50m (public domain), from the package world-atlas.

import type { Feature, FeatureCollection, MultiLineString, MultiPolygon, Point, Polygon, Position } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-50m.json";

type World = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }>;

export interface Basemap {
  countries: FeatureCollection<Polygon | MultiPolygon, { name: string }>;
  borders: MultiLineString;
  names: FeatureCollection<Point, { name: string; size: number }>;
}

export function basemap(): Basemap {
  const world = atlas as unknown as World;
  const countries = feature(world, world.objects.countries) as Basemap["countries"];
  for (const country of countries.features) country.geometry = unrolled(country.geometry);
  const borders = mesh(world, world.objects.countries as never, (one, other) => one !== other) as MultiLineString;
  return { countries, borders, names: { type: "FeatureCollection", features: countries.features.map(nameOf) } };
}

/** Shapes that cross the 180th meridian as two, one at each edge of the map, instead of with a line across it. */
function unrolled(geometry: Polygon | MultiPolygon): MultiPolygon {
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const coordinates: Position[][][] = [];
  for (const rings of parts) {
    const unrolledRings = rings.map(unroll);
    const [west, east] = spread(unrolledRings[0] ?? []);
    coordinates.push(unrolledRings);
    if (east > 180.01) coordinates.push(shifted(unrolledRings, -360));
    if (west < -180.01) coordinates.push(shifted(unrolledRings, 360));
  }
  return { type: "MultiPolygon", coordinates };
}

/** A ring without jumps in longitude. One that goes round the pole is closed along it. */
function unroll(ring: Position[]): Position[] {
  let turn = 0;
  let before = ring[0]?.[0] ?? 0;
  const result = ring.map(([lon = 0, lat = 0]) => {
    if (lon - before > 180) turn -= 360;
    if (before - lon > 180) turn += 360;
    before = lon;
    return [lon + turn, lat];
  });
  const first = result[0];
  const last = result[result.length - 1];
  if (!first || !last || Math.abs(last[0]! - first[0]!) < 180) return result;
  const pole = first[1]! < 0 ? -90 : 90;
  return [...result, [last[0]!, pole], [first[0]!, pole], first];
}

function spread(ring: Position[]): [number, number] {
  let [west, east] = [Infinity, -Infinity];
  for (const [lon = 0] of ring) [west, east] = [Math.min(west, lon), Math.max(east, lon)];
  return [west, east];
}

function shifted(rings: Position[][], by: number): Position[][] {
  return rings.map((ring) => ring.map(([lon = 0, lat = 0]) => [lon + by, lat]));
}

/** A country's name in the middle of its largest part; `size` is that part's area in square degrees. */
function nameOf(country: Feature<Polygon | MultiPolygon, { name: string }>): Feature<Point, { name: string; size: number }> {
  const { geometry } = country;
  const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]!] : geometry.coordinates.map((part) => part[0]!);
  let best: { area: number; center: Position } = { area: 0, center: [0, 0] };
  for (const ring of rings) {
    const middle = middleOf(ring);
    if (middle.area > best.area) best = middle;
  }
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: best.center },
    properties: { name: country.properties.name, size: best.area },
  };
}

function middleOf(ring: Position[]): { area: number; center: Position } {
  let twice = 0;
  let x = 0;
  let y = 0;
  for (let index = 0; index + 1 < ring.length; index++) {
    const [x1 = 0, y1 = 0] = ring[index]!;
    const [x2 = 0, y2 = 0] = ring[index + 1]!;
    const cross = x1 * y2 - x2 * y1;
    twice += cross;
    x += (x1 + x2) * cross;
    y += (y1 + y2) * cross;
  }
  if (twice === 0) return { area: 0, center: ring[0] ?? [0, 0] };
  return { area: Math.abs(twice / 2), center: [x / (3 * twice), y / (3 * twice)] };
}
