// The clerk's page: what the live state says, and the keys.
import { get, post, Problem } from "/static/js/api.js";
import { $, el } from "/static/js/dom.js";
import { follow } from "/static/js/live.js";
import { clock, t } from "/static/js/texts.js";
import { legal } from "/console/static/js/actions.js";
import { choose, takeOver } from "/console/static/js/choose.js";
import * as forms from "/console/static/js/forms.js";
import { lists } from "/console/static/js/lists.js";
import { nobody, serving } from "/console/static/js/now.js";
import { paintUndo } from "/console/static/js/undo.js";

const root = document.documentElement;
const hallPath = `/api/v1/halls/${root.dataset.hall}`;
const UPCOMING_AFTER_MS = 250;

const desk = {
  clerk: root.dataset.clerk, mayChoose: "mayChoose" in root.dataset,
  hall: null, tables: {}, window: null, picked: null, notes: new Map(), upcoming: [], busy: false,

  finish: () => ({ outcome: $("#outcome")?.value || "done" }),
  ticket: () => (desk.window?.ticket ? desk.tables.tickets[desk.window.ticket] : null),

  // One request at a time: a second press while the first is on its way is a slip of the finger.
  async ask(path, body) {
    if (desk.busy) return null;
    desk.busy = true;
    document.body.setAttribute("aria-busy", "true");
    try {
      const answer = await post(`${hallPath}/${path}`, body);
      say(answer === null ? t("Nobody waits.") : "", "info");
      desk.closeForm();
      return answer ?? {};
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      say(error.message, "bad");
      return error;
    } finally {
      desk.busy = false;
      document.body.removeAttribute("aria-busy");
    }
  },
  send: (path, body) => desk.ask(`windows/${desk.window.id}/${path}`, body),
  sendTicket: (ticket, path) => desk.ask(`tickets/${ticket.number}/${path}`),

  async sit(window, take_over = false) {
    const answer = await desk.ask(`windows/${window}/open`, { take_over });
    if (answer instanceof Problem && ["WINDOW_TAKEN", "CLERK_ELSEWHERE"].includes(answer.code)) {
      $("#choose").replaceChildren(...takeOver(desk, window, answer));
    }
  },
  async saveNote(ticket, note) {
    const answer = await desk.ask(`tickets/${ticket.number}/edit`, { note });
    if (!(answer instanceof Problem)) desk.notes.set(ticket.id, note);
  },
  pick(ticket) {
    desk.picked = ticket.id;
    desk.openForm(forms.picked(desk, ticket));
    paintLists();
  },
  openForm(form) {
    $("#form").replaceChildren(form);
    $("#form").hidden = false;
    $("#form input, #form select, #form button")?.focus();
  },
  closeForm() {
    $("#form").hidden = true;
    $("#form").replaceChildren();
    desk.picked = null;
  },
  paint,
};

function say(text, kind) {
  $("#message").textContent = text;
  $("#message").className = `message ${kind}`;
  $("#message").hidden = !text;
}

function press(action) {
  if (action.form) return desk.openForm(forms[action.form](desk, desk.ticket()));
  desk.send(action.path, action.body?.(desk));
}

function paintLists() {
  $("#lists").replaceChildren(...lists(desk, live.now()));
}

function paint() {
  const windows = desk.tables.windows ?? {};
  desk.window = Object.values(windows).find((one) => one.clerk === desk.clerk && one.state !== "closed") ?? null;
  $("#choose").hidden = desk.window !== null;
  $("#work").hidden = desk.window === null;
  if (!desk.window) return $("#choose").replaceChildren(...choose(desk));
  const label = desk.hall.windows.find((one) => one.id === desk.window.id)?.label ?? desk.window.id;
  $("#where").textContent = t("Window %(label)s", { label });
  const ticket = desk.ticket();
  paintNow(ticket);
  $("#buttons").replaceChildren(...legal(desk.window, ticket).map((action) =>
    el("button", { class: action.main ? "move main" : "move", "data-action": action.id, onclick: () => press(action) },
      el("span", {}, action.words()), action.key && el("kbd", {}, action.key))));
  paintUndo(desk, live.now());
  paintLists();
}

// A note somebody is writing stays while the rest of the page moves on.
function paintNow(ticket) {
  const draft = $("#note") === document.activeElement ? $("#note").value : null;
  const outcome = $("#number")?.textContent === ticket?.number ? $("#outcome")?.value : null;
  $("#now").replaceChildren(...(ticket ? serving(ticket, desk, desk.upcoming) : nobody(desk.window, desk.upcoming)).filter(Boolean));
  if (ticket && draft !== null) Object.assign($("#note"), { value: draft }).focus();
  if (ticket && outcome) $("#outcome").value = outcome;
  if (ticket?.noted && !desk.notes.has(ticket.id)) readNote(ticket);
}

async function readNote(ticket) {
  desk.notes.set(ticket.id, "");
  desk.notes.set(ticket.id, (await get(`${hallPath}/tickets/${ticket.number}`)).note ?? "");
  paint();
}

let asked = 0;
function askUpcoming() {
  clearTimeout(asked);
  asked = setTimeout(async () => {
    if (!desk.window) return;
    const { numbers } = await get(`${hallPath}/windows/${desk.window.id}/upcoming`);
    desk.upcoming = numbers;
    paint();
  }, UPCOMING_AFTER_MS);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return desk.closeForm();
  if (!desk.window) return;
  if (event.ctrlKey && event.key === "z" && !event.target.closest("input, textarea")) return desk.send("undo");
  const action = legal(desk.window, desk.ticket()).find((one) => one.key === event.key);
  if (/^F\d+$/.test(event.key) && event.key !== "F5" && event.key !== "F12" && event.key !== "F11") event.preventDefault();
  if (action && !event.repeat) press(action);
});

desk.hall = await get(`${hallPath}/services`);
const live = follow({
  room: `${root.dataset.hall}/floor`,
  onChange(state) {
    desk.tables = state.tables;
    paint();
    askUpcoming();
  },
  onFresh(since) {
    $("#fresh").textContent = since === null ? "" : t("Not live since %(time)s", { time: clock(since) });
  },
  onProblem: (problem) => say(problem.detail, "bad"),
});
setInterval(() => ($("#clock").textContent = clock(live.now())), 1000);
setInterval(() => desk.window && paintUndo(desk, live.now()), 1000);
setInterval(() => desk.window && paintLists(), 20000);
