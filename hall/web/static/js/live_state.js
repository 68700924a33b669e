// What a live page knows: tables of rows and counts, brought up to date by snapshots and messages.
// No socket and no page in here, so that every interleaving can be tested.

// Order of journal ids "ms-seq"; as text "9-10" would come before "9-9".
export function compareIds(one, other) {
  const [a, b] = [one, other].map((id) => id.split("-").map(Number));
  return a[0] - b[0] || a[1] - b[1];
}

const isAfter = (id, other) => !other || compareIds(id, other) > 0;

// A heartbeat follows all messages up to its `last`.
const byId = (one, other) =>
  compareIds(one.id ?? one.last, other.id ?? other.last) || ("last" in one) - ("last" in other);

// Methods answer what is news, in order and each message once, and what to ask for next:
// "", "catch up" (a join) or "start afresh" (a join that yields a snapshot; `position` knows).
export class LiveState {
  constructor() {
    this.tables = {};
    this.counts = {};
    // Tables and counts are as after `last`; news was handed out up to `heard`. A snapshot runs ahead of the
    // messages: it moves `last` alone, or the rings it covers would never be heard.
    this.last = "";
    this.heard = "";
    this.epoch = "";
    this.keep = {};
    this.buffer = [];
    this.catchingUp = false;
    // A message said that only a snapshot helps.
    this.again = false;
    // The connection was away: what happened meanwhile is not in the buffer.
    this.gap = false;
  }

  // The socket has connected, perhaps after a while.
  connected() {
    this.gap = true;
    this.buffer = [];
  }

  // What to send with a join: where we are, if anywhere. After a gap the messages come first, even if a
  // snapshot must follow: it has no news.
  position() {
    return this.last && (!this.again || this.gap) ? { since: this.heard, epoch: this.epoch } : {};
  }

  // A join was sent: live messages wait until it is answered. Those of an unanswered join go on waiting.
  startCatchUp() {
    this.catchingUp = true;
  }

  // The answer to a join, then what arrived meanwhile.
  answer({ epoch, as_of, snapshot, messages }) {
    const samePast = epoch === this.epoch;
    // We asked for a snapshot with no gap behind us: its news is on the way, or in the buffer.
    const unbroken = samePast && this.again && !this.gap;
    if (snapshot) this.replace(snapshot, as_of);
    if (snapshot && !unbroken) this.heard = as_of;
    Object.assign(this, { epoch, gap: false, catchingUp: false });
    const news = messages.filter((message) => this.take(message));
    if (!snapshot) this.passed(as_of);
    const waiting = this.buffer.sort(byId);
    this.buffer = [];
    // After a restore, what waited may be of the past that is no more: ask what came after the answer.
    if (!samePast) return { news, wish: this.wish() || (waiting.length ? "catch up" : "") };
    for (const one of waiting) {
      const wish = "last" in one ? this.heartbeat(one) : "";
      if (wish) return { news, wish };
      if (!("last" in one) && this.take(one)) news.push(one);
    }
    return { news, wish: this.wish() };
  }

  // A live message.
  message(message) {
    if (!this.catchingUp) return { news: this.take(message) ? [message] : [], wish: this.wish() };
    this.buffer.push(message);
    return { news: [], wish: "" };
  }

  // Returns the wish alone. A heartbeat says that all up to `last` was sent: who is behind missed something.
  heartbeat(beat) {
    if (this.catchingUp) {
      this.buffer.push(beat);
      return "";
    }
    if (!this.epoch) return "";
    if (beat.epoch !== this.epoch) {
      this.last = "";
      return "start afresh";
    }
    return isAfter(beat.last, this.heard) ? "catch up" : "";
  }

  wish() {
    return this.again ? "start afresh" : "";
  }

  // Entries up to here may have had nothing for us.
  passed(id) {
    this.heard = id;
    if (isAfter(id, this.last)) this.last = id;
  }

  replace({ tables, counts, keep }, as_of) {
    this.tables = structuredClone(tables);
    this.counts = { ...counts };
    this.keep = keep;
    this.last = as_of;
    this.again = false;
  }

  // Applies what is newer; returns true when it is news.
  take(message) {
    if (isAfter(message.id, this.last)) this.apply(message);
    if (!isAfter(message.id, this.heard)) return false;
    this.heard = message.id;
    this.again ||= message.again ?? false;
    return true;
  }

  apply(message) {
    this.last = message.id;
    for (const [table, key] of message.remove ?? []) delete this.tables[table]?.[key];
    for (const [table, key, row] of message.put ?? []) (this.tables[table] ??= {})[key] = row;
    Object.assign(this.counts, message.counts);
    for (const [table, size] of Object.entries(this.keep)) this.trim(table, size);
  }

  // Keeps the newest rows of a table whose keys are journal ids.
  trim(table, size) {
    const keys = Object.keys(this.tables[table] ?? {}).sort(compareIds);
    for (const key of keys.slice(0, Math.max(0, keys.length - size))) delete this.tables[table][key];
  }
}
