// The hall screen: rows of current calls, recent calls, counts, clock; and whether all that is true.
import { post, Problem } from "/static/js/api.js";
import { $, el, update } from "/static/js/dom.js";
import { follow } from "/static/js/live.js";
import { compareIds } from "/static/js/live_state.js";
import { clock, said, t } from "/static/js/texts.js";
import { Announcer } from "/display/static/js/announcer.js";
import { Bar } from "/display/static/js/bar.js";
import { Kept, keepPage } from "/display/static/js/kept.js";
import { Outage } from "/display/static/js/outage.js";
import { part } from "/display/static/js/part.js";
import { fitRecent, fitRows, layout, trim } from "/display/static/js/sizes.js";
import { followSlow, shiftAbout } from "/display/static/js/slow.js";
import { Sound } from "/display/static/js/sound.js";
import { speakFor } from "/display/static/js/speak.js";
import { Told, told } from "/display/static/js/told.js";

const root = document.documentElement;
const { hall, id: device, inches, layout: kind, metres, soundZone } = root.dataset;
const mine = part(root.dataset);
const kept = new Kept(hall);
const before = kept.load();
const acknowledges = "acknowledges" in document.documentElement.dataset;
const FLASH_MS = 1600;
// A busy machine may take so long to draw what is to be seen.
const DRAW_MS = 3000;
const PAGE_MS = 6000;
// A call that is over already when it is announced is shown all the same, if it is not older than this.
const LATE_MS = 120000;

let rows = 2;
let page = 0;
// The ring that is being announced though its ticket has left the window.
let late = null;
let flashing = null;
// The last ring that was announced, or was there before anybody looked here.
let heard = null;

function measure() {
  const size = { width: window.innerWidth, height: window.innerHeight, inches: Number(inches), metres: Number(metres), told: !$("#told").hidden };
  const { big, small, hint, rows: count } = layout(size);
  document.documentElement.style.setProperty("--big", `${big}px`);
  document.documentElement.style.setProperty("--small", `${small}px`);
  document.documentElement.style.setProperty("--hint", `${hint}px`);
  rows = kind === "window" ? 1 : count;
  document.documentElement.style.setProperty("--rows", rows);
}

function current() {
  const all = Object.entries(live.state.tables.current ?? {}).filter(([, row]) => mine.shows(row)).sort(([a, x], [b, y]) => y.at - x.at || (a < b ? 1 : -1));
  return late ? [[late.ticket, late], ...all.filter(([id]) => id !== late.ticket)] : all;
}
const windowOf = (row) => live.state.tables.windows[row.window] ?? { label: row.window };

function bigRow([id, row]) {
  const place = windowOf(row);
  return el("li", { "data-key": id, "data-ticket": id, class: flashing === id ? "flash" : null },
    el("span", { class: "number" }, row.number),
    el("span", { class: "arrow", role: "img", "aria-label": t("to window") }),
    el("span", { class: "place" }, el("span", { class: "window" }, place.label),
      el("span", { class: "hint" }, said(place.direction) || t("window"))));
}

function recentRow([id, ring]) {
  return el("li", { "data-key": id, "data-ring": id },
    el("span", {}, ring.number), el("span", { class: "to", "aria-hidden": "true" }, "→"), el("span", { class: "window" }, windowOf(ring).label));
}

// The last ring of every ticket, newest first.
function recent() {
  const rings = Object.entries(live.state.tables.recent ?? {}).filter(([, ring]) => mine.shows(ring)).sort(([a], [b]) => compareIds(b, a));
  return rings.filter(([, ring], n) => rings.findIndex(([, one]) => one.ticket === ring.ticket) === n);
}

function paint() {
  const all = current();
  // Calls that arrive meanwhile do not push the one that is being announced out of sight.
  const announced = all.findIndex(([id]) => id === flashing);
  page = announced < 0 ? Math.min(page, Math.max(0, Math.ceil(all.length / rows) - 1)) : Math.floor(announced / rows);
  update($("#rows"), all.slice(page * rows, (page + 1) * rows).map(bigRow));
  fitRows($("#rows"));
  $("#empty").hidden = all.length > 0;
  update($("#recent"), recent().map(recentRow));
  fitRecent($("#recent"));
  trim($("#recent"));
  const lines = Object.entries(live.state.tables.lines ?? {}).filter(([id]) => mine.counts(id));
  bar.set(Object.fromEntries(lines), live.state.counts);
  above.follow(() => told(live.state.tables, mine.counts, live.now()));
}

const heardBefore = () => (before && live.now() - before.at < LATE_MS ? kept.heard() : null);
const isCurrent = (ring) => ring.ticket in (live.state.tables.current ?? {});

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Brings a ring's row into view and flashes it twice, slower than three times a second.
async function flash(ring) {
  late = isCurrent(ring) ? null : ring;
  flashing = null;
  paint();
  flashing = ring.ticket;
  paint();
  await Promise.race([new Promise(requestAnimationFrame), sleep(DRAW_MS)]);
  await sleep(FLASH_MS);
  late = flashing = null;
  paint();
}

async function shown(ring) {
  if (!acknowledges || !isCurrent(ring)) return;
  try {
    await post(`/api/v1/halls/${hall}/shown`, { ticket: ring.ticket, calls: ring.calls });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.warn("not acknowledged", error.code);
  }
}

// Rings to be announced: each once, whether it came as a message or with a later snapshot. Those that rang
// before the page was opened are not, but for those of the moment in which it was loaded again.
function news(snapshot) {
  const rings = Object.entries(live.state.tables.recent ?? {}).sort(([a], [b]) => compareIds(a, b));
  heard ??= heardBefore();
  const newest = rings.at(-1)?.[0] ?? heard ?? "0-0";
  const fresh = heard === null ? [] : rings.filter(([id]) => compareIds(id, heard) > 0).map(([, ring]) => ring);
  // After a restore the ids may be smaller than those already heard.
  if (heard === null || snapshot || compareIds(newest, heard) > 0) heard = newest;
  kept.hear(heard);
  return fresh.filter((ring) => mine.shows(ring) && (isCurrent(ring) || live.now() - ring.at < LATE_MS));
}

const sound = new Sound($("#chime"), $("#blocked"));
// Where the hall speaks, the chime comes with the words, from the display whose turn it is.
const voice = soundZone !== undefined ? speakFor(hall, soundZone, sound.context) : null;
const announcer = new Announcer({ flash, chime: () => (voice?.on ? null : sound.ring()), shown });
const bar = new Bar($("#bar"));
const above = new Told($("#told"), () => (measure(), paint()));
measure();
// Whether the server has said anything since the page was opened.
let answered = false;
const tell = (span) => post(`/api/v1/halls/${hall}/displays/stale`, span);
const outage = acknowledges ? new Outage({ kept, now: () => live.now(), tell }) : null;
const askSlow = followSlow(slow);
const live = follow({
  room: `${hall}/board`,
  device: "display",
  onChange(state, messages) {
    if (messages?.some(({ reload }) => reload === "*" || (reload && reload === device))) return location.reload();
    if (!answered) {
      alarm("");
      outage?.opened(performance.now(), before !== null);
    }
    answered = true;
    // A whole new state may mean another description: notice and promise are not in it.
    if (messages === null) askSlow();
    kept.save(state, live.now());
    paint();
    const rings = news(messages === null);
    announcer.add(rings);
    if (rings.length || messages === null) voice?.hint();
  },
  onFresh(since) {
    if (answered) since === null ? outage?.over() : outage?.from(since);
    alarm(since === null ? "" : t("Not live since %(time)s. Please listen to the staff.", { time: clock(since) }));
  },
  onProblem(problem) {
    if (answered) outage?.from(live.now());
    alarm(problem.detail);
  },
});

function alarm(text) {
  $("#stale").hidden = !text;
  $("#stale").textContent = text;
}

// Until the server answers, what was there before the reload; nothing of it is announced again.
if (before && !answered) {
  Object.assign(live.state, { tables: before.tables, counts: before.counts });
  alarm(t("Not live since %(time)s. Please listen to the staff.", { time: clock(before.at) }));
  paint();
}

function slow(state) {
  const { night } = state;
  bar.tell(state);
  root.classList.toggle("night", night && current().length === 0);
  $("#night").hidden = !root.classList.contains("night");
}

function tick() {
  const text = clock(live.now());
  for (const name of ["#clock", "#night"]) if ($(name)) $(name).textContent = text;
}
window.addEventListener("resize", () => (measure(), paint()));
setInterval(tick, 500);
setInterval(() => {
  if (announcer.busy || current().length <= rows) return;
  page = (page + 1) % Math.ceil(current().length / rows);
  paint();
}, PAGE_MS);
tick();
shiftAbout(root);
keepPage().catch((error) => console.warn("not kept", error));
