// What can be done with a passage: each form asks the API once and says what came of it.

import { ifThenBecause } from "../sentence.js";
import { word } from "../words.js";
import { ask, last, quoteOf, wordsOf } from "./api.js";
import { conceptOf, nameConcepts } from "./concepts.js";
import * as drafts from "./drafts.js";
import { chosen, offerElements, search } from "./offering.js";

const slotsOf = (form) => [...form.querySelectorAll("[data-slot]")].map((slot) => slot.dataset.slot);
const valueOf = (form, name) => form.elements[name]?.value.trim() || null;

/** What is said of the passage as evidence. */
const judged = (form) => ({
  stance: form.elements.stance.value,
  basis: valueOf(form, "basis"),
  is_inferred: Boolean(valueOf(form, "inference")),
  inference: valueOf(form, "inference"),
  rationale: valueOf(form, "rationale"),
});

const elementsOf = (form) =>
  slotsOf(form).flatMap((role) => {
    const wording = form.elements[`${role}_wording`].value;
    const concept = valueOf(form, `${role}_concept`);
    if (!wording.trim() && !concept) return [];
    const words = wording.trim() ? wording : concept.replace(/^K\d+\s+/, "");
    return [{ role, wording: words, concept, state: form.elements[`${role}_state`].value }];
  });

const configuration = async (form, passage) => {
  const evidence = [{ quote: await quoteOf(passage), ...judged(form) }];
  const made = await ask("/configurations", { title: valueOf(form, "title"), elements: elementsOf(form), evidence });
  last.thing = `C${made.id}`;
  return word("coded", { id: made.id });
};

const evidence = async (form, passage) => {
  const number = chosen(form);
  if (!number) throw new Error(word("choose_configuration"));
  const elements = [...form.querySelectorAll("[data-elements] :checked")].map((box) => Number(box.value));
  await ask(`/configurations/${number}/evidence`, { quote: await quoteOf(passage), elements, ...judged(form) });
  last.thing = `C${number}`;
  return word("tied", { to: `C${number}` });
};

const proposition = async (form, passage) => {
  const label = chosen(form);
  if (!label) throw new Error(word("choose_proposition"));
  const [theory, n] = label.slice(1).split(".");
  await ask(`/theories/${theory}/propositions/${n}/evidence`, { quote: await quoteOf(passage), ...judged(form) });
  last.thing = `T${theory}`;
  return word("tied", { to: label });
};

const concept = async (form, passage) => {
  const number = await conceptOf(form.elements.concept.value);
  const made = await ask("/quotes", await quoteOf(passage, { concepts: [number] }));
  last.thing = `Q${made.id}`;
  return word("tied_concept", { id: made.id, to: number });
};

const memo = async (form, passage) => {
  const quote = await ask("/quotes", await quoteOf(passage, { is_parked: true }));
  const text = form.elements.text.value;
  const made = await ask("/memos", { kind: "theory", text, subject_kind: "Q", subject_id: quote.id });
  last.thing = `M${made.id}`;
  return word("memo_kept", { id: made.id, quote: quote.id });
};

export const park = async (passage) => {
  const made = await ask("/quotes", await quoteOf(passage, { is_parked: true }));
  last.thing = `Q${made.id}`;
  return word("parked", { id: made.id });
};

const DOING = { configuration, evidence, proposition, concept, memo };
const SEARCHED = ["evidence", "proposition"];

const prepare = (action, form) => {
  const problem = form.querySelector(".problem");
  if (action === "configuration" || action === "concept")
    nameConcepts().catch((error) => (problem.textContent = error.message));
  if (SEARCHED.includes(action)) search(action, form);
};

const showSentence = (form) => {
  const told = form.querySelector("[data-sentence]");
  if (told) told.textContent = ifThenBecause(elementsOf(form));
};

/** Open the form of an action; resolves to what came of it, or to null when it was put off. */
export const open = (action, passage) => {
  const dialog = document.getElementById(`dialog-${action}`);
  if (!dialog) return Promise.resolve(null);
  const form = dialog.querySelector("form");
  const problem = form.querySelector(".problem");
  form.reset();
  problem.textContent = "";
  drafts.restore(action, form, passage);
  const shown = form.querySelector("[data-passage]");
  shown.textContent = "…";
  wordsOf(passage).then(
    (words) => (shown.textContent = words),
    (error) => (problem.textContent = error.message),
  );
  prepare(action, form);
  showSentence(form);
  form.oninput = (event) => {
    drafts.keep(action, form, passage);
    if (event.target.name === "search") search(action, form);
    if (event.target.name === "configuration" && action === "evidence") offerElements(form);
    showSentence(form);
  };
  dialog.showModal();
  return new Promise((resolve) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (event.submitter?.value === "cancel") return dialog.close();
      const button = form.querySelector("[value=code]");
      button.disabled = true;
      try {
        const came = await DOING[action](form, passage);
        drafts.drop(action, passage);
        form.oninput = null;
        dialog.close(came);
      } catch (error) {
        problem.textContent = error.message;
      } finally {
        button.disabled = false;
      }
    };
    dialog.onclose = () => {
      resolve(dialog.returnValue || null);
      dialog.returnValue = "";
    };
  });
};
