// Buttons that copy what is shown only once; without scripts they stay hidden and one selects it.

import { say } from "./status.js";
import { word } from "./words.js";

const show = () => {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
};

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  const shown = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(shown.value);
    say(word("copied"));
  } catch {
    shown.select(); // a browser that lets no page write there: the keys still copy
  }
});

document.addEventListener("fresh", show);
show();
