// Single keys that press what carries them: data-key="i" on a button, link, choice or field.

import { keysAreOn } from "./keys.js";

const TYPED = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

const press = (place) => {
  if (place.matches("textarea, input:not([type=radio], [type=checkbox])")) return place.focus();
  place.click();
  if (place.dataset.then) document.getElementById(place.dataset.then)?.click();
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches?.(TYPED)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (!keysAreOn() || event.repeat || event.key.length !== 1) return;
  const place = document.querySelector(`main [data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
  if (!place) return;
  event.preventDefault();
  press(place);
});

// A choice that belongs to another verdict is let go of before the form is sent.
document.addEventListener(
  "click",
  ({ target }) => {
    const button = target.closest?.("[data-clears]");
    const group = button && document.getElementById(button.dataset.clears);
    for (const choice of group?.querySelectorAll("input:checked") ?? []) choice.checked = false;
  },
  true,
);
