// Card readers that a vendor's program serves on the kiosk's own machine. What differs between vendors is data: the
// address, and the path of the field that holds the number.
import { deliver } from "/kiosk/static/js/reading.js";

const PATIENCE_MS = 2000;
const AGAIN_MS = 2000;

// Follows one service of the hall's file: {url, card, code, every_ms, hello}. onState(true|false) says whether it is
// there. Returns a function that ends it.
export function followService(service, hear) {
  const once = new Once(service, hear);
  const state = changes(hear.onState ?? (() => {}));
  return service.url.startsWith("ws") ? socket(service, once, state) : poll(service, once, state);
}

// "data.cards.0.number" in an answer; "" when it is not there.
export function pick(answer, path) {
  const value = path.split(".").reduce((part, name) => part?.[name], answer);
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

// A card that stays on the reader is read once; lifted and put down again, once more.
class Once {
  constructor({ card, code }, hear) {
    Object.assign(this, { paths: [card, code].filter(Boolean), hear, last: "" });
  }

  see(answer) {
    const text = this.paths.map((path) => pick(answer, path)).find(Boolean) ?? "";
    if (text && text !== this.last) deliver(text, this.hear);
    this.last = text;
  }
}

function changes(tell) {
  let was = null;
  return (now) => {
    if (now !== was) tell((was = now));
  };
}

function poll({ url, every_ms }, once, state) {
  let timer = 0;
  let ended = false;
  async function ask() {
    try {
      const answer = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
      if (ended) return;
      once.see(answer.ok ? await answer.json() : null);
      state(answer.ok);
    } catch (error) {
      // Away, too slow, or not JSON: the reader is not there.
      if (!["TypeError", "SyntaxError", "TimeoutError", "AbortError"].includes(error.name)) throw error;
      state(false);
    } finally {
      if (!ended) timer = setTimeout(ask, every_ms);
    }
  }
  ask();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

function socket({ url, hello }, once, state) {
  let line = null;
  let timer = 0;
  let ended = false;
  function open() {
    line = new WebSocket(url);
    line.onopen = () => {
      state(true);
      if (hello) line.send(hello);
    };
    line.onmessage = ({ data }) => once.see(json(data));
    line.onclose = () => {
      state(false);
      once.last = "";
      if (!ended) timer = setTimeout(open, AGAIN_MS);
    };
  }
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    line.close();
  };
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null; // a greeting, a heartbeat
    throw error;
  }
}
