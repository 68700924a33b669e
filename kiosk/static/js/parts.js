// What the kiosk's pages are made of.
import { el } from "/static/js/dom.js";
import { said, t } from "/static/js/texts.js";

export const title = (text, lead) => el("div", { class: "title" }, el("h1", {}, text), lead && el("p", { class: "lead" }, lead));
export const actions = (...buttons) => el("div", { class: "actions" }, buttons);
export const grid = (name, ...children) => el("div", { class: `grid ${name}` }, children);
// What is touched, in the lower two thirds of an upright screen.
export const reach = (...children) => el("div", { class: "reach" }, children);
export const lead = (text, name = "") => text && el("p", { class: `lead ${name}` }, text);

export const button = (text, attributes) => el("button", { ...attributes, class: `choice ${attributes.class ?? ""}` }, text);
export const back = (go) => button(t("Back to the start"), { class: "quiet back", onclick: go.home });
export const names = (services) => services.map((one) => said(one.name)).join(" + ");

export function service(one, go) {
  return button(said(one.name), { "data-service": one.id, onclick: () => go.service(one) });
}

export function line(desk, one, go) {
  const waiting = desk.counts[one.id];
  const words = desk.lineOpen(one.id) ? waiting !== undefined && t("Waiting: %(n)s", { n: waiting }) : t("No numbers now");
  return el("button", { class: "choice line", "data-line": one.id, onclick: () => go.line(one) },
    el("span", { class: "letter", "aria-hidden": "true" }, one.letter),
    el("span", { class: "words" }, el("span", {}, said(one.name)), el("small", { class: "waiting" }, words || "")));
}

// A list that is too long for the screen is cut into parts of `desk.fit`, with a button to the next part.
export function part(desk, all, build, go) {
  const size = Math.min(desk.fit, all.length);
  const shown = all.slice(desk.from, desk.from + size).map(build);
  if (size < all.length) shown.push(button(t("More"), { class: "quiet next", onclick: () => go.next(all.length) }));
  return shown;
}
