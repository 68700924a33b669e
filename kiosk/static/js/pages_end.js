// The pages at an end: a number, a refusal, help, and a machine that gives none.
import { el } from "/static/js/dom.js";
import { clock, said, t, when } from "/static/js/texts.js";
import { actions, back, button, lead, names, reach, title } from "/kiosk/static/js/parts.js";

const PAPER = {
  none: () => t("Please remember or photograph your number."),
  out: () => t("The printer cannot print now. Please remember or photograph your number."),
  printing: () => t("Your ticket is being printed."),
  printed: () => t("Please take your ticket."),
};

// What is left out first where a number's page is too small for all of it.
const [BRIEF, SHORT, TIGHT, CODELESS] = [23, 22, 22, 20];

export function number(desk, go) {
  const { ticket, card, claim, paper } = desk.chosen;
  const ahead = ticket.ahead === 0 ? t("You are the next one.") : t("Before you: %(n)s", { n: ticket.ahead });
  const print = paper === "printing" && desk.paperOut() ? "out" : paper;
  const services = desk.hall.services.filter((one) => ticket.services.includes(one.id));
  return [
    el("div", { class: desk.fit < TIGHT ? "slip tight" : "slip" },
      el("p", {}, t("Your number")),
      el("h1", { id: "number" }, ticket.number),
      el("p", { class: "what" }, names(services)),
      ticket.state === "waiting" && el("p", { class: "ahead", role: "status" }, el("span", {}, ahead), ticket.wait && el("span", {}, t("About %(low)s to %(high)s minutes", ticket.wait)))),
    // Only where phones can reach the page.
    ticket.url && desk.fit > CODELESS && el("p", { class: "scan" }, el("img", { id: "code", src: `/t/${ticket.token}/code.svg`, alt: "" }), t("Scan the code, and your phone tells you when it is your turn.")),
    el("p", { class: "lead paper", role: "status", "data-paper": print }, PAPER[print]()),
    (card || claim) && lead(t("Please show your document at the window."), "note"),
    desk.fit > SHORT && lead(t("It will be shown and called in the hall."), "short"),
    desk.fit > BRIEF && lead(t("Nobody who comes more than %(n)s minutes after you is called before you.", { n: desk.bound }), "promise"),
    reach(actions(button(t("Done"), { class: "main", id: "done", onclick: go.end }),
      ["printed", "printing"].includes(print) && button(t("Print once more"), { class: "quiet", id: "reprint", onclick: go.reprint }))),
  ];
}

const STATES = {
  waiting: () => t("Your number is waiting. Please listen for the call."),
  called: () => t("It is your turn. Please go to the window."),
  serving: () => t("You are being served."),
  parked: () => t("Your number is set aside. The clerk will call you again."),
  missed: () => t("Your number was called. Touch “I am here”, and you are called again."),
};

// A ticket that was put on the reader.
export function own(desk, go) {
  const { ticket } = desk.chosen;
  return [
    el("div", { class: "slip" },
      el("p", {}, t("Your number")), el("h1", { id: "number" }, ticket.number),
      el("p", { class: "what" }, (STATES[ticket.state] ?? (() => t("This number is not valid any more.")))()),
      ticket.window && el("p", { class: "ahead" }, t("Window %(label)s", { label: ticket.window })),
      ticket.state === "waiting" && el("p", { class: "ahead" }, t("Before you: %(n)s", { n: ticket.ahead }))),
    reach(actions(
      ticket.state === "missed" && button(t("I am here"), { class: "main", id: "here", onclick: go.here }),
      button(t("Done"), { class: ticket.state === "missed" ? "quiet" : "main", id: "done", onclick: go.end }))),
  ];
}

export function help(desk, go) {
  if (!desk.chosen.helped) {
    return [title(t("Shall somebody come to you?"), t("A member of staff comes to this machine and helps you, also with the papers.")),
      reach(actions(button(t("Call a member of staff"), { class: "main", id: "call-help", onclick: go.callHelp }), back(go)))];
  }
  const waiting = desk.helpWaits();
  return [
    el("div", { class: "title", role: "status" }, el("h1", {}, waiting ? t("We have been told. Please wait here.") : t("Somebody is coming to you.")),
      lead(waiting ? t("A member of staff comes to this machine.") : t("Please wait here a moment."))),
    reach(actions(button(t("Done"), { class: "main", id: "done", onclick: go.end }),
      waiting && button(t("I need nobody any more"), { class: "quiet", id: "cancel-help", onclick: go.cancelHelp }))),
  ];
}

const TITLES = {
  HALL_CLOSED: () => t("The hall is closed now"), CLOSED_TODAY: () => t("The hall is closed now"),
  LINE_CLOSED: () => t("This line is closed now"), LINE_PAUSED: () => t("This line is closed now"),
  CONTINGENT_FULL: () => t("No more numbers for today"), TICKET_OPEN: () => t("You have a number already"),
  TOO_EARLY: () => t("You are early"), APPOINTMENT_USED: () => t("You have checked in already"),
  UNKNOWN_APPOINTMENT: () => t("We do not find this appointment"), BAD_IDENTITY_NUMBER: () => t("The card could not be read"),
  UNKNOWN_CODE: () => t("We do not know this code"),
};

const again = (opens) => opens && el("p", { class: "what opens" }, t("Numbers again from %(time)s.", { time: when(opens) }));

export function refused(desk, go) {
  const { problem, from } = desk.chosen;
  return [title((TITLES[problem.code] ?? (() => t("No number was given")))(), problem.message),
    again(problem.facts.opens),
    from && el("p", { class: "what opens" }, t("You can check in from %(time)s.", { time: clock(from) })),
    reach(actions(
      ["UNKNOWN_APPOINTMENT", "TOO_EARLY", "BAD_IDENTITY_NUMBER", "UNKNOWN_CODE", "APPOINTMENT_OVER", "APPOINTMENT_CANCELLED"].includes(problem.code)
        && button(t("Take a number without it"), { class: "main", id: "without", onclick: go.without }),
      back(go)))];
}

export function closed(desk) {
  return [title(TITLES.HALL_CLOSED(), said(desk.open.why) || t("Numbers are given during opening hours. Please ask the staff if it is urgent.")),
    again(desk.open.opens)];
}

export function away(desk) {
  if (desk.unpaired) return [title(t("This machine is out of service"), t("It is not paired with the hall any more. Please go to the service desk."))];
  return [title(t("One moment, please"),
    t("The machine cannot reach the system. Please go to the service desk; this page comes back by itself."))];
}
