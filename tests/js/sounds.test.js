import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { page } from "./pages.js";

const { soundOf } = await page("/kiosk/static/js/sounds.js");
const MADE = JSON.parse(readFileSync(new URL("../../kiosk/static/speech/made.json", import.meta.url)));
const PAGES = ["home", "services", "choose", "search", "priority", "appointment", "materials", "missing", "told", "number", "own", "help", "refused", "closed", "away"];
const desk = (name, chosen = {}, more = {}) => ({
  page: name, unpaired: false, chosen: { services: [], card: null, ticket: { state: "waiting" }, paper: "printing", helped: false, ...chosen },
  paperOut: () => false, helpWaits: () => true, ...more,
});

test("a page is said as it stands now", () => {
  const said = [
    [desk("home"), "home"],
    [desk("services", { card: "1" }), "services-card"],
    [desk("materials", { services: [{ materials: [] }] }), "materials-none"],
    [desk("materials", { services: [{ materials: [] }, { materials: [{}] }] }), "materials"],
    [desk("told"), "told"],
    [desk("told", { paper: "none" }), "told-unprinted"],
    [desk("told", {}, { paperOut: () => true }), "told-unprinted"],
    [desk("number", { paper: "printed" }), "number"],
    [desk("number", { paper: "none" }), "number-unprinted"],
    [desk("own", { ticket: { state: "missed" } }), "own-missed"],
    [desk("own", { ticket: { state: "expired" } }), "own-over"],
    [desk("help"), "help"],
    [desk("help", { helped: true }), "help-called"],
    [desk("help", { helped: true }, { helpWaits: () => false }), "help-coming"],
    [desk("away"), "away"],
    [desk("away", {}, { unpaired: true }), "unpaired"],
  ];
  for (const [one, sound] of said) assert.equal(soundOf(one), sound);
});

test("every page in every state has its sound, in both languages, and none is left over", () => {
  const states = ["waiting", "called", "serving", "parked", "missed", "done"];
  const all = PAGES.flatMap((name) => states.flatMap((state) => ["none", "printed"].flatMap((paper) => [false, true].flatMap((yes) => [false, true].map((also) =>
    soundOf(desk(name, { ticket: { state }, paper, helped: yes, card: yes, services: [{ materials: yes ? [{}] : [] }] },
      { unpaired: yes, helpWaits: () => also })))))));
  for (const language of ["zh", "en"]) assert.deepEqual([...new Set(all)].sort(), Object.keys(MADE[language]).sort());
});
