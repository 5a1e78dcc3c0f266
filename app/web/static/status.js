// The one live region of a page: what was done, or what went wrong, said once.

const LASTS = 8000;
let waiting = 0;

export const say = (words, isProblem = false) => {
  const status = document.getElementById("status");
  if (!status) return;
  clearTimeout(waiting);
  status.textContent = words;
  status.classList.toggle("is-problem", isProblem);
  if (words && !isProblem) waiting = setTimeout(() => (status.textContent = ""), LASTS);
};

/** Say what the last form came to, which the server left in a cookie for the page it led to. */
export const sayWhatWasDone = () => {
  const found = document.cookie.match(/(?:^|; )retroduce_said=([^;]*)/);
  if (!found) return;
  document.cookie = "retroduce_said=; max-age=0; path=/; samesite=lax";
  say(decodeURIComponent(found[1]));
};

// A link that goes back to something says so on the page it leads to.
document.addEventListener("click", ({ target }) => {
  const said = target.closest?.("a[data-said]")?.dataset.said;
  if (said) document.cookie = `retroduce_said=${encodeURIComponent(said)}; max-age=60; path=/; samesite=lax`;
});
