// The page's own connection code against a small server, in very many orders of events.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { page } from "./pages.js";

const { follow } = await page("/static/js/live.js");
const { compareIds } = await page("/static/js/live_state.js");
const { sockets } = await page("/static/vendor/socket.io.esm.min.js");
const { dice, ROOM, Server } = await page("./world.js");

const CASES = Number(process.env.CASES ?? 3000);
const FIRST = Number(process.env.SEED ?? 1);

// A page and its line to one web process. What it announces is compared with what it should have announced.
class Page {
  constructor(server) {
    this.server = server;
    this.heard = [];
    this.start = ""; // where the first snapshot put the page
    this.live = follow({
      room: ROOM,
      onChange: (_, news) => {
        for (const { id, put } of news ?? []) if (put?.some(([table]) => table === "recent")) this.heard.push(id);
      },
      onFresh() {},
    });
    this.socket = sockets.at(-1);
    this.socket.onJoin = (join) => this.line?.up.push(join);
    this.socket.onDisconnect = () => this.hangUp(); // the page gave the connection up by itself
  }

  connect() {
    const pump = this.server.random.one(this.server.pumps);
    this.line = { pump, room: false, down: [], up: [], work: [] };
    pump.lines.add(this.line);
    this.socket.open();
  }

  // Everything on its way is lost, in both directions.
  disconnect() {
    this.hangUp();
    this.socket.close();
  }

  hangUp() {
    this.line.pump.lines.delete(this.line);
    this.line = null;
  }

  // The server takes up what was asked, or goes one step further with it.
  serve() {
    const { line, server } = this;
    if (line.up.length) {
      const join = line.up.shift();
      line.work.push(server.join(line, join.body, (answer) => line.down.push(["answer", answer, join])));
    } else if (line.work.length) {
      if (line.work[0].next().done) line.work.shift();
    } else return false;
    return true;
  }

  receive() {
    const [name, body, join] = this.line.down.shift() ?? [];
    if (!name) return false;
    if (name === "answer") join.answer(null, body);
    if (name === "answer" && this.live.state.last) this.start ||= body.as_of;
    else this.socket.arrive(name, body);
    return true;
  }

  step(random) {
    if (!this.line) return this.connect();
    const lot = random.below(20);
    if (lot === 0) return this.disconnect();
    if (lot === 1 && this.line.up.length + this.line.work.length + this.line.down.length) return mock.timers.tick(8000);
    return lot < 10 ? this.serve() : this.receive();
  }
}

function settle(server, pages) {
  for (let round = 0; round < 4; round++) {
    for (const pump of server.pumps) {
      while (pump.tell());
      pump.beat();
    }
    for (const one of pages) {
      if (!one.line) one.connect();
      while (one.serve() || one.receive());
    }
  }
}

function run(seed, { restores = false, trims = false, most = Infinity }) {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  sockets.length = 0;
  const random = dice(seed);
  const server = new Server(random, most);
  for (let n = 1 + random.below(8); n > 0; n--) server.append(); // never empty: it begins with the hall
  for (const pump of server.pumps) if (random.chance(0.8)) pump.beat();
  const pages = Array.from({ length: 1 + random.below(2) }, () => new Page(server));
  for (let n = 40 + random.below(120); n > 0; n--) {
    const lot = random.below(100);
    if (lot < 22) server.append();
    else if (lot < 40) random.one(server.pumps).tell();
    else if (lot < 46) random.one(server.pumps).beat();
    else if (restores && lot === 46) server.restore();
    else if (trims && lot === 47) server.trim();
    else random.one(pages).step(random);
  }
  settle(server, pages);
  mock.timers.reset();
  return { server, pages };
}

// Runs every case and checks each page of it; a failure names the seed, which alone repeats the case.
function everyCase(kind, check) {
  for (let seed = FIRST; seed < FIRST + CASES; seed++) {
    const { server, pages } = run(seed, kind);
    for (const one of pages) check(server, one, `run again with SEED=${seed} CASES=1`);
  }
}

const state = ({ tables, counts }) => ({ tables, counts });
const rings = (server, start) =>
  server.journal.filter(({ id, message }) => message?.put && compareIds(id, start) > 0).map(({ id }) => id);

test("after any history every page shows what a fresh snapshot shows", () => {
  everyCase({ restores: true, trims: true, most: 12 }, (server, one, seed) => {
    const fresh = server.snapshot();
    assert.deepEqual(state(one.live.state), state(fresh.snapshot), seed);
    assert.equal(one.live.state.epoch, fresh.epoch, seed);
  });
});

test("every ring after the first snapshot is announced, once, in order", () => {
  everyCase({}, (server, one, seed) => assert.deepEqual(one.heard, rings(server, one.start), seed));
});

test("no ring is announced twice or out of order when too much was missed for a catch-up", () => {
  everyCase({ trims: true, most: 4 }, (_, one, seed) => {
    assert.deepEqual(one.heard, [...new Set(one.heard)].sort(compareIds), seed);
  });
});
