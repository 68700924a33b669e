// Alarms, calls for help and messages that are not read, in words.
import { el } from "/static/js/dom.js";
import { clock, said, t } from "/static/js/texts.js";

const label = (hall, id) => t("Window %(label)s", { label: hall.windows[id]?.label ?? id });
const line = (hall, id) => said(hall.lines[id]?.name) || id;

const WORDS = {
  longest_wait: (hall, note) => t("%(line)s: somebody has waited for over %(limit)s minutes", { line: line(hall, note.subject), limit: note.facts.limit }),
  waiting: (hall, note) => t("%(line)s: %(limit)s people or more wait", { line: line(hall, note.subject), limit: note.facts.limit }),
  idle_window: (hall, note) => t("%(window)s is free while people wait", { window: label(hall, note.subject) }),
  device_gone: (hall, note) => t("%(name)s has not been heard of", { name: note.facts.name || note.subject }),
  printer: (hall, note) => t("Printer %(name)s does not print", { name: hall.printers[note.subject]?.name ?? note.subject }),
  archiver_behind: () => t("The archive is behind"),
  calendar: (hall, note) => t("The special days of %(year)s are missing", { year: note.subject }),
  case_unowned: () => t("The case desk has a case without an officer"),
  case_overdue: () => t("The case desk has a next step that is overdue"),
  case_relief: () => t("Urgent relief of a case is not decided in its hours"),
  case_overrun: () => t("Two officers on a visit have not been heard of"),
  case_conflict: () => t("An action of a home visit was refused and waits for somebody"),
  webhook_stopped: (hall, note) => t("Webhook %(name)s has stopped: its events are not taken", { name: note.subject }),
  webhook_behind: (hall, note) => t("Webhook %(name)s is over %(limit)s minutes behind", { name: note.subject, limit: note.facts.limit }),
  privacy: () => t("The daily clearing of personal data did not run"),
};

function row(hall, name, note) {
  const [kind, window] = name.split("/");
  if (kind === "help") return ["help", t("%(window)s calls for help", { window: label(hall, window) }), t("I take care of it"), "help"];
  if (kind === "message") return ["told", t("%(window)s has not read: %(text)s", { window: label(hall, window), text: note.text }), null, null];
  if (kind === "answer") return ["told", t("Somebody goes to %(window)s", { window: label(hall, window) }), null, null];
  const words = WORDS[note.alarm]?.(hall, note) ?? note.alarm;
  return note.seen_by ? ["seen", words, null, null] : ["", words, t("Seen"), "alarm"];
}

// Rows for the notes and for kiosks where somebody asked for a person; `press(kind, name)` answers one.
export function alarms(hall, notes, kiosks, press) {
  const rows = Object.entries(notes).map(([name, note]) => ({ name, at: note.raised ?? note.since, row: row(hall, name, note) }));
  for (const [kiosk, call] of Object.entries(kiosks)) rows.push({ name: kiosk, at: call.since, row: ["help", t("Somebody asks for a person at %(kiosk)s", { kiosk: call.name }), t("I take care of it"), "kiosk"] });
  const order = { "": 0, help: 0, seen: 1, told: 2 };
  rows.sort((a, b) => order[a.row[0]] - order[b.row[0]] || a.at - b.at);
  return rows.map(({ name, at, row: [kind, words, button, answer] }) =>
    el("li", { "data-key": `${name} ${kind}`, "data-note": name, class: kind }, el("span", {}, words), el("span", { class: "number" }, t("since %(time)s", { time: clock(at) })),
      button ? el("button", { class: "small", onclick: () => press(answer, name) }, button, el("span", { class: "visually-hidden" }, ` ${words}`)) : el("span")));
}
