import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./pages.js";

const { found, next, words } = await page("/kiosk/static/js/letters.js");
const CARD = { search: ["jlk", "jinglaoka", "敬老卡"], name: { zh: "敬老卡", en: "Senior card" } };
const PERMIT = { search: ["jzz"], name: { zh: "居住证", en: "Residence permit" } };

test("a service is found by initials, by pinyin and by words of its English name", () => {
  for (const typed of ["j", "jl", "jlk", "jing", "senior", "ca"]) assert.ok(found([CARD, PERMIT], typed).includes(CARD), typed);
  assert.deepEqual(found([CARD, PERMIT], "jz"), [PERMIT]);
  assert.deepEqual(found([CARD, PERMIT], "x"), []);
});

test("Chinese words are no letters", () => assert.ok(!words(CARD).includes("敬老卡")));

test("only letters that lead somewhere are offered, and none after a whole word", () => {
  assert.deepEqual(next([CARD, PERMIT], ""), ["c", "j", "p", "r", "s"]);
  assert.deepEqual(next([CARD, PERMIT], "j"), ["i", "l", "z"]);
  assert.deepEqual(next([CARD, PERMIT], "jzz"), []);
});

test("whoever follows the letters that are offered finds every service", () => {
  for (const one of [CARD, PERMIT]) for (const word of words(one)) {
    for (let n = 0; n < word.length; n++) assert.ok(next([CARD, PERMIT], word.slice(0, n)).includes(word[n]));
  }
});
