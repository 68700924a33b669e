// The hall at a glance: everything that happens is told by the journal, waits and screens are asked for now and then.
import { first, newest, post, Problem } from "/static/js/api.js";
import { $, update } from "/static/js/dom.js";
import { follow } from "/static/js/live.js";
import { clock, t } from "/static/js/texts.js";
import { alarms } from "/office/static/js/alarms.js";
import { hallButtons, lineChoices, windowChoices } from "/office/static/js/actions.js";
import { lineRow, machineRows, windowRow } from "/office/static/js/rows.js";

const root = document.documentElement;
const path = `/api/v1/halls/${root.dataset.hall}`;
const ASK_MS = 10000;
const desk = { path, may: "mayConfigure" in root.dataset, tables: {}, counts: {}, hall: await first("/office/state", say), again, say };

function say(text, kind = "bad") {
  $("#message").textContent = text;
  $("#message").className = `message ${kind}`;
  $("#message").hidden = !text;
}

function paint() {
  const { hall, tables, counts } = desk;
  const now = live.now();
  update($("#windows"), hall.order.windows.map((id) => windowRow(desk, id, now, () => windowChoices(desk, id))));
  update($("#lines"), hall.order.lines.map((id) => lineRow(desk, id, counts[id] ?? 0, now, () => lineChoices(desk, id))));
  update($("#machines"), machineRows(desk, now));
  $("#machines-title").hidden = !$("#machines").children.length;
  update($("#alarms"), alarms(hall, tables.notes ?? {}, tables.help ?? {}, answer));
  update($("#hall"), hallButtons(desk));
  $("#clock").textContent = clock(now);
}

const answer = (kind, name) => send({
  alarm: () => post(`${path}/alarms/seen`, { name }),
  help: () => post(`${path}/windows/${name.split("/")[1]}/help/answer`),
  kiosk: () => post(`${path}/help/${name}/answer`),
}[kind], "");
desk.reload = (display, name) => send(() => post(`${path}/displays/reload`, { display }), t("%(name)s loads its page again, if it is connected.", { name }));

async function send(run, done) {
  try {
    await run();
    say(done, "info");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error.message);
  }
}

const read = newest((hall) => {
  desk.hall = hall;
  paint();
});
async function again() {
  try {
    await read("/office/state");
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the page says itself that it is not live
  }
}

const live = follow({
  room: `${root.dataset.hall}/office`,
  onChange(state, news) {
    desk.tables = state.tables;
    desk.counts = state.counts;
    paint();
    if (news === null) again(); // a new snapshot: the description may have changed
  },
  onFresh(from) {
    $("#fresh").textContent = from === null ? "" : t("Not live since %(time)s", { time: clock(from) });
  },
  onProblem: (problem) => say(problem.detail),
});
setInterval(again, ASK_MS);
paint();
