// The rows of the composer: elements and pieces of evidence, added and left out.

import { word } from "../words.js";

export const composer = () => document.getElementById("compose");
export const rows = (form = composer()) => [...form.querySelectorAll("[data-element]")];
export const pieces = (form = composer()) => [...form.querySelectorAll("[data-evidence]")];
export const numberOf = (row) => Number(row.dataset.element ?? row.dataset.evidence);
const highest = (all) => Math.max(0, ...all.map(numberOf));

/** Give a row another number, in every name, id and label within. */
export const renumber = (row, n) => {
  const [family, letter] = row.dataset.element ? ["elements", "e"] : ["evidence", "v"];
  const old = numberOf(row);
  const idOf = (id) => id.replace(new RegExp(`^${letter}${old}-`), `${letter}${n}-`);
  for (const field of row.querySelectorAll("[name]")) field.name = field.name.replace(`${family}.${old}.`, `${family}.${n}.`);
  for (const part of row.querySelectorAll("[id]")) part.id = idOf(part.id);
  for (const label of row.querySelectorAll("label")) label.htmlFor = idOf(label.htmlFor);
  for (const own of row.querySelectorAll('[name$=".n?"]')) own.value = n;
  for (const told of row.querySelectorAll("[data-n]")) told.textContent = n;
  for (const ticks of row.querySelectorAll("[data-ticks]")) {
    ticks.dataset.ticks = `${family}.${n}.elements[]?`;
    ticks.dataset.id = `${letter}${n}`;
  }
  if (row.dataset.element) row.dataset.element = n;
  else row.dataset.evidence = n;
  return row;
};

const emptied = (row) => {
  for (const field of row.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    if (field.type === "checkbox") field.checked = field.defaultChecked = false;
    else if (field.tagName === "SELECT") field.selectedIndex = [...field.options].findIndex((o) => ["not_stated", "supports"].includes(o.value) || o.value === "");
    else field.value = field.defaultValue = "";
  }
  row.querySelector(".quoted")?.remove();
  row.querySelector("[data-leave]")?.remove();
  row.disabled = false;
  row.dataset.new = "";
  return row;
};

const partOf = (role) => composer().querySelector(`[data-part="${role}"]`);

/** One more row for an element of a role: the empty one there is, or a new one. */
export const addElement = (role, n = null) => {
  const part = partOf(role) ?? composer().querySelector("[data-part]");
  const free = rows().find((row) => row.dataset.role === role && isEmpty(row) && !row.closest("details.one-more:not([open])"));
  if (free && n === null) return free;
  const folded = part.querySelector("details.one-more");
  if (folded) {
    const row = folded.querySelector("[data-element]");
    folded.replaceWith(row);
    if (n === null || numberOf(row) === n) return row;
  }
  const row = renumber(emptied(rows(part).at(-1).cloneNode(true)), n ?? highest(rows()) + 1);
  row.dataset.role = role;
  part.querySelector("[data-places]").append(row);
  offerLeavingOut(row);
  return row;
};

export const addEvidence = (n = null) => {
  const last = pieces().findLast((piece) => piece.dataset.new !== undefined);
  const piece = renumber(emptied(last.cloneNode(true)), n ?? highest(pieces()) + 1);
  composer().querySelector("[data-pieces]").append(piece);
  offerLeavingOut(piece);
  return piece;
};

export const nextNumber = () => highest(rows()) + 1;
export const nextPiece = () => highest(pieces()) + 1;

export const wordingOf = (row) => row.querySelector("[data-wording]");
export const isEmpty = (row) => !wordingOf(row).value.trim() && !row.querySelector('[name$=".concept"]').value.trim();

/** The elements as they are now, in the order of the form. */
export const elementsNow = () =>
  rows()
    .filter((row) => !row.disabled && !isEmpty(row))
    .map((row) => ({
      n: numberOf(row),
      role: row.dataset.role,
      wording: wordingOf(row).value,
      anyOf: row.querySelector('[name$=".any_of"]').value || null,
    }));

const isFilled = (row) => (row.dataset.element ? !isEmpty(row) : row.dataset.new === undefined || row.querySelector('[name$=".quote_id"]')?.value);

/** A row that is left out is greyed and not sent; it can be put back until the form is sent. */
export const offerLeavingOut = (row) => {
  if (row.querySelector("[data-leave]") || !isFilled(row)) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: word("leave_out") });
  button.dataset.leave = "";
  const legend = row.querySelector("legend"); // what stands in a legend stays in use
  legend.append(" ", button);
  button.addEventListener("click", () => {
    row.disabled = !row.disabled;
    button.textContent = word(row.disabled ? "put_back" : "leave_out");
    row.dispatchEvent(new Event("input", { bubbles: true }));
  });
};

/** Let evidence and outcomes name the elements there are now. */
export const offerNames = () => {
  const now = elementsNow();
  for (const place of composer().querySelectorAll("[data-ticks]")) {
    const offered = new Map([...place.querySelectorAll("input")].map((box) => [Number(box.value), box]));
    for (const { n, wording } of now) {
      const said = wording.slice(0, 60);
      const there = offered.get(n);
      if (there) {
        there.nextElementSibling.querySelector(".said").textContent = said;
        offered.delete(n);
        continue;
      }
      const tick = Object.assign(document.createElement("div"), { className: "tick" });
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name: place.dataset.ticks, value: n, id: `${place.dataset.id}-e${n}` });
      const label = Object.assign(document.createElement("label"), { htmlFor: box.id });
      label.append(`${word("element_n", { n })} `, Object.assign(document.createElement("span"), { className: "said", textContent: said }));
      tick.append(box, label);
      place.append(tick);
    }
    for (const gone of offered.values()) gone.closest(".tick").remove();
  }
  for (const select of composer().querySelectorAll("[data-mechanisms]")) {
    for (const option of select.options) {
      const named = now.find((e) => String(e.n) === option.value);
      if (named) option.textContent = `${word("element_n", { n: named.n })}: ${named.wording.slice(0, 50)}`;
    }
    for (const { n, role, wording } of now)
      if (["mechanism", "resource", "response"].includes(role) && ![...select.options].some((o) => o.value === String(n)))
        select.append(new Option(`${word("element_n", { n })}: ${wording.slice(0, 50)}`, n));
  }
};
