// Back to the start page when nobody is there; a warning 20 s before, one touch extends.
import { t } from "/static/js/texts.js";

const IDLE_MS = { home: Infinity, away: Infinity, number: 30000 };
const USUAL_MS = 60000;
const WARN_MS = 20000;

export class Idle {
  constructor({ warning, text, stay, home }) {
    Object.assign(this, { warning, text, home });
    this.ends = Infinity;
    stay.addEventListener("click", () => this.restart(this.page));
    document.addEventListener("pointerdown", () => this.warning.hidden && this.restart(this.page));
    document.addEventListener("keydown", () => this.warning.hidden && this.restart(this.page));
    setInterval(() => this.tick(), 250);
  }

  restart(page) {
    this.page = page;
    this.ends = performance.now() + (IDLE_MS[page] ?? USUAL_MS);
    this.warning.hidden = true;
  }

  tick() {
    const left = this.ends - performance.now();
    if (left <= 0) {
      this.warning.hidden = true;
      this.ends = Infinity;
      return this.home();
    }
    // The number page needs no warning: the number is theirs already.
    if (left < WARN_MS && this.page !== "number") {
      this.text.textContent = t("This page closes in %(n)s seconds.", { n: Math.ceil(left / 1000) });
      this.warning.hidden = false;
    }
  }
}
