// Somebody at a kiosk asks for a person: a band until a member of staff says that they go.
import { $, el, update } from "/static/js/dom.js";
import { clock, t } from "/static/js/texts.js";

export function paintHelp(desk) {
  const calls = Object.entries(desk.tables.help ?? {}).sort(([, a], [, b]) => a.since - b.since);
  $("#help").hidden = calls.length === 0;
  update($("#help"), calls.map(([kiosk, { name, since }]) =>
    el("p", { class: "help", "data-key": kiosk, "data-help": kiosk },
      el("span", {}, t("Help is wanted at “%(name)s” since %(time)s.", { name, time: clock(since) })),
      el("button", { class: "button", onclick: () => desk.ask(`help/${kiosk}/answer`) }, t("I am going")))));
}
