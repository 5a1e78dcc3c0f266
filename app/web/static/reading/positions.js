// Positions of the canonical text, in code points, and where they stand on the page.
// The server writes every sentence with its first position; the rest is counting.

export const sentences = () => [...document.querySelectorAll("#text .sentence")];
export const startOf = (sentence) => Number(sentence.dataset.start);
export const endOf = (sentence) => Number(sentence.dataset.end);

const points = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** UTF-16 units of the first so many code points. */
const units = (text, count) => {
  let at = 0;
  for (const point of text) {
    if (count === 0) break;
    at += point.length;
    count -= 1;
  }
  return at;
};

const textNodes = (element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
};

/** The position of a place in the page; outside any sentence, that of the nearest one. */
const positionAt = (node, offset, isEnd) => {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const sentence = element.closest?.(".sentence");
  const place = document.createRange();
  place.setStart(node, offset);
  if (!sentence) {
    const all = sentences();
    const after = all.find((s) => place.comparePoint(s, 0) > 0);
    if (!isEnd) return after ? startOf(after) : null;
    const before = after ? all[all.indexOf(after) - 1] : all.at(-1);
    return before ? endOf(before) : null;
  }
  const before = document.createRange();
  before.setStart(sentence, 0);
  before.setEnd(node, offset);
  return startOf(sentence) + points(before.toString());
};

/** The passage that a range of the page covers, or null. */
export const passageOf = (range) => {
  const text = document.getElementById("text");
  if (range.collapsed || !text || !range.intersectsNode(text)) return null;
  const whole = document.createRange();
  whole.selectNodeContents(text);
  const inside = range.cloneRange();
  if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) inside.setStart(text, 0);
  if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0)
    inside.setEnd(text, text.childNodes.length);
  const start = positionAt(inside.startContainer, inside.startOffset, false);
  const end = positionAt(inside.endContainer, inside.endOffset, true);
  return start !== null && end !== null && start < end ? { start, end } : null;
};

const placeOf = (position, isEnd) => {
  const all = sentences();
  const holds = (s) => (isEnd ? startOf(s) < position : startOf(s) <= position);
  const sentence = all.filter(holds).at(-1) ?? all[0];
  let left = position - startOf(sentence);
  const nodes = textNodes(sentence);
  for (const node of nodes) {
    const length = points(node.data);
    if (left <= length && (isEnd || left < length)) return [node, units(node.data, left)];
    left -= length;
  }
  const last = nodes.at(-1);
  return [last, last.length];
};

/** The range of the page that shows a passage. */
export const rangeOf = ({ start, end }) => {
  const range = document.createRange();
  range.setStart(...placeOf(start, false));
  range.setEnd(...placeOf(end, true));
  return range;
};
