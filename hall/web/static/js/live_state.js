// What a live page knows: tables of rows and counts, brought up to date by snapshots and messages.
// No socket and no page in here, so that every interleaving can be tested.

// Order of journal ids "ms-seq"; as text "9-10" would come before "9-9".
export function compareIds(one, other) {
  const [a, b] = [one, other].map((id) => id.split("-").map(Number));
  return a[0] - b[0] || a[1] - b[1];
}

export class LiveState {
  constructor() {
    this.tables = {};
    this.counts = {};
    this.last = "";
    this.epoch = "";
    this.keep = {};
    this.buffer = [];
    this.catchingUp = false;
  }

  // What to send with a join: where we are, if anywhere.
  position() {
    return this.last ? { since: this.last, epoch: this.epoch } : {};
  }

  // A join was sent: live messages wait until it is answered.
  startCatchUp() {
    this.catchingUp = true;
    this.buffer = [];
  }

  // The answer to a join, then what arrived meanwhile. Returns the messages that were news.
  answer({ epoch, as_of, snapshot, messages }) {
    if (snapshot) {
      this.tables = structuredClone(snapshot.tables);
      this.counts = { ...snapshot.counts };
      this.keep = snapshot.keep;
      this.last = as_of;
    }
    this.epoch = epoch;
    const news = messages.filter((message) => this.apply(message));
    if (compareIds(as_of, this.last || "0-0") > 0) this.last = as_of;
    this.catchingUp = false;
    const waiting = this.buffer.sort((a, b) => compareIds(a.id, b.id));
    this.buffer = [];
    return news.concat(waiting.filter((message) => this.apply(message)));
  }

  // A live message. Returns true when it was applied now.
  message(message) {
    if (this.catchingUp) {
      this.buffer.push(message);
      return false;
    }
    return this.apply(message);
  }

  // What a heartbeat asks of us: "", "catch up" or "start afresh".
  heartbeat({ last, epoch }) {
    if (this.catchingUp || !this.epoch) return "";
    if (epoch !== this.epoch) return "start afresh";
    return compareIds(last, this.last) > 0 ? "catch up" : "";
  }

  forget() {
    this.last = "";
  }

  apply(message) {
    if (this.last && compareIds(message.id, this.last) <= 0) return false;
    this.last = message.id;
    for (const [table, key] of message.remove ?? []) delete this.tables[table]?.[key];
    for (const [table, key, row] of message.put ?? []) (this.tables[table] ??= {})[key] = row;
    Object.assign(this.counts, message.counts);
    for (const [table, size] of Object.entries(this.keep)) this.trim(table, size);
    return true;
  }

  // Keeps the newest rows of a table whose keys are journal ids.
  trim(table, size) {
    const keys = Object.keys(this.tables[table] ?? {}).sort(compareIds);
    for (const key of keys.slice(0, Math.max(0, keys.length - size))) delete this.tables[table][key];
  }
}
