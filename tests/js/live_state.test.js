import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./pages.js";

const { LiveState, compareIds } = await page("/static/js/live_state.js");

const ring = (id, number) => ({ id, put: [["recent", id, { number }]] });
const snapshot = (rows = {}, keep = {}) => ({ tables: { recent: rows }, counts: {}, keep });
const joined = (as_of, more = {}) => {
  const state = new LiveState();
  state.connected();
  state.startCatchUp();
  state.answer({ epoch: "e", as_of, snapshot: snapshot({}, more.keep), messages: [] });
  return state;
};
const ids = (messages) => messages.map((message) => message.id);

test("ids are compared as numbers, first the millisecond, then the sequence", () => {
  const sorted = ["10-0", "9-10", "9-9", "1700000000000-2", "1700000000000-10", "9-0"].sort(compareIds);
  assert.deepEqual(sorted, ["9-0", "9-9", "9-10", "10-0", "1700000000000-2", "1700000000000-10"]);
  assert.equal(compareIds("9-9", "9-9"), 0);
});

test("a live message is news once", () => {
  const state = joined("9-9");
  assert.deepEqual(ids(state.message(ring("9-10", "A001")).news), ["9-10"]);
  assert.deepEqual(ids(state.message(ring("9-10", "A001")).news), []);
  assert.deepEqual(ids(state.message(ring("9-8", "A000")).news), []);
  assert.deepEqual(Object.keys(state.tables.recent), ["9-10"]);
});

test("messages wait for the answer and follow it in order of id", () => {
  const state = joined("5-0");
  state.startCatchUp();
  for (const id of ["9-10", "9-9", "7-0"]) assert.deepEqual(state.message(ring(id, id)).news, []);
  const { news } = state.answer({ epoch: "e", as_of: "7-0", snapshot: null, messages: [ring("6-0", "x"), ring("7-0", "y")] });
  assert.deepEqual(ids(news), ["6-0", "7-0", "9-9", "9-10"]);
  assert.equal(state.last, "9-10");
});

test("a ring that comes while the first snapshot is on its way is asked for again, not lost", () => {
  const state = new LiveState();
  state.connected();
  state.startCatchUp();
  state.message(ring("6-0", "A001"));
  const { news, wish } = state.answer({ epoch: "e", as_of: "5-0", snapshot: snapshot(), messages: [] });
  assert.deepEqual([news, wish, state.position()], [[], "catch up", { since: "5-0", epoch: "e" }]);
});

test("a ring that comes while a changed hall is read is news although the snapshot shows it", () => {
  const state = joined("5-0");
  assert.equal(state.message({ id: "6-0", again: true }).wish, "start afresh");
  assert.deepEqual(state.position(), {});
  state.startCatchUp();
  state.message(ring("7-0", "A001"));
  const answer = { epoch: "e", as_of: "7-0", snapshot: snapshot({ "7-0": { number: "A001" } }), messages: [] };
  assert.deepEqual(ids(state.answer(answer).news), ["7-0"]);
  assert.deepEqual(state.tables.recent, { "7-0": { number: "A001" } });
});

test("rings around a changed hall in a catch-up are news before the snapshot is asked for", () => {
  const state = joined("5-0");
  state.connected();
  state.startCatchUp();
  const messages = [ring("6-0", "A001"), { id: "7-0", again: true }, ring("8-0", "A002")];
  const { news, wish } = state.answer({ epoch: "e", as_of: "8-0", snapshot: null, messages });
  assert.deepEqual([ids(news), wish, state.position()], [["6-0", "7-0", "8-0"], "start afresh", {}]);
});

test("a connection lost while a changed hall is read first asks for what was missed", () => {
  const state = joined("5-0");
  state.message({ id: "6-0", again: true });
  state.startCatchUp();
  state.connected();
  assert.deepEqual(state.position(), { since: "6-0", epoch: "e" });
  state.startCatchUp();
  const { news, wish } = state.answer({ epoch: "e", as_of: "7-0", snapshot: null, messages: [ring("7-0", "A001")] });
  assert.deepEqual([ids(news), wish, state.position()], [["7-0"], "start afresh", {}]);
});

test("a heartbeat that is ahead makes one catch up, also when it came during a catch-up", () => {
  const state = joined("5-0");
  assert.equal(state.heartbeat({ last: "5-0", epoch: "e" }), "");
  assert.equal(state.heartbeat({ last: "5-1", epoch: "e" }), "catch up");
  state.startCatchUp();
  assert.equal(state.heartbeat({ last: "7-0", epoch: "e" }), "");
  state.message(ring("8-0", "A003")); // 6-0 and 7-0 were never sent to us
  const { news, wish } = state.answer({ epoch: "e", as_of: "5-1", snapshot: null, messages: [] });
  assert.deepEqual([news, wish, state.last], [[], "catch up", "5-1"]);
});

test("another epoch makes one start afresh", () => {
  const state = joined("5-0");
  assert.equal(state.heartbeat({ last: "3-0", epoch: "f" }), "start afresh");
  assert.deepEqual(state.position(), {});
});

test("what waited is not believed when the answer is of another past", () => {
  const state = joined("900-0");
  state.startCatchUp();
  state.message(ring("901-0", "A009")); // of the past that was overwritten
  const { news, wish } = state.answer({ epoch: "f", as_of: "500-0", snapshot: snapshot(), messages: [] });
  assert.deepEqual([news, wish, state.tables.recent, state.last], [[], "catch up", {}, "500-0"]);
});

test("a kept table holds its newest rows by id, not by text", () => {
  const state = joined("1-0", { keep: { recent: 2 } });
  for (const id of ["9-9", "9-10", "10-0"]) state.message(ring(id, id));
  assert.deepEqual(Object.keys(state.tables.recent).sort(), ["10-0", "9-10"]);
});

test("the server's snapshot is not changed by what is applied on top of it", () => {
  const tables = { recent: { "1-0": { number: "A001" } } };
  const state = new LiveState();
  state.startCatchUp();
  state.answer({ epoch: "e", as_of: "1-0", snapshot: { tables, counts: {}, keep: {} }, messages: [] });
  state.message({ id: "2-0", remove: [["recent", "1-0"]], counts: { a: 3 } });
  assert.deepEqual([tables, state.tables, state.counts], [{ recent: { "1-0": { number: "A001" } } }, { recent: {} }, { a: 3 }]);
});
