// The text view: passages are chosen in the text itself, by mouse, touch or keys.

import { deskOf } from "./desk.js";
import { endOf, passageOf, rangeOf, sentences, startOf } from "./positions.js";

const text = document.getElementById("text");
const stretch = (first, last) => ({ start: startOf(first), end: endOf(last) });

const bring = (range) => {
  const place = range.getBoundingClientRect();
  if (place.top >= 90 && place.bottom <= innerHeight - 110) return;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollBy({ top: place.top - innerHeight / 3, behavior: isStill ? "auto" : "smooth" });
};

const view = {
  sentences: () => sentences().map((s) => stretch(s, s)),
  paragraphs: () =>
    [...text.querySelectorAll("p:has(.sentence)")].map((p) => {
      const inside = p.querySelectorAll(".sentence");
      return stretch(inside[0], inside[inside.length - 1]);
    }),
  seen: () => {
    const first = sentences().find((s) => s.getBoundingClientRect().bottom > 80);
    return first ? startOf(first) : 0;
  },
  holds: (position) => {
    const all = sentences();
    return Boolean(all.length) && startOf(all[0]) <= position && position < endOf(all.at(-1));
  },
  show: (passage, isSeen) => {
    CSS.highlights?.delete("chosen");
    if (!passage || !view.holds(passage.start)) return;
    const range = rangeOf(passage);
    CSS.highlights?.set("chosen", new Highlight(range));
    if (!isSeen) bring(range);
  },
  light: (numbers) => {
    for (const mark of text.querySelectorAll("mark.lit")) mark.classList.remove("lit");
    for (const number of numbers)
      for (const mark of text.querySelectorAll(`mark[data-quotes~="${number}"]`)) mark.classList.add("lit");
  },
  take: (fresh) => text.replaceChildren(...document.adoptNode(fresh.getElementById("text")).childNodes),
};

const desk = deskOf(view);

let waiting = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const selection = getSelection();
    if (document.querySelector("dialog[open]") || !selection.rangeCount) return;
    const passage = passageOf(selection.getRangeAt(0));
    if (passage) desk.show(passage, true);
  }, 120);
});

text.addEventListener("mouseover", (event) => desk.light(desk.meant(event.target)));
let turn = 0;
text.addEventListener("click", (event) => {
  const numbers = desk.meant(event.target);
  if (!numbers.length || !getSelection().isCollapsed) return;
  turn = (turn + 1) % numbers.length; // one after the other where several overlap
  desk.showEntry(numbers[turn]);
});

desk.arrive();
