// Tells somebody who is not looking: the phone shakes, and rings once they have let it.
import { t } from "/static/js/texts.js";

const CALLED_MS = [400, 200, 400, 200, 800];
const NEAR_MS = [300, 150, 300];
const TONES = [784, 622.3];

export class Bell {
  // A browser lets a page sound only after a touch: the button is that touch.
  constructor(button) {
    this.button = button;
    this.context = null;
    button.hidden = typeof AudioContext === "undefined";
    button.addEventListener("click", () => this.toggle());
  }

  async toggle() {
    if (this.context) {
      await this.context.close();
      this.context = null;
    } else {
      this.context = new AudioContext();
      await this.context.resume();
      this.ring(1);
      // So that the page goes on while it lies on the table; browsers may refuse.
      navigator.wakeLock?.request("screen").catch(() => null);
    }
    this.button.setAttribute("aria-pressed", String(this.context !== null));
    this.button.textContent = this.context ? t("Rings when you are called. Touch to stop.") : t("Ring when I am called");
  }

  called() {
    navigator.vibrate?.(CALLED_MS);
    this.ring(3);
  }

  near() {
    navigator.vibrate?.(NEAR_MS);
    this.ring(1);
  }

  ring(times) {
    if (!this.context) return;
    for (let n = 0; n < times; n++) TONES.forEach((tone, m) => this.tone(tone, this.context.currentTime + n * 1.2 + m * 0.35));
  }

  tone(hertz, at) {
    const oscillator = this.context.createOscillator();
    const loudness = this.context.createGain();
    oscillator.frequency.value = hertz;
    loudness.gain.setValueAtTime(0.4, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.9);
    oscillator.connect(loudness).connect(this.context.destination);
    oscillator.start(at);
    oscillator.stop(at + 0.9);
  }
}
