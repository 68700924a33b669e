// Rings one after the other: none is lost, none covers another.

// A sound that neither starts nor fails must not silence the hall.
const LONGEST_MS = 8000;

// Waits for a part of a ring; whatever goes wrong with it, the next rings must still come.
async function attempt(part) {
  let timer;
  const limit = new Promise((done) => (timer = setTimeout(done, LONGEST_MS)));
  try {
    await Promise.race([part(), limit]);
  } catch (error) {
    console.error("ring", error);
  } finally {
    clearTimeout(timer);
  }
}

export class Announcer {
  // `flash(ring)` shows a ring and resolves when it was seen; `chime()` resolves when it was heard;
  // `shown(ring)` tells the server and is not waited for.
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
    while (this.waiting.length) await this.ring(this.waiting.shift());
    this.busy = false;
  }

  async ring(ring) {
    const seen = attempt(() => this.flash(ring));
    attempt(() => this.shown(ring));
    await Promise.all([seen, attempt(() => this.chime())]);
  }
}
