// Concepts by name: the list of a field that offers them, and the number behind what was typed.

import { word } from "../words.js";
import { ask } from "./api.js";

const known = new Map();

/** Fill the list that fields of concepts offer. */
export const nameConcepts = async () => {
  const list = document.getElementById("concepts");
  known.clear();
  const options = [];
  let next = "";
  do {
    const page = await ask(`/concepts?limit=200&is_merged=false${next && `&after=${next}`}`);
    for (const { id, label, referent } of page.items) {
      const key = label.toLowerCase();
      known.set(key, [...(known.get(key) ?? []), id]);
      options.push(new Option(referent ?? "", `K${id} ${label}`));
    }
    next = page.next;
  } while (next);
  list.replaceChildren(...options);
};

/** The number of a concept, by K-number or label; a label nobody used yet makes a new one. */
export const conceptOf = async (given) => {
  const label = given.trim();
  const number = /^K(\d+)\b/i.exec(label);
  if (number) return Number(number[1]);
  const found = known.get(label.toLowerCase()) ?? [];
  if (found.length > 1) throw new Error(word("several_called", { several: found.map((id) => `K${id}`).join(", ") }));
  return found[0] ?? (await ask("/concepts", { label })).id;
};
