import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { page } from "./pages.js";

const { follow } = await page("/static/js/live.js");
const { sockets } = await page("/static/vendor/socket.io.esm.min.js");

const ROOM = "h/board";
const ring = (id) => ({ room: ROOM, id, put: [["recent", id, { number: id }]] });
const tables = { recent: {} };
const snapshot = (as_of, epoch = "e") => ({ epoch, as_of, now: Date.now(), snapshot: { tables, counts: {}, keep: {} }, messages: [] });
const missed = (as_of, ...messages) => ({ epoch: "e", as_of, now: Date.now(), snapshot: null, messages });

let told, socket, live;
beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_000_000 });
  told = [];
  live = follow({
    room: ROOM,
    device: "display",
    onChange: (_, news) => told.push(news === null ? "snapshot" : news.map((message) => message.id).join()),
    onFresh: (since) => told.push(since === null ? "fresh" : `stale since ${since}`),
    onProblem: (problem) => told.push(problem.code),
  });
  socket = sockets.at(-1);
});
afterEach(() => mock.timers.reset());

const lastJoin = () => socket.joins.at(-1);
const answer = (body) => lastJoin().answer(null, body);
const heartbeat = (last, more = {}) => socket.arrive("heartbeat", { room: ROOM, last, epoch: "e", now: Date.now(), ...more });
// What was told since this was asked last.
const news = () => told.splice(0);
function start() {
  socket.open();
  answer(snapshot("5-0"));
  news();
}

test("the socket is a websocket and says which device the page is", () => {
  assert.equal(socket.namespace, "/live");
  assert.deepEqual([socket.options.transports, socket.options.auth], [["websocket"], { device: "display" }]);
});

test("live messages wait until the join is answered", () => {
  start();
  socket.close();
  socket.open();
  assert.deepEqual(lastJoin().body, { room: ROOM, since: "5-0", epoch: "e" });
  socket.arrive("message", ring("7-0"));
  assert.deepEqual(news(), []);
  answer(missed("6-0", ring("6-0")));
  assert.deepEqual(news(), ["6-0,7-0"]);
});

test("messages of another room are not ours", () => {
  start();
  socket.arrive("message", { ...ring("6-0"), room: "h/floor" });
  heartbeat("9-0", { room: "h/floor" });
  assert.deepEqual([news(), socket.joins.length], [[], 1]);
});

test("a join that is not answered within eight seconds is sent again, and its late answer is ignored", () => {
  socket.open();
  const first = lastJoin();
  mock.timers.tick(8000);
  assert.equal(socket.joins.length, 2);
  first.done = false;
  first.answer(null, snapshot("3-0"));
  assert.deepEqual(news(), []);
  answer(snapshot("5-0"));
  assert.deepEqual([news(), live.state.last], [["snapshot"], "5-0"]);
});

test("a join that fails because the connection is away waits for the connection", () => {
  socket.open();
  socket.close();
  mock.timers.tick(9000);
  assert.equal(socket.joins.length, 1);
  socket.open();
  assert.equal(socket.joins.length, 2);
});

test("a refused join is told and not repeated", () => {
  socket.open();
  answer({ problem: { code: "FORBIDDEN" } });
  mock.timers.tick(9000);
  assert.deepEqual([news(), socket.joins.length], [["FORBIDDEN"], 1]);
});

test("a store that is away is asked again every second, and the page says when it is over", () => {
  start();
  socket.close();
  socket.open();
  answer({ problem: { code: "STORE_AWAY" } });
  mock.timers.tick(1000);
  answer({ problem: { code: "STORE_AWAY" } });
  mock.timers.tick(1000);
  answer(missed("5-0"));
  assert.deepEqual(news(), ["STORE_AWAY", "STORE_AWAY", "fresh", ""]);
});

test("ten seconds of silence are told with the hall's time, and the next heartbeat ends it", () => {
  start();
  mock.timers.tick(3000);
  heartbeat("5-0", { now: Date.now() + 60_000 }); // this machine's clock is a minute slow
  mock.timers.tick(10_000);
  assert.deepEqual(news(), []);
  mock.timers.tick(500);
  assert.deepEqual(news(), [`stale since ${1_003_000 + 60_000}`]);
  assert.equal(live.now(), 1_013_500 + 60_000);
  heartbeat("5-0");
  assert.deepEqual(news(), ["fresh"]);
  mock.timers.tick(10_500);
  assert.equal(news().length, 1);
});

test("a heartbeat does not make a page fresh that is still catching up", () => {
  start();
  socket.close();
  mock.timers.tick(11_000);
  assert.deepEqual(news(), ["stale since 1000000"]);
  socket.open();
  heartbeat("5-0");
  assert.deepEqual(news(), []);
  answer(missed("6-0", ring("6-0")));
  assert.deepEqual(news(), ["fresh", "6-0"]);
});

test("a heartbeat that is ahead asks for what was missed", () => {
  start();
  heartbeat("6-0");
  assert.deepEqual(lastJoin().body, { room: ROOM, since: "5-0", epoch: "e" });
  answer(missed("6-0", ring("6-0")));
  assert.deepEqual(news(), ["6-0"]);
});

test("another epoch starts afresh", () => {
  start();
  heartbeat("2-0", { epoch: "f" });
  assert.deepEqual(lastJoin().body, { room: ROOM });
  answer(snapshot("2-0", "f"));
  assert.deepEqual([news(), live.state.epoch], [["snapshot"], "f"]);
});

test("a changed hall is read anew, and the ring that came meanwhile is news", () => {
  start();
  socket.arrive("message", { room: ROOM, id: "6-0", again: true });
  assert.deepEqual(lastJoin().body, { room: ROOM });
  socket.arrive("message", ring("7-0"));
  answer(snapshot("7-0"));
  assert.deepEqual(news(), ["6-0", "snapshot", "7-0"]);
});

test("a changed hall within a catch-up loses no ring", () => {
  start();
  socket.close();
  socket.open();
  answer(missed("8-0", ring("6-0"), { id: "7-0", again: true }, ring("8-0")));
  assert.deepEqual([news(), lastJoin().body], [["6-0,7-0,8-0"], { room: ROOM }]);
});

test("a connection that the server ended is opened again after a second", () => {
  start();
  socket.close("io server disconnect");
  assert.equal(socket.connects, 0);
  mock.timers.tick(1000);
  assert.equal(socket.connects, 1);
});

test("a connection that breaks is left to the library", () => {
  start();
  socket.close();
  mock.timers.tick(5000);
  assert.equal(socket.connects, 0);
});

test("a page that was turned away knocks again after a second", () => {
  socket.active = false;
  socket.arrive("connect_error", new Error("turned away"));
  mock.timers.tick(1000);
  assert.equal(socket.connects, 1);
  socket.arrive("connect_error", new Error("no network")); // the library tries by itself
  mock.timers.tick(1000);
  assert.equal(socket.connects, 1);
});

test("a page that hears nothing for long opens a new connection by itself, again and again", () => {
  start();
  mock.timers.tick(20_000);
  assert.equal(socket.connects, 0);
  mock.timers.tick(500);
  assert.equal(socket.connects, 1);
  mock.timers.tick(20_000);
  assert.equal(socket.connects, 1);
  mock.timers.tick(500);
  assert.equal(socket.connects, 2);
});
