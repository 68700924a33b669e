// The button that takes the last move back, with the seconds it still works.
import { $, el, update } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";

const MOVES = {
  call: (facts) => t("Take back the call of %(number)s", facts), start: (facts) => t("Take back the start of %(number)s", facts),
  finish: (facts) => t("Take back the end of %(number)s", facts), miss: (facts) => t("Take back “did not come” of %(number)s", facts),
};

export function paintUndo(desk, now) {
  const undo = desk.window.undo;
  const left = undo ? Math.ceil((undo.until - now) / 1000) : 0;
  if (left <= 0) return update($("#undo"), []);
  update($("#undo"), [el("button", { class: "move undo", "data-action": "undo", onclick: () => desk.here("undo") },
    el("span", {}, MOVES[undo.move]({ number: undo.number }), el("small", {}, t("%(n)s seconds left", { n: left }))), el("kbd", {}, "Ctrl Z"))]);
}
