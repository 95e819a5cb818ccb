// Answers and claims in words. Neutral: the report's own words stand in the quotation.

import type { Claim, Participant, Report, Spell, Subject } from "./data";
import { sayBounds } from "./days";

export function list(names: string[], word = "and"): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${word} ${names[names.length - 1]}`;
}

export function sayState(spell: Spell | null, subject: Subject): string {
  if (!spell) return subject.spans.length ? "Nothing said for this day" : "Nothing usable was said";
  if (spell.state === "held") {
    const name = spell.holder?.name ?? "somebody not named";
    return spell.extent === "part" ? `Held in part by ${name}` : `Held by ${name}`;
  }
  if (spell.state === "contested") {
    const parties = (spell.parties ?? []).map((side) => side.name);
    return parties.length ? `Contested: ${list(parties)}` : "Contested";
  }
  return "Unknown";
}

export function saySpan(spell: Spell): string {
  const from = sayBounds(spell.from);
  const to = sayBounds(spell.to);
  const parts = [];
  if (from) parts.push(`Began ${dated(from)}`);
  if (to) parts.push(`${from ? "ended" : "Ended"} ${dated(to)}`);
  return parts.length ? `${parts.join(", ")}.` : "No claim dates its beginning or its end.";
}

function dated(words: string): string {
  return /^(between|by|not)/.test(words) ? words : `on ${words}`;
}

function nameOf(participant: Participant): string {
  const name = participant.name ?? `“${participant.text}”`;
  const side = participant.side_name;
  return side && side !== participant.name ? `${name} (${side})` : name;
}

/** What a claim says, as a noun phrase that fits what is asserted, denied or planned. */
export function sayClaim(claim: Claim): string {
  const actors = list([...new Set(claim.actors.map(nameOf))]);
  const opponents = list([...new Set(claim.opponents.map(nameOf))]);
  const name = claim.place.name ?? claim.place.text;
  const where = claim.place.extent === "part" ? `part of ${name}` : claim.place.extent === "near" ? `the surroundings of ${name}` : name;
  const by = actors ? ` by ${actors}` : "";
  switch (claim.kind) {
    case "capture":
      return `Capture of ${where}${by}${opponents ? `, from ${opponents}` : ""}`;
    case "loss":
      return `Loss of ${where}${by}${opponents ? `, to ${opponents}` : ""}`;
    case "hold":
      return `Control of ${where}${by}`;
    case "siege":
      return `Siege of ${where}${by}${opponents ? `, against ${opponents}` : ""}`;
    case "clash":
      return `Fighting in ${where}${actors || opponents ? `: ${[actors || "somebody", opponents].filter(Boolean).join(" against ")}` : ""}`;
    case "strike":
      return `Strike on ${where}${by}${opponents ? `, against ${opponents}` : ""}`;
    case "truce":
      return `Truce in ${where}${actors ? ` between ${list([actors, opponents].filter(Boolean))}` : ""}`;
    default:
      return `${claim.kind}: ${where}${by}`;
  }
}

export function sayModality(claim: Claim): string[] {
  const words = [];
  if (claim.modality === "denied") words.push("denied");
  if (claim.modality === "prospective") words.push("planned, expected or tried");
  if (claim.certainty !== "certain") words.push(claim.certainty);
  return words;
}

export function sayVoice(claim: Claim, report: Report | undefined): { voices: string[]; outlet: string } {
  return { voices: claim.sources.map((source) => source.text), outlet: report?.publisher || "an outlet not named" };
}

/** Log odds that a claim moves the answer by, in words. */
export function sayWeight(weight: number): string {
  const size = Math.abs(weight);
  if (size >= 3) return "weighs heavily";
  if (size >= 1) return "weighs";
  return "weighs little";
}

const regions = new Intl.DisplayNames(["en"], { type: "region" });
const countries = new Map<string, string>();

export function countryName(code: string | null): string {
  if (!code) return "Country not known";
  let name = countries.get(code);
  if (name === undefined) {
    try {
      name = regions.of(code) ?? code;
    } catch {
      name = code; // not of the form of a country's code
    }
    countries.set(code, name);
  }
  return name;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;
}
