// Reading and coding: choosing a passage by mouse, touch or keys, and doing something with it.

import { mayCode } from "./api.js";
import * as coding from "./coding.js";
import { passageOf, rangeOf } from "./positions.js";
import { byParagraph, bySentence } from "./stepping.js";
import { say } from "../status.js";

const text = document.getElementById("text");
const bar = document.getElementById("bar");
let chosen = null;

const show = (passage, isSeen) => {
  chosen = passage;
  if (bar) bar.hidden = !passage;
  CSS.highlights?.delete("chosen");
  if (!passage) return;
  const range = rangeOf(passage);
  CSS.highlights?.set("chosen", new Highlight(range));
  if (isSeen) return;
  const place = range.getBoundingClientRect();
  if (place.top < 90 || place.bottom > innerHeight - 110)
    scrollBy({ top: place.top - innerHeight / 3, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
};

/** Bring the page up to date without moving it: the same address, the same place. */
const refresh = async () => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["text", "coded"]) {
    const here = document.getElementById(id);
    here.replaceChildren(...document.adoptNode(fresh.getElementById(id)).childNodes);
  }
  show(chosen, true);
};

const act = async (action) => {
  if (!mayCode || !chosen) return say("Select a passage first.");
  const passage = chosen;
  try {
    const came = action === "park" ? await coding.park(passage) : await coding.open(action, passage);
    if (came) {
      await refresh();
      say(came);
    }
  } catch (error) {
    say(error.message, true);
  }
  text.focus({ preventScroll: true });
};

const KEYS = {
  j: (event) => show(bySentence(chosen, 1, event.shiftKey)),
  k: (event) => show(bySentence(chosen, -1, event.shiftKey)),
  "]": () => show(byParagraph(chosen, 1)),
  "[": () => show(byParagraph(chosen, -1)),
  p: () => act("park"),
  n: () => act("configuration"),
  e: () => act("evidence"),
  c: () => act("concept"),
  m: () => act("memo"),
  escape: () => {
    getSelection().removeAllRanges();
    show(null);
  },
  "?": () => document.getElementById("dialog-keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select")) return;
  const doing = KEYS[event.key.toLowerCase()];
  if (!doing) return;
  event.preventDefault();
  doing(event);
});

let waiting = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const selection = getSelection();
    if (document.querySelector("dialog[open]") || !selection.rangeCount) return;
    const passage = passageOf(selection.getRangeAt(0));
    if (passage) show(passage, true);
  }, 120);
});

bar?.addEventListener("mousedown", (event) => event.preventDefault());
bar?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button) act(button.dataset.action);
});

// A passage and what it is tied to light up together, whichever of them is pointed at.
const light = (numbers) => {
  for (const element of document.querySelectorAll(".lit")) element.classList.remove("lit");
  for (const number of numbers) {
    document.querySelector(`#coded [data-quote="${number}"]`)?.classList.add("lit");
    for (const mark of document.querySelectorAll(`#text mark[data-quotes~="${number}"]`)) mark.classList.add("lit");
  }
};
const numbersOf = (element) => (element?.dataset.quotes ?? element?.dataset.quote ?? "").trim().split(/\s+/).filter(Boolean);
for (const kind of ["mouseover", "focusin"])
  document.getElementById("reading").addEventListener(kind, (event) =>
    light(numbersOf(event.target.closest("mark[data-quotes], [data-quote]"))),
  );
text.addEventListener("click", (event) => {
  const [number] = numbersOf(event.target.closest("mark[data-quotes]"));
  if (number && getSelection().isCollapsed)
    document.querySelector(`#coded [data-quote="${number}"]`)?.scrollIntoView({ block: "center" });
});
