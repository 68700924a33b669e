// The bar below: how many wait in each line, in turn with the hall's notice and its promise.
import { el, update } from "/static/js/dom.js";
import { said, t } from "/static/js/texts.js";

export const TURN_MS = 8000;
// Widths in letters' heights: a Chinese character, any other one, the count of a line with its gap.
const WIDE = 1;
const NARROW = 0.56;
const COUNT = 2.6;
// … and of a line's wait.
const WAIT = 4.6;

const width = (text) => [...text].reduce((sum, letter) => sum + (letter > "⺀" ? WIDE : NARROW), 0);

// A text in pieces that fit, cut after punctuation where there is some.
export function pieces(text, fits) {
  const words = text.match(/[^，。；、,.;: ]+[，。；、,.;: ]*/g) ?? [];
  const found = [];
  for (const word of words) {
    const last = found.at(-1);
    if (last !== undefined && width(last + word.trimEnd()) <= fits) found[found.length - 1] = last + word;
    else found.push(word);
  }
  return found;
}

export class Bar {
  constructor(node) {
    this.node = node;
    this.turn = 0;
    this.lines = {};
    this.counts = {};
    this.hours = "";
    this.waits = {};
    this.notice = null;
    this.promise = null;
    setInterval(() => ((this.turn += 1), this.paint()), TURN_MS);
  }

  set(lines, counts) {
    Object.assign(this, { lines, counts });
    this.paint();
  }

  // What changes slowly: today's hours, minutes that somebody who comes now will wait by line, the hall's notice and promise.
  tell({ hours, waits, notice, promise }) {
    Object.assign(this, { hours, waits, notice, promise });
    this.paint();
  }

  // What is shown in turn: groups of counts, then pieces of text; each is a list of elements.
  turns() {
    const fits = this.node.clientWidth / parseFloat(getComputedStyle(this.node).fontSize) - 1;
    const lines = Object.entries(this.lines).sort(([, a], [, b]) => a.order - b.order);
    const known = lines.filter(([id]) => this.waits[id]);
    const groups = (all, words, each) => {
      const size = Math.max(1, Math.floor((fits - width(words) * 0.7) / each));
      return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
    };
    const hours = this.hours && t("Service hours today: %(hours)s", { hours: this.hours });
    return [
      ...groups(lines, t("Waiting"), COUNT).map((group) => this.count(group)),
      ...groups(known, t("Minutes to wait"), WAIT).map((group) => this.wait(group)),
      ...(hours ? pieces(hours, fits).map((text) => [el("span", { class: "notice" }, text)]) : []),
      ...[this.notice, this.promise].flatMap((text) => pieces(said(text), fits)).map((text) => [el("span", { class: "notice" }, text)]),
    ];
  }

  count(lines) {
    return [el("span", { class: "waiting" }, t("Waiting")), ...lines.map(([id, line]) =>
      el("span", { class: "count", "data-line": id }, el("b", {}, line.letter), ` ${this.counts[id] ?? 0}`))];
  }

  wait(lines) {
    return [el("span", { class: "waiting" }, t("Minutes to wait")), ...lines.map(([id, line]) =>
      el("span", { class: "count", "data-wait": id }, el("b", {}, line.letter), ` ${this.waits[id].low}–${this.waits[id].high}`))];
  }

  paint() {
    const turns = this.turns();
    if (turns.length) update(this.node, turns[this.turn % turns.length]);
  }
}
