// The rows of a form of appraisal: moved up and down, left out, and one more when the last is used.
// Without this file their places are typed.

import { say } from "./status.js";
import { word } from "./words.js";

const rowsOf = (list) => [...list.querySelectorAll(":scope > [data-row]")];
const placeOf = (row) => row.querySelector("[data-place]");
const isLeftOut = (row) => row.classList.contains("left-out");

/** Say in every row where it stands now; what is left out has no place. */
const number = (list) => {
  let place = 0;
  for (const row of rowsOf(list)) placeOf(row).value = isLeftOut(row) ? "" : ++place;
};

const move = (row, by, button) => {
  const list = row.parentElement;
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (by < 0) other.before(row);
  else other.after(row);
  number(list);
  button.focus();
  say(word("row_moved", { place: rowsOf(list).indexOf(row) + 1, of: rowsOf(list).length }));
};

const leaveOut = (row, button) => {
  row.disabled = row.classList.toggle("left-out");
  button.textContent = word(isLeftOut(row) ? "put_back" : "leave_out");
  number(row.parentElement);
};

/** A button in the legend, which stays in use when the rest of the row is out of it. */
const button = (row, key, press) => {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: word(key) });
  made.addEventListener("click", () => press(made));
  row.querySelector("legend").append(made);
  return made;
};

const equip = (row) => {
  button(row, "row_up", (made) => move(row, -1, made));
  button(row, "row_down", (made) => move(row, 1, made));
  if (row.dataset.new === undefined) button(row, "leave_out", (made) => leaveOut(row, made));
};

/** One more empty row, as the last one was before anything was typed. */
const addTo = (list, blank) => {
  const n = Math.max(...rowsOf(list).map((row) => Number(row.dataset.row))) + 1;
  const name = list.dataset.rows;
  const row = blank.cloneNode(true);
  const old = row.dataset.row;
  row.dataset.row = n;
  for (const field of row.querySelectorAll("[name]")) field.name = field.name.replace(`${name}.${old}.`, `${name}.${n}.`);
  for (const part of row.querySelectorAll("[id]")) part.id = part.id.replace(`${name}-${old}-`, `${name}-${n}-`);
  for (const label of row.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(`${name}-${old}-`, `${name}-${n}-`);
  list.append(row);
  equip(row);
  number(list);
};

const blanks = new WeakMap();

const prepare = () => {
  for (const list of document.querySelectorAll("[data-rows]:not([data-ready])")) {
    list.dataset.ready = "";
    const blank = rowsOf(list).at(-1).cloneNode(true);
    blanks.set(list, blank);
    rowsOf(list).forEach(equip);
    list.addEventListener("input", (event) => {
      if (event.target.closest("[data-row]") === rowsOf(list).at(-1) && !event.target.matches("[data-place]")) addTo(list, blank);
    });
  }
};

/** Add the rows that a draft has and the page has not. */
document.addEventListener("draft", ({ target, detail }) => {
  for (const list of target.querySelectorAll("[data-rows][data-ready]")) {
    const inDraft = detail.filter(({ name }) => name.startsWith(`${list.dataset.rows}.`)).map(({ name }) => Number(name.split(".")[1]));
    while (Number(rowsOf(list).at(-1).dataset.row) < Math.max(...inDraft)) addTo(list, blanks.get(list));
  }
});

document.addEventListener("fresh", prepare);
prepare();
