// The bar below: how many wait in each line, in turn with the hall's notice.
import { el } from "/static/js/dom.js";
import { said, t } from "/static/js/texts.js";

const TURN_MS = 10000;

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

  // The notice in pieces that fit, cut after punctuation where there is some.
  pieces() {
    const size = parseFloat(getComputedStyle(this.node).fontSize);
    const fits = Math.max(6, Math.floor((this.node.clientWidth - size) / size) * (/[㐀-鿿]/.test(this.node.dataset.notice) ? 1 : 1.8));
    const words = this.node.dataset.notice.match(/[^，。；、,.;: ]+[，。；、,.;: ]*/g) ?? [];
    const pieces = [];
    for (const word of words) {
      const last = pieces.at(-1);
      if (last && last.length + word.length <= fits) pieces[pieces.length - 1] = last + word;
      else pieces.push(word);
    }
    return pieces;
  }

  paint() {
    const pieces = this.pieces();
    const turn = this.turn % (pieces.length + 1);
    if (turn > 0) return this.node.replaceChildren(el("span", { class: "notice" }, pieces[turn - 1]));
    const lines = Object.entries(this.lines).sort(([, a], [, b]) => a.order - b.order);
    this.node.replaceChildren(el("span", { class: "waiting" }, t("Waiting")), ...lines.map(([id, line]) =>
      el("span", { class: "count", "data-line": id, title: said(line.name) },
        el("b", {}, line.letter), ` ${this.counts[id] ?? 0}`)));
  }
}
