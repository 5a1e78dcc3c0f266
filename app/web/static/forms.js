// Forms without a new page: HTMX sends them; refusals appear at their fields, drafts are kept.

import { say, sayWhatWasDone } from "./status.js";
import { word } from "./words.js";

const draftKey = (form) => `retroduce:${location.pathname}:${form.dataset.draft}`;
const NEVER = ["hidden", "password", "file", "submit", "button"];
const isKept = (field) => field.name && !/^_(?!query\.|path\.)/.test(field.name) && !NEVER.includes(field.type);
const isTicked = (field) => ["checkbox", "radio"].includes(field.type);

const keep = (form) => {
  const fields = [...form.elements].filter(isKept).map((field, n) => ({
    n,
    name: field.name,
    ...(isTicked(field) ? { of: field.value, value: field.checked } : { value: field.value }),
  }));
  try {
    localStorage.setItem(draftKey(form), JSON.stringify(fields));
  } catch {
    // a browser that keeps nothing: the form itself still holds it
  }
};

const drop = (form) => form.dataset.draft && localStorage.removeItem(draftKey(form));

/** Put what was typed and never sent back into its form. */
const restore = (form) => {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(draftKey(form)));
  } catch {
    return;
  }
  if (!kept) return;
  form.dispatchEvent(new CustomEvent("draft", { detail: kept, bubbles: true })); // to add rows first
  const fields = [...form.elements].filter(isKept);
  let isChanged = false;
  for (const { n, name, of, value } of kept) {
    const isIt = (other) => other?.name === name && (of === undefined || other.value === of);
    const field = isIt(fields[n]) ? fields[n] : fields.find(isIt);
    if (!field) continue;
    const property = isTicked(field) ? "checked" : "value";
    if (field[property] !== value) isChanged = true;
    field[property] = value;
  }
  if (isChanged) {
    form.dispatchEvent(new Event("input", { bubbles: true }));
    say(word("restored"));
  }
};

const TOLD = "-told";

/** What describes a field apart from what was wrong with it: its hint. */
const hintOf = (field) => (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.endsWith(TOLD));

const describe = (field, ids) => (ids.length ? field.setAttribute("aria-describedby", ids.join(" ")) : field.removeAttribute("aria-describedby"));

const clearProblems = (form) => {
  for (const told of form.querySelectorAll("[data-problem]")) told.textContent = "";
  for (const told of form.querySelectorAll("[data-told]")) told.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    describe(field, hintOf(field));
  }
};

/** Say a path of the body in words: `evidence.0.quote_id` → evidence quote. */
const inWords = (path) => path.replace(/\.\d+(?=\.|$)/g, "").replace(/_id$/, "").replace(/[._]/g, " ");

/** Say what is wrong with what: by the label of a field, or in words where the form has no such field. */
const about = (name, message) => (name && name !== "body" ? `${name}: ${message}` : message);

/** Show each refusal at its field; what has none, and the whole, at the foot of the form. */
export const showProblem = (form, problem) => {
  clearProblems(form);
  const left = [];
  const told = [];
  let first = null;
  for (const { field: path, message } of problem.errors ?? []) {
    const name = path.replace(/^(body|query|path)\./, "");
    const field = [...form.elements].find(
      (other) => other.name && other.type !== "hidden" && other.name.replace(/^_(query|path)\./, "").replace(/[[\]/?#@!]+$/, "") === name,
    );
    if (!field) {
      left.push(about(inWords(name), message));
      continue;
    }
    const words = Object.assign(document.createElement("p"), { className: "problem", textContent: message, id: `${field.id || name}${TOLD}` });
    words.dataset.told = "";
    field.setAttribute("aria-invalid", "true");
    describe(field, [...hintOf(field), words.id]);
    field.after(words);
    told.push(about(field.labels?.[0]?.textContent.trim(), message));
    first ??= field;
  }
  const foot = form.querySelector("[data-problem]");
  const words = left.length || !first ? [problem.errors?.length ? "" : problem.detail, ...left].filter(Boolean).join(" ") : "";
  if (foot) foot.textContent = words;
  say([...told, ...left].join(" · ") || problem.detail, true);
  const place = first ?? form.querySelector("[type=submit]");
  setTimeout(() => place?.focus()); // once HTMX has made the button usable again
};

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-draft]");
  if (form) keep(form);
});

document.addEventListener("htmx:responseError", ({ detail }) => {
  const form = detail.elt.closest("form");
  let problem = {};
  try {
    problem = JSON.parse(detail.xhr.responseText);
  } catch {
    problem = { detail: word("answered", { status: detail.xhr.status }) };
  }
  if (detail.xhr.status === 401) problem = { detail: word("signed_out") };
  if (!form) return say(problem.detail, true);
  form.dispatchEvent(new CustomEvent("refused", { detail: { status: detail.xhr.status, problem }, bubbles: true }));
  showProblem(form, problem);
});

document.addEventListener("htmx:sendError", ({ detail }) => {
  const form = detail.elt.closest("form");
  if (form) showProblem(form, { detail: word("offline") });
});

const GOES_ON = "a[id], button[id], summary[id], input[id]";

/** What has the focus; in a list one works through also what follows, should that be gone then. */
const inFocus = () => {
  const active = document.activeElement;
  if (!active?.closest("[data-goes-on]")) return [active?.id ?? ""];
  const isAfter = (other) => active.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  return [active, ...[...document.querySelectorAll(GOES_ON)].filter(isAfter)].map(({ id }) => id);
};

/** Give the focus to what can have it; what is folded away leaves it to the words that unfold it. */
const give = (place) => {
  place?.focus({ preventScroll: true });
  if (place && document.activeElement !== place) place.closest("details")?.querySelector("summary")?.focus({ preventScroll: true });
  return document.activeElement !== document.body;
};

let focused = [];
let focusedOn = "";
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const form = detail.elt.closest("form");
  if (form) clearProblems(form);
  focused = inFocus();
  focusedOn = location.pathname;
});

/** Load what the page that follows has in its head and this one has not: its style and modules. */
const loadHead = (text) => {
  const head = new DOMParser().parseFromString(text, "text/html").head;
  for (const wanted of head.querySelectorAll("link[rel=stylesheet], script[src]")) {
    const address = wanted.getAttribute("href") ?? wanted.getAttribute("src");
    if (document.head.querySelector(`[href="${address}"], [src="${address}"]`)) continue;
    const made = document.createElement(wanted.localName);
    for (const { name, value } of wanted.attributes) made.setAttribute(name, value);
    document.head.append(made);
  }
};

/** Once the work a page waited for has ended, its part is not enough: the whole page is taken. */
const takeAll = (detail) => {
  if (!detail.target.matches("[data-then-all]")) return;
  const fresh = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
  if (fresh.getElementById(detail.target.id)?.matches("[data-then-all]")) return;
  detail.target = document.getElementById("main");
  detail.selectOverride = "#main";
  detail.swapOverride = "outerHTML show:none";
};

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.shouldSwap) return;
  takeAll(detail);
  loadHead(detail.xhr.responseText);
  const form = detail.requestConfig.elt.closest("form");
  if (form) drop(form);
});

const welcome = (root) => {
  for (const form of root.querySelectorAll("form[data-draft]")) restore(form);
  sayWhatWasDone();
};

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const asked = detail.requestConfig?.elt;
  if (asked && !asked.closest("form, a")) return; // a part that renews itself takes no focus
  const isLost = !document.activeElement || document.activeElement === document.body; // nobody went on meanwhile
  if (isLost && (!detail.target || detail.target.id === "main")) {
    const still = focusedOn === location.pathname ? focused.map((id) => document.getElementById(id)) : [];
    [...still, document.querySelector("#main [autofocus]"), document.getElementById("main")].some(give);
  }
  document.dispatchEvent(new Event("fresh")); // for modules that look after parts of the page
  welcome(document);
});

// A new document title comes with boosted pages by HTMX itself.
welcome(document);
