import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./pages.js";

// The module reads its document once, so each document gets a copy of its own.
async function texts({ lang, zone, catalogue }) {
  const block = catalogue && { textContent: JSON.stringify(catalogue) };
  globalThis.document = { getElementById: () => block, documentElement: { lang, dataset: { zone } } };
  return page("/static/js/texts.js", `${lang}/${zone}/${catalogue ? "texts" : ""}`);
}

const EVENING = Date.UTC(2026, 10, 24, 16, 5);

test("a text is the catalogue's, with its facts filled in", async () => {
  const { t } = await texts({ lang: "zh-CN", catalogue: { "Window %(label)s": "%(label)s 号窗口" } });
  assert.equal(t("Window %(label)s", { label: "12a" }), "12a 号窗口");
});

test("a text without a translation is its English id, and a missing fact leaves no trace", async () => {
  const { t } = await texts({ lang: "en" });
  assert.equal(t("%(n)s before %(m)s", { n: 0 }), "0 before ");
});

test("a data text is said in the page's language, in Chinese where there is no English", async () => {
  const { said } = await texts({ lang: "en-GB" });
  assert.deepEqual([said({ zh: "左", en: "left" }), said({ zh: "左", en: "" }), said(null)], ["left", "左", ""]);
  assert.equal((await texts({ lang: "zh-CN" })).said({ zh: "左", en: "left" }), "左");
});

test("the clock is the hall's, not the browser's, and midnight is 00", async () => {
  const { clock, today } = await texts({ lang: "zh-CN", zone: "Asia/Shanghai" });
  assert.equal(clock(EVENING), "00:05");
  assert.match(today(EVENING), /2026年11月25日/);
  assert.equal((await texts({ lang: "zh-CN", zone: "Europe/Berlin" })).clock(EVENING), "17:05");
});

test("a hall without a zone reads Shanghai's clock", async () => {
  assert.equal((await texts({ lang: "en" })).clock(EVENING), "00:05");
});
