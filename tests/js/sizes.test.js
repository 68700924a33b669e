import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./pages.js";

const { fontFor, layout } = await page("/display/static/js/sizes.js");

const FULL_HD = { width: 1920, height: 1080 };

test("a number read from 10 m on a 55-inch screen of 1080 lines needs 263 px, in two rows", () => {
  const { big, rows } = layout({ ...FULL_HD, inches: 55, metres: 10 });
  assert.equal(Math.ceil(big), 263);
  assert.equal(rows, 2);
});

test("letters grow with the distance and shrink with the screen's size", () => {
  const near = fontFor(5, { ...FULL_HD, inches: 55 });
  assert.ok(Math.abs(fontFor(10, { ...FULL_HD, inches: 55 }) / near - 2) < 1e-9);
  assert.ok(Math.abs(fontFor(5, { ...FULL_HD, inches: 110 }) / near - 0.5) < 1e-9);
});

test("twice the pixels make letters twice as many pixels high and the rows no more", () => {
  const hd = layout({ ...FULL_HD, inches: 55, metres: 8 });
  const uhd = layout({ width: 3840, height: 2160, inches: 55, metres: 8 });
  assert.ok(Math.abs(uhd.big / hd.big - 2) < 1e-9);
  assert.equal(uhd.rows, hd.rows);
});

test("rows and strip fit the screen's height, whatever its size, unless one row alone is too high", () => {
  for (let inches = 20; inches <= 120; inches += 5) {
    for (let metres = 1; metres <= 30; metres += 1) {
      const { big, small, rows } = layout({ ...FULL_HD, inches, metres });
      assert.ok(rows === 1 || rows * (big + small * 1.3) + small * 1.4 <= 1080, `${inches} inches, ${metres} m`);
      assert.ok(small <= big);
    }
  }
});

test("a screen too small for its distance still has one row", () => {
  assert.equal(layout({ ...FULL_HD, inches: 20, metres: 30 }).rows, 1);
});

test("what a manager tells takes no row of calls from a usual screen", () => {
  const screen = { ...FULL_HD, inches: 55, metres: 10 };
  assert.equal(layout({ ...screen, told: true }).rows, layout(screen).rows);
});
