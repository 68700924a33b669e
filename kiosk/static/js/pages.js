// The kiosk's pages: each builds its elements from the desk: the hall, what was chosen, what is open.
import { el } from "/static/js/dom.js";
import { said, t, when } from "/static/js/texts.js";

const back = (go) => el("button", { class: "choice quiet back", onclick: go.home }, t("Back to the start"));
const title = (text, lead) => el("div", { class: "title" }, el("h1", {}, text), lead && el("p", { class: "lead" }, lead));
const actions = (...buttons) => el("div", { class: "actions" }, buttons);
const grid = (name, ...children) => el("div", { class: `grid ${name}` }, children);

function service(desk, one, go) {
  return el("button", { class: "choice", "data-service": one.id, onclick: () => go.service(one) }, said(one.name));
}

function line(desk, one, go) {
  const waiting = desk.counts[one.id];
  const words = desk.lineOpen(one.id) ? waiting !== undefined && t("Waiting: %(n)s", { n: waiting }) : t("No numbers now");
  return el("button", { class: "choice line", "data-line": one.id, onclick: () => go.line(one) },
    el("span", { class: "letter", "aria-hidden": "true" }, one.letter),
    el("span", { class: "words" }, el("span", {}, said(one.name)), el("small", { class: "waiting" }, words || "")));
}

// A list that is too long for the screen is cut into parts of `desk.fit`, with a button to the next part.
function part(desk, all, build, go) {
  const size = Math.min(desk.fit, all.length);
  const shown = all.slice(desk.from, desk.from + size).map(build);
  if (size < all.length) shown.push(el("button", { class: "choice quiet next", onclick: () => go.next(all.length) }, t("More")));
  return shown;
}

export function home(desk, go) {
  const popular = desk.hall.services.filter((one) => one.popular).slice(0, 6);
  return [
    title(t("What do you want to do?"), t("Please touch a matter. Then you get a number.")),
    el("section", { class: "popular" }, el("h2", {}, t("Often asked for")),
      grid("services", popular.map((one) => service(desk, one, go)))),
    el("section", { class: "lines" }, el("h2", {}, t("All matters")),
      grid("all", part(desk, desk.hall.lines, (one) => line(desk, one, go), go))),
  ];
}

export function choose(desk, go) {
  const { line: chosen, services } = desk.chosen;
  const here = desk.hall.services.filter((one) => one.line === chosen.id && !services.includes(one));
  return [
    title(said(chosen.name), t("Please touch what you came for.")),
    grid("services", part(desk, here, (one) => service(desk, one, go), go)),
    actions(back(go)),
  ];
}

export function materials(desk, go) {
  const { services } = desk.chosen;
  const papers = new Map(services.flatMap((one) => one.materials).map((paper) => [said(paper.name), paper]));
  const more = desk.hall.services.some((one) => one.line === services[0].line && !services.includes(one));
  const missing = t("Something is missing? Take a number all the same; the clerk tells you what is needed.");
  return [
    title(services.map((one) => said(one.name)).join(" + "),
      papers.size ? t("Do you have these papers with you?") : t("No papers are needed.")),
    papers.size > 0 && el("ul", { class: "papers" }, [...papers.values()].map((paper) =>
      el("li", {}, said(paper.name), paper.note && el("small", {}, said(paper.note))))),
    papers.size > 0 && el("p", { class: "lead" }, missing),
    actions(el("button", { class: "choice main", id: "take", onclick: go.take }, t("Take a number")),
      more && el("button", { class: "choice quiet more", onclick: go.more }, t("Another matter as well")), back(go)),
  ];
}

export function number(desk, go) {
  const { ticket, services } = desk.chosen;
  const ahead = ticket.ahead === 0 ? t("You are the next one.") : t("Before you: %(n)s", { n: ticket.ahead });
  return [
    el("div", { class: "slip" },
      el("p", {}, t("Your number")),
      el("h1", { id: "number" }, ticket.number),
      el("p", { class: "what" }, services.map((one) => said(one.name)).join(" + ")),
      el("p", { class: "ahead", role: "status" }, ahead, ticket.wait && ` · ${t("About %(low)s to %(high)s minutes", ticket.wait)}`)),
    el("p", { class: "lead" }, t("Please remember your number. It will be shown and called in the hall.")),
    el("p", { class: "lead promise" },
      t("Nobody who comes more than %(n)s minutes after you is called before you.", { n: desk.bound })),
    actions(el("button", { class: "choice main", id: "done", onclick: go.end }, t("Done"))),
  ];
}

const TITLES = {
  HALL_CLOSED: () => t("The hall is closed now"), LINE_CLOSED: () => t("This line is closed now"),
  CONTINGENT_FULL: () => t("No more numbers for today"), TICKET_OPEN: () => t("You have a number already"),
};

const again = (opens) => opens && el("p", { class: "what opens" }, t("Numbers again from %(time)s.", { time: when(opens) }));

export function refused(desk, go) {
  const { problem } = desk.chosen;
  return [title((TITLES[problem.code] ?? (() => t("No number was given")))(), problem.message),
    again(problem.facts.opens), actions(back(go))];
}

export function closed(desk) {
  return [title(TITLES.HALL_CLOSED(), t("Numbers are given during opening hours. Please ask the staff if it is urgent.")),
    again(desk.open.opens)];
}

export function away(desk) {
  if (desk.unpaired) return [title(t("This machine is out of service"), t("It is not paired with the hall any more. Please go to the service desk."))];
  return [title(t("One moment, please"),
    t("The machine cannot reach the system. Please go to the service desk; this page comes back by itself."))];
}
