import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./pages.js";

globalThis.document = { getElementById: () => null, querySelector: () => null, documentElement: { lang: "en", dataset: {} } };
const { distance, told } = await page("/static/js/nearby.js");

test("the distance between two places is the one on the globe", () => {
  const km = distance({ lat: 31.2424, lon: 121.4316 }, { lat: 31.2304, lon: 121.4737 });
  assert.ok(Math.abs(km - 4.22) < 0.05, `${km}`);
  assert.equal(distance({ lat: 31, lon: 121 }, { lat: 31, lon: 121 }), 0);
  assert.ok(Math.abs(distance({ lat: 0, lon: 179.5 }, { lat: 0, lon: -179.5 }) - 111.2) < 0.2, "over the date line");
});

test("far places need no decimals", () => assert.deepEqual([told(0.84), told(12.4)], ["0.8 km", "12 km"]));
