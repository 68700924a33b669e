// The kiosk's pages: each builds its elements from the hall's description and what was chosen.
import { el } from "/static/js/dom.js";
import { clock, said, t } from "/static/js/texts.js";

const service = (chosen, click) => el("button", { class: "choice", "data-service": chosen.id, onclick: click }, said(chosen.name));
const back = (go) => el("button", { class: "choice quiet back", onclick: go.home }, t("Back to the start"));
const title = (text, lead) => [el("h1", {}, text), lead && el("p", { class: "lead" }, lead)];

export function home(hall, _, go) {
  const popular = hall.services.filter((one) => one.popular);
  return [
    ...title(t("What do you want to do?"), t("Please touch a matter. Then you get a number.")),
    el("section", { class: "popular" }, el("h2", {}, t("Often asked for")),
      el("div", { class: "grid" }, popular.map((one) => service(one, () => go.service(one))))),
    el("section", { class: "lines" }, el("h2", {}, t("All matters")),
      el("div", { class: "grid" }, hall.lines.map((line) =>
        el("button", { class: "choice line", "data-line": line.id, onclick: () => go.line(line) },
          el("span", { class: "letter", "aria-hidden": "true" }, line.letter), said(line.name))))),
  ];
}

export function line(hall, { line: chosen, services }, go) {
  const here = hall.services.filter((one) => one.line === chosen.id && !services.includes(one));
  return [
    ...title(said(chosen.name), t("Please touch what you came for.")),
    el("div", { class: "grid" }, here.map((one) => service(one, () => go.service(one)))),
    el("div", { class: "actions" }, back(go)),
  ];
}

export function materials(hall, { services }, go) {
  const papers = new Map(services.flatMap((one) => one.materials).map((paper) => [said(paper.name), paper]));
  const more = hall.services.some((one) => one.line === services[0].line && !services.includes(one));
  return [
    ...title(services.map((one) => said(one.name)).join(" + "), t("Do you have these papers with you?")),
    el("ul", { class: "papers" }, [...papers.values()].map((paper) =>
      el("li", {}, said(paper.name), paper.note && el("small", {}, said(paper.note))))),
    el("div", { class: "actions" },
      el("button", { class: "choice main", id: "take", onclick: go.take }, t("Take a number")),
      more && el("button", { class: "choice quiet", onclick: go.more }, t("Another matter as well")), back(go)),
  ];
}

export function number(hall, { ticket, services }, go) {
  const ahead = ticket.ahead === 0 ? t("You are the next one.") : t("Before you: %(n)s", { n: ticket.ahead });
  return [
    el("p", { class: "lead" }, t("Your number")),
    el("h1", { class: "number", id: "number" }, ticket.number),
    el("p", { class: "what" }, services.map((one) => said(one.name)).join(" + ")),
    el("p", { class: "ahead", role: "status" }, ahead),
    el("p", { class: "lead" }, t("Please remember your number. It will be shown and called in the hall.")),
    el("div", { class: "actions" }, el("button", { class: "choice main", onclick: go.home }, t("Done"))),
  ];
}

export function refused(hall, { problem }, go) {
  const opens = problem.facts.opens;
  return [
    ...title(t("No number was given"), problem.message),
    opens ? el("p", { class: "what" }, t("Numbers again from %(time)s.", { time: clock(opens) })) : null,
    el("div", { class: "actions" }, back(go)),
  ];
}

export function away() {
  return title(t("One moment, please"),
    t("The machine cannot reach the system. Please go to the service desk; this page comes back by itself."));
}
