// Reads the page aloud: what a page says besides names and numbers is fixed and was rendered before.
import { language, t } from "/static/js/texts.js";

export class ReadAloud {
  constructor(button) {
    this.button = button;
    this.page = "";
    this.audio = new Audio();
    this.audio.addEventListener("ended", () => this.stop());
    // No sound for a page: nothing to be offered there.
    this.audio.addEventListener("error", () => this.stop());
    button.addEventListener("click", () => (this.audio.paused ? this.start() : this.stop()));
  }

  // Whether the hall speaks at all.
  allow(on) {
    this.button.hidden = !on;
    this.button.parentElement.classList.toggle("four", on);
  }

  turn(page) {
    if (page !== this.page || language !== this.language) this.stop();
    [this.page, this.language] = [page, language];
  }

  async start() {
    this.audio.src = `/kiosk/static/speech/${language}/${this.page}.wav`;
    this.button.setAttribute("aria-pressed", "true");
    this.button.textContent = t("Stop reading");
    try {
      await this.audio.play();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // stopped meanwhile, or no such sound
      this.stop();
    }
  }

  stop() {
    this.audio.pause();
    this.button.removeAttribute("aria-pressed");
    this.button.textContent = t("Read aloud");
  }
}
