// What is behind a cell, beside it: opens by its link, closes by Escape, and focus goes back.

let opener = null;

const drawer = () => document.getElementById("drawer");
const current = (link) => {
  for (const other of document.querySelectorAll('.matrix a[aria-current]')) other.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
};

const close = () => {
  const open = drawer();
  const leave = open?.querySelector("[data-close]");
  if (!leave) return;
  history.replaceState(history.state, "", leave.href);
  open.replaceChildren();
  open.hidden = true;
  const back = opener?.isConnected ? opener : document.querySelector('.matrix a[aria-current]');
  current(null);
  (back ?? document.getElementById("grid"))?.focus();
};

document.addEventListener("click", (event) => {
  const cell = event.target.closest?.(".matrix td a");
  if (cell && !event.ctrlKey && !event.metaKey && !event.shiftKey) opener = cell;
  if (event.target.closest?.("[data-close]")) {
    event.preventDefault();
    event.stopPropagation();
    close();
  }
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drawer()?.querySelector("[data-close]")) {
    event.preventDefault();
    close();
  }
});

document.addEventListener("htmx:afterSettle", () => {
  if (!opener?.isConnected || !drawer()?.querySelector("[data-close]")) return;
  current(opener);
  opener.scrollIntoView({ block: "nearest", inline: "nearest" });
  document.getElementById("drawer-title")?.focus({ preventScroll: true });
});
