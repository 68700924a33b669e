// Back to the start page when nobody is there; a warning 20 s before, one touch extends.
import { t } from "/static/js/texts.js";

const IDLE_MS = { number: 30000, own: 30000, help: 180000 };
const USUAL_MS = 60000;
const WARN_MS = 20000;
const RESTING = ["home", "closed", "away"];
// Nothing is lost there, so nobody needs a warning: the number is theirs already.
const UNWARNED = ["number", "own", ...RESTING];

export class Idle {
  constructor({ warning, text, stay, home, modes }) {
    Object.assign(this, { warning, text, stay, home, modes });
    this.ends = Infinity;
    stay.addEventListener("click", () => this.restart(this.page));
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, () => this.touched());
    setInterval(() => this.tick(), 250);
  }

  touched() {
    if (this.warning.hidden) this.restart(this.page);
  }

  restart(page) {
    this.page = page;
    const resting = RESTING.includes(page) && this.modes.usual;
    this.ends = resting ? Infinity : performance.now() + (IDLE_MS[page] ?? USUAL_MS);
    this.warn(false);
  }

  tick() {
    const left = this.ends - performance.now();
    if (left <= 0) {
      this.warn(false);
      this.ends = Infinity;
      return this.home();
    }
    if (left >= WARN_MS || UNWARNED.includes(this.page)) return;
    this.text.textContent = t("This page closes in %(n)s seconds.", { n: Math.ceil(left / 1000) });
    this.warn(true);
  }

  // While it warns, nothing else can be touched.
  warn(on) {
    if (this.warning.hidden !== on) return;
    this.warning.hidden = !on;
    for (const part of this.warning.parentElement.querySelectorAll("main, nav")) part.inert = on;
    if (on) this.stay.focus();
  }
}
