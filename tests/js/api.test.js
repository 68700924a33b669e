import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { page } from "./pages.js";

globalThis.document = { querySelector: () => null, documentElement: { lang: "en", dataset: {} }, getElementById: () => null };
const { first, post, forget, Problem } = await page("/static/js/api.js");

let keys, answers;
beforeEach(() => {
  forget();
  [keys, answers] = [[], []];
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  mock.method(globalThis, "fetch", async (path, { headers }) => {
    keys.push(headers["Idempotency-Key"]);
    const answer = answers.shift() ?? "lost";
    if (answer === "lost") throw new TypeError("the connection ended");
    const [status, body] = answer;
    return { status, ok: status < 300, json: async () => body };
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const AWAY = [503, { code: "STORE_AWAY", detail: "away" }];
const number = (text) => [201, { number: text }];

// The outcome of a request whose pauses pass at once.
async function asked(path, body) {
  let over = false;
  const outcome = post(path, body).then((answer) => answer, (error) => error).finally(() => (over = true));
  while (!over) {
    await new Promise((done) => setImmediate(done));
    mock.timers.tick(2500);
  }
  return outcome;
}

test("a request without an answer is sent again with its own key", async () => {
  answers = ["lost", AWAY, number("A001")];
  assert.equal((await asked("/tickets", { services: ["a"] })).number, "A001");
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
});

test("a refusal that is meant is told at once", async () => {
  answers = [[409, { code: "WINDOW_BUSY", detail: "busy" }]];
  assert.equal((await asked("/call-next", {})).code, "WINDOW_BUSY");
  assert.equal(keys.length, 1);
});

test("the same request made again by hand is still the same request", async () => {
  const first = await asked("/call-next", {});
  assert.ok(first instanceof Problem);
  answers = [number("A001")];
  assert.equal((await asked("/call-next", {})).number, "A001");
  assert.equal(new Set(keys).size, 1, "it may have been done: the server knows by the key");
  answers = [number("A002")];
  await asked("/call-next", {});
  assert.equal(new Set(keys).size, 2, "an answered one is over");
});

test("another request, one after an answer, one of another person or one much later has a key of its own", async () => {
  await asked("/call-next", {});
  answers = [number("A007")];
  await asked("/recall", {});
  await asked("/call-next", {});
  assert.equal(new Set(keys).size, 3, "something was answered meanwhile");
  forget();
  await asked("/call-next", {});
  assert.equal(new Set(keys).size, 4, "somebody else is here");
  mock.timers.tick(61_000);
  await asked("/call-next", {});
  assert.equal(new Set(keys).size, 5, "too long ago");
});

test("what a page cannot begin without is asked for until it is there, and the page says so", async () => {
  const told = [];
  answers = ["lost", AWAY, "lost", "lost", "lost", "lost", [200, { lines: [] }]];
  let answer;
  first("/services", (text) => told.push(text)).then((one) => (answer = one));
  while (!answer) {
    await new Promise((done) => setImmediate(done));
    mock.timers.tick(2500);
  }
  assert.deepEqual(answer, { lines: [] });
  assert.equal(told.at(-1), "");
  assert.equal(told.length, 3);
  assert.ok(told[0]);
});

test("what the server refuses is not asked for again", async () => {
  const told = [];
  answers = [[403, { code: "FORBIDDEN", detail: "not yours" }]];
  await assert.rejects(first("/services", (text) => told.push(text)), { code: "FORBIDDEN" });
  assert.deepEqual(told, ["not yours"]);
});
