import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./pages.js";

const { afterMove, pause } = await page("/kiosk/static/js/pace.js");
const waiting = (ahead) => ({ state: "waiting", ahead: String(ahead) });

test("without its socket a ticket that comes soon looks every half minute, in a pocket too, where the phone rings", () => {
  for (const hidden of [false, true]) assert.equal(pause(waiting(10), hidden, false, 0.5), 30000);
});

test("one that waits long looks every minute then, and every two where nobody sees it", () => {
  assert.equal(pause(waiting(11), false, false, 0.5), 60000);
  assert.equal(pause(waiting(11), true, false, 0.5), 120000);
});

test("one whose own events are all there is to know hardly looks", () => {
  for (const state of ["called", "serving", "missed", "done"]) assert.equal(pause({ state, ahead: "" }, false, false, 0.5), 120000);
});

test("a page that is told what happens looks every two minutes, every half when it comes soon, every ten where nobody sees it", () => {
  assert.equal(pause(waiting(11), false, true, 0.5), 120000);
  assert.equal(pause(waiting(10), false, true, 0.5), 30000);
  assert.equal(pause({ state: "called", ahead: "" }, false, true, 0.5), 120000);
  for (const ahead of [1, 40]) assert.equal(pause(waiting(ahead), true, true, 0.5), 600000);
});

test("the phones of a hall do not look at the same moment", () => {
  const pauses = [0, 1].map((dice) => Math.round(pause(waiting(1), false, false, dice)));
  assert.deepEqual(pauses, [25000, 35000]);
});

test("whoever sees the page looks after a move: within two seconds when they come soon, else within ten", () => {
  assert.equal(afterMove(waiting(10), false, 1, 1), 2000);
  assert.equal(afterMove(waiting(11), false, 1, 1), 10000);
});

test("a phone in a pocket looks once it may be near, and not again when it has rung", () => {
  const looks = (ahead, moves) => afterMove(waiting(ahead), true, moves, 1);
  assert.deepEqual([looks(10, 7), looks(10, 8), looks(3, 1), looks(2, 1)], [Infinity, 2000, 2000, Infinity]);
});

test("who does not wait need not know that others moved", () => {
  for (const state of ["called", "serving", "missed", "done"]) assert.equal(afterMove({ state, ahead: "" }, false, 1, 0), Infinity);
});
