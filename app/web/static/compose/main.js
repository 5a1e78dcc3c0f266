// Composing: rows as needed, the sentence as it stands, notation read into slots, two versions.

import { ask } from "../reading/api.js";
import { nameConcepts } from "../reading/concepts.js";
import { ifThenBecause } from "../sentence.js";
import { say } from "../status.js";
import { word } from "../words.js";
import { addDraftRows, offerOlder, settle } from "./conflict.js";
import { addElement, addEvidence, composer, elementsNow, numberOf, offerLeavingOut, offerNames, pieces, rows, wordingOf } from "./rows.js";

const form = composer();
const sentence = document.getElementById("sentence");

const bringUpToDate = () => {
  sentence.textContent = ifThenBecause(elementsNow());
  for (const row of [...rows(), ...pieces()]) offerLeavingOut(row);
  offerNames();
};

// Rows
for (const button of form.querySelectorAll("[data-add]")) {
  button.addEventListener("click", () => {
    const row = addElement(button.dataset.add);
    row.closest("details")?.setAttribute("open", "");
    wordingOf(row).focus();
  });
}
const more = document.getElementById("add-evidence");
more.addEventListener("click", () => addEvidence().querySelector('[name$=".quote_id"]').focus());

// Inline notation
const notation = document.getElementById("notation");
const fill = document.getElementById("fill");

const templateNow = () => form.elements.template.value;
const fillFrom = async (text) => {
  const problem = document.getElementById("notation-problem");
  problem.textContent = "";
  try {
    const read = await ask("/notation", { notation: text, template: templateNow() });
    for (const { role, wording } of read.elements) wordingOf(addElement(role)).value = wording;
    notation.value = "";
    form.dispatchEvent(new Event("input", { bubbles: true }));
    say(word("filled", { sentence: read.statement }));
    return true;
  } catch (error) {
    problem.textContent = error.message;
    return false;
  }
};
fill.addEventListener("click", async () => {
  if (await fillFrom(notation.value)) wordingOf(rows()[0]).focus();
});
form.addEventListener("paste", async (event) => {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const isNotation = event.target.matches("[data-wording]") && !event.target.value && (text.match(/\((C|M|O|I|A|R)\d*\)/g)?.length ?? 0) > 1;
  if (!isNotation) return;
  event.preventDefault();
  const target = event.target;
  if (!(await fillFrom(text))) {
    target.value = text;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

// Another concept has definitions of its own.
form.addEventListener("input", ({ target }) => {
  const definition = /\.concept$/.test(target.name) && target.closest("[data-element]").querySelector("[data-definition]");
  if (definition) definition.value = "";
});

// Concepts are offered once somebody looks for one.
let isNamed = false;
form.addEventListener("focusin", (event) => {
  if (isNamed || !event.target.matches('[list="concepts"]')) return;
  isNamed = true;
  nameConcepts().catch((error) => say(error.message, true));
});

// Refusals name the place in what was sent; here rows are known by their numbers.
const sentRows = (all, family) =>
  all
    .filter((row) => !row.disabled && [...row.querySelectorAll("[name]")].some((f) => !f.name.endsWith("?") && f.value))
    .sort((a, b) => numberOf(a) - numberOf(b))
    .map((row) => `${family}.${numberOf(row)}`);
form.addEventListener("refused", ({ detail }) => {
  const places = { elements: sentRows(rows(), "elements"), evidence: sentRows(pieces(), "evidence") };
  for (const error of detail.problem.errors ?? [])
    error.field = error.field.replace(/^(?:body\.)?(elements|evidence)\.(\d+)/, (whole, family, at) => places[family][Number(at)] ?? whole);
  const bare = (field) => field.name?.replace(/[[\]/?#@!]+$/, "");
  for (const error of detail.problem.errors ?? [])
    [...form.elements].find((field) => bare(field) === error.field && field.type !== "hidden")?.closest("details")?.setAttribute("open", "");
  if (detail.status === 412)
    settle()
      .then(() => say(""))
      .catch((error) => say(error.message, true));
});

// What was typed and not sent; rows first, then forms.js puts the words into them.
const family = `retroduce:${location.pathname}:`;
form.addEventListener("draft", ({ detail }) => addDraftRows(detail));
form.addEventListener("input", bringUpToDate);
const offerEarlier = () => {
  const older = Object.keys(localStorage).filter((key) => key.startsWith(`${family}C`) && key !== family + form.dataset.draft);
  for (const key of older) {
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]");
    localStorage.removeItem(key);
    addDraftRows(kept);
    offerOlder(kept);
  }
};

// The page that follows has looks of its own: go there, rather than take it in here.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (!detail.shouldSwap || !form.contains(detail.requestConfig?.elt)) return;
  detail.shouldSwap = false;
  localStorage.removeItem(family + form.dataset.draft);
  location.assign(detail.xhr.responseURL);
});

bringUpToDate();
offerEarlier();
