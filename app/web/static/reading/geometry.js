// Where words stand on a page as it is turned for reading, in shares of its width and height.

/** A rectangle of the page (left, bottom, right, top in points) as left, top, width, height. */
export const placed = (frame, [left, bottom, right, top]) => {
  const [x, y, right_, top_] = frame.box;
  const [width, height] = [right_ - x, top_ - y];
  const [l, r, b, t] = [(left - x) / width, (right - x) / width, (bottom - y) / height, (top - y) / height];
  const turned = {
    0: [l, 1 - t, r, 1 - b],
    90: [b, l, t, r],
    180: [1 - r, b, 1 - l, t],
    270: [1 - t, 1 - r, 1 - b, 1 - l],
  };
  const [x1, y1, x2, y2] = turned[frame.rotation] ?? turned[0];
  return { left: x1, top: y1, width: x2 - x1, height: y2 - y1 };
};

/** Width by height of a page as it is shown. */
export const shape = ({ box: [left, bottom, right, top], rotation }) =>
  rotation % 180 ? [top - bottom, right - left] : [right - left, top - bottom];

const overlap = (low, high, low2, high2) => Math.min(high, high2) - Math.max(low, low2) > 0.5 * Math.min(high - low, high2 - low2);

const isNext = (line, [left, bottom, , top]) =>
  overlap(line[1], line[3], bottom, top) && left - line[2] < 3 * (top - bottom) && left >= line[0] && top - bottom < 4 * (line[3] - line[1]);

/** The lines of a passage on a page: one rectangle each, of the words or shares of words in it. */
export const linesOf = (words, { start, end }) => {
  const lines = [];
  for (const [first, last, left, bottom, right, top] of words) {
    if (last <= start || first >= end) continue;
    const letter = (right - left) / (last - first);
    const box = [left + letter * Math.max(start - first, 0), bottom, right - letter * Math.max(last - end, 0), top];
    const line = lines.at(-1);
    if (line && isNext(line, box)) {
      line[1] = Math.min(line[1], bottom);
      line[2] = Math.max(line[2], box[2]);
      line[3] = Math.max(line[3], top);
    } else lines.push(box);
  }
  return lines;
};

/** The word nearest to a point of a page, given in shares of it. */
export const nearest = (frame, words, x, y) => {
  const [wide, high] = shape(frame);
  let best = null;
  let least = Infinity;
  for (const word of words) {
    const place = placed(frame, word.slice(2));
    const dx = Math.max(place.left - x, 0, x - place.left - place.width) * wide;
    const dy = Math.max(place.top - y, 0, y - place.top - place.height) * high;
    const far = dx * dx + dy * dy;
    if (far < least) [best, least] = [word, far];
  }
  return best && { word: best, isOn: least === 0 };
};
