// Between this window and the office: a message until it is read, and a call for support until somebody comes.
import { $, el, update } from "/static/js/dom.js";
import { clock, t } from "/static/js/texts.js";

export function paintOffice(desk) {
  const { notes = {} } = desk.tables;
  const here = desk.window?.id;
  const rows = here ? [message(desk, notes[`message/${here}`]), support(desk, notes[`help/${here}`])].filter(Boolean) : [];
  $("#office").hidden = rows.length === 0;
  update($("#office"), rows);
  $("#support").hidden = !here || `help/${here}` in notes;
  $("#support").onclick = () => desk.send("help");
}

function message(desk, note) {
  if (!note) return null;
  return el("p", { class: "help", "data-key": "message", "data-note": "message" },
    el("span", {}, t("From the office, %(time)s: %(text)s", { time: clock(note.since), text: note.text })),
    el("button", { class: "button", onclick: () => desk.send("message/read") }, t("Read")));
}

function support(desk, note) {
  if (!note) return null;
  return el("p", { class: "help", "data-key": "support", "data-note": "support" },
    el("span", {}, t("Support was asked for at %(time)s. Nobody has answered yet.", { time: clock(note.since) })),
    el("button", { class: "button", onclick: () => desk.send("help/answer") }, t("Not needed any more")));
}
