// The pages of a PDF: drawn when they come near, let go when they are far.

import { ask, documentId } from "./api.js";
import { linesOf, placed, shape } from "./geometry.js";

const MOST_DRAWN = 10;
const SHARPEST = 2;
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const percent = (share) => `${(share * 100).toFixed(3)}%`;

export const frames = read("frames").filter((frame) => frame.box);
let marks = read("marks");
let chosen = null;
let lit = [];
const sheets = new Map();
const drawn = new Set();
let book = null;

const put = (element, frame, box) => {
  const place = placed(frame, box);
  element.style.left = percent(place.left);
  element.style.top = percent(place.top);
  element.style.width = percent(place.width);
  element.style.height = percent(place.height);
  return element;
};

const over = (frame, words, passage, kind) =>
  linesOf(words, passage).map((box) => {
    const line = document.createElement("span");
    line.className = `over turn-${frame.rotation} ${kind}`;
    return put(line, frame, box);
  });

/** Draw what is coded and what is chosen over a page again. */
const drawMarks = (sheet) => {
  const { frame, words } = sheet;
  if (!words) return;
  const lines = [];
  for (const [number, start, end, found] of marks)
    if (start < frame.end && end > frame.start) {
      const isLit = lit.includes(String(number)) ? " lit" : "";
      lines.push(...over(frame, words, { start, end }, `found-${found}${isLit}`).map((line) => {
        line.dataset.quotes = String(number);
        return line;
      }));
    }
  if (chosen && chosen.start < frame.end && chosen.end > frame.start) lines.push(...over(frame, words, chosen, "chosen"));
  sheet.over.replaceChildren(...lines);
};

/** The words as text over the picture: for touch, for looking up, for those who listen. */
const drawWords = (sheet) => {
  const points = [...sheet.text];
  sheet.layer.replaceChildren(
    ...sheet.words.flatMap(([start, end, ...box]) => {
      const word = document.createElement("span");
      word.className = "word";
      word.dataset.start = start;
      word.dataset.end = end;
      word.textContent = points.slice(start - sheet.frame.start, end - sheet.frame.start).join("");
      return [put(word, sheet.frame, box), " "];
    }),
  );
};

const readWords = (sheet) => {
  sheet.reading ??= ask(`/documents/${documentId}/pages/${sheet.frame.page}`).then((page) => {
    sheet.words = page.words;
    sheet.text = page.text;
    return sheet;
  });
  return sheet.reading;
};

const drawPicture = async (sheet) => {
  if (!book) return;
  const page = await (await book).getPage(sheet.frame.page);
  if (!drawn.has(sheet)) return;
  const natural = page.getViewport({ scale: 1 });
  const scale = (sheet.element.clientWidth / natural.width) * Math.min(devicePixelRatio || 1, SHARPEST);
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  canvas.setAttribute("aria-hidden", "true");
  sheet.task?.cancel();
  sheet.task = page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport });
  await sheet.task.promise;
  sheet.element.querySelector("canvas")?.remove();
  if (drawn.has(sheet)) sheet.element.prepend(canvas);
};

const draw = async (sheet) => {
  if (drawn.has(sheet)) return;
  drawn.add(sheet);
  const words = readWords(sheet).then(() => {
    if (!drawn.has(sheet)) return;
    drawWords(sheet);
    drawMarks(sheet);
  });
  await Promise.all([words, drawPicture(sheet)]);
  if (drawn.has(sheet)) sheet.element.dataset.drawn = "";
};

const letGo = (sheet) => {
  drawn.delete(sheet);
  sheet.task?.cancel();
  const canvas = sheet.element.querySelector("canvas");
  if (canvas) canvas.width = canvas.height = 0;
  canvas?.remove();
  delete sheet.element.dataset.drawn;
  sheet.layer.replaceChildren();
  sheet.over.replaceChildren();
};

const middle = (sheet) => Math.abs(sheet.element.getBoundingClientRect().top);

/** Lay the pages out, empty; each is drawn when it comes within a screen of being seen. */
export const layOut = (place, title, onProblem) => {
  const ignored = (error) => error?.name === "RenderingCancelledException" || onProblem(error);
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const sheet = sheets.get(Number(target.dataset.page));
        sheet.isNear = isIntersecting;
        if (isIntersecting) draw(sheet).catch(ignored);
      }
      const far = [...drawn].filter((sheet) => !sheet.isNear).sort((a, b) => middle(b) - middle(a));
      for (const sheet of far.slice(0, Math.max(drawn.size - MOST_DRAWN, 0))) letGo(sheet);
    },
    { rootMargin: "100% 0px" },
  );
  for (const frame of frames) {
    const element = document.createElement("section");
    const [over_, layer] = [document.createElement("div"), document.createElement("div")];
    element.className = "sheet";
    element.id = `page-${frame.page}`;
    element.dataset.page = frame.page;
    element.setAttribute("aria-label", title(frame));
    element.style.aspectRatio = shape(frame).join(" / ");
    over_.className = "overs";
    layer.className = "words";
    const label = Object.assign(document.createElement("p"), { className: "page-mark", textContent: title(frame) });
    element.append(over_, layer);
    sheets.set(frame.page, { frame, element, over: over_, layer, words: null });
    place.append(label, element);
    watch.observe(element);
  }
};

/** Draw pictures from this book, a promise of what the PDF library opened. */
export const drawFrom = (opened) => {
  book = opened;
};

export const sheetOf = (page) => sheets.get(page);
export const holding = (position) => {
  const frame = frames.findLast((f) => f.start <= position) ?? frames[0];
  return sheets.get(frame.page);
};

/** Show a passage as chosen, and bring its first line into sight. */
export const choose = async (passage, isSeen) => {
  chosen = passage;
  for (const sheet of drawn) drawMarks(sheet);
  if (!passage || isSeen) return;
  const sheet = holding(passage.start);
  const { words } = await readWords(sheet);
  const [line] = linesOf(words, passage);
  if (!line || chosen !== passage) return;
  const place = placed(sheet.frame, line);
  const page = sheet.element.getBoundingClientRect();
  const top = page.top + place.top * page.height;
  if (top < 90 || top + place.height * page.height > innerHeight - 130) scrollBy({ top: top - innerHeight / 3 });
};

export const lightUp = (numbers) => {
  if (numbers.join() === lit.join()) return;
  lit = numbers;
  for (const sheet of drawn)
    for (const line of sheet.over.querySelectorAll("[data-quotes]")) line.classList.toggle("lit", lit.includes(line.dataset.quotes));
};

export const quotesOn = ([start, end]) => marks.filter((mark) => mark[1] < end && mark[2] > start).map(([number]) => String(number));

export const takeMarks = (fresh) => {
  marks = JSON.parse(fresh.getElementById("marks").textContent);
  for (const sheet of drawn) drawMarks(sheet);
};

/** The words between two positions, as far as their pages were read. */
export const textOf = ({ start, end }) =>
  [...sheets.values()]
    .filter((sheet) => sheet.text && sheet.frame.start < end && sheet.frame.end > start)
    .map((sheet) => [...sheet.text].slice(Math.max(start - sheet.frame.start, 0), end - sheet.frame.start).join(""))
    .join("");
