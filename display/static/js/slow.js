// What changes slowly: hours, waits, whether it is night; and a screen that must not burn in.
import { peek, Problem } from "/static/js/api.js";

const ASK_MS = 15000;
const PATIENCE_MS = 5000;
const SHIFT_MS = 60000;
// Round in a small square, px.
const SHIFTS = [[0, 0], [2, 0], [3, 2], [2, 3], [0, 2], [-2, 3], [-3, 0], [-2, -2]];

// Asks every few seconds; what it returns asks at once.
export function followSlow(changed) {
  let timer = 0;
  let asking = false;
  let again = false;
  async function ask() {
    if (asking) return void (again = true);
    asking = true;
    clearTimeout(timer);
    try {
      changed(await peek("/display/state", PATIENCE_MS));
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // away: the page says so by itself
    }
    asking = false;
    timer = setTimeout(ask, again ? 0 : ASK_MS);
    again = false;
  }
  ask();
  return ask;
}

// No edge stays in one place for days.
export function shiftAbout(root) {
  let turn = 0;
  setInterval(() => {
    const [x, y] = SHIFTS[++turn % SHIFTS.length];
    root.style.setProperty("--dx", `${x}px`);
    root.style.setProperty("--dy", `${y}px`);
  }, SHIFT_MS);
}
