// Keys that work on every page: the map, searching, and going to a section of the review.

const PLACES = { h: "", s: "/sources", c: "/configurations", b: "/concepts", m: "/matrix", n: "/chains", t: "/theories", e: "/evidence" };
const OFF = "retroduce:single-keys-off";
const WAITS = 1200;

export const keysAreOn = () => {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true;
  }
};

/** Whether a key press is somebody's typing, or meant for a dialog or the browser. */
export const isTyping = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

const review = () => /^\/reviews\/[^/]+/.exec(location.pathname)?.[0];

const showMap = async () => {
  const page = new DOMParser().parseFromString(await (await fetch("/help")).text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keys-title");
  const close = Object.assign(document.createElement("button"), { textContent: document.body.dataset.close ?? "×", type: "button" });
  close.onclick = () => dialog.close();
  dialog.append(document.adoptNode(page.getElementById("keys")), close);
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  settle(dialog);
  dialog.showModal();
  close.focus();
};

const settle = (root) => {
  for (const box of root.querySelectorAll("[data-single-keys]")) {
    box.checked = keysAreOn();
    box.onchange = () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"));
  }
};

let waiting = 0;

/** Whether `g` was pressed just now, so that the next letter names a section. */
export const isGoing = () => Date.now() - waiting < WAITS;

document.addEventListener(
  "keydown",
  (event) => {
    if (event.defaultPrevented || isTyping(event) || !keysAreOn()) return;
    const base = review();
    const wasGoing = isGoing();
    waiting = 0;
    if (wasGoing && base && event.key in PLACES) location.href = base + PLACES[event.key];
    else if (event.key === "g" && base) waiting = Date.now();
    else if (event.key === "/" && base) location.href = `${base}/search`;
    else if (event.key === "?") showMap();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("fresh", () => settle(document));
settle(document);
