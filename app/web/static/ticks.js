// Ticking many rows: all at once, a stretch with Shift, and how many there are.

import { word } from "./words.js";

const boxes = () => [...document.querySelectorAll("input[data-tick]")];
let last = null;

const count = () => {
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  const told = document.querySelector("[data-ticked]");
  if (told) told.textContent = word(ticked === 1 ? "one_ticked" : "ticked", { many: ticked });
  const whole = document.querySelector("input[data-tick-all]");
  if (!whole) return;
  whole.closest("label").hidden = false;
  whole.checked = ticked > 0 && ticked === all.length;
  whole.indeterminate = ticked > 0 && ticked < all.length;
};

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.matches?.("input[data-tick-all]")) {
    for (const box of boxes()) box.checked = target.checked;
  } else if (target.matches?.("input[data-tick]")) {
    const all = boxes();
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(target)].sort((a, b) => a - b);
      for (const box of all.slice(from, to + 1)) box.checked = target.checked;
    }
    last = target;
  } else return;
  count();
});

document.addEventListener("fresh", count);
count();
