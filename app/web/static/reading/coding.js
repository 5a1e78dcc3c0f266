// What can be done with a passage: each form asks the API once and says what came of it.

import { ask, quoteOf, wordsOf } from "./api.js";
import * as drafts from "./drafts.js";

const byLabel = new Map();

const nameConcepts = async () => {
  const list = document.getElementById("concepts");
  byLabel.clear();
  list.replaceChildren();
  let next = "";
  do {
    const page = await ask(`/concepts?limit=200&is_merged=false${next && `&after=${next}`}`);
    for (const concept of page.items) {
      byLabel.set(concept.label.toLowerCase(), concept.id);
      list.append(new Option(concept.referent ?? "", concept.label));
    }
    next = page.next;
  } while (next);
};

/** The number of a concept, by K-number or label; a label nobody used yet makes a new one. */
const conceptOf = async (given) => {
  const label = given.trim();
  if (!label) return null;
  const number = /^K(\d+)$/i.exec(label);
  if (number) return Number(number[1]);
  const known = byLabel.get(label.toLowerCase());
  if (known) return known;
  const made = await ask("/concepts", { label });
  byLabel.set(label.toLowerCase(), made.id);
  return made.id;
};

const CIRCUMSTANCES = ["intervention", "strategy", "context", "actor", "agency"];
const WORKINGS = ["mechanism", "resource", "response"];

/** If-then-because, as far as its slots are filled. */
const sentenceOf = (words) => {
  const joined = (roles) => roles.map((role) => words[role]).filter(Boolean).join(" and ");
  const [circumstances, workings] = [joined(CIRCUMSTANCES), joined(WORKINGS)];
  if (!words.outcome) return "";
  const start = circumstances ? `If ${circumstances}, then ` : "";
  return `${start}${words.outcome}${workings ? `, because ${workings}` : ""}.`;
};

const slotsOf = (form) => [...form.querySelectorAll("[data-slot]")].map((slot) => slot.dataset.slot);

const configuration = async (form, passage) => {
  const elements = [];
  for (const role of slotsOf(form)) {
    const wording = form.elements[`${role}_wording`].value;
    const concept = form.elements[`${role}_concept`].value;
    if (!wording.trim() && !concept.trim()) continue;
    elements.push({
      role,
      wording: wording.trim() ? wording : concept,
      concept_id: await conceptOf(concept),
      state: form.elements[`${role}_state`].value,
    });
  }
  const quote = await quoteOf(passage);
  const made = await ask("/configurations", {
    title: form.elements.title.value.trim() || null,
    elements,
    evidence: [{ quote, stance: form.elements.stance.value }],
  });
  return `Coded as C${made.id}.`;
};

const evidence = async (form, passage) => {
  const number = form.elements.configuration?.value;
  if (!number) throw new Error("Choose a configuration first.");
  await ask(`/configurations/${number}/evidence`, {
    quote: await quoteOf(passage),
    stance: form.elements.stance.value,
    rationale: form.elements.rationale.value.trim() || null,
  });
  return `Tied to C${number}.`;
};

const concept = async (form, passage) => {
  const number = await conceptOf(form.elements.concept.value);
  const made = await ask("/quotes", await quoteOf(passage, { concepts: [number] }));
  return `Q${made.id} tied to K${number}.`;
};

const memo = async (form, passage) => {
  const quote = await ask("/quotes", await quoteOf(passage, { is_parked: true }));
  const text = form.elements.text.value;
  const made = await ask("/memos", { kind: "theory", text, subject_kind: "Q", subject_id: quote.id });
  return `Memo M${made.id} on Q${quote.id}.`;
};

export const park = async (passage) => {
  const made = await ask("/quotes", await quoteOf(passage, { is_parked: true }));
  return `Parked as Q${made.id}.`;
};

const DOING = { configuration, evidence, concept, memo };

let latest = 0;
const search = async (form) => {
  const asked = ++latest;
  const text = form.elements.search.value.trim();
  const number = /^C?(\d+)$/i.exec(text);
  const found = form.querySelector("[data-found]");
  let items = [];
  try {
    if (number) items = [await ask(`/configurations/${number[1]}`)];
    else items = (await ask(`/configurations?limit=8${text && `&text=${encodeURIComponent(text)}`}`)).items;
  } catch (error) {
    if (asked === latest) found.textContent = error.message;
    return;
  }
  if (asked !== latest) return;
  found.replaceChildren(
    ...items.map((item, n) => {
      const label = document.createElement("label");
      const radio = Object.assign(document.createElement("input"), { type: "radio", name: "configuration", value: item.id, checked: n === 0 });
      const said = Object.assign(document.createElement("span"), { textContent: ` C${item.id} ${item.title ?? item.statement}` });
      label.append(radio, said);
      return label;
    }),
  );
  if (!items.length) found.textContent = "None has these words.";
};

/** Open the form of an action; resolves to what came of it, or to null when it was put off. */
export const open = async (action, passage) => {
  const dialog = document.getElementById(`dialog-${action}`);
  const form = dialog.querySelector("form");
  const problem = form.querySelector(".problem");
  form.reset();
  problem.textContent = "";
  const draft = drafts.find(action);
  if (draft?.passage.start === passage.start && draft.passage.end === passage.end) drafts.fill(form, draft.fields);
  form.querySelector("[data-passage]").textContent = await wordsOf(passage);
  if (action === "configuration" || action === "concept") nameConcepts().catch((error) => (problem.textContent = error.message));
  if (action === "evidence") search(form);
  const told = form.querySelector("[data-sentence]");
  form.oninput = (event) => {
    drafts.keep(action, form, passage);
    if (event.target.name === "search") search(form);
    if (told) {
      const words = slotsOf(form).map((slot) => [slot, form.elements[`${slot}_wording`].value.trim()]);
      told.textContent = sentenceOf(Object.fromEntries(words));
    }
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
        drafts.drop(action);
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
