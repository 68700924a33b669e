import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./pages.js";

const { pause } = await page("/kiosk/static/js/pace.js");

test("a ticket that comes soon looks every half minute, in a pocket too, where the phone rings", () => {
  for (const hidden of [false, true]) {
    assert.equal(pause({ state: "waiting", ahead: "10" }, hidden, 0.5), 30000);
  }
});

test("one that waits long looks every minute, and every two where nobody sees it", () => {
  assert.equal(pause({ state: "waiting", ahead: "11" }, false, 0.5), 60000);
  assert.equal(pause({ state: "waiting", ahead: "11" }, true, 0.5), 120000);
});

test("one whose own events are all there is to know hardly looks", () => {
  for (const state of ["called", "serving", "missed", "done"]) assert.equal(pause({ state, ahead: "" }, false, 0.5), 120000);
});

test("the phones of a hall do not look at the same moment", () => {
  const pauses = [0, 1].map((dice) => Math.round(pause({ state: "waiting", ahead: "1" }, false, dice)));
  assert.deepEqual(pauses, [25000, 35000]);
});
