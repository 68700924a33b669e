// The note of the ticket at the window: read once, kept while it is written, so that a closed browser loses nothing.
import { get, post, Problem } from "/static/js/api.js";
import { $ } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";

const PAUSE_MS = 700;

export class Note {
  constructor(path, complain) {
    Object.assign(this, { path, complain, number: null, kept: "", timer: 0 });
  }

  async show(ticket) {
    this.number = ticket.number;
    this.kept = "";
    if (!ticket.noted) return;
    const { note } = await get(`${this.path}/${ticket.number}`);
    if (this.number !== ticket.number || $("#note").value) return;
    this.kept = $("#note").value = note ?? "";
  }

  changed() {
    $("#kept").textContent = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE_MS);
  }

  // Called before every move too: the move may take the ticket away.
  async keep() {
    clearTimeout(this.timer);
    const note = $("#note")?.value;
    if (note === undefined || note === this.kept) return;
    const before = this.kept;
    this.kept = note;
    try {
      await post(`${this.path}/${this.number}/edit`, { note });
      if ($("#kept")) $("#kept").textContent = t("kept");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.kept = before;
      this.complain(error.message, "bad");
    }
  }
}
