// What the office tells this window, and the help it calls for. The live floor says only that there is something: the
// words are read from the window's own address, so that no other console has them.
import { get, Problem } from "/static/js/api.js";
import { $, el, update } from "/static/js/dom.js";
import { clock, t } from "/static/js/texts.js";

const KINDS = ["help", "answer", "message"];

const ROWS = {
  message: (one) => [t("Message from %(who)s at %(time)s:", one), one.text, "message/read", t("Read")],
  answer: (one) => [t("%(who)s comes to help.", one), "", "help/answer/read", t("Good")],
  help: (one) => [t("Support was asked for at %(time)s. Nobody has answered yet.", one), "", "help/answer", t("Not needed any more")],
};

export class Told {
  constructor(path) {
    Object.assign(this, { path, known: "", told: [] });
  }

  // Reads again when what the floor says of this window has changed.
  async follow(desk) {
    const { id } = desk.window ?? {};
    $("#support").hidden = !id || `help/${id}` in (desk.tables.notes ?? {});
    $("#support").onclick = () => desk.send("help");
    const notes = KINDS.map((kind) => desk.tables.notes?.[`${kind}/${id}`]?.since ?? 0);
    const known = notes.some(Boolean) ? `${id} ${notes}` : "";
    if (known === this.known) return;
    this.known = known;
    this.told = [];
    this.paint(desk);
    if (!known) return;
    try {
      const { told } = await get(`${this.path}/windows/${id}/told`);
      if (this.known !== known) return;
      this.told = told;
      this.paint(desk);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.known = ""; // the next change asks again
    }
  }

  paint(desk) {
    $("#office").hidden = this.told.length === 0;
    update($("#office"), this.told.map((one) => {
      const [words, text, path, answer] = ROWS[one.kind]({ ...one, time: clock(one.since) });
      return el("p", { class: one.kind, "data-key": one.kind, "data-told": one.kind },
        el("span", {}, words, " ", text && el("b", {}, text)),
        el("button", { class: "button", onclick: () => desk.send(path, one.kind === "help" ? undefined : { since: one.since }) }, answer));
    }));
  }
}
