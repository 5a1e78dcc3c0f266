// What scripts say, from the catalogue the page carries.

const catalogue = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/** The words of a key, with names in braces filled in; a key nobody wrote shows as itself. */
export const word = (key, values = {}) =>
  (catalogue[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
