// The note of the ticket at the window: read before it may be written, kept while it is written, so that a closed
// browser loses nothing, and never put over a note that this page has not read.
import { get, post, Problem } from "/static/js/api.js";
import { $ } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";

const PAUSE_MS = 700;
const AGAIN_MS = 2000;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function say(text) {
  if ($("#kept")) $("#kept").textContent = text;
}

export class Note {
  constructor(path, complain) {
    Object.assign(this, { path, complain, sheet: null, timer: 0, saving: Promise.resolve(true) });
  }

  // A ticket with its own new field: `known` is the note as the server has it, `sent` what it may have got.
  async show(ticket) {
    if (this.sheet) this.keep(); // a ticket that others took away keeps what was written
    const sheet = { number: ticket.number, field: $("#note"), known: "", sent: [] };
    this.sheet = sheet;
    if (ticket.noted) await this.load(sheet);
  }

  async load(sheet) {
    const { field } = sheet;
    field.disabled = true;
    field.setAttribute("aria-busy", "true");
    while (field.isConnected) {
      try {
        sheet.known = field.value = await this.read(sheet);
        break;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (field.isConnected) say(t("The note could not be read. Trying again."));
      }
      await pause(AGAIN_MS);
    }
    if (field.isConnected) say("");
    field.disabled = false;
    field.removeAttribute("aria-busy");
  }

  read = async ({ number }) => (await get(`${this.path}/${number}`)).note ?? "";

  changed() {
    say("");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE_MS);
  }

  // Called before every move too: the move may take the ticket away. One after the other, or two of ours would meet as
  // if they were two people's. False: it is not kept, the text is in the field, and the clerk was told why.
  keep() {
    clearTimeout(this.timer);
    const { sheet } = this;
    const save = () => (sheet ? this.save(sheet) : true);
    this.saving = this.saving.then(save, save);
    return this.saving;
  }

  async save(sheet) {
    const { field, number, known } = sheet;
    const note = field.value.replace(/\s+/g, " ").trim(); // one line, as the server wants it
    if (field.disabled || note === known) return true;
    sheet.sent.push(note);
    try {
      await post(`${this.path}/${number}/edit`, { note, known_note: known });
      Object.assign(sheet, { known: note, sent: [] });
      if (field.isConnected) say(t("kept"));
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "NOTE_CHANGED") return this.meet(sheet);
      return this.lose(sheet, error.message);
    }
  }

  // The note there is another one: our own, whose answer was lost, or a colleague's, which is put behind ours.
  async meet(sheet) {
    const { field, sent } = sheet;
    try {
      sheet.known = await this.read(sheet);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return this.lose(sheet, error.message);
    }
    if (sent.includes(sheet.known)) return this.save(sheet);
    const { length } = field.value;
    if (sheet.known) field.setRangeText(` / ${sheet.known}`, length, length, "preserve");
    return this.lose(sheet, t("A colleague has written a note meanwhile. Both are in the field now: please put them in order."));
  }

  // What cannot be kept and is on no page any more stands in nobody's way.
  lose(sheet, why) {
    this.complain(why, "bad");
    if (!sheet.field.isConnected && this.sheet === sheet) this.sheet = null;
    return !sheet.field.isConnected;
  }
}
