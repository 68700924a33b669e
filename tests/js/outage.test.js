import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { page } from "./pages.js";

const { Outage } = await page("/display/static/js/outage.js");

let now, kept, told, away, outage;
const make = () => new Outage({ kept, now: () => now, tell: async (span) => { if (away) throw Object.assign(new Error(), { code: "AWAY" }); told.push(span); } });
beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const memory = { since: null };
  kept = { old: (since) => (memory.since = since), oldSince: () => memory.since };
  [now, told, away] = [1_000_000, [], false];
  outage = make();
});
afterEach(() => mock.timers.reset());

test("a screen that is back tells from when to when it showed an old state, once", async () => {
  outage.from(now);
  now += 60_000;
  outage.from(now); // said again meanwhile
  await outage.over();
  await outage.over();
  assert.deepEqual(told, [{ from: 1_000_000, till: 1_060_000 }]);
  assert.equal(kept.oldSince(), null);
});

test("what nobody could have noticed is not told", async () => {
  outage.from(now);
  now += 9_000;
  await outage.over();
  assert.deepEqual([told, kept.oldSince()], [[], null]);
});

test("a page that was loaded again without the server tells of the time before too", async () => {
  outage.from(now);
  now += 60_000;
  await make().opened(20_000, true);
  assert.deepEqual(told, [{ from: 1_000_000, till: 1_060_000 }]);
});

test("a page that was opened without the server and had something to show tells since when it was open", async () => {
  await outage.opened(30_000, true);
  assert.deepEqual(told, [{ from: 970_000, till: 1_000_000 }]);
  await make().opened(30_000, false); // it showed nothing
  await make().opened(500, true); // the usual moment
  assert.equal(told.length, 1);
});

test("a server that goes away again is told later, and of a reload meanwhile not forgotten", async () => {
  outage.from(now);
  now += 60_000;
  away = true;
  const over = outage.over();
  await new Promise(setImmediate);
  assert.deepEqual([told, kept.oldSince()], [[], 1_000_000]);
  away = false;
  mock.timers.tick(5000);
  await over;
  assert.deepEqual([told, kept.oldSince()], [[{ from: 1_000_000, till: 1_060_000 }], null]);
});
