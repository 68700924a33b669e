// Large letters, high contrast and the language, one touch away; none of it loses the place. The next person starts
// without them, in the hall's language.
import { $ } from "/static/js/dom.js";
import { language, speak } from "/static/js/texts.js";

const MODES = ["elder", "contrast"];
const USUAL = "zh";
const root = document.documentElement;

export const modes = {
  // The language that was asked for last: its texts may still be on their way.
  wanted: language,

  get usual() {
    return language === USUAL && !MODES.some((mode) => root.classList.contains(mode));
  },

  start(changed) {
    this.changed = changed;
    for (const mode of MODES) {
      $(`#${mode}`).addEventListener("click", () => {
        $(`#${mode}`).setAttribute("aria-pressed", String(root.classList.toggle(mode)));
        changed();
      });
    }
    $("#language").addEventListener("click", (event) => {
      event.preventDefault();
      this.turn(this.wanted === "zh" ? "en" : "zh");
    });
  },

  // The same page from the server, in another language: its texts go into this one.
  async turn(lang) {
    this.wanted = lang;
    const other = await this.page(lang);
    if (this.wanted !== lang) return;
    if (!other) return void (this.wanted = language);
    speak(other.documentElement.lang, JSON.parse(other.querySelector("#texts").textContent));
    document.title = other.title;
    for (const node of document.querySelectorAll("[data-said]")) {
      const same = other.getElementById(node.id);
      node.textContent = same.textContent;
      for (const name of ["aria-label", "lang", "href"]) if (same.hasAttribute(name)) node.setAttribute(name, same.getAttribute(name));
    }
    this.changed();
  },

  // Null when it cannot be had; that the server is away, the page says by itself.
  async page(lang) {
    try {
      const answer = await fetch(`/kiosk/?lang=${lang}`);
      return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return null;
    }
  },

  reset() {
    for (const mode of MODES) {
      root.classList.remove(mode);
      $(`#${mode}`).setAttribute("aria-pressed", "false");
    }
    if (this.wanted !== USUAL) this.turn(USUAL);
  },
};
