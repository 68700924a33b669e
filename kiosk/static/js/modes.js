// Large letters and high contrast, one touch away; the next person starts without them, in the hall's language.
import { $ } from "/static/js/dom.js";
import { language } from "/static/js/texts.js";

const MODES = ["elder", "contrast"];
const root = document.documentElement;

export const modes = {
  get usual() {
    return language === "zh" && !MODES.some((mode) => root.classList.contains(mode));
  },

  start(changed) {
    for (const mode of MODES) {
      $(`#${mode}`).addEventListener("click", () => {
        $(`#${mode}`).setAttribute("aria-pressed", String(root.classList.toggle(mode)));
        changed();
      });
    }
  },

  // True when the page is loaded again for it.
  reset() {
    for (const mode of MODES) {
      root.classList.remove(mode);
      $(`#${mode}`).setAttribute("aria-pressed", "false");
    }
    if (language !== "zh") location.replace("?lang=zh");
    return language !== "zh";
  },
};
