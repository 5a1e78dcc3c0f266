// The view of the pages as printed: PDF.js draws them, the words over them are those of the text.

import { say } from "../status.js";
import { word } from "../words.js";
import { ask, base, documentId } from "./api.js";
import { open } from "./book.js";
import { deskOf } from "./desk.js";
import { nearest } from "./geometry.js";
import { choose, drawFrom, frames, layOut, lightUp, quotesOn, sheetOf, takeMarks, textOf } from "./sheets.js";

const text = document.getElementById("text");
const fail = (error) => say(word("pdf_failed", { why: error?.message ?? error }), true);

const book = open(`${base}/documents/${documentId}/file`);
book.catch(fail);
layOut(text, (frame) => word("page", { label: frame.label }), fail);
drawFrom(book);

let boundaries = { sentences: [], paragraphs: [] };
const stretches = (pairs) => pairs.map(([start, end]) => ({ start, end }));
// Keys ask for sentences, eyes for the page: the server divides the text once the book is open.
const dividing = book.catch(() => null).then(() => ask(`/documents/${documentId}/boundaries`));
const divided = dividing.then((told) => {
  boundaries = { sentences: stretches(told.sentences), paragraphs: stretches(told.paragraphs) };
});
divided.catch(fail);

const view = {
  sentences: () => boundaries.sentences,
  paragraphs: () => boundaries.paragraphs,
  seen: () => {
    const frame = frames.find(({ page }) => sheetOf(page).element.getBoundingClientRect().bottom > 120) ?? frames.at(-1);
    const sheet = sheetOf(frame.page);
    const page = sheet.element.getBoundingClientRect();
    const share = Math.max((100 - page.top) / page.height, 0);
    return (sheet.words && nearest(frame, sheet.words, 0, share)?.word[0]) ?? frame.start;
  },
  show: (passage, isSeen) => choose(passage, isSeen).catch(fail),
  light: lightUp,
  take: takeMarks,
};

const desk = deskOf(view);

/** The word at, or nearest to, a place of the window. */
const wordAt = (event) => {
  const sheets = frames.map(({ page }) => sheetOf(page));
  const distance = (sheet) => {
    const place = sheet.element.getBoundingClientRect();
    return Math.max(place.top - event.clientY, event.clientY - place.bottom, 0);
  };
  const sheet = sheets.reduce((best, other) => (distance(other) < distance(best) ? other : best));
  if (!sheet.words?.length) return null;
  const place = sheet.element.getBoundingClientRect();
  return nearest(sheet.frame, sheet.words, (event.clientX - place.left) / place.width, (event.clientY - place.top) / place.height);
};

// The mouse chooses whole words between where it went down and where it is.
let from = null;
let isDragged = false;
text.addEventListener("mousedown", (event) => {
  if (event.button !== 0 || !event.target.closest(".sheet")) return;
  event.preventDefault();
  text.focus({ preventScroll: true });
  getSelection().removeAllRanges();
  from = wordAt(event);
  isDragged = false;
});
const drag = (event) => {
  const to = wordAt(event);
  if (!to || !from) return;
  isDragged = true;
  desk.show({ start: Math.min(from.word[0], to.word[0]), end: Math.max(from.word[1], to.word[1]) }, true);
};
addEventListener("mousemove", (event) => {
  if (from && event.buttons & 1) {
    if (isDragged || !from.isOn || wordAt(event)?.word !== from.word || Math.hypot(event.movementX, event.movementY) > 2) drag(event);
    if (event.clientY > innerHeight - 40) scrollBy(0, 24);
    if (event.clientY < 40) scrollBy(0, -24);
    return;
  }
  if (!event.target.closest?.(".sheet")) return;
  const at = wordAt(event);
  desk.light(at?.isOn ? quotesOn(at.word) : []);
});
let turn = 0;
addEventListener("mouseup", (event) => {
  if (from && !isDragged) {
    const numbers = from.isOn ? quotesOn(from.word) : [];
    if (event.detail === 2 && from.isOn) desk.show({ start: from.word[0], end: from.word[1] }, true);
    else if (numbers.length) desk.showEntry(numbers[(turn = (turn + 1) % numbers.length)]);
    else desk.letGo();
  }
  from = null;
});

// Touch selects as everywhere on a phone; what is chosen are the words it touches.
const touched = (range) => {
  const words = [...text.querySelectorAll(".word")].filter((w) => range.intersectsNode(w));
  if (words.length > 1 && range.startContainer === words[0].firstChild && range.startOffset === words[0].firstChild.length) words.shift();
  if (words.length > 1 && range.endOffset === 0 && words.at(-1).contains(range.endContainer)) words.pop();
  return words;
};
let waiting = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const selection = getSelection();
    if (document.querySelector("dialog[open]") || selection.isCollapsed || !text.contains(selection.anchorNode)) return;
    const words = touched(selection.getRangeAt(0));
    if (words.length) desk.show({ start: Number(words[0].dataset.start), end: Number(words.at(-1).dataset.end) }, true);
  }, 150);
});

let current = null;
document.addEventListener("copy", (event) => {
  if (!getSelection().isCollapsed || !current) return;
  event.clipboardData.setData("text/plain", textOf(current));
  event.preventDefault();
});
const showing = view.show;
view.show = (passage, isSeen) => {
  current = passage;
  return showing(passage, isSeen);
};

const asked = Number(new URL(location.href).searchParams.get("page"));
if (asked && sheetOf(asked)) sheetOf(asked).element.scrollIntoView();
desk.arrive();
text.dataset.ready = "";
