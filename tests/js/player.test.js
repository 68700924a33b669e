import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { page } from "./pages.js";

const { Player, timeline } = await page("/display/static/js/player.js");

const reported = mock.method(console, "warn", () => {});
mock.timers.enable({ apis: ["setTimeout"] });
const turn = () => new Promise(setImmediate);

// The loudspeaker: knows when each clip starts and ends, and ends them when the test says so.
class FakeContext {
  currentTime = 10;
  destination = {};
  started = [];

  async decodeAudioData(bytes) {
    if (bytes.broken) throw new Error("no sound in it");
    return { name: bytes.name, duration: bytes.seconds };
  }

  createBufferSource() {
    const context = this;
    return Object.assign(new EventTarget(), {
      stopped: false,
      connect() {},
      start(at) {
        context.started.push({ name: this.buffer.name, at: Math.round(at * 1000) / 1000, source: this });
      },
      stop() {
        this.stopped = true;
        this.dispatchEvent(new Event("ended"));
      },
    });
  }

  end() {
    this.started.at(-1).source.dispatchEvent(new Event("ended"));
  }
}

function staged(files = {}) {
  const context = new FakeContext();
  const fetched = [];
  const player = new Player(context, async (url) => {
    fetched.push(url);
    if (files[url] === "away") throw new Error("not there");
    return files[url] ?? { name: url, seconds: 0.5 };
  });
  return { context, fetched, player };
}

const clips = (...urls) => urls.map((url, n) => ({ url, after: n ? 40 : 0 }));

test("an announcement is the chime, then every sentence, all of them again", () => {
  const sentences = [{ clips: ["qing", "a"] }, { clips: ["number", "A"] }];
  const line = timeline({ chime: "chime", sentences, repeat: 2, gap_ms: 40, pause_ms: 600 });
  assert.deepEqual(line.map(({ url }) => url), ["chime", "qing", "a", "number", "A", "qing", "a", "number", "A"]);
  assert.deepEqual(line.map(({ after }) => after), [0, 40, 40, 600, 40, 600, 40, 600, 40]);
});

test("without a chime the first word comes at once", () => {
  const line = timeline({ chime: null, sentences: [{ clips: ["qing", "a"] }], repeat: 1, gap_ms: 40, pause_ms: 600 });
  assert.deepEqual(line, [{ url: "qing", after: 0 }, { url: "a", after: 40 }]);
});

test("clips follow each other by their own lengths and the gaps", async () => {
  const { context, player } = staged({ b: { name: "b", seconds: 0.2 } });
  const over = player.play(clips("a", "b", "c"));
  await turn();
  assert.deepEqual(context.started.map(({ name, at }) => [name, at]), [["a", 10.05], ["b", 10.59], ["c", 10.83]]);
  context.end();
  await over;
});

test("it is over when the last clip was heard and not before", async () => {
  const { context, player } = staged();
  let over = false;
  player.play(clips("a", "b")).then(() => (over = true));
  await turn();
  context.started[0].source.dispatchEvent(new Event("ended"));
  await turn();
  assert.equal(over, false);
  context.end();
  await turn();
  assert.equal(over, true);
});

test("a clip that cannot be had is left out and named", async () => {
  const { context, player } = staged({ b: "away", c: { broken: true } });
  reported.mock.resetCalls();
  const over = player.play(clips("a", "b", "c", "d"));
  await turn();
  assert.deepEqual(context.started.map(({ name }) => name), ["a", "d"]);
  assert.deepEqual(reported.mock.calls.map(({ arguments: [, url] }) => url), ["b", "c"]);
  context.end();
  await over;
});

test("a call of which nothing can be had was not spoken", async () => {
  const { player } = staged({ a: "away", b: "away" });
  await assert.rejects(player.play(clips("a", "b")), /no clip/);
});

test("clips are fetched once, those that failed again", async () => {
  const files = { b: "away" };
  const { context, fetched, player } = staged(files);
  for (const _ of [1, 2]) {
    const over = player.play(clips("a", "b", "a"));
    await turn();
    context.end();
    await over;
    files.b = undefined;
  }
  assert.deepEqual(fetched, ["a", "b", "b"]);
});

test("a sound that stands still is noticed", async () => {
  const { player } = staged();
  const over = assert.rejects(player.play(clips("a", "b")), /stands still/);
  await turn();
  mock.timers.tick(1040 + 2000);
  await over;
});

test("stopping silences what is playing", async () => {
  const { context, player } = staged();
  const over = player.play(clips("a", "b"));
  await turn();
  player.stop();
  await over;
  assert.deepEqual(context.started.map(({ source }) => source.stopped), [true, true]);
});

test("stopping while the clips are on their way lets nothing sound later", async () => {
  const { context, player } = staged();
  const over = assert.rejects(player.play(clips("a")), /stopped/);
  player.stop();
  await over;
  assert.deepEqual(context.started, []);
});

test("decoded clips are kept for a set, not for ever", async () => {
  const { context, player } = staged();
  for (let n = 0; n < 210; n++) {
    const over = player.play(clips(`c${n}`));
    await turn();
    context.end();
    await over;
  }
  assert.equal(player.buffers.size, 200);
});
