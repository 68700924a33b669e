// How long this screen showed an old state, told to the office as soon as the server is there again: a screen that
// nobody watches says so itself.
// What is shorter than the page takes to notice is nothing.
const LEAST_MS = 10000;
const AGAIN_MS = 5000;

export class Outage {
  // `kept` remembers since when across a reload; `now()` is the hall's clock; `tell({from, till})` rejects with a `code`.
  constructor({ kept, now, tell }) {
    Object.assign(this, { kept, now, tell, since: null });
  }

  // What is shown is old since then, ms of the hall's clock.
  from(since) {
    this.since ??= since;
    this.kept.old(this.since);
  }

  // The page was opened, perhaps with what it had kept, and the server has answered now, `age` ms later.
  opened(age, old) {
    this.since = this.kept.oldSince() ?? (old ? this.now() - age : null);
    return this.over();
  }

  // What is shown is true again.
  async over() {
    if (this.since === null) return;
    const span = { from: Math.round(this.since), till: Math.round(this.now()) };
    this.since = null;
    if (span.till - span.from >= LEAST_MS) while (!(await this.told(span)));
    // Forgotten only when it is told: a reload meanwhile tells it again, rather than nobody.
    if (this.since === null) this.kept.old(null);
  }

  // False: the server went away once more.
  async told(span) {
    try {
      await this.tell(span);
    } catch (error) {
      if (!error.code) throw error;
      if (error.code === "AWAY" || error.code === "STORE_AWAY") return new Promise((again) => setTimeout(() => again(false), AGAIN_MS));
      console.warn("not told", error.code);
    }
    return true;
  }
}
