// What a device did at doors and has not sent yet, and the visits it carries. Pure: nothing here touches a page, a
// store or a network. A box is never changed; every function returns another one.
const ORDER = ["opened", "accepted", "in_hand", "submitted", "decided", "delivered"];
const MOVES = ["accept", "take", "submit", "decide", "deliver"];
const ENDED = ["delivered", "refused", "withdrawn"];
const ENDS = ["refuse", "withdraw"];
const KEEP_MS = 24 * 3600 * 1000;

// last: the sequence of the newest action; acts: what the server has not confirmed; packs: visits by id; conflicts:
// what the server refused; stuck: what no server will ever take, whole.
export const fresh = (device, officer) => ({ device, officer, last: 0, acts: [], packs: {}, conflicts: [], stuck: [] });

export function add(box, ...actions) {
  const acts = actions.map((one, n) => ({ facts: {}, text: "", photo: "", ...one, sequence: box.last + 1 + n }));
  return { ...box, last: box.last + acts.length, acts: [...box.acts, ...acts] };
}

// The moves that bring an item to a state; none when it is there or past it.
export function moves(from, to) {
  const [start, end] = [ORDER.indexOf(from), ORDER.indexOf(to)];
  return start < 0 ? [] : MOVES.slice(start, Math.max(start, end));
}

// A visit as it is once an action is done.
export function applied(pack, act) {
  const { visit, items } = pack;
  const { facts, at } = act;
  switch (act.move) {
    case "arrive": return { ...pack, visit: { ...visit, state: "under_way", arrived_at: at } };
    case "leave": return { ...pack, visit: { ...visit, state: facts.met ? "done" : "not_met", left_at: at, outcome: facts.outcome } };
    case "authorise": return { ...pack, authorised: true };
    case "paper_in": return { ...pack, taken: [...(pack.taken ?? []), facts.paper] };
    case "photo": return { ...pack, photos: (pack.photos ?? 0) + 1 };
    case "note": return { ...pack, notes: (pack.notes ?? 0) + 1 };
    case "item": return { ...pack, items: items.map((one) => (one.n === facts.item ? { ...one, state: after(facts.do) } : one)) };
    default: return pack;
  }
}

const after = (move) => ({ refuse: "refused", withdraw: "withdrawn" })[move] ?? ORDER[MOVES.indexOf(move) + 1];

// Whether an action is still to be done: the second half of a double tap is not.
export function isOpen(pack, { move, facts }) {
  const item = pack.items.find((one) => one.n === facts.item);
  switch (move) {
    case "arrive": return pack.visit.state === "planned";
    case "leave": return pack.visit.state === "under_way";
    case "authorise": return !pack.authorised;
    case "paper_in": return !pack.taken?.includes(facts.paper);
    case "item": return !isEnded(item) && (ENDS.includes(facts.do) || ORDER.indexOf(after(facts.do)) > ORDER.indexOf(item.state));
    default: return true;
  }
}

// Everything that somebody did with one touch, of which the page may have shown an older state.
export const enter = (box, actions) => actions.reduce((all, act) => (isOpen(shown(all, act.visit), act) ? add(all, act) : all), box);

// A visit as its officers see it: with everything they did, sent or not.
export const shown = (box, id) => box.acts.filter((act) => act.visit === id).reduce(applied, box.packs[id]);

export const isOver = (visit) => ["done", "not_met", "cancelled"].includes(visit.state);
export const isEnded = (item) => ENDED.includes(item.state);

// What the server says of the device: everything before `next` is done, but for the conflicts. Done actions become part
// of their visits; a visit that is over, with nothing left to send, leaves the device.
export function settled(box, { next, conflicts }) {
  const refused = new Set(conflicts.map((one) => one.sequence));
  const done = box.acts.filter((act) => act.sequence < next && !refused.has(act.sequence) && box.packs[act.visit]);
  const packs = { ...box.packs };
  for (const act of done) packs[act.visit] = applied(packs[act.visit], act);
  const acts = box.acts.filter((act) => act.sequence >= next);
  for (const id of Object.keys(packs)) if (isOver(packs[id].visit) && !acts.some((act) => act.visit === id)) delete packs[id];
  return { ...box, acts, packs, conflicts, last: Math.max(box.last, next - 1) };
}

// The server will never take an action as it is. It stays visible, whole; something empty goes in its place, so that
// what is behind it need not wait.
export function stuck(box, sequence, code) {
  const bad = box.acts.find((act) => act.sequence === sequence);
  if (!bad) return box;
  const empty = { sequence, visit: "0000000000", move: "unknown", at: bad.at, facts: {}, text: "", photo: "" };
  const kept = bad.move === "unknown" ? box.stuck : [...box.stuck, { ...bad, code }];
  return { ...box, stuck: kept, acts: box.acts.map((act) => (act.sequence === sequence ? empty : act)) };
}

export const seen = (box, sequence) => ({ ...box, stuck: box.stuck.filter((one) => one.sequence !== sequence) });

export const carried = (box, pack) => ({ ...box, packs: { ...box.packs, [pack.visit.id]: { ...box.packs[pack.visit.id], ...pack } } });

// Nobody's data stays on a device longer than it is needed there.
export function pruned(box, now) {
  const needed = ([id, pack]) => pack.visit.ends + KEEP_MS > now || box.acts.some((act) => act.visit === id);
  return { ...box, packs: Object.fromEntries(Object.entries(box.packs).filter(needed)) };
}
