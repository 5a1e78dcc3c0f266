// Folding the tree of the codebook: what is below a folded concept is hidden, and stays so in this browser.

const KEY = `retroduce:folded:${location.pathname}`;

const read = () => {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY)) ?? []);
  } catch {
    return new Set();
  }
};

const keep = (folded) => {
  try {
    localStorage.setItem(KEY, JSON.stringify([...folded]));
  } catch {
    // a browser that keeps nothing: the tree opens unfolded next time
  }
};

const show = () => {
  for (const button of document.querySelectorAll("[data-fold-all]")) button.hidden = false;
  const tree = document.querySelector("[data-tree]");
  if (!tree) return;
  const folded = tree.dataset.tree === "whole" ? read() : new Set();
  const hidden = new Set();
  for (const row of tree.querySelectorAll("tbody tr[data-concept]")) {
    const { concept, parent } = row.dataset;
    row.hidden = hidden.has(parent) || folded.has(parent);
    if (row.hidden) hidden.add(concept);
    row.querySelector(".fold")?.setAttribute("aria-expanded", String(!folded.has(concept)));
  }
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(".fold");
  const all = target.closest?.("[data-fold-all]");
  if (!button && !all) return;
  const folded = read();
  if (button) {
    const { concept } = button.closest("tr").dataset;
    if (!folded.delete(concept)) folded.add(concept);
  } else {
    const parents = [...document.querySelectorAll("[data-tree] .fold")].map((fold) => fold.closest("tr").dataset.concept);
    const isOpening = parents.some((concept) => folded.has(concept));
    for (const concept of parents) isOpening ? folded.delete(concept) : folded.add(concept);
  }
  keep(folded);
  show();
});

document.addEventListener("fresh", show);
show();
