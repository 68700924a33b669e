// The bar below: how many wait in each line, in turn with the hall's notice and its promise.
import { el, update } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";

const TURN_MS = 8000;
// Widths in letters' heights: a Chinese character, any other one, the count of a line with its gap.
const WIDE = 1;
const NARROW = 0.56;
const COUNT = 2.6;

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
    setInterval(() => ((this.turn += 1), this.paint()), TURN_MS);
  }

  set(lines, counts) {
    Object.assign(this, { lines, counts });
    this.paint();
  }

  // What is shown in turn: groups of counts, then pieces of text; each is a list of elements.
  turns() {
    const fits = this.node.clientWidth / parseFloat(getComputedStyle(this.node).fontSize) - 1;
    const lines = Object.entries(this.lines).sort(([, a], [, b]) => a.order - b.order);
    const size = Math.max(1, Math.floor((fits - width(t("Waiting")) * 0.7) / COUNT));
    const groups = [];
    for (let n = 0; n < lines.length; n += size) groups.push(lines.slice(n, n + size));
    const { notice, promise } = this.node.dataset;
    return [
      ...groups.map((group) => this.count(group)),
      ...[notice, promise].flatMap((text) => pieces(text, fits)).map((text) => [el("span", { class: "notice" }, text)]),
    ];
  }

  count(lines) {
    return [el("span", { class: "waiting" }, t("Waiting")), ...lines.map(([id, line]) =>
      el("span", { class: "count", "data-line": id }, el("b", {}, line.letter), ` ${this.counts[id] ?? 0}`))];
  }

  paint() {
    const turns = this.turns();
    if (turns.length) update(this.node, turns[this.turn % turns.length]);
  }
}
