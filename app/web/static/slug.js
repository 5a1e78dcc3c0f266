// Proposes a name for addresses from the title, until somebody writes one of their own.

const LONGEST = 60;

const proposed = (title) =>
  title
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");

document.addEventListener("input", ({ target }) => {
  const slug = document.querySelector("[data-slug-of]");
  if (!slug) return;
  if (target === slug) slug.dataset.own = slug.value ? "yes" : "";
  else if (target.id === slug.dataset.slugOf && !slug.dataset.own) slug.value = proposed(target.value);
});
