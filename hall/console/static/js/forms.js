// Middle, when a move needs words: where to and why. In the page, never a window on top of it.
import { el } from "/static/js/dom.js";
import { said, t } from "/static/js/texts.js";

export const field = (label, control) => el("label", {}, label, control);
export const reasonField = () => el("input", { name: "reason", maxlength: 200, required: true, autocomplete: "off" });

export function shell(title, fields, submit, desk) {
  const form = el("form", { onsubmit: (event) => (event.preventDefault(), submit(new FormData(form))) },
    el("h2", {}, title), fields,
    el("p", { class: "pair" }, el("button", { class: "button" }, t("Do it")),
      el("button", { type: "button", class: "button quiet", onclick: () => desk.closeForm() }, t("Back"))));
  return form;
}

export function transfer(desk, ticket) {
  const lines = desk.hall.lines.map((line) => el("option", { value: `line:${line.id}` }, `${line.letter} ${said(line.name)}`));
  const open = desk.hall.windows.filter((one) => one.id !== desk.window.id && (desk.tables.windows[one.id]?.state ?? "closed") !== "closed");
  const windows = open.map((one) => el("option", { value: `window:${one.id}` }, t("Window %(label)s", { label: one.label })));
  const waiting = ticket.state === "waiting";
  return shell(t("Transfer %(number)s", { number: ticket.number }), [
    field(t("Where to"), el("select", { name: "to" }, lines, windows)),
    field(t("Reason"), reasonField()),
    waiting ? null : el("label", { class: "check" }, el("input", { type: "checkbox", name: "origin" }), t("Comes back here afterwards")),
  ], (data) => {
    const [kind, id] = data.get("to").split(":");
    const how = { [kind]: id, reason: data.get("reason"), origin: data.has("origin") };
    if (waiting) desk.send("transfer", { ...how, number: ticket.number });
    else if (desk.ticket()?.id === ticket.id) desk.here("transfer", how);
    else desk.closeForm(); // another number is at the window by now
  }, desk);
}

export function call(desk, ticket) {
  return shell(t("Call %(number)s out of order", { number: ticket.number }), [field(t("Reason"), reasonField())],
    (data) => desk.send("call", { number: ticket.number, reason: data.get("reason") }), desk);
}

const STATES = { waiting: () => t("waits"), parked: () => t("parked"), missed: () => t("missed the call") };

// What may be done with a ticket of the lists.
export function picked(desk, ticket) {
  const by = (words, run, id) => el("button", { class: "move", "data-key": words, "data-do": id, onclick: run }, words);
  const can = (move) => ticket.moves.includes(move);
  const free = !desk.window.ticket && desk.window.state !== "paused";
  return el("div", { class: "picked", "data-key": `picked ${ticket.id}` }, el("h2", {}, ticket.number, el("small", {}, STATES[ticket.state]?.())),
    desk.why.of(ticket),
    can("unpark") && free && by(t("Call again"), () => desk.send("unpark", { number: ticket.number })),
    can("call") && free && desk.mayChoose && by(t("Call out of order"), () => desk.openForm(call(desk, ticket))),
    can("come_back") && by(t("Is here again"), () => desk.sendTicket(ticket, "come-back")),
    can("more_time") && by(t("Needs more time"), () => desk.sendTicket(ticket, "more-time")),
    ticket.state === "waiting" && can("transfer") && by(t("Transfer"), () => desk.openForm(transfer(desk, ticket))),
    can("cancel") && by(t("Has left"), () => desk.sendTicket(ticket, "cancel")),
    desk.prints && by(t("Print again"), () => desk.reprint(ticket), "reprint"),
    desk.prints && el("a", { class: "move preview", href: `${desk.path}/tickets/${ticket.number}/preview.png`, target: "_blank", rel: "noopener", "data-key": "preview" }, t("Preview of the ticket")),
    by(t("Back"), () => desk.closeForm()));
}
