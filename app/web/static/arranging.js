// Boxes of a figure can be moved, by mouse or arrow keys, and stay where they were put: kept in this
// browser, under the question asked, since where a box stands is a matter of taste and no finding.

const STEP = 12;
const NEAR = 4;
let figure = null;

const keptUnder = () => {
  const asked = new URLSearchParams(location.search);
  asked.delete("view");
  asked.sort();
  return `retroduce:arranged:${location.pathname}?${asked}`;
};

const read = () => {
  try {
    return JSON.parse(localStorage.getItem(keptUnder())) ?? {};
  } catch {
    return {};
  }
};

const keep = (moved) => {
  try {
    if (Object.keys(moved).length) localStorage.setItem(keptUnder(), JSON.stringify(moved));
    else localStorage.removeItem(keptUnder());
  } catch {
    // a browser that keeps nothing: they stay until the page is left
  }
};

/** One figure on the page: where its boxes stood when drawn, and how far each was moved. */
class Figure {
  constructor(svg) {
    this.svg = svg;
    this.moved = read();
    this.size = [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height];
    this.least = Number(svg.parentElement.querySelector(".least").getAttribute("width"));
    this.boxes = new Map();
    for (const box of svg.querySelectorAll("[data-box]")) {
      const at = box.querySelector("rect");
      const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(at.getAttribute(name)));
      this.boxes.set(box.dataset.box, { box, x, y, width, height });
    }
    this.arrows = [...svg.querySelectorAll("[data-arrow]")].map((group, n) => ({
      ends: group.dataset.arrow.split(" "),
      paths: [...group.querySelectorAll("path")].map((path) => [path, path.getAttribute("d")]),
      label: svg.querySelectorAll("[data-label]")[n],
    }));
    for (const name of Object.keys(this.moved)) if (!this.boxes.has(name)) delete this.moved[name];
    this.draw();
  }

  place(name) {
    const { x, y, width, height } = this.boxes.get(name);
    const [dx, dy] = this.moved[name] ?? [0, 0];
    return { x: x + dx, y: y + dy, width, height };
  }

  move(name, dx, dy) {
    const { x, y } = this.boxes.get(name);
    const [oldX, oldY] = this.moved[name] ?? [0, 0];
    const to = [Math.max(oldX + dx, 4 - x), Math.max(oldY + dy, 4 - y)];
    if (to[0] || to[1]) this.moved[name] = to;
    else delete this.moved[name];
    this.draw();
  }

  putBack() {
    this.moved = {};
    keep(this.moved);
    this.draw();
  }

  draw() {
    for (const [name, { box }] of this.boxes) {
      const [dx, dy] = this.moved[name] ?? [0, 0];
      if (dx || dy) box.setAttribute("transform", `translate(${dx} ${dy})`);
      else box.removeAttribute("transform");
    }
    for (const arrow of this.arrows) this.drawArrow(arrow);
    this.fit();
  }

  drawArrow({ ends: [start, end], paths, label }) {
    if (!this.moved[start] && !this.moved[end]) {
      for (const [path, drawn] of paths) path.setAttribute("d", drawn);
      label?.removeAttribute("transform");
      return;
    }
    const from = this.place(start);
    const to = this.place(end);
    const isBack = to.x < from.x + from.width;
    paths.forEach(([path], n) => {
      const beside = n < 2 ? 0 : 6;
      path.setAttribute("d", n % 2 ? head(to, isBack, beside) : way(from, to, isBack, beside));
    });
    this.moveLabel(label, paths[0][1], from, to);
  }

  moveLabel(label, drawn, from, to) {
    if (!label) return;
    const numbers = drawn.match(/-?[\d.]+/g).map(Number);
    const [x1, y1] = numbers;
    const [x2, y2] = numbers.slice(-2);
    const x = (from.x + from.width + to.x) / 2 - (x1 + x2) / 2;
    const y = (from.y + from.height / 2 + to.y + to.height / 2) / 2 - (y1 + y2) / 2;
    label.setAttribute("transform", `translate(${x} ${y})`);
  }

  /** Let the drawing be as large as what is on it. */
  fit() {
    let [width, height] = this.size;
    for (const name of Object.keys(this.moved)) {
      const box = this.place(name);
      width = Math.max(width, box.x + box.width + 16);
      height = Math.max(height, box.y + box.height + 16);
    }
    setSize(this.svg, width, height);
    const least = this.svg.parentElement.querySelector(".least");
    least.setAttribute("width", Math.round((width * this.least) / this.size[0]));
  }

  /** How many pixels of the screen one of the drawing takes. */
  get scale() {
    return this.svg.getScreenCTM().a;
  }

  /** The drawing as a file: with what the page says below it. */
  taken() {
    const copy = this.svg.cloneNode(true);
    const notes = copy.querySelector("[data-notes]");
    const [width, height] = ["width", "height"].map((name) => Number(this.svg.getAttribute(name)));
    notes.removeAttribute("display");
    notes.setAttribute("transform", `translate(0 ${height - this.size[1]})`);
    setSize(copy, width, height + Number(notes.dataset.notes));
    return new XMLSerializer().serializeToString(copy);
  }
}

const setSize = (svg, width, height) => {
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  for (const it of [svg, svg.querySelector(":scope > rect")]) {
    it.setAttribute("width", width);
    it.setAttribute("height", height);
  }
};

const way = (from, to, isBack, beside) => {
  if (isBack) {
    const [x1, y1] = [from.x + from.width / 2, from.y + from.height];
    const [x2, y2] = [to.x + to.width / 2, to.y + to.height];
    const lane = Math.max(y1, y2) + 24 + beside;
    return `M${x1} ${y1}L${x1} ${lane}L${x2} ${lane}L${x2} ${y2}`;
  }
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2 + beside];
  const [x2, y2] = [to.x, to.y + to.height / 2 + beside];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
};

const head = (to, isBack, beside) => {
  const [x, y] = isBack ? [to.x + to.width / 2, to.y + to.height] : [to.x, to.y + to.height / 2 + beside];
  return isBack
    ? `M${x - 4.5} ${y + 7}L${x} ${y}L${x + 4.5} ${y + 7}`
    : `M${x - 7} ${y - 4.5}L${x} ${y}L${x - 7} ${y + 4.5}`;
};

/** Let every box, or only those that lead somewhere, be reached by Tab. */
const setArranging = (isOn) => {
  document.getElementById("arrange")?.setAttribute("aria-pressed", String(isOn));
  figure.svg.classList.toggle("is-arranging", isOn);
  for (const { box } of figure.boxes.values()) {
    const link = box.querySelector("a");
    if (isOn && !link) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  }
};

const nameOf = (target) => target?.closest?.("[data-box]")?.dataset.box;
const isArranging = () => figure?.svg.classList.contains("is-arranging");

document.addEventListener("keydown", (event) => {
  if (!isArranging()) return;
  if (event.key === "Escape") {
    setArranging(false);
    document.getElementById("arrange").focus();
    return;
  }
  const name = nameOf(document.activeElement);
  const step = event.shiftKey ? 2 : STEP;
  const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
  if (!name || !by) return;
  event.preventDefault();
  figure.move(name, ...by);
  keep(figure.moved);
});

let held = null;
document.addEventListener("pointerdown", (event) => {
  const name = figure && event.button === 0 && event.pointerType !== "touch" ? nameOf(event.target) : null;
  if (name) held = { name, x: event.clientX, y: event.clientY, hasMoved: false };
});
document.addEventListener("pointermove", (event) => {
  if (!held) return;
  const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
  if (!held.hasMoved && Math.hypot(dx, dy) < NEAR) return;
  held = { ...held, x: event.clientX, y: event.clientY, hasMoved: true };
  figure.move(held.name, dx / figure.scale, dy / figure.scale);
});
document.addEventListener("pointerup", () => {
  if (held?.hasMoved) keep(figure.moved);
  setTimeout(() => (held = null));
});
document.addEventListener("dragstart", (event) => nameOf(event.target) && event.preventDefault());
document.addEventListener("click", (event) => {
  if (held?.hasMoved && nameOf(event.target)) event.preventDefault();
  if (!figure) return;
  if (event.target.id === "arrange") setArranging(!isArranging());
  if (event.target.id === "put-back") figure.putBack();
  if (event.target.id === "as-arranged") {
    event.target.href = URL.createObjectURL(new Blob([figure.taken()], { type: "image/svg+xml" }));
  }
}, true);

const welcome = () => {
  const svg = document.querySelector("#figure .fitted > svg:last-child");
  if (!svg) figure = null;
  else if (figure?.svg !== svg) {
    figure = new Figure(svg);
  }
};
document.addEventListener("fresh", welcome);
welcome();
