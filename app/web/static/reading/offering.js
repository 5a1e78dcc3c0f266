// Offering what a passage can be evidence for: configurations with their elements, propositions.

import { word } from "../words.js";
import { ask, base } from "./api.js";

let latest = 0;
let offered = new Map();

const configurations = async (text) => {
  const number = /^C?(\d+)$/i.exec(text);
  const items = number
    ? [await ask(`/configurations/${number[1]}`)]
    : (await ask(`/configurations?limit=8${text && `&text=${encodeURIComponent(text)}`}`)).items;
  return items.map((item) => ({ value: item.id, label: `C${item.id}`, words: item.title ?? item.statement, elements: item.elements }));
};

const propositions = async (text) => {
  const wanted = text.toLowerCase();
  const found = [];
  let next = 0;
  do {
    const page = await ask(`/theories?limit=50${next ? `&after=${next}` : ""}`);
    for (const theory of page.items)
      for (const { label, statement } of theory.propositions)
        if (label.toLowerCase().startsWith(wanted) || statement.toLowerCase().includes(wanted))
          found.push({ value: label, label, words: statement });
    next = page.next;
  } while (next && found.length < 12);
  return found.slice(0, 12);
};

const LOOKING = { evidence: configurations, proposition: propositions };

const choice = (type, name, value, label, words, isOn) => {
  const line = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type, name, value, checked: isOn });
  const number = Object.assign(document.createElement("span"), { className: "number", textContent: label });
  line.append(input, number, Object.assign(document.createElement("span"), { textContent: words }));
  return line;
};

/** The value of what somebody chose; an untouched choice of one has none. */
export const chosen = (form) => form.querySelector("[name=configuration]:checked")?.value;

const nothing = (action, text) => {
  if (text) return [word("none_has_words")];
  if (action === "evidence") return [word("no_configuration")];
  const leads = Object.assign(document.createElement("a"), { href: `${base.replace("/api/v1", "")}/theories`, textContent: word("to_theories") });
  return [`${word("no_proposition")} `, leads];
};

/** Offer what has the words of the search field; chosen is only what they single out. */
export const search = async (action, form) => {
  const asked = ++latest;
  const found = form.querySelector("[data-found]");
  const text = form.elements.search.value.trim();
  const before = chosen(form);
  let items = [];
  try {
    items = await LOOKING[action](text);
  } catch (error) {
    if (asked === latest) found.textContent = error.message;
    return;
  }
  if (asked !== latest) return;
  offered = new Map(items.map((item) => [String(item.value), item]));
  const isOn = ({ value }) => String(value) === before || (text !== "" && items.length === 1);
  found.replaceChildren(...items.map((item) => choice("radio", "configuration", item.value, item.label, item.words, isOn(item))));
  if (!items.length) found.replaceChildren(...nothing(action, text));
  if (action === "evidence") offerElements(form);
};

/** Offer the elements of the configuration that is chosen; none ticked is the whole. */
export const offerElements = (form) => {
  const elements = offered.get(chosen(form))?.elements ?? [];
  form.querySelector("[data-about]").hidden = !elements.length;
  form
    .querySelector("[data-elements]")
    .replaceChildren(...elements.map((e) => choice("checkbox", "about", e.n, e.role, e.wording, false)));
};
