import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mock, test } from "node:test";
import { page } from "./pages.js";

globalThis.document = { querySelector: () => null, getElementById: () => null, documentElement: { lang: "en", dataset: {} } };
const { shiftAbout } = await page("/display/static/js/slow.js");
const STYLE = readFileSync(new URL("../../display/static/css/display.css", import.meta.url), "utf8");
const MINUTE = 60000;

test("the picture moves every minute, by little, in the whole of a small square, and comes round", () => {
  mock.timers.enable({ apis: ["setInterval"] });
  const now = new Map();
  shiftAbout({ style: { setProperty: (name, value) => now.set(name, value) } });
  mock.timers.tick(MINUTE - 1);
  assert.equal(now.size, 0);
  mock.timers.tick(1);
  const seen = [];
  for (let n = 0; n < 24; n++) {
    seen.push([...now.values()].join(" "));
    mock.timers.tick(MINUTE);
  }
  mock.timers.reset();
  const round = new Set(seen);
  assert.equal(round.size, 8);
  for (let n = 1; n < seen.length; n++) assert.notEqual(seen[n], seen[n - 1]);
  assert.deepEqual(seen.slice(8), seen.slice(0, -8));
  const pixels = [...round].flatMap((one) => one.split(" ").map((text) => Number(/^(-?\d+)px$/.exec(text)[1])));
  assert.ok(pixels.every((one) => Math.abs(one) <= 3));
  for (const axis of [0, 1]) assert.ok(new Set(pixels.filter((_, n) => n % 2 === axis)).size > 3, "no edge stays where it was");
});

test("what moves is what the style sheet moves", () => {
  for (const name of ["--dx", "--dy"]) assert.match(STYLE, new RegExp(`translate\\([^;]*var\\(${name}, 0\\)`));
});
