// Rings one after the other: none is lost, none covers another.
export class Announcer {
  // `flash(ring)` shows a ring and resolves when it was seen; `chime()` resolves when it was heard.
  constructor({ flash, chime, shown }) {
    Object.assign(this, { flash, chime, shown });
    this.waiting = [];
    this.busy = false;
  }

  add(rings) {
    this.waiting.push(...rings);
    if (!this.busy) this.run();
  }

  async run() {
    this.busy = true;
    while (this.waiting.length) {
      const ring = this.waiting.shift();
      const seen = this.flash(ring);
      this.shown(ring);
      await Promise.all([seen, this.chime()]);
    }
    this.busy = false;
  }
}
