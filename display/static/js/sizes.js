// How large letters must be to be read from afar.

// Capital height per metre of distance (EN 301 549), and the share of the font size a capital takes in Noto Sans.
export const CAPITAL_MM_PER_METRE = 12.2;
const CAPITAL_SHARE = 0.733;
const MM_PER_INCH = 25.4;
// In heights of near letters: the direction hint under a window with the air of a row; the strip; the bar.
const HINT = 1.3;
// … which takes more lines on a narrow screen
const HINT_UPRIGHT = 2.2;
const STRIP = 4.2;
const BAR = 1.4;
// … and the line above it, which must not cost a row of calls on a usual screen. Upright, the strip makes room for it.
const TOLD = 1;
// An upright screen has its strip below the rows.
const STRIP_BELOW = 0.3;
// In heights of far letters: the number, the arrow and the gaps that stand beside a hint.
const BESIDE_HINT = 4;
// The side strip and the bar are read by people who come closer.
const NEAR_METRES = 4;

export function fontFor(metres, { width, height, inches }) {
  const pixelsPerMm = Math.hypot(width, height) / (inches * MM_PER_INCH);
  return (metres * CAPITAL_MM_PER_METRE * pixelsPerMm) / CAPITAL_SHARE;
}

// Font sizes in px and the number of rows for a screen of `inches`, seen from `metres`; `told`: with the line above the bar.
export function layout({ width, height, inches, metres, told = false }) {
  const screen = { width, height, inches };
  const big = fontFor(metres, screen);
  const small = Math.min(fontFor(Math.min(NEAR_METRES, metres), screen), big);
  const upright = height > width;
  const room = height * (upright ? 1 - STRIP_BELOW : 1) - small * (BAR + (told && !upright ? TOLD : 0));
  const rows = Math.max(1, Math.floor(room / (big + small * (upright ? HINT_UPRIGHT : HINT))));
  const hint = Math.max(big * 0.95, width - (upright ? 0 : small * STRIP) - big * BESIDE_HINT);
  return { big, small, rows, hint };
}

// A window with a long name is written smaller rather than cut: `room(row)` is what the name may take.
function fit(label, room) {
  label.style.removeProperty("--fit");
  if (label.offsetWidth > room) label.style.setProperty("--fit", room / label.offsetWidth);
}

export function fitRows(rows) {
  for (const row of rows.children) fit(row.querySelector(".window"), row.clientWidth - row.querySelector(".number").offsetWidth * 1.25);
}

export function fitRecent(list) {
  for (const row of list.children) fit(row.querySelector(".window"), row.clientWidth - row.firstChild.offsetWidth * 1.3);
}

// What does not fit any more is the oldest.
export function trim(list) {
  const edge = list.getBoundingClientRect();
  const boxes = [...list.children].map((row) => row.getBoundingClientRect());
  [...list.children].forEach((row, n) => (row.hidden = boxes[n].right > edge.right + 1 || boxes[n].bottom > edge.bottom + 1));
}
