// Left: the ticket at the window, and all a clerk should know before speaking.
import { el } from "/static/js/dom.js";
import { clock, said, t } from "/static/js/texts.js";

const RULES = {
  next: () => t("First by the rule"), priority: () => t("First of the priority tickets"),
  chosen: () => t("Chosen by staff, with a reason"), unparked: () => t("Was parked"),
};
const STATES = { called: () => t("Called"), serving: () => t("Being served") };
const CLAIMS = {
  proven: () => t("shown by the card"), declared: () => t("please check the document"),
  confirmed: () => t("confirmed"), refused: () => t("refused"),
};

const fact = (name, value) => [el("dt", {}, name), el("dd", {}, value)];

export function nobody(window, upcoming) {
  const words = window.state === "paused" ? t("Pause since %(time)s", { time: clock(window.since) }) : t("Nobody is at the window");
  return [el("p", { class: "empty" }, words), ahead(upcoming)];
}

function ahead(upcoming) {
  if (!upcoming.length) return el("p", { class: "soft" }, t("Nobody waits for this window."));
  return el("p", { class: "soft" }, t("Next: %(numbers)s", { numbers: upcoming.join("  ") }));
}

function claim(ticket, desk) {
  if (!ticket.group) return null;
  const group = desk.hall.groups.find((one) => one.id === ticket.group);
  const open = ticket.claim === "declared";
  return el("div", { class: open ? "claim open" : "claim" },
    el("p", {}, el("b", {}, said(group?.name)), " · ", CLAIMS[ticket.claim]?.()),
    open && group?.evidence && el("p", {}, t("Document: %(name)s", { name: said(group.evidence) })),
    open && el("p", { class: "pair" },
      el("button", { class: "small", onclick: () => desk.send("verify", { confirmed: true }) }, t("Document is right")),
      el("button", { class: "small", onclick: () => desk.send("verify", { confirmed: false }) }, t("Refuse the claim"))));
}

function outcomes(desk) {
  return el("label", {}, t("Outcome"), el("select", { id: "outcome" },
    desk.hall.outcomes.map((id) => el("option", { value: id }, OUTCOMES[id]?.() ?? id))));
}

const OUTCOMES = {
  done: () => t("Done"), papers_missing: () => t("Papers missing"), not_possible: () => t("Not possible"),
  advice_only: () => t("Advice only"),
};

function note(ticket, desk) {
  const field = el("textarea", { id: "note", rows: 2, maxlength: 500 });
  field.value = desk.notes.get(ticket.id) ?? "";
  const save = () => desk.saveNote(ticket, field.value);
  return el("div", { class: "note" }, el("label", { for: "note" }, t("Note for colleagues")), field,
    el("button", { class: "small", onclick: save }, t("Keep the note")));
}

export function serving(ticket, desk, upcoming) {
  const names = ticket.services.map((id) => said(desk.hall.services.find((one) => one.id === id)?.name) || id);
  return [
    el("p", { class: "state" }, STATES[ticket.state]?.(), ticket.unanswered ? el("strong", {}, " · ", t("no answer yet")) : null),
    el("p", { class: "number", id: "number" }, ticket.number),
    el("p", { class: "service" }, names.join(" + ")),
    claim(ticket, desk),
    el("dl", {},
      fact(t("Came"), clock(ticket.arrived)), fact(t("Called"), `${clock(ticket.called_at)} (${ticket.calls})`),
      ticket.started_at ? fact(t("Started"), clock(ticket.started_at)) : [],
      ticket.slot ? fact(t("Appointment"), clock(ticket.slot)) : [],
      fact(t("Language"), ticket.language === "en" ? "English" : "中文"),
      fact(t("Why this one"), RULES[ticket.rule]?.() ?? "")),
    outcomes(desk), note(ticket, desk), ahead(upcoming),
  ];
}
