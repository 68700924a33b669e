// Why a picked number stands where it stands, in the server's words, and what colleagues noted; asked again while the hall goes on.
import { get, Problem } from "/static/js/api.js";
import { el } from "/static/js/dom.js";
import { clock, t } from "/static/js/texts.js";

// What became of the message to the phone.
const TOLD = {
  waiting: () => t("on its way"), sent: () => t("sent"), failed: () => t("could not be sent"), dropped: () => t("not sent, no longer needed"),
};

export class Why {
  constructor(path, paint) {
    Object.assign(this, { path, paint, id: null, texts: [], told: null, note: null, asked: 0, taken: 0 });
  }

  async ask(ticket) {
    if (this.id !== ticket.id) Object.assign(this, { id: ticket.id, texts: [], told: null, note: null });
    const mine = ++this.asked;
    try {
      const { why, told, note } = await get(`${this.path}/${ticket.number}`);
      if (this.id !== ticket.id || mine < this.taken) return;
      Object.assign(this, { texts: why, told, note, taken: mine });
      this.paint();
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // the next change asks again
    }
  }

  // What is known of the ticket's place, for the middle column.
  of(ticket) {
    const facts = { came: clock(ticket.arrived), counts: clock(ticket.queue_time ?? ticket.arrived) };
    const words = facts.came === facts.counts ? t("Came at %(came)s", facts) : t("Came at %(came)s, counts as taken at %(counts)s", facts);
    const known = this.id === ticket.id ? this.texts : [];
    const { told, note } = this.id === ticket.id ? this : {};
    return el("div", { class: "why", "data-key": "why", role: "status" }, el("p", {}, words),
      note && el("p", { "data-note": ticket.number }, el("span", { class: "noted" }, t("note")), " ", note),
      known.length > 0 && el("ul", {}, known.map((text) => el("li", {}, text))),
      told && el("p", { "data-told": told.state }, t("Message to the phone, %(time)s: %(state)s.", { time: clock(told.at), state: TOLD[told.state]() })));
  }
}
