// Going through a text by sentences and paragraphs: both are lists of stretches in text order.

const holding = (all, position) => {
  const at = all.findIndex((stretch) => stretch.end > position);
  return at < 0 ? all.length - 1 : at;
};

const clamp = (n, all) => Math.min(Math.max(n, 0), all.length - 1);
const copy = ({ start, end }) => ({ start, end });

/** The passage one sentence on (by 1) or back (by -1); grown instead of moved when it extends. */
export const bySentence = (all, passage, seen, by, extends_) => {
  if (!all.length) return null;
  if (!passage) return copy(all[holding(all, seen)]);
  if (extends_) {
    const last = clamp(holding(all, passage.end - 1) + by, all);
    return { start: passage.start, end: all[Math.max(last, holding(all, passage.start))].end };
  }
  return copy(all[clamp(holding(all, by > 0 ? passage.end - 1 : passage.start) + by, all)]);
};

/** The paragraph after or before the one a passage begins in; the first seen without one. */
export const byParagraph = (all, passage, seen, by) => {
  if (!all.length) return null;
  return copy(all[passage ? clamp(holding(all, passage.start) + by, all) : holding(all, seen)]);
};
