// How large letters must be to be read from afar.

// Capital height per metre of distance (EN 301 549), and the share of the font size a capital takes in Noto Sans.
export const CAPITAL_MM_PER_METRE = 12.2;
const CAPITAL_SHARE = 0.733;
const MM_PER_INCH = 25.4;
// In heights of near letters: the direction hint under a window with the air of a row; the strip; the bar.
const HINT = 1.3;
const STRIP = 4.2;
const BAR = 1.4;
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

// Font sizes in px and the number of rows for a screen of `inches`, seen from `metres`.
export function layout({ width, height, inches, metres }) {
  const screen = { width, height, inches };
  const big = fontFor(metres, screen);
  const small = Math.min(fontFor(Math.min(NEAR_METRES, metres), screen), big);
  const upright = height > width;
  const room = height * (upright ? 1 - STRIP_BELOW : 1) - small * BAR;
  const rows = Math.max(1, Math.floor(room / (big + small * HINT)));
  const hint = Math.max(big * 1.2, width - (upright ? 0 : small * STRIP) - big * BESIDE_HINT);
  return { big, small, rows, hint };
}

// A window with a long name is written smaller rather than cut.
export function fits(rows) {
  for (const place of rows.querySelectorAll(".place")) {
    const label = place.querySelector(".window");
    label.style.removeProperty("--fit");
    const room = place.parentElement.clientWidth - place.parentElement.querySelector(".number").offsetWidth * 1.25;
    if (label.offsetWidth > room) label.style.setProperty("--fit", room / label.offsetWidth);
  }
}
