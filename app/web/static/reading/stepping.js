// Going through a text by sentences and paragraphs.

import { endOf, sentences, startOf } from "./positions.js";

const holding = (all, position) => {
  const at = all.findIndex((s) => endOf(s) > position);
  return at < 0 ? all.length - 1 : at;
};

const firstSeen = (all) =>
  Math.max(
    all.findIndex((s) => s.getBoundingClientRect().bottom > 80),
    0,
  );

const clamp = (n, all) => Math.min(Math.max(n, 0), all.length - 1);

/** The passage one sentence on (by 1) or back (by -1); grown instead of moved when it extends. */
export const bySentence = (passage, by, extends_) => {
  const all = sentences();
  if (!all.length) return null;
  if (!passage) {
    const first = all[firstSeen(all)];
    return { start: startOf(first), end: endOf(first) };
  }
  if (extends_) {
    const last = clamp(holding(all, passage.end - 1) + by, all);
    const first = holding(all, passage.start);
    return { start: passage.start, end: endOf(all[Math.max(last, first)]) };
  }
  const from = by > 0 ? holding(all, passage.end - 1) : holding(all, passage.start);
  const next = all[clamp(from + by, all)];
  return { start: startOf(next), end: endOf(next) };
};

/** The paragraph after or before the one a passage begins in. */
export const byParagraph = (passage, by) => {
  const all = sentences();
  if (!all.length) return null;
  const at = passage ? holding(all, passage.start) : firstSeen(all);
  const paragraphs = [...document.querySelectorAll("#text p:has(.sentence)")];
  const here = paragraphs.indexOf(all[at].closest("p"));
  const next = paragraphs[clamp(passage ? here + by : here, paragraphs)];
  const inside = [...next.querySelectorAll(".sentence")];
  return { start: startOf(inside[0]), end: endOf(inside.at(-1)) };
};
