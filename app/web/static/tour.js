// The guided tour: the steps of its page, shown one by one on the pages they are about.

import { word } from "./words.js";

const KEY = "retroduce:tour";
const at = () => Number(sessionStorage.getItem(KEY) ?? -1);

const stepsOf = (page) => [...page.querySelectorAll("#steps > li")];

const button = (words, does) => {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: words, className: "quiet" });
  made.onclick = does;
  return made;
};

const end = () => {
  sessionStorage.removeItem(KEY);
  document.getElementById("tour")?.remove();
};

const go = (steps, n) => {
  sessionStorage.setItem(KEY, n);
  const path = steps[n].dataset.path;
  if (path === location.pathname + location.search) show(steps);
  else location.href = path;
};

const show = (steps) => {
  const n = at();
  document.getElementById("tour")?.remove();
  const panel = Object.assign(document.createElement("aside"), { id: "tour", className: "tour", tabIndex: -1 });
  panel.setAttribute("aria-label", word("tour_step", { n: n + 1, of: steps.length }));
  const count = Object.assign(document.createElement("p"), { className: "kicker", textContent: word("tour_step", { n: n + 1, of: steps.length }) });
  const said = steps[n].cloneNode(true);
  said.querySelector(".go")?.remove();
  const row = Object.assign(document.createElement("p"), { className: "actions" });
  if (n > 0) row.append(button(word("tour_back"), () => go(steps, n - 1)));
  const next = n + 1 < steps.length ? button(word("tour_next"), () => go(steps, n + 1)) : button(word("tour_end"), end);
  next.className = "";
  row.append(next);
  if (n + 1 < steps.length) row.append(button(word("tour_end"), end));
  panel.append(count, ...said.childNodes, row);
  document.body.append(panel);
  panel.focus({ preventScroll: true });
};

const prepare = () => {
  const begin = document.querySelector("[data-start-tour]");
  if (!begin) return;
  begin.hidden = false;
  begin.onclick = () => go(stepsOf(document), 0);
};

document.addEventListener("fresh", prepare);
prepare();
if (!document.getElementById("steps") && at() >= 0) {
  const page = new DOMParser().parseFromString(await (await fetch("/tour")).text(), "text/html");
  const steps = stepsOf(page);
  if (steps[at()]?.dataset.path) show(steps);
}
