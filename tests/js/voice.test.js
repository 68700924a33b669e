import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { page } from "./pages.js";

const { Voice } = await page("/display/static/js/voice.js");
const { dice } = await page("./world.js");

const reported = mock.method(console, "warn", () => {});
mock.timers.enable({ apis: ["setTimeout"] });
const turns = async (n = 12) => {
  for (let i = 0; i < n; i++) await new Promise(setImmediate);
};

const announcement = (id) => ({
  id, number: id, chime: null, sentences: [{ clips: [id] }], repeat: 1, gap_ms: 0, pause_ms: 0, hold_ms: 20000,
});
const nothing = { on: true, speaks: true, wait_ms: 2000, announcement: null };
const away = () => Promise.reject(Object.assign(new Error("away"), { code: "AWAY" }));

// A voice whose server and loudspeaker do what the test says. `queue` is what the server has to announce.
function staged({ queue = [], speaks = true } = {}) {
  const server = { queue, speaks, away: false, asked: 0, log: [], playing: null };
  const talk = (name) => (value) => (server.away ? away() : (server.log.push([name, value]), Promise.resolve(null)));
  const voice = new Voice({
    player: {
      play: ([{ url }]) => (server.log.push(["play", url]), new Promise((done, fail) => (server.playing = { done, fail }))),
      stop: () => server.playing?.done(),
    },
    ask: async () => {
      server.asked += 1;
      if (server.away) return away();
      const next = server.speaks ? server.queue[0] : undefined;
      return { ...nothing, speaks: server.speaks, wait_ms: server.speaks ? 2000 : 5000, announcement: next ? announcement(next) : null };
    },
    done: (id) => (server.away ? away() : (server.queue.splice(server.queue.indexOf(id), 1), talk("done")(id))),
    report: talk("blocked"),
    speaking: (number) => server.log.push(["speaking", number]),
  });
  return { server, voice };
}

async function allowed(stage) {
  stage.voice.allowed(true);
  mock.timers.tick(1);
  await turns();
  return stage;
}

const only = (server, name) => server.log.filter(([what]) => what === name).map(([, value]) => value);

test("calls are spoken one after the other, each acknowledged before the next is asked for", async () => {
  const { server } = await allowed(staged({ queue: ["A001", "A002"] }));
  assert.deepEqual(only(server, "play"), ["A001"]);
  assert.deepEqual(only(server, "done"), []);
  server.playing.done();
  await turns();
  assert.deepEqual(server.log.slice(-4), [["speaking", null], ["done", "A001"], ["speaking", "A002"], ["play", "A002"]]);
});

test("nothing is asked before the browser lets it sound", async () => {
  const { server, voice } = staged({ queue: ["A001"] });
  voice.hint();
  await turns();
  assert.equal(server.asked, 0);
});

test("a ring makes the one that speaks ask at once", async () => {
  const { server, voice } = await allowed(staged());
  assert.equal(server.asked, 1);
  server.queue.push("A001");
  voice.hint();
  await turns();
  assert.deepEqual(only(server, "play"), ["A001"]);
});

test("a ring that comes while an answer is on its way is not missed", async () => {
  const stage = staged();
  stage.voice.allowed(true);
  mock.timers.tick(1);
  stage.voice.hint();
  await turns();
  assert.equal(stage.server.asked, 2);
});

test("without any ring it asks again by itself", async () => {
  const { server } = await allowed(staged());
  server.queue.push("A001");
  mock.timers.tick(1999);
  await turns();
  assert.equal(server.asked, 1);
  mock.timers.tick(1);
  await turns();
  assert.deepEqual(only(server, "play"), ["A001"]);
});

test("who does not speak leaves rings alone and asks when the other's time is up", async () => {
  const { server, voice } = await allowed(staged({ speaks: false }));
  for (let n = 0; n < 10; n++) voice.hint();
  await turns();
  assert.equal(server.asked, 1);
  Object.assign(server, { speaks: true, queue: ["A001"] });
  mock.timers.tick(5000);
  await turns();
  assert.deepEqual(only(server, "play"), ["A001"]);
});

test("what was heard is acknowledged until the server knows, and not spoken again", async () => {
  const { server } = await allowed(staged({ queue: ["A001", "A002"] }));
  server.away = true;
  server.playing.done();
  for (let n = 0; n < 30; n++) {
    await turns();
    mock.timers.tick(1000);
  }
  assert.deepEqual([only(server, "play"), server.asked], [["A001"], 1]);
  server.away = false;
  await turns();
  mock.timers.tick(1000);
  await turns();
  assert.deepEqual([only(server, "done"), only(server, "play")], [["A001"], ["A001", "A002"]]);
});

test("a display whose time is up falls silent and acknowledges nothing", async () => {
  const { server } = await allowed(staged({ queue: ["A001"] }));
  mock.timers.tick(20000);
  await turns();
  assert.deepEqual([only(server, "done"), server.log.at(-1)], [[], ["speaking", null]]);
  mock.timers.tick(1000);
  await turns();
  assert.deepEqual(only(server, "play"), ["A001", "A001"], "it asks again");
});

test("an announcement that fails is asked for again a second later", async () => {
  const { server } = await allowed(staged({ queue: ["A001"] }));
  server.playing.fail(new Error("no clip"));
  await turns();
  assert.deepEqual(only(server, "play"), ["A001"]);
  mock.timers.tick(1000);
  await turns();
  assert.deepEqual([only(server, "play"), only(server, "done")], [["A001", "A001"], []]);
});

test("a server that is away is asked again, and nothing sounds meanwhile", async () => {
  const stage = staged({ queue: ["A001"] });
  stage.server.away = true;
  await allowed(stage);
  for (let n = 0; n < 5; n++) {
    mock.timers.tick(1000);
    await turns();
  }
  assert.deepEqual(only(stage.server, "play"), []);
  stage.server.away = false;
  mock.timers.tick(1000);
  await turns();
  assert.deepEqual(only(stage.server, "play"), ["A001"]);
});

test("blocked sound is told after a moment, once, and again when it is over", async () => {
  const { server, voice } = staged({ queue: ["A001"] });
  voice.allowed(false);
  mock.timers.tick(1499);
  await turns();
  assert.deepEqual(server.log, []);
  mock.timers.tick(1);
  await turns();
  voice.allowed(false);
  mock.timers.tick(1500);
  await turns();
  assert.deepEqual([only(server, "blocked"), server.asked], [[true], 0]);
  voice.allowed(true);
  mock.timers.tick(1);
  await turns();
  assert.deepEqual([only(server, "blocked"), only(server, "play")], [[true, false], ["A001"]]);
});

test("a context that needs a moment to start is not told as blocked", async () => {
  const { server, voice } = staged();
  voice.allowed(false);
  mock.timers.tick(800);
  voice.allowed(true);
  mock.timers.tick(1);
  await turns();
  mock.timers.tick(3000);
  await turns();
  assert.deepEqual(only(server, "blocked"), [false], "an earlier page may have said that it is");
});

test("sound that is blocked in mid-sentence leaves the call to be spoken", async () => {
  const { server, voice } = await allowed(staged({ queue: ["A001"] }));
  voice.allowed(false);
  mock.timers.tick(1500);
  await turns();
  assert.deepEqual([only(server, "done"), server.queue], [[], ["A001"]]);
  assert.deepEqual(only(server, "blocked"), [false, true]);
});

test("what the office is told waits for the server and is the newest", async () => {
  const { server, voice } = staged();
  server.away = true;
  voice.allowed(false);
  mock.timers.tick(1500);
  await turns();
  voice.allowed(true);
  mock.timers.tick(1);
  await turns();
  server.away = false;
  mock.timers.tick(1000);
  await turns();
  assert.deepEqual(only(server, "blocked"), [false]);
});

test("a refusal of an acknowledgement does not hold up the next call", async () => {
  const { server, voice } = staged({ queue: ["A001"] });
  voice.done = async () => {
    server.queue.length = 0;
    throw Object.assign(new Error("no such zone"), { code: "UNKNOWN_ZONE" });
  };
  await allowed({ voice });
  server.playing.done();
  await turns();
  assert.equal(server.asked, 2);
});

test("a hall that switches its voice off is told to the page", async () => {
  const { server, voice } = staged();
  assert.equal(voice.on, false, "before anything is known, the chime rings");
  await allowed({ voice });
  assert.equal(voice.on, true);
  voice.ask = async () => ({ ...nothing, on: false, wait_ms: 30000 });
  voice.hint();
  await turns();
  assert.equal(voice.on, false);
  assert.deepEqual(only(server, "play"), []);
});

test("whatever happens when, never two calls sound at once and every call is spoken", async () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = dice(seed);
    const { server, voice } = await allowed(staged());
    const calls = [];
    for (let step = 0; step < 60; step++) {
      if (random.chance(0.3)) server.queue.push(calls[calls.push(`A${calls.length}`) - 1]), voice.hint();
      if (random.chance(0.1)) server.away = !server.away;
      if (random.chance(0.3)) server.playing?.[random.chance(0.8) ? "done" : "fail"](new Error("sound"));
      if (random.chance(0.3)) mock.timers.tick(random.one([10, 1000, 2500]));
      await turns(random.below(4));
    }
    server.away = false;
    for (let n = 0; n < 300 && server.queue.length; n++) {
      server.playing?.done();
      mock.timers.tick(1000);
      await turns(6);
    }
    let open = null;
    for (const [what, value] of server.log) {
      if (what === "speaking") {
        assert.ok(open === null || value === null, `seed ${seed}: two at once`);
        open = value;
      }
    }
    assert.deepEqual(only(server, "done"), calls, `seed ${seed}`);
    voice.turn = () => {};
  }
});
