// A reader that acts as a keyboard: a card is a burst of keys that ends with Enter. Keys are held back until it is clear
// whether a person types or a reader does, so that no digit of a card gets into a field and its Enter presses nothing.
// What a person typed is passed on, a moment later.
import { deliver } from "/kiosk/static/js/reading.js";

export const CHANNEL = "sanban-reader";
const MEAN_MS = 80; // over the whole burst; nobody types eight keys so fast
const HOLD_MS = 150; // a pause this long ends a burst: readers stutter, so one gap may be longer than the mean
const SHORTEST = 8;
const MODIFIERS = ["Shift", "CapsLock", "NumLock", "Control", "Alt", "Meta"];
const KEYDOWN = ["key", "code", "location", "shiftKey", "bubbles", "cancelable", "composed"];

// Calls onCard(number) and onCode({kind, text}); onUnknown(text) for a burst that is neither. `fake`: hear the fake
// reader's page, too. Returns a function that ends it.
export function listen({ onCard, onCode, onUnknown, fake = false, root = window }) {
  const hear = { onCard, onCode, onUnknown };
  const replayed = new WeakSet();
  let held = [];
  let timer = 0;
  let quietUntil = -Infinity;

  function keydown(event) {
    if (replayed.has(event) || MODIFIERS.includes(event.key)) return;
    if (held.length && event.timeStamp - held.at(-1).at > HOLD_MS) release();
    if (event.key === "Enter") enter(event);
    else if (holdable(event)) hold(event);
    else release();
  }

  function hold(event) {
    stop(event);
    held.push({ char: event.key, at: event.timeStamp, target: event.target, event });
    clearTimeout(timer);
    timer = setTimeout(pause, HOLD_MS);
  }

  // Some readers send no Enter; a whole card in that time can only be a card.
  function pause() {
    if (isBurst(held) && held.length >= 15) take();
    else release();
  }

  function enter(event) {
    if (isBurst(held)) {
      quietUntil = event.timeStamp + HOLD_MS; // CR and LF come as two of them
      stop(event);
      take();
    } else if (held.length) release();
    else if (event.timeStamp < quietUntil) stop(event);
  }

  function take() {
    clearTimeout(timer);
    const text = held.map((key) => key.char).join("");
    held = [];
    deliver(text, hear);
  }

  function release() {
    clearTimeout(timer);
    const keys = held;
    held = [];
    for (const key of keys) replay(key);
  }

  function replay({ char, target, event }) {
    const again = new event.constructor("keydown", Object.fromEntries(KEYDOWN.map((name) => [name, event[name]])));
    replayed.add(again);
    if (target.dispatchEvent(again) && isEditable(target)) target.ownerDocument.execCommand("insertText", false, char);
  }

  const channel = fake ? new BroadcastChannel(CHANNEL) : null;
  if (channel) channel.onmessage = ({ data }) => deliver(String(data), hear);
  root.addEventListener("keydown", keydown, true);
  return () => {
    release();
    root.removeEventListener("keydown", keydown, true);
    channel?.close();
  };
}

function isBurst(keys) {
  if (keys.length < SHORTEST) return false;
  return (keys.at(-1).at - keys[0].at) / (keys.length - 1) < MEAN_MS;
}

// One visible character. Space presses buttons, and a key that is held down or belongs to an input method is a person's.
function holdable(event) {
  if (event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return false;
  return [...event.key].length === 1 && event.key !== " ";
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function isEditable(target) {
  return target.isContentEditable || (/^(input|textarea)$/i.test(target.tagName ?? "") && !target.readOnly && !target.disabled);
}
