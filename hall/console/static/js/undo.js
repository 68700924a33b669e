// The button that takes the last move back, with the seconds it still works.
import { $, el } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";

const MOVES = {
  call: () => t("Take back the call of %(number)s"), start: () => t("Take back the start of %(number)s"),
  finish: () => t("Take back the end of %(number)s"), miss: () => t("Take back “did not come” of %(number)s"),
};

export function paintUndo(desk, now) {
  const undo = desk.window.undo;
  const left = undo ? Math.ceil((undo.until - now) / 1000) : 0;
  if (left <= 0) return $("#undo").replaceChildren();
  const words = MOVES[undo.move]().replace("%(number)s", undo.number);
  $("#undo").replaceChildren(el("button", { class: "move undo", "data-action": "undo", onclick: () => desk.send("undo") },
    el("span", {}, `${words} (${left})`), el("kbd", {}, "Ctrl Z")));
}
