// The clerk's page: what the live state says, and the keys.
import { first, newest, Problem } from "/static/js/api.js";
import { $, el, update } from "/static/js/dom.js";
import { follow } from "/static/js/live.js";
import { clock, t } from "/static/js/texts.js";
import { legal } from "/console/static/js/actions.js";
import { asking } from "/console/static/js/asking.js";
import { choose, takeOver } from "/console/static/js/choose.js";
import * as forms from "/console/static/js/forms.js";
import { give } from "/console/static/js/give.js";
import { paintHelp } from "/console/static/js/help.js";
import { keys } from "/console/static/js/keys.js";
import { lists } from "/console/static/js/lists.js";
import { Note } from "/console/static/js/note.js";
import { ahead, extras, nobody, serving, since } from "/console/static/js/now.js";
import { Told } from "/console/static/js/told.js";
import { paintUndo } from "/console/static/js/undo.js";
import { Why } from "/console/static/js/why.js";

const root = document.documentElement;
const hallPath = `/api/v1/halls/${root.dataset.hall}`;
const UPCOMING_AFTER_MS = 250;
const AGES_MS = 20000;

const desk = {
  clerk: root.dataset.clerk, mayChoose: "mayChoose" in root.dataset, mayOverride: "mayOverride" in root.dataset, prints: "prints" in root.dataset, path: hallPath,
  hall: null, tables: {}, window: null, picked: null, wanted: "", upcoming: [],
  // a seat somebody else has, to be taken over or not
  question: null,

  finish: () => ({ outcome: $("#outcome")?.value || "done" }),
  ticket: () => (desk.window?.ticket ? desk.tables.tickets[desk.window.ticket] : null),

  sendTicket: (ticket, path) => desk.ask(`tickets/${ticket.number}/${path}`),
  async reprint(ticket) {
    const answer = await desk.sendTicket(ticket, "reprint");
    if (answer?.printer) say(t("%(number)s is being printed again.", ticket), "info");
  },
  // A number that was given out here: what can be done with it opens as soon as it is in the lists.
  given(number) {
    desk.fresh = number;
    say(t("%(number)s is the number.", { number }), "info");
    pickFresh();
  },
  async sit(window, take_over = false) {
    desk.question = null;
    const answer = await desk.ask(`windows/${window}/open`, { take_over });
    if (answer instanceof Problem && ["WINDOW_TAKEN", "CLERK_ELSEWHERE"].includes(answer.code)) {
      desk.question = { window, problem: answer };
      say("", "info");
      paint();
      $("#take-over")?.focus();
    }
  },
  back() {
    desk.question = null;
    say("", "info");
    paint();
  },
  pick(id) {
    desk.picked = id;
    desk.why.ask(desk.tables.tickets[id]);
    desk.openForm(forms.picked(desk, desk.tables.tickets[id]));
    paintLists();
  },
  openForm(form) {
    $("#form").replaceChildren(form);
    $("#form").hidden = false;
    $("#form input, #form select, #form button")?.focus();
    $("#form").scrollIntoView({ block: "nearest" });
  },
  closeForm() {
    $("#form").hidden = true;
    $("#form").replaceChildren();
    desk.picked = null;
    paintLists();
  },
  paint,
};
const note = new Note(`${hallPath}/tickets`, say);
Object.assign(desk, asking(desk, hallPath, note, say));
const told = new Told(hallPath);
desk.why = new Why(`${hallPath}/tickets`, paintPicked);
const label = (id) => desk.hall.windows.find((one) => one.id === id)?.label ?? id;

function say(text, kind) {
  $("#message").textContent = text;
  $("#message").className = `message ${kind}`;
  $("#message").hidden = !text;
}

function paintLists() {
  if (desk.window) update($("#lists"), lists(desk, live.now()));
}

// Where this clerk sits now; a seat that was lost is said.
function findSeat() {
  const windows = Object.values(desk.tables.windows ?? {});
  const seat = windows.find((one) => one.clerk === desk.clerk && one.state !== "closed") ?? null;
  const before = desk.window && windows.find((one) => one.id === desk.window.id);
  if (before && before.id !== seat?.id) {
    const facts = { label: label(before.id), clerk: before.clerk };
    if (before.clerk && before.clerk !== desk.clerk) say(t("%(clerk)s has taken over window %(label)s.", facts), "bad");
    else say(t("Window %(label)s is closed.", facts), "info");
  }
  desk.window = seat;
}

function paint() {
  findSeat();
  paintHelp(desk);
  told.follow(desk);
  $("#choose").hidden = desk.window !== null;
  $("#work").hidden = desk.window === null;
  if (desk.window) $("#where").textContent = where();
  if (!desk.window) return update($("#choose"), desk.question ? takeOver(desk) : choose(desk));
  desk.question = null;
  const ticket = desk.ticket();
  paintNow(ticket);
  const buttons = legal(desk.window, ticket).filter((action) => action.path !== "verify");
  update($("#buttons"), buttons.map((action) => button(action, ticket)));
  paintUndo(desk, live.now());
  paintPicked();
  paintLists();
}

function where() {
  const place = desk.hall.windows.find((one) => one.id === desk.window.id);
  const words = t("Window %(label)s", { label: label(desk.window.id) });
  return place?.kind === "priority" ? [words, t("Priority window")].join(" · ") : words;
}

function button(action, ticket) {
  const kind = action.main ? " main" : action.offered?.(ticket) ? " offered" : "";
  return el("button", { class: `move${kind}`, "data-key": action.id, "data-action": action.id, onclick: () => desk.press(action) },
    el("span", {}, action.words()), action.key && el("kbd", {}, action.key));
}

function paintNow(ticket) {
  update($("#facts"), ticket ? serving(ticket, desk, live.now()) : nobody(desk.window));
  update($("#ahead"), ahead(desk.upcoming, desk));
  if ($("#extras").dataset.ticket === (ticket?.id ?? "")) return;
  $("#extras").dataset.ticket = ticket?.id ?? "";
  $("#extras").replaceChildren(...(ticket ? extras(desk, ticket, () => note.changed()) : []));
  if (ticket) note.show(ticket);
}

function pickFresh() {
  if (!$("#form").hidden) desk.fresh = ""; // the clerk went on to something else
  const id = desk.fresh && Object.keys(desk.tables.tickets).find((one) => desk.tables.tickets[one].number === desk.fresh);
  if (id) desk.pick(id);
}

// The choices for a picked ticket follow what happens to it.
function paintPicked() {
  if (!desk.picked || $("#form form")) return;
  const ticket = desk.tables.tickets[desk.picked];
  if (ticket && ["waiting", "parked", "missed"].includes(ticket.state)) update($("#form"), [forms.picked(desk, ticket)]);
  else desk.closeForm();
}

const readUpcoming = newest(({ numbers }) => {
  desk.upcoming = numbers;
  paint();
});
let asked = 0;
function askUpcoming() {
  clearTimeout(asked);
  asked = setTimeout(async () => {
    if (!desk.window) return;
    const picked = desk.picked && desk.tables.tickets[desk.picked];
    if (picked) desk.why.ask(picked);
    try {
      await readUpcoming(`${hallPath}/windows/${desk.window.id}/upcoming`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // the next change asks again
    }
  }, UPCOMING_AFTER_MS);
}

keys(desk, paintLists);
$("#give")?.addEventListener("click", () => desk.openForm(give(desk)));

desk.hall = await first(`${hallPath}/services`, (text) => say(text, "bad"));
const live = follow({
  room: `${root.dataset.hall}/floor`,
  onChange(state, news) {
    desk.tables = state.tables;
    if (news === null) describe();
    paint();
    pickFresh();
    askUpcoming();
  },
  onFresh(from) {
    $("#fresh").textContent = from === null ? "" : t("Not live since %(time)s", { time: clock(from) });
  },
  onProblem: (problem) => say(problem.detail, "bad"),
});

// A new snapshot may mean that the hall was changed: kinds and lines of windows, for instance.
const readHall = newest((hall) => {
  desk.hall = hall;
  paint();
});
async function describe() {
  try {
    await readHall(`${hallPath}/services`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // what was known stays
  }
}

function tick() {
  $("#clock").textContent = clock(live.now());
  if (!desk.window) return;
  const ticket = desk.ticket();
  if (ticket && $("#timer")) $("#timer").textContent = since(ticket.started_at ?? ticket.called_at, live.now());
  paintUndo(desk, live.now());
}
setInterval(tick, 1000);
setInterval(paintLists, AGES_MS);
tick();
