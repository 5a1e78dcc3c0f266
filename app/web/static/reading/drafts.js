// What is typed into a form and not yet sent: kept in this browser until it is, passage by passage.

import { base, documentId } from "./api.js";

const family = `retroduce:${base}/documents/${documentId}:`;
const key = (name, { start, end }) => `${family}${name}:${start}-${end}`;
const isKept = (field) => field.name && field.name !== "configuration" && field.type !== "submit";
const isTicked = (field) => ["checkbox", "radio"].includes(field.type);

export const keep = (name, form, passage) => {
  const fields = {};
  for (const field of form.elements)
    if (isKept(field) && !isTicked(field) && field.value !== (field.defaultValue ?? "")) fields[field.name] = field.value;
  try {
    localStorage.setItem(key(name, passage), JSON.stringify(fields));
  } catch {
    // a browser that keeps nothing: the form itself still holds it
  }
};

export const drop = (name, passage) => localStorage.removeItem(key(name, passage));

/** Put what was typed about this passage and never sent back into its form. */
export const restore = (name, form, passage) => {
  let fields = null;
  try {
    fields = JSON.parse(localStorage.getItem(key(name, passage)));
  } catch {
    return;
  }
  for (const [field, value] of Object.entries(fields ?? {})) if (form.elements[field]) form.elements[field].value = value;
};

/** Everything unsent in this document: the action and the passage of each. */
export const all = () =>
  Object.keys(localStorage)
    .filter((name) => name.startsWith(family))
    .map((name) => /^(\w+):(\d+)-(\d+)$/.exec(name.slice(family.length)))
    .filter(Boolean)
    .map(([, action, start, end]) => ({ action, passage: { start: Number(start), end: Number(end) } }));
