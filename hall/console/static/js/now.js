// Left: the ticket at the window, and all a clerk should know before speaking.
import { el } from "/static/js/dom.js";
import { clock, said, t } from "/static/js/texts.js";
import { CLAIM_ACTIONS } from "/console/static/js/actions.js";
import { cases } from "/console/static/js/cases.js";

const RULES = {
  next: (time) => t("First in order: counts as taken at %(time)s", { time }),
  priority: (time) => t("First of the priority numbers: counts as taken at %(time)s", { time }),
  chosen: () => t("Chosen by staff, with a reason"), unparked: () => t("Was parked"),
};
const STATES = { called: () => t("Called"), serving: () => t("Being served") };
const CLAIMS = {
  proven: () => t("shown by the card"), declared: () => t("please check the document"),
  confirmed: () => t("confirmed"), refused: () => t("refused"),
};

const fact = (name, value) => [el("dt", {}, name), el("dd", {}, value)];

// Minutes and seconds since a moment.
export function since(ms, now) {
  const seconds = Math.max(0, Math.floor((now - ms) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function nobody(window) {
  const words = window.state === "paused" ? t("Pause since %(time)s", { time: clock(window.since) }) : t("Nobody is at the window");
  return [el("p", { class: "empty" }, words)];
}

// A word and no sign: everybody reads it, and it is read out.
export const noted = (ticket) => ticket?.noted && el("span", { class: "noted" }, t("note"));

// The next three, and what to ask those for who say they belong to a group.
export function ahead(upcoming, desk) {
  if (!upcoming.length) return [el("p", { class: "soft" }, t("Nobody waits for this window."))];
  const tickets = Object.values(desk.tables.tickets ?? {});
  const next = upcoming.map((number) => [number, tickets.find((one) => one.number === number)]);
  const open = next.map(([, ticket]) => ticket).filter((one) => one?.claim === "declared");
  return [
    el("h2", {}, t("Next")), el("p", { class: "next" }, next.map(([number, ticket]) => el("span", {}, number, noted(ticket)))),
    open.length > 0 && el("div", { class: "documents" }, el("span", { class: "soft" }, t("Ask for:")), el("ul", {}, open.map((ticket) => {
      const group = desk.hall.groups.find((one) => one.id === ticket.group);
      return el("li", {}, el("b", {}, ticket.number), " ", said(group?.evidence ?? group?.name));
    }))),
  ];
}

function claim(ticket, desk) {
  if (!ticket.group) return null;
  const group = desk.hall.groups.find((one) => one.id === ticket.group);
  const open = ticket.claim === "declared";
  return el("div", { class: open ? "claim open" : "claim", "data-key": "claim" },
    el("p", {}, el("b", {}, said(group?.name)), " · ", CLAIMS[ticket.claim]?.()),
    open && group?.evidence && el("p", {}, t("Document: %(name)s", { name: said(group.evidence) })),
    open && el("p", { class: "pair" }, CLAIM_ACTIONS.map((action) =>
      el("button", { class: "small", "data-action": action.id, onclick: () => desk.press(action) }, action.words(), el("kbd", {}, action.key)))));
}

// Everything about the ticket that others may change.
export function serving(ticket, desk, now) {
  const names = ticket.services.map((id) => said(desk.hall.services.find((one) => one.id === id)?.name) || id);
  const counts = clock(ticket.queue_time ?? ticket.arrived);
  return [
    el("p", { class: "state" }, el("span", {}, STATES[ticket.state]?.()),
      el("span", { class: "timer", id: "timer" }, since(ticket.started_at ?? ticket.called_at, now))),
    el("p", { class: "number", id: "number" }, ticket.number),
    el("p", { class: "service" }, names.join(" + ")),
    ticket.unanswered && el("p", { class: "offer", role: "status", "data-key": "offer" }, t("Nobody came yet. Call again, or press “Did not come”.")),
    claim(ticket, desk),
    el("dl", { "data-key": "dates" },
      fact(t("Came"), clock(ticket.arrived)), fact(t("Called at"), t("%(time)s, ring %(n)s", { time: clock(ticket.called_at), n: ticket.calls })),
      ticket.started_at ? fact(t("Started"), clock(ticket.started_at)) : [],
      ticket.slot ? fact(t("Appointment"), clock(ticket.slot)) : [],
      fact(t("Language"), ticket.language === "en" ? t("English") : t("Chinese")),
      fact(t("Why this one"), RULES[ticket.rule]?.(counts) ?? "")),
  ];
}

const OUTCOMES = {
  done: () => t("Done"), papers_missing: () => t("Papers missing"), not_possible: () => t("Not possible"),
  advice_only: () => t("Advice only"),
};

// What the clerk writes: built once for a ticket, because a field that is built again loses what is being typed.
export function extras(desk, ticket, keep) {
  const note = el("textarea", { id: "note", rows: 1, maxlength: 500, oninput: keep });
  return [
    el("div", { class: "beside" }, el("label", {}, t("Outcome"), el("select", { id: "outcome" },
      desk.hall.outcomes.map((id) => el("option", { value: id }, said(desk.hall.outcome_names[id]) || OUTCOMES[id]?.() || id)))), cases(ticket)),
    el("label", {}, el("span", { class: "split" }, t("Note for colleagues"), el("span", { id: "kept", class: "soft", role: "status" })), note),
  ];
}
