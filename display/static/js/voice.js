// Speaks for a sound zone while the server lets this display: asks for the next call, plays it, says that it was
// heard, asks again. What is spoken, in which order and by whom is the server's to know.
import { timeline } from "/display/static/js/player.js";

const AGAIN_MS = 1000;
// A context may need a moment to start; only then is it blocked.
const BLOCKED_MS = 1500;

export class Voice {
  // `ask()`, `done(id)` and `report(blocked)` talk to the server and reject while it is away; those that it refuses
  // reject with an error that has a `code`. `speaking(number)` tells the page, with null when it is over.
  constructor({ player, ask, done, report, speaking }) {
    Object.assign(this, { player, ask, done, report, speaking });
    // Whether the hall speaks at all, and whether this display does.
    this.on = false;
    this.speaks = true;
    this.busy = false;
    this.wanted = false;
    // Known by the server: null at first, since an earlier page may have said something else.
    this.told = null;
    this.blocked = null;
  }

  // A call rang: whoever speaks asks at once, the others when their time comes.
  hint() {
    this.wanted = true;
    if (this.speaks) this.turn();
  }

  // The browser lets us sound, or does not.
  allowed(running) {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(!running), running ? 0 : BLOCKED_MS);
  }

  async settle(blocked) {
    this.blocked = blocked;
    if (blocked) this.player.stop();
    else this.turn();
    if (this.telling) return;
    this.telling = true;
    while (this.told !== this.blocked) {
      const now = this.blocked;
      if (await this.through(() => this.report(now))) this.told = now;
    }
    this.telling = false;
  }

  async turn() {
    if (this.busy || this.blocked !== false) return;
    this.busy = true;
    clearTimeout(this.timer);
    let wait = AGAIN_MS;
    try {
      do {
        this.wanted = false;
        wait = await this.step();
      } while (wait === 0 || (this.wanted && this.speaks));
    } catch (error) {
      console.warn("voice", error);
      wait = AGAIN_MS;
    }
    this.busy = false;
    this.timer = setTimeout(() => this.turn(), wait);
  }

  // Asks, and speaks if there is something. Returns how long to wait, 0: ask again.
  async step() {
    const asked = performance.now();
    const { on, speaks, wait_ms, announcement } = await this.ask();
    Object.assign(this, { on, speaks });
    if (!announcement) return Math.max(wait_ms, 1);
    if (this.blocked) return AGAIN_MS;
    await this.speak(announcement, announcement.hold_ms - (performance.now() - asked));
    return 0;
  }

  // After `limit` ms another display may speak: whatever is left is not said, and not acknowledged.
  async speak(announcement, limit) {
    let timer;
    const over = new Promise((_, fail) => (timer = setTimeout(() => fail(new Error("no time left")), limit)));
    this.speaking(announcement.number);
    try {
      await Promise.race([this.player.play(timeline(announcement)), over]);
    } finally {
      clearTimeout(timer);
      this.player.stop();
      this.speaking(null);
    }
    if (this.blocked) throw new Error("sound was blocked");
    // It was heard: nothing else is asked for until the server knows.
    while (!(await this.through(() => this.done(announcement.id))));
  }

  // True when the server has it, or never will; false after a while when it is away.
  async through(part) {
    try {
      await part();
    } catch (error) {
      if (!error.code || error.code === "AWAY" || error.code === "STORE_AWAY") {
        await new Promise((again) => setTimeout(again, AGAIN_MS));
        return false;
      }
      console.warn("voice", error.code);
    }
    return true;
  }
}
