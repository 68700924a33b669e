// Reads the page aloud: what a page says besides names and numbers is fixed and was rendered before.
import { language, t } from "/static/js/texts.js";

const LANGUAGES = ["zh", "en"];
// Said when there is no server to ask for it.
const KEPT = "away";
const address = (lang, sound) => `/kiosk/static/speech/${lang}/${sound}.wav`;

export class ReadAloud {
  constructor(button) {
    Object.assign(this, { button, sound: "", kept: new Map(), audio: new Audio() });
    this.audio.addEventListener("ended", () => this.stop());
    // No sound for a page: nothing to be offered there.
    this.audio.addEventListener("error", () => this.stop());
    button.addEventListener("click", () => (this.audio.paused ? this.start() : this.stop()));
  }

  // Whether the hall speaks at all.
  allow(on) {
    this.button.hidden = !on;
    this.button.parentElement.classList.toggle("four", on);
    if (on) for (const lang of LANGUAGES) this.keep(address(lang, KEPT));
  }

  async keep(path) {
    if (this.kept.has(path)) return;
    this.kept.set(path, path);
    try {
      const answer = await fetch(path);
      if (!answer.ok) throw new TypeError(`${answer.status}`);
      this.kept.set(path, URL.createObjectURL(await answer.blob()));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.kept.delete(path); // away already: the next time it is there
    }
  }

  turn(sound) {
    if (sound !== this.sound || language !== this.language) this.stop();
    [this.sound, this.language] = [sound, language];
  }

  async start() {
    const path = address(language, this.sound);
    this.audio.src = this.kept.get(path) ?? path;
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
