import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./pages.js";

const { part } = await page("/display/static/js/part.js");
const CALL = { window: "w3", number: "B005" };

test("a screen of the hall shows every call and counts every line", () => {
  const all = part({ windows: "", letters: "", lines: "" });
  assert.ok(all.shows(CALL) && all.counts("social"));
});

test("a screen of some windows shows their calls whatever the line", () => {
  const some = part({ windows: "w3,w4", letters: "", lines: "social" });
  assert.deepEqual([some.shows(CALL), some.shows({ ...CALL, window: "w30" }), some.counts("social"), some.counts("medical")], [true, false, true, false]);
});

test("a screen of some lines shows their calls whatever the window", () => {
  const some = part({ windows: "", letters: "AB", lines: "social,medical" });
  assert.deepEqual([some.shows(CALL), some.shows({ ...CALL, number: "C001" })], [true, false]);
});
