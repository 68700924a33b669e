import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { page } from "./pages.js";

const { Announcer } = await page("/display/static/js/announcer.js");
const { dice } = await page("./world.js");

// What fails is reported there.
const reported = mock.method(console, "error", () => {});
mock.timers.enable({ apis: ["setTimeout"] });
const turn = () => new Promise(setImmediate);

// An announcer whose flashes and chimes end when the test says so.
function staged(chime) {
  const log = [];
  const open = [];
  const hold = (name) => new Promise((done, fail) => open.push({ name, done, fail }));
  const announcer = new Announcer({
    flash: (ring) => (log.push(`flash ${ring}`), hold("flash")),
    chime: chime ?? (() => (log.push("chime"), hold("chime"))),
    shown: (ring) => log.push(`shown ${ring}`),
  });
  return { announcer, log, open };
}

test("a ring is shown, told as shown, and heard", async () => {
  const { announcer, log } = staged();
  announcer.add(["A001"]);
  assert.deepEqual(log, ["flash A001", "shown A001", "chime"]);
});

test("the next ring waits until the present one was both seen and heard", async () => {
  const { announcer, log, open } = staged();
  announcer.add(["A001", "A002"]);
  open[0].done();
  await turn();
  assert.equal(log.includes("flash A002"), false);
  open[1].done();
  await turn();
  assert.equal(log.at(-3), "flash A002");
});

test("rings that come at any moment are all announced, in order, never two at once", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = dice(seed);
    const { announcer, log, open } = staged();
    let rings = 0;
    for (let step = 0; step < 40 || announcer.busy; step++) {
      if (step < 40 && random.chance(0.3)) announcer.add(Array.from({ length: random.below(3) }, () => ++rings));
      if (open.length && random.chance(0.7)) open.splice(random.below(open.length), 1)[0].done();
      await turn();
      assert.ok(open.length <= 2, `seed ${seed}: two rings at once`);
    }
    const seen = log.filter((line) => line.startsWith("flash"));
    assert.deepEqual(seen, Array.from({ length: rings }, (_, n) => `flash ${n + 1}`), `seed ${seed}`);
  }
});

test("a chime or a flash that fails silences no later ring", async () => {
  const { announcer, log, open } = staged();
  announcer.add(["A001", "A002", "A003"]);
  open[0].fail(new Error("no row"));
  open[1].done();
  await turn();
  open[2].done();
  open[3].fail(new Error("no sound"));
  await turn();
  open[4].done();
  open[5].done();
  await turn();
  assert.deepEqual(log.filter((line) => line.startsWith("flash")), ["flash A001", "flash A002", "flash A003"]);
  assert.deepEqual([announcer.busy, reported.mock.callCount()], [false, 2]);
});

test("a chime that neither starts nor fails holds the next ring up for seconds only", async () => {
  const { announcer, log, open } = staged();
  announcer.add(["A001", "A002"]);
  open[0].done();
  mock.timers.tick(7999);
  await turn();
  assert.equal(log.includes("flash A002"), false);
  mock.timers.tick(1);
  await turn();
  assert.equal(log.includes("flash A002"), true);
});

test("a failure at once silences no later ring either", async () => {
  const { announcer, log, open } = staged(() => { throw new Error("no sound"); });
  announcer.add(["A001", "A002"]);
  await turn();
  open[0].done();
  await turn();
  open[1].done();
  await turn();
  assert.deepEqual([log.at(-1), announcer.busy], ["shown A002", false]);
});

test("the end of one round starts no second one beside it", async () => {
  const { announcer, log, open } = staged();
  announcer.add(["A001"]);
  open.splice(0).forEach(({ done }) => done());
  await turn();
  announcer.add(["A002"]);
  announcer.add(["A003"]);
  assert.deepEqual(log.filter((line) => line.startsWith("flash")), ["flash A001", "flash A002"]);
});
