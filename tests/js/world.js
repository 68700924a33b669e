// A small server, as hall/web/live.py describes it: journals, a pump per web process, joins read in steps.
// Everything that is random comes from one seeded generator, so a failing case can be run again.
import { compareIds } from "/static/js/live_state.js";

export const ROOM = "h/board";
export const KEEP = 3;

// mulberry32
export function dice(seed) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (n) => Math.floor(next() * n), chance: (share) => next() < share, one: (list) => list[Math.floor(next() * list.length)] };
}

const clone = (value) => structuredClone(value);
export const empty = () => ({ tables: { current: {}, recent: {}, windows: { w1: { label: "1" } } }, counts: { a: 0, b: 0 } });

// The hall after an entry, written without the client's code.
function after(truth, entry) {
  const { tables, counts } = clone(truth);
  const { kind, id, ticket, window, line } = entry;
  if (kind === "issued") counts[line] += 1;
  if (kind === "called" || kind === "recalled") {
    tables.current[ticket] = { number: ticket, window };
    const rings = [...Object.entries(tables.recent), [id, { number: ticket, window }]];
    tables.recent = Object.fromEntries(rings.slice(-KEEP));
  }
  if (kind === "called") counts[line] -= 1;
  if (kind === "finished") delete tables.current[ticket];
  if (kind === "configured") tables.windows[window] = { label: id };
  return { tables, counts };
}

function view(entry, truth) {
  const { kind, id, ticket, window, line } = entry;
  const counts = { [line]: truth.counts[line] };
  const row = { number: ticket, window };
  switch (kind) {
    case "issued": return { id, counts };
    case "called": return { id, put: [["current", ticket, row], ["recent", id, row]], counts };
    case "recalled": return { id, put: [["current", ticket, row], ["recent", id, row]] };
    case "finished": return { id, remove: [["current", ticket]] };
    case "configured": return { id, again: true };
    default: return null;
  }
}

export class Server {
  // More than `most` missed entries are answered with a snapshot.
  constructor(random, most) {
    Object.assign(this, { random, most });
    this.journal = [];
    this.epoch = "e1";
    this.ms = 9;
    this.seq = -1;
    this.tickets = 0;
    this.kept = 0; // entries from before the last restore
    this.pumps = [new Pump(this), new Pump(this)];
  }

  get end() {
    return this.journal.at(-1)?.id ?? "0-0";
  }

  get truth() {
    return this.journal.at(-1)?.truth ?? empty();
  }

  append() {
    const { random } = this;
    if (random.chance(0.4)) [this.ms, this.seq] = [this.ms + 1, 0];
    else this.seq += 1 + random.below(3);
    const at = Object.keys(this.truth.tables.current);
    const kinds = ["issued", "called", "called", "silent", ...(at.length ? ["recalled", "finished"] : [])];
    const kind = random.chance(0.06) ? "configured" : random.one(kinds);
    const ticket = kind === "called" ? `A${++this.tickets}` : random.one(at);
    const id = `${this.ms}-${this.seq}`;
    // After a restore ids may start below the last one told; every pump sees the new epoch long before they pass it.
    for (const pump of this.pumps) if (this.passes(pump, id)) pump.beat();
    const entry = { id, kind, ticket, window: random.one(["w1", "w2"]), line: random.one(["a", "b"]) };
    entry.truth = after(this.truth, entry);
    entry.message = view(entry, entry.truth);
    this.journal.push(entry);
  }

  passes({ epoch, last }, id) {
    return epoch && epoch !== this.epoch && compareIds(this.end, last) <= 0 && compareIds(id, last) > 0 && this.journal.length > this.kept;
  }

  // An old backup comes back: another epoch; the next ids may be smaller than those already seen.
  restore() {
    this.journal.length -= Math.min(this.journal.length - 1, this.random.below(6));
    this.kept = this.journal.length;
    this.epoch = `e${Number(this.epoch.slice(1)) + 1}`;
    const [ms, seq] = this.end.split("-").map(Number);
    [this.ms, this.seq] = this.random.chance(0.5) ? [this.ms + 5, 0] : [ms, seq];
  }

  // Old entries go; what a pump has yet to tell is never that old.
  trim() {
    const told = this.journal.filter(({ id }) => this.pumps.every(({ last }) => compareIds(id, last) <= 0));
    const count = this.random.below(Math.min(told.length + 1, this.journal.length));
    this.journal.splice(0, count);
    this.kept -= count;
  }

  missed(since) {
    const first = this.journal[0]?.id ?? "0-0";
    if (compareIds(first, since) > 0 || compareIds(since, this.end) > 0) return null;
    const entries = this.journal.filter((entry) => compareIds(entry.id, since) > 0);
    return entries.length <= this.most ? entries : null;
  }

  snapshot() {
    const { tables, counts } = clone(this.truth);
    return { epoch: this.epoch, as_of: this.end, now: 0, snapshot: { tables, counts, keep: { recent: KEEP } }, messages: [] };
  }

  // The steps of one join, as the process takes them; `send` gets the answer.
  *join(line, { since, epoch }, send) {
    line.room = true;
    yield;
    const known = this.epoch;
    yield;
    const missed = since && epoch === known ? this.missed(since) : null;
    if (!missed) {
      yield;
      return send(this.snapshot());
    }
    const messages = missed.filter((entry) => entry.message).map((entry) => clone(entry.message));
    return send({ epoch: known, as_of: missed.at(-1)?.id ?? since, now: 0, snapshot: null, messages });
  }
}

// One web process: reads the journal and tells the lines (its sockets) that are in the room.
export class Pump {
  constructor(server) {
    Object.assign(this, { server, epoch: "", last: "0-0", sent: "0-0", lines: new Set() });
  }

  say(name, body) {
    for (const line of this.lines) if (line.room) line.down.push([name, { room: ROOM, ...clone(body) }]);
  }

  // One entry, or none; an entry may be told long after it happened.
  tell() {
    if (!this.epoch) return false;
    const entry = this.server.journal.find(({ id }) => compareIds(id, this.last) > 0);
    if (!entry) return false;
    this.last = entry.id;
    if (entry.message) {
      this.sent = entry.id;
      this.say("message", entry.message);
    }
    return true;
  }

  beat() {
    if (this.epoch !== this.server.epoch) {
      this.epoch = this.server.epoch;
      this.last = this.sent = this.server.end;
    }
    this.say("heartbeat", { last: this.sent, epoch: this.epoch, now: 0 });
  }
}
