import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { page } from "./pages.js";

let now = 0;
const clicks = {};
const listens = (where) => ({ addEventListener: (name, handler) => (clicks[where + name] = handler) });
globalThis.document = { getElementById: () => null, documentElement: { lang: "en", dataset: {} }, ...listens("") };
mock.method(performance, "now", () => now);
const { Idle } = await page("/kiosk/static/js/idle.js");

let homes, warning, text, idle, focused, modes;
beforeEach(() => {
  mock.timers.enable({ apis: ["setInterval"] });
  [now, homes, focused, warning, text, modes] = [0, 0, 0, { hidden: true, parentElement: { querySelectorAll: () => [] } }, { textContent: "" }, { usual: true }];
  idle = new Idle({ warning, text, stay: { ...listens("stay"), focus: () => focused++ }, home: () => homes++, modes });
});
afterEach(() => mock.timers.reset());

function pass(seconds) {
  for (let n = 0; n < seconds * 4; n++) {
    now += 250;
    mock.timers.tick(250);
  }
}

test("a page is left after a minute, with a warning twenty seconds before", () => {
  idle.restart("materials");
  pass(40);
  assert.equal(warning.hidden, true);
  pass(0.25);
  assert.deepEqual([warning.hidden, text.textContent], [false, "This page closes in 20 seconds."]);
  pass(10);
  assert.deepEqual([text.textContent, focused], ["This page closes in 10 seconds.", 1]);
  pass(9.5);
  assert.equal(homes, 0);
  pass(0.25);
  assert.deepEqual([homes, warning.hidden], [1, true]);
  pass(300);
  assert.equal(homes, 1);
});

test("a touch before the warning begins the minute again", () => {
  idle.restart("line");
  pass(35);
  clicks.pointerdown();
  pass(39);
  assert.deepEqual([homes, warning.hidden], [0, true]);
});

test("while the warning stands, only its button keeps the page", () => {
  idle.restart("line");
  pass(45);
  clicks.pointerdown();
  clicks.keydown();
  assert.equal(warning.hidden, false);
  clicks.stayclick();
  assert.equal(warning.hidden, true);
  pass(39);
  assert.equal(homes, 0);
});

test("the number stays half a minute and is left without a warning", () => {
  idle.restart("number");
  pass(29.75);
  assert.deepEqual([homes, warning.hidden], [0, true]);
  pass(0.25);
  assert.equal(homes, 1);
});

test("pages where nothing was begun are never left", () => {
  for (const name of ["home", "closed", "away"]) {
    idle.restart(name);
    pass(3600);
    assert.deepEqual([homes, warning.hidden], [0, true]);
  }
});

test("large letters of the last visitor do not stay on the start page", () => {
  modes.usual = false;
  idle.restart("home");
  pass(59.75);
  assert.deepEqual([homes, warning.hidden], [0, true]);
  pass(0.25);
  assert.equal(homes, 1);
});
