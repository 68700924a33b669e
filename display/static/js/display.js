// The hall screen: rows of current calls, recent calls, counts, clock; and whether all that is true.
import { post, Problem } from "/static/js/api.js";
import { $, el } from "/static/js/dom.js";
import { follow } from "/static/js/live.js";
import { compareIds } from "/static/js/live_state.js";
import { clock, said, t } from "/static/js/texts.js";
import { Announcer } from "/display/static/js/announcer.js";
import { Bar } from "/display/static/js/bar.js";
import { layout } from "/display/static/js/sizes.js";

const { hall, inches, metres } = document.documentElement.dataset;
const acknowledges = "acknowledges" in document.documentElement.dataset;
const FLASH_MS = 1600;
const PAGE_MS = 6000;

let rows = 2;
let page = 0;

function measure() {
  const size = { width: window.innerWidth, height: window.innerHeight, inches: Number(inches), metres: Number(metres) };
  const { big, small, rows: count } = layout(size);
  document.documentElement.style.setProperty("--big", `${big}px`);
  document.documentElement.style.setProperty("--small", `${small}px`);
  document.documentElement.style.setProperty("--rows", count);
  rows = count;
}

const current = () =>
  Object.entries(live.state.tables.current ?? {}).sort(([a, x], [b, y]) => y.at - x.at || (a < b ? 1 : -1));
const windowOf = (row) => live.state.tables.windows[row.window] ?? { label: row.window };

function bigRow([id, row]) {
  const place = windowOf(row);
  return el("li", { "data-ticket": id },
    el("span", { class: "number" }, row.number),
    el("span", { class: "arrow", "aria-label": t("to window") }, "→"),
    el("span", { class: "place" }, el("span", { class: "window" }, place.label),
      el("span", { class: "hint" }, said(place.direction) || t("window"))));
}

function paint() {
  const all = current();
  page = Math.min(page, Math.max(0, Math.ceil(all.length / rows) - 1));
  const flashing = $("#rows .flash")?.dataset.ticket;
  $("#rows").replaceChildren(...all.slice(page * rows, (page + 1) * rows).map(bigRow));
  if (flashing) $(`#rows [data-ticket="${flashing}"]`)?.classList.add("flash");
  $("#empty").hidden = all.length > 0;
  const rings = Object.entries(live.state.tables.recent ?? {}).sort(([a], [b]) => compareIds(b, a));
  $("#recent").replaceChildren(...rings.map(([id, ring]) =>
    el("li", { "data-ring": id }, el("span", {}, ring.number), el("span", {}, "→"), el("span", {}, windowOf(ring).label))));
  bar.set(live.state.tables.lines ?? {}, live.state.counts);
}

// Brings a ring's row into view and flashes it twice, slower than three times a second.
function flash(ring) {
  const index = current().findIndex(([id]) => id === ring.ticket);
  if (index < 0) return Promise.resolve();
  page = Math.floor(index / rows);
  paint();
  const row = $(`#rows [data-ticket="${ring.ticket}"]`);
  row.classList.add("flash");
  return new Promise((done) => setTimeout(() => {
    $(`#rows [data-ticket="${ring.ticket}"]`)?.classList.remove("flash");
    done();
  }, FLASH_MS));
}

async function chime() {
  const sound = $("#chime");
  try {
    sound.currentTime = 0;
    await sound.play();
    $("#blocked").hidden = true;
  } catch {
    $("#blocked").hidden = false; // the browser wants a touch first
  }
}

async function shown(ring) {
  if (!acknowledges) return;
  try {
    await post(`/api/v1/halls/${hall}/shown`, { ticket: ring.ticket, calls: ring.calls });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.warn("not acknowledged", error.code);
  }
}

const announcer = new Announcer({ flash, chime, shown });
const bar = new Bar($("#bar"));
measure();
const live = follow({
  room: `${hall}/board`,
  device: "display",
  onChange(_, news) {
    paint();
    const rings = (news ?? []).flatMap((message) => message.put ?? []).filter(([table]) => table === "recent");
    if (rings.length) page = 0;
    announcer.add(rings.map(([, , ring]) => ring));
  },
  onFresh(since) {
    $("#stale").hidden = since === null;
    $("#stale").textContent = since === null ? "" : t("Not live since %(time)s. Please listen to the staff.", { time: clock(since) });
  },
  onProblem(problem) {
    $("#stale").hidden = false;
    $("#stale").textContent = problem.detail;
  },
});

$("#blocked").addEventListener("click", chime);
window.addEventListener("resize", () => (measure(), paint()));
setInterval(() => ($("#clock").textContent = clock(live.now())), 500);
setInterval(() => {
  if (announcer.busy || current().length <= rows) return;
  page = (page + 1) % Math.ceil(current().length / rows);
  paint();
}, PAGE_MS);
