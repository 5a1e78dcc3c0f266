// What a word of the method means: shown beside it on hover, on focus and when it is tapped.
// Escape puts it away. Outside of forms a click follows the link to the word list; by touch the
// first tap shows and the second follows. Within a form nothing leaves the page.

const GAP = 6;
const EDGE = 8;
const LINGER = 200; // so that the pointer can go from the word to what is said of it

let shown = null;
let leaving = 0;
let tapped = null;

const termOf = (event) => event.target.closest?.("[data-says]");
const tipOf = (term) => document.getElementById(term.getAttribute("aria-describedby"));

const describe = (term) => {
  const id = `says-${term.hash.slice(1)}`;
  if (!document.getElementById(id)) {
    const tip = Object.assign(document.createElement("div"), { id, className: "says", textContent: term.dataset.says });
    tip.setAttribute("role", "tooltip");
    tip.popover = "manual";
    document.querySelector(".bar").append(tip);
  }
  term.setAttribute("aria-describedby", id);
};

const place = (tip, term) => {
  const [word] = term.getClientRects();
  const { width, height } = tip.getBoundingClientRect();
  const below = word.bottom + GAP;
  const hasRoom = below + height + EDGE <= innerHeight || word.top < height + GAP + EDGE;
  tip.style.top = `${hasRoom ? below : word.top - GAP - height}px`;
  tip.style.left = `${Math.max(EDGE, Math.min(word.left, innerWidth - width - EDGE))}px`;
};

const hide = () => {
  clearTimeout(leaving);
  if (shown?.isConnected) tipOf(shown)?.hidePopover();
  else document.querySelector(".says:popover-open")?.hidePopover();
  shown = null;
};

const show = (term) => {
  clearTimeout(leaving);
  if (shown === term) return;
  hide();
  describe(term);
  const tip = tipOf(term);
  tip.showPopover();
  place(tip, term);
  shown = term;
};

const hideSoon = () => {
  clearTimeout(leaving);
  leaving = setTimeout(hide, LINGER);
};

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const term = termOf(event);
  if (term) show(term);
  else if (event.target.closest?.(".says")) clearTimeout(leaving);
  else if (shown && shown !== document.activeElement) hideSoon();
});

document.addEventListener("pointerdown", (event) => {
  const term = termOf(event);
  tapped = event.pointerType === "touch" && term !== shown ? term : null;
  if (!term) hide();
});

document.addEventListener("click", (event) => {
  const term = termOf(event);
  if (!term || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (term !== tapped && !term.closest("form, dialog")) return;
  event.preventDefault();
  show(term);
});

document.addEventListener("focusin", (event) => {
  const term = termOf(event);
  if (term) show(term);
});

document.addEventListener("focusout", (event) => {
  if (termOf(event)) hide();
});

const follow = () => {
  if (shown) place(tipOf(shown), shown);
};

document.addEventListener("scroll", follow, { capture: true, passive: true });
addEventListener("resize", follow);

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !shown) return;
    hide();
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

const prepare = () => {
  if (!shown?.isConnected) hide();
  for (const term of document.querySelectorAll("[data-says]")) describe(term);
};

document.addEventListener("fresh", prepare);
prepare();
