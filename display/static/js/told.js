// The line above the bar: what a manager tells everybody who closed the hall for today or paused a line, in every language
// it was written in, one piece after the other. There is none while nothing is told.
import { el, update } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";
import { pieces, TURN_MS } from "/display/static/js/bar.js";

const LANGUAGES = [["zh", "zh-CN"], ["en", "en"]];

// [language, text] of all that is told. A page that stays open over midnight knows by itself that it is another day.
export function told({ closed = {}, paused = {}, lines = {} }, mine, now) {
  const rows = Object.entries(paused).filter(([id]) => mine(id) && lines[id]).sort(([a], [b]) => lines[a].order - lines[b].order);
  const all = [...Object.values(closed).map((text) => [text, null]), ...rows.map(([id, text]) => [text, lines[id]])];
  return all.filter(([text]) => text.until > now).flatMap(([text, line]) =>
    LANGUAGES.filter(([name]) => text[name]).map(([name, lang]) => [lang, line ? `${line.letter} ${line.name[name] || line.name.zh} · ${text[name]}` : text[name]]));
}

export class Told {
  // `changed`: the line came or went, so that there is more or less room for calls.
  constructor(node, changed) {
    Object.assign(this, { node, changed, turn: 0, said: () => [] });
    setInterval(() => ((this.turn += 1), this.paint()), TURN_MS);
  }

  follow(said) {
    this.said = said;
    this.paint();
  }

  paint() {
    const said = this.said();
    const was = this.node.hidden;
    this.node.hidden = !said.length;
    if (was !== this.node.hidden) this.changed();
    if (!said.length) return void (this.turn = 0);
    const fits = this.node.clientWidth / parseFloat(getComputedStyle(this.node).fontSize) - 2;
    // Whoever waits here has a number already.
    const calm = [document.documentElement.lang, t("Whoever has a number is served.")];
    const turns = [...said, calm].flatMap(([lang, text]) => pieces(text, fits).map((piece) => el("span", { lang }, piece)));
    update(this.node, [turns[this.turn % turns.length]]);
  }
}
