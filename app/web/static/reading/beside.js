// The list beside the text: narrowing it, lighting up what belongs together, a sheet on phones.

import { word } from "../words.js";

const beside = document.getElementById("beside");
const entries = () => [...beside.querySelectorAll("li[data-quote]")];
export const entryOf = (number) => document.getElementById(`coded-${number}`);

const narrowing = document.getElementById("narrowing");
const words = document.getElementById("narrow-words");
const kind = document.getElementById("narrow-kind");

export const narrow = () => {
  const wanted = words.value.trim().toLowerCase();
  const all = entries();
  let shown = 0;
  for (const entry of all) {
    const fits =
      (!kind.value || entry.dataset.kinds.split(" ").includes(kind.value)) &&
      (!wanted || entry.textContent.toLowerCase().includes(wanted));
    entry.hidden = !fits;
    if (fits) shown += 1;
  }
  const isNarrowed = Boolean(wanted || kind.value);
  document.getElementById("narrowed").textContent = isNarrowed ? word("narrowed", { n: shown, all: all.length }) : "";
};

const numbersOf = (element) =>
  (element?.dataset.quotes ?? element?.dataset.quote ?? "").trim().split(/\s+/).filter(Boolean);

/** The quotes of what is pointed at: a passage's, an entry's, or all tied to the same thing. */
export const meant = (target) => {
  const tie = target.closest?.("[data-tie]")?.dataset.tie;
  if (tie) return [...new Set([...beside.querySelectorAll(`[data-tie="${tie}"]`)].flatMap((t) => numbersOf(t.closest("[data-quote]"))))];
  return numbersOf(target.closest?.("[data-quotes], [data-quote]"));
};

export const light = (numbers) => {
  for (const entry of beside.querySelectorAll("li.lit")) entry.classList.remove("lit");
  for (const number of numbers) entryOf(number)?.classList.add("lit");
};

/** Show an entry, whatever the list is narrowed to, and go there when asked to. */
export const showEntry = (number, isFocused = false) => {
  const entry = entryOf(number);
  if (!entry) return;
  entry.hidden = false;
  if (isFocused) {
    unfold(true);
    entry.focus({ preventScroll: true });
  }
  entry.scrollIntoView({ block: "nearest" });
};

const handle = document.getElementById("handle");
export const unfold = (isOpen) => {
  beside.classList.toggle("is-open", isOpen);
  handle.setAttribute("aria-expanded", String(isOpen));
};

/** Bring the forms that change a quote, from the page that has them, into its entry. */
export const offerChanges = async (link) => {
  const entry = link.closest("[data-quote]");
  const page = await (await fetch(link.href, { headers: { Accept: "text/html" } })).text();
  const fresh = new DOMParser().parseFromString(page, "text/html").getElementById(entry.id);
  entry.replaceChildren(...document.adoptNode(fresh).childNodes);
  entry.querySelector(".quick button, .quick select")?.focus();
};

/** Take the list of a newer page. */
export const take = (fresh) => {
  document.getElementById("coded").replaceChildren(...document.adoptNode(fresh.getElementById("coded")).childNodes);
  const counts = [...beside.querySelectorAll("[data-count]")];
  for (const count of counts) count.textContent = String(entries().length);
  narrow();
};

narrowing.addEventListener("input", narrow);
narrowing.addEventListener("submit", (event) => event.preventDefault());
handle.addEventListener("click", () => unfold(!beside.classList.contains("is-open")));
