// How large letters must be to be read from afar.

// Capital height per metre of distance (EN 301 549), and the share of the font size a capital takes in Noto Sans.
export const CAPITAL_MM_PER_METRE = 12.2;
const CAPITAL_SHARE = 0.733;
const MM_PER_INCH = 25.4;
// A row holds the number and, under the window, its direction hint.
const ROW_HEIGHT = 1.55;
// The side strip and the bar are read by people who come closer.
const NEAR_METRES = 4;

export function fontFor(metres, { width, height, inches }) {
  const pixelsPerMm = Math.hypot(width, height) / (inches * MM_PER_INCH);
  return (metres * CAPITAL_MM_PER_METRE * pixelsPerMm) / CAPITAL_SHARE;
}

// Font sizes in px and the number of rows for a screen of `inches`, seen from `metres`.
export function layout({ width, height, inches, metres }) {
  const screen = { width, height, inches };
  const big = fontFor(metres, screen);
  const small = Math.min(fontFor(Math.min(NEAR_METRES, metres), screen), big);
  const rows = Math.max(1, Math.floor((height - small * 1.4) / (big * ROW_HEIGHT)));
  return { big, small, rows };
}
