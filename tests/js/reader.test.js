import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { beforeEach, mock, test } from "node:test";
import { page } from "./pages.js";

const { listen, CHANNEL } = await page("/kiosk/static/js/reader.js");
const { reading } = await page("/kiosk/static/js/reading.js");
const { followService, pick } = await page("/kiosk/static/js/local_reader.js");

const CARD = "31010719400101001X";
const TOKEN = "changshou.0000000123.AAAAAAAAAAAAAAAAAAAAAA";

// A key as a browser tells of it, with the time a test says.
class Key extends Event {
  constructor(type, { at = 0, key = "", bubbles = true, cancelable = true, composed = true, ...more }) {
    super(type, { bubbles, cancelable, composed });
    Object.defineProperty(this, "timeStamp", { value: at, configurable: true });
    Object.assign(this, { key, code: "", location: 0, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false });
    Object.assign(this, { repeat: false, isComposing: false, ...more });
  }
}

// A window with one focused field or button: what is typed arrives in `value`, Enter on a button in `pressed`.
class Focused extends EventTarget {
  constructor(tagName) {
    super();
    Object.assign(this, { tagName, value: "", pressed: 0, seen: [], at: 0, read: [] });
    this.ownerDocument = { execCommand: (_, __, text) => (this.value += text) };
    this.root = new EventTarget();
    this.end = listen({
      root: this.root,
      onCard: (number) => this.read.push(["card", number]),
      onCode: (code) => this.read.push([code.kind, code.text]),
      onUnknown: (text) => this.read.push(["unknown", text]),
    });
  }

  // The capturing listener first, then the element's own, then what the browser does by itself.
  press(key, gap, more = {}) {
    if (gap > 0) mock.timers.tick(gap);
    this.at += gap;
    const event = new Key("keydown", { key, at: this.at, ...more });
    Object.defineProperty(event, "target", { value: this, configurable: true });
    let stopped = false;
    const stop = event.stopImmediatePropagation.bind(event);
    event.stopImmediatePropagation = () => ((stopped = true), stop());
    this.root.dispatchEvent(event);
    if (stopped || event.defaultPrevented) return;
    this.seen.push(key);
    if (this.tagName === "BUTTON") this.pressed += key === "Enter" || key === " ";
    else if ([...key].length === 1) this.value += key;
  }

  // A key that is passed on later is told to the element.
  dispatchEvent(event) {
    this.seen.push(event.key);
    return true;
  }

  type(text, gap, end = "Enter") {
    for (const [n, char] of [...text].entries()) this.press(char, n ? gap : 1000);
    if (end) this.press(end, gap);
  }
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});
const later = () => mock.timers.tick(1000);

test("a card's burst is one card, and no digit of it gets into the focused field", () => {
  const field = new Focused("INPUT");
  field.type(CARD, 12);
  later();
  assert.deepEqual(field.read, [["card", CARD]]);
  assert.deepEqual([field.value, field.seen], ["", []]);
});

test("the Enter of a card presses no focused button, nor does the second one of CR and LF", () => {
  const button = new Focused("BUTTON");
  button.type(CARD, 12);
  button.press("Enter", 12);
  assert.deepEqual([button.pressed, button.read.length], [0, 1]);
  button.press("Enter", 500);
  assert.equal(button.pressed, 1);
});

test("what a person types arrives whole, in order, and can be sent with Enter", () => {
  const field = new Focused("INPUT");
  field.type("310107", 140);
  later();
  assert.deepEqual([field.value, field.read], ["310107", []]);
  assert.equal(field.seen.at(-1), "Enter");
});

test("eighteen digits typed by hand are not a card", () => {
  const field = new Focused("INPUT");
  field.type(CARD, 110);
  assert.deepEqual([field.value, field.read], [CARD, []]);
});

test("a few fast keys of a person are typed, not swallowed", () => {
  const field = new Focused("INPUT");
  field.type("1234567", 20);
  assert.deepEqual([field.value, field.read], ["1234567", []]);
});

test("a single key on a button reaches the page's own shortcuts", () => {
  const button = new Focused("BUTTON");
  button.type("7", 0, "");
  later();
  assert.deepEqual(button.seen, ["7"]);
});

test("Enter and space on a button work at once", () => {
  const button = new Focused("BUTTON");
  button.press("Enter", 1000);
  button.press(" ", 1000);
  assert.equal(button.pressed, 2);
});

test("a reader that stutters once is still a reader", () => {
  const field = new Focused("INPUT");
  for (const [n, char] of [...CARD].entries()) field.press(char, n === 9 ? 140 : 30);
  field.press("Enter", 30);
  assert.deepEqual([field.read, field.value], [[["card", CARD]], ""]);
});

test("a card without an Enter is taken when the burst has ended", () => {
  const field = new Focused("INPUT");
  field.type(CARD, 10, "");
  assert.deepEqual(field.read, []);
  later();
  assert.deepEqual([field.read, field.value], [[["card", CARD]], ""]);
});

test("keys before a pause are not part of the card that follows", () => {
  const field = new Focused("INPUT");
  field.type("12", 100, "");
  field.type(CARD, 10);
  assert.deepEqual([field.value, field.read], ["12", [["card", CARD]]]);
});

test("shift keys inside a burst do not break it", () => {
  const field = new Focused("INPUT");
  for (const char of "sanban:services:relief,senior-card") {
    if (char === ":") field.press("Shift", 5);
    field.press(char, 5);
  }
  field.press("Enter", 5);
  assert.deepEqual(field.read, [["services", "relief,senior-card"]]);
});

test("input methods, held keys and shortcuts are left alone", () => {
  const field = new Focused("INPUT");
  for (const more of [{ isComposing: true }, { repeat: true }, { ctrlKey: true }, { altKey: true }, { metaKey: true }])
    field.press("5", 10, more);
  assert.equal(field.seen.length, 5);
});

test("two cards one after the other are two cards", () => {
  const field = new Focused("INPUT");
  field.type(CARD, 12);
  field.type("310107195002280024", 12);
  assert.deepEqual(field.read.map(([kind]) => kind), ["card", "card"]);
});

test("a field that may not be written stays as it is", () => {
  const field = Object.assign(new Focused("INPUT"), { readOnly: true });
  field.type("12", 100, "");
  later();
  assert.equal(field.value, "");
});

test("after the end keys are the page's again", () => {
  const field = new Focused("INPUT");
  field.end();
  field.type(CARD, 10);
  assert.deepEqual([field.value, field.read], [CARD, []]);
});

for (const [text, kind, found] of [
  [CARD, "card", CARD],
  [CARD.toLowerCase(), "card", CARD],
  ["３１０１０７１９４００１０１００１Ｘ", "card", CARD],
  ["310107400101001", "card", "310107400101001"],
  ["12345678", "desk", "12345678"],
  ["sanban:services:senior-card", "services", "senior-card"],
  [`sanban:ticket:${TOKEN}`, "ticket", TOKEN],
  [`https://hall.example.org/queue/t/${TOKEN}`, "ticket", TOKEN],
  ["https://hall.example.org/appointments/abc", "link", "https://hall.example.org/appointments/abc"],
  ["123456789", "unknown", "123456789"],
  ["sanban:services:", "unknown", "sanban:services:"],
  ["javascript:alert(1)", "unknown", "javascript:alert(1)"],
])
  test(`${text} is read as ${kind}`, () => {
    const read = reading(text);
    const code = read?.card ? ["card", read.card] : read ? [read.code.kind, read.code.text] : ["unknown", text];
    assert.deepEqual(code, [kind, found]);
  });

test("the fake reader's channel is heard only where it may be", async () => {
  mock.timers.reset();
  const heard = [];
  const onCard = (number) => heard.push(number);
  const root = new EventTarget();
  const ends = [listen({ root, onCard }), listen({ root, onCard: (number) => heard.push(`fake ${number}`), fake: true })];
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(CARD);
  while (!heard.length) await new Promise((go) => setImmediate(go));
  assert.deepEqual(heard, [`fake ${CARD}`]);
  channel.close();
  ends.forEach((end) => end());
});

test("a field is found by its path", () => {
  const answer = { data: { cards: [{ number: ` ${CARD} ` }], count: 7, none: null } };
  assert.equal(pick(answer, "data.cards.0.number"), CARD);
  assert.equal(pick(answer, "data.count"), "7");
  for (const path of ["data.none", "data.nothing.there", "data.cards"]) assert.equal(pick(answer, path), "");
});

const hear = () => {
  const log = [];
  return { log, onCard: (number) => log.push(number), onCode: () => {}, onState: (there) => log.push(there) };
};
const until = async (condition) => {
  while (!condition()) await new Promise((go) => setTimeout(go, 5));
};

test("a service that is asked: a card that stays is read once, put down again it is read again", async () => {
  mock.timers.reset();
  const answers = [{}, { data: { id: CARD } }, { data: { id: CARD } }, { data: {} }, { data: { id: CARD } }];
  let asked = 0;
  const server = createServer((_, response) => response.end(JSON.stringify(answers[Math.min(asked++, 4)])));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const heard = hear();
  const end = followService({ url: `http://127.0.0.1:${server.address().port}/`, card: "data.id", code: "", every_ms: 5 }, heard);
  await until(() => asked > 6);
  end();
  server.closeAllConnections();
  server.close();
  assert.deepEqual(heard.log, [true, CARD, CARD]);
});

test("a service that answers nonsense or is away is said to be away", async () => {
  mock.timers.reset();
  const server = createServer((_, response) => response.end("<html>"));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const heard = hear();
  const end = followService({ url: `http://127.0.0.1:${server.address().port}/`, card: "id", code: "", every_ms: 5 }, heard);
  await until(() => heard.log.length);
  server.closeAllConnections();
  server.close();
  end();
  assert.deepEqual(heard.log, [false]);
});

test("a service that speaks by itself is greeted, understood, and missed when it goes", async () => {
  mock.timers.reset();
  const frame = (text) => Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);
  let greeted = "";
  let line = null;
  const server = createServer().on("upgrade", (request, wire) => {
    const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + guid).digest("base64");
    wire.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    line = wire;
    wire.on("data", (data) => {
      const mask = data.subarray(2, 6);
      greeted += data.subarray(6).map((byte, n) => byte ^ mask[n % 4]).toString();
      for (const text of ["hello", `{"id":"${CARD}"}`, `{"id":"${CARD}"}`]) wire.write(frame(text));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const heard = hear();
  const end = followService({ url: `ws://127.0.0.1:${server.address().port}/`, card: "id", code: "", hello: "read" }, heard);
  await until(() => heard.log.includes(CARD));
  line.destroy();
  await until(() => heard.log.includes(false));
  end();
  server.close();
  assert.equal(greeted, "read");
  assert.deepEqual(heard.log, [true, CARD, false]);
});
