// The pages on which somebody says what they came for.
import { el } from "/static/js/dom.js";
import { said, t } from "/static/js/texts.js";
import { found, next } from "/kiosk/static/js/letters.js";
import { actions, back, button, grid, lead, line, part, reach, service, title } from "/kiosk/static/js/parts.js";

const POPULAR = 6;
const DIGITS = [..."1234567890"];

function tile(name, text, small, touched) {
  return el("button", { class: "choice tile", "data-go": name, onclick: touched },
    el("span", { class: "words" }, el("span", {}, text), el("small", {}, small)));
}

export function home(desk, go) {
  return [
    title(t("Welcome. What may we do for you?"), t("You can put your identity card or a code on the reader at any time.")),
    desk.paperOut() && lead(t("No tickets are printed at the moment. You get your number on the screen."), "note"),
    reach(grid("tiles",
      tile("services", t("Take a number"), t("For any matter"), go.services),
      tile("appointment", t("I have an appointment"), t("By card, code or QR code"), go.appointment),
      tile("priority", t("Priority service"), t("For those with a right to it"), go.priority),
      tile("help", t("Ask for help"), t("Somebody comes to you"), go.help))),
  ];
}

// What is known of the person, in words that say nothing of them.
const known = ({ chosen }) => (chosen.card ? t("Your card was read. Now touch what you came for.")
  : chosen.claim ? t("Please show your document at the window.") : t("Please touch what you came for."));

export function services(desk, go) {
  const popular = desk.hall.services.filter((one) => one.popular).slice(0, Math.min(POPULAR, desk.fit));
  return [
    title(t("What did you come for?"), known(desk)),
    reach(
      popular.length > 0 && el("section", { class: "popular" }, el("h2", {}, t("Often asked for")),
        grid("services", popular.map((one) => service(one, go)))),
      el("section", { class: "lines" }, el("h2", {}, t("All matters")),
        grid("all", part(desk, desk.hall.lines, (one) => line(desk, one, go), go))),
      actions(button(t("Search by letters"), { class: "quiet", id: "search", onclick: go.search }), back(go))),
  ];
}

export function choose(desk, go) {
  const { line: chosen, services: had } = desk.chosen;
  const here = desk.hall.services.filter((one) => one.line === chosen.id && !had.includes(one));
  return [
    title(said(chosen.name), known(desk)),
    reach(grid("services", part(desk, here, (one) => service(one, go), go)), actions(back(go))),
  ];
}

export function search(desk, go) {
  const { typed, services: had } = desk.chosen;
  const all = desk.hall.services.filter((one) => !had.includes(one));
  const hits = typed ? found(all, typed) : [];
  return [
    title(t("Search by letters"), t("Touch the first letters of the words in pinyin or English.")),
    el("p", { class: "typed", role: "status" }, typed.toUpperCase() || "–"),
    reach(
      hits.length > 0 && grid("services", part(desk, hits, (one) => service(one, go), go)),
      el("div", { class: "keys" }, next(all, typed).map((letter) =>
        button(letter.toUpperCase(), { class: "quiet key", "data-letter": letter, onclick: () => go.type(letter) }))),
      actions(typed && button(t("Delete"), { class: "quiet", id: "delete", onclick: go.untype }), back(go))),
  ];
}

// A group is declared here; what it is based on is seen at the window, so nobody is asked for more.
export function priority(desk, go) {
  return [
    title(t("Priority service"), t("Put your identity card on the reader, or touch what you have a document for.")),
    reach(grid("groups", part(desk, desk.hall.groups, (one) =>
      el("button", { class: "choice group", "data-group": one.id, onclick: () => go.declare(one) },
        el("span", { class: "words" }, el("span", {}, said(one.name)), el("small", {}, said(one.evidence)))), go)),
    actions(back(go))),
  ];
}

export function appointment(desk, go) {
  const { digits } = desk.chosen;
  const places = [...digits.padEnd(8, "–")];
  return [
    title(t("I have an appointment"), t("Put your identity card or the QR code on the reader, or touch the eight digits of your code.")),
    el("p", { class: "typed digits", role: "status" }, `${places.slice(0, 4).join("")} ${places.slice(4).join("")}`),
    reach(
      el("div", { class: "keys pad" }, DIGITS.map((digit) =>
        button(digit, { class: "quiet key", "data-digit": digit, onclick: () => go.digit(digit) })),
        button(t("Delete"), { class: "quiet key wide", id: "delete", onclick: go.undigit })),
      actions(back(go))),
  ];
}
