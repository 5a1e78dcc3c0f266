// Finding words in the whole document, drawn or not; where they stand counts in code points.

import { word } from "../words.js";
import { ask, documentId } from "./api.js";

let text = null;
let units = null; // position in code points of each UTF-16 unit, where the two differ

const load = async () => {
  if (text !== null) return;
  text = (await ask(`/documents/${documentId}/text`)).text;
  if (!/[\ud800-\udbff]/.test(text)) return;
  units = [];
  let count = 0;
  for (const point of text) {
    for (const _ of point) units.push(count);
    if (point.length > 1) units.push(count);
    count += 1;
  }
  units.push(count);
};

const position = (unit) => (units ? units[unit] : unit);
const escaped = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Words as they may be printed: any space, divided over lines, either kind of mark. */
const pattern = (words) =>
  [...words.trim()]
    .map((c) => (/\s/.test(c) ? "\\s+" : /['’‘]/.test(c) ? "['’‘]" : /["“”]/.test(c) ? '["“”]' : `${escaped(c)}(?:\u00ad|-\n)?`))
    .join("")
    .replaceAll("\\s+\\s+", "\\s+");

let asked = "";
let places = [];
let at = -1;

/** The next place of some words (by 1), or the one before, and which of how many it is. */
export const find = async (words, by, from) => {
  await load();
  if (words !== asked) {
    asked = words;
    const found = words.trim() ? [...text.matchAll(new RegExp(pattern(words), "giu"))] : [];
    places = found.map((m) => ({ start: position(m.index), end: position(m.index + m[0].length) }));
    at = places.findIndex((place) => place.start >= from) - (by > 0 ? 1 : 0);
    if (at < -1) at = -1;
  }
  if (!places.length) return { told: words.trim() ? word("found_none") : "", passage: null };
  at = (at + by + places.length) % places.length;
  return { told: word("found_of", { n: at + 1, all: places.length }), passage: places[at] };
};
