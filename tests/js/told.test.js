import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./pages.js";

globalThis.document = { getElementById: () => null, documentElement: { lang: "zh-CN", dataset: {} } };
const { told } = await page("/display/static/js/told.js");
const LINES = { social: { letter: "B", order: 1, name: { zh: "社保", en: "Social" } }, medical: { letter: "A", order: 0, name: { zh: "医保", en: "" } } };
const all = () => true;

test("a closed hall is told in both languages, then what is paused in the order of the lines", () => {
  const closed = { hall: { zh: "停电", en: "No power", until: 10 } };
  const paused = { social: { zh: "系统故障", en: "", until: 10 }, medical: { zh: "缺纸", en: "No paper", until: 10 } };
  assert.deepEqual(told({ closed, paused, lines: LINES }, all, 9), [
    ["zh-CN", "停电"], ["en", "No power"],
    ["zh-CN", "A 医保 · 缺纸"], ["en", "A 医保 · No paper"], ["zh-CN", "B 社保 · 系统故障"],
  ]);
});

test("what was told for yesterday is told no more, and nothing is told of lines that are not shown or not there", () => {
  const row = { zh: "停电", en: "", until: 10 };
  assert.deepEqual(told({ closed: { hall: row }, paused: { social: row }, lines: LINES }, all, 10), []);
  assert.deepEqual(told({ paused: { social: row, gone: row }, lines: LINES }, (id) => id === "medical", 9), []);
  assert.deepEqual(told({}, all, 9), [], "a state that was kept before there were such rows");
});
