// A figure is as wide as the page, or as large as it was drawn: as chosen last, until the page is left.

let isActual = false;

const show = () => {
  const figure = document.getElementById("figure");
  if (!figure) return;
  figure.classList.toggle("is-actual", isActual);
  document.getElementById("fit").setAttribute("aria-pressed", String(!isActual));
  document.getElementById("actual-size").setAttribute("aria-pressed", String(isActual));
};

document.addEventListener("click", (event) => {
  if (event.target.id !== "fit" && event.target.id !== "actual-size") return;
  isActual = event.target.id === "actual-size";
  show();
});
document.addEventListener("fresh", show);
show();
