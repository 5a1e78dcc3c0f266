// What is typed into a form and not yet sent: kept in this browser until it is.

import { base, documentId } from "./api.js";

const key = (name) => `retroduce:${base}/documents/${documentId}:${name}`;

export const keep = (name, form, passage) => {
  const fields = {};
  for (const field of form.elements)
    if (field.name && field.type !== "radio" && field.value !== field.defaultValue) fields[field.name] = field.value;
  try {
    localStorage.setItem(key(name), JSON.stringify({ fields, passage }));
  } catch {
    // a browser that keeps nothing: the form itself still holds it
  }
};

export const drop = (name) => localStorage.removeItem(key(name));

/** The unsent form of a name: its fields and the passage it is about, or null. */
export const find = (name) => {
  try {
    return JSON.parse(localStorage.getItem(key(name)));
  } catch {
    return null;
  }
};

export const fill = (form, fields) => {
  for (const [name, value] of Object.entries(fields)) if (form.elements[name]) form.elements[name].value = value;
};
