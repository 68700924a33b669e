import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./pages.js";

const box = await page("/desk/static/js/outbox.js");
const T0 = 1_800_000_000_000;
const VISIT = { id: "0000000001", state: "planned", starts: T0, ends: T0 + 3_600_000 };
const PACK = { visit: VISIT, authorised: false, items: [{ n: "1", state: "opened" }, { n: "2", state: "submitted" }] };
const act = (move, facts = {}, more = {}) => ({ visit: VISIT.id, move, at: T0, facts, ...more });
const carrying = () => box.carried(box.fresh("phone0001", "c1"), PACK);
const state = (kept, n) => box.shown(kept, VISIT.id).items.find((one) => one.n === n).state;

test("actions are numbered in their order, without a gap", () => {
  const kept = box.add(box.add(carrying(), act("arrive")), act("note"), act("leave", { met: true }));
  assert.deepEqual(kept.acts.map((one) => one.sequence), [1, 2, 3]);
  assert.deepEqual(box.add(box.settled(kept, { next: 4, conflicts: [] }), act("note")).acts.map((one) => one.sequence), [4]);
});

test("what was done is seen at once, sent or not", () => {
  const kept = box.add(carrying(), act("arrive"), act("item", { item: "1", do: "accept" }), act("authorise", { how: "signed" }));
  assert.equal(box.shown(kept, VISIT.id).visit.state, "under_way");
  assert.equal(state(kept, "1"), "accepted");
  assert.ok(box.shown(kept, VISIT.id).authorised);
  assert.equal(kept.packs[VISIT.id].visit.state, "planned", "until the server has confirmed it");
});

test("the second half of a double tap does nothing", () => {
  const delivered = box.moves("opened", "delivered").map((move) => act("item", { item: "1", do: move }));
  const touches = [[act("arrive")], delivered, [act("authorise", { how: "signed" })], [act("paper_in", { paper: "p" })],
    [act("item", { item: "2", do: "refuse" })], [act("leave", { met: true, outcome: "done" })]];
  let [once, twice] = [carrying(), carrying()];
  for (const touch of touches) [once, twice] = [box.enter(once, touch), box.enter(box.enter(twice, touch), touch)];
  assert.equal(once.acts.length, 10);
  assert.deepEqual(twice, once);
  const notes = box.enter(box.enter(once, [act("note")]), [act("note")]);
  assert.equal(notes.acts.length, 12, "two notes are two");
});

test("no state of an item is skipped on the way to another", () => {
  assert.deepEqual(box.moves("opened", "submitted"), ["accept", "take", "submit"]);
  assert.deepEqual(box.moves("submitted", "delivered"), ["decide", "deliver"]);
  assert.deepEqual(box.moves("delivered", "submitted"), []);
  assert.deepEqual(box.moves("refused", "delivered"), []);
});

test("what is confirmed becomes part of the visit; what was refused does not and stays a conflict", () => {
  const kept = box.add(carrying(), act("arrive"), act("item", { item: "1", do: "accept" }), act("item", { item: "2", do: "withdraw" }));
  const told = box.settled(kept, { next: 3, conflicts: [{ sequence: 2, move: "item" }] });
  assert.deepEqual(told.acts.map((one) => one.sequence), [3]);
  assert.deepEqual([state(told, "1"), state(told, "2")], ["opened", "withdrawn"]);
  assert.equal(told.packs[VISIT.id].visit.state, "under_way");
  assert.deepEqual(told.conflicts.map((one) => one.sequence), [2]);
});

test("nothing that the server does not have leaves the device", () => {
  const kept = box.add(carrying(), act("arrive"), act("leave", { met: true }));
  assert.equal(box.settled(kept, { next: 1, conflicts: [] }).acts.length, 2);
  assert.equal(box.settled(kept, { next: 2, conflicts: [] }).acts.length, 1);
  const going = box.settled(box.add(carrying(), act("arrive")), { next: 2, conflicts: [] });
  assert.ok(going.packs[VISIT.id], "a visit that is under way stays");
});

test("a visit that is over leaves the device as soon as all of it is sent", () => {
  const kept = box.add(carrying(), act("arrive"), act("leave", { met: true }), act("note"));
  assert.ok(box.settled(kept, { next: 3, conflicts: [] }).packs[VISIT.id], "a note is still here");
  assert.deepEqual(box.settled(kept, { next: 4, conflicts: [] }).packs, {});
});

test("what no server takes stays whole on the page, and nothing behind it waits", () => {
  const kept = box.add(carrying(), act("note", {}, { text: "too much" }), act("arrive"));
  const told = box.stuck(kept, 1, "BAD_FIELDS");
  assert.deepEqual(told.acts.map((one) => [one.sequence, one.move, one.text]), [[1, "unknown", ""], [2, "arrive", ""]]);
  assert.deepEqual(told.stuck.map((one) => [one.text, one.code]), [["too much", "BAD_FIELDS"]]);
  assert.equal(box.stuck(told, 1, "BAD_FIELDS").stuck.length, 1, "the empty one is not kept");
  assert.deepEqual(box.seen(told, 1).stuck, []);
});

test("a visit of yesterday leaves the device, unless something of it waits", () => {
  const late = VISIT.ends + 25 * 3_600_000;
  assert.deepEqual(box.pruned(carrying(), late).packs, {});
  assert.ok(box.pruned(carrying(), VISIT.ends).packs[VISIT.id]);
  assert.ok(box.pruned(box.add(carrying(), act("note")), late).packs[VISIT.id]);
});

test("a box is never changed, another one is made", () => {
  const kept = Object.freeze(box.add(carrying(), act("arrive")));
  Object.freeze(kept.acts);
  Object.freeze(kept.packs);
  box.settled(box.stuck(box.add(kept, act("note")), 1, "X"), { next: 3, conflicts: [] });
  assert.equal(kept.acts[0].move, "arrive");
});

// A server in small: the rule of hall/store/lua/doorstep.lua, done in order, early ones wait, known ones do nothing.
function server(refuses) {
  const waiting = new Map();
  const told = { next: 1, conflicts: [], done: [] };
  return { told, take(one) {
    if (one.sequence >= told.next) waiting.set(one.sequence, one);
    for (; waiting.has(told.next); told.next += 1) {
      const next = waiting.get(told.next);
      if (refuses(next)) told.conflicts.push({ sequence: next.sequence });
      else told.done.push(next.sequence);
    }
  } };
}

test("in whatever order the network brings and repeats the actions, the device ends the same", () => {
  const random = (seed) => () => ((seed = (seed * 16807) % 2147483647) / 2147483647);
  const ends = new Set();
  for (let seed = 1; seed <= 60; seed += 1) {
    const chance = random(seed);
    let kept = carrying();
    const hall = server((one) => one.sequence % 3 === 0);
    for (const move of ["arrive", "note", "photo", "note", "authorise", "note", "note"]) kept = box.add(kept, act(move));
    for (let n = 0; n < 200 && kept.acts.length; n += 1) {
      hall.take(kept.acts[Math.floor(chance() * kept.acts.length)]);
      if (chance() < 0.5) kept = box.settled(kept, hall.told);
    }
    kept = box.settled(kept, hall.told);
    assert.equal(kept.acts.length, 0);
    ends.add(JSON.stringify([box.shown(kept, VISIT.id), kept.conflicts, hall.told.done]));
  }
  assert.equal(ends.size, 1);
});
