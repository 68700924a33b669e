// The chime, and whether the browser lets it sound: it may want a touch first, which staff must see.
export class Sound {
  constructor(audio, button) {
    Object.assign(this, { audio, button });
    this.context = new AudioContext();
    this.context.addEventListener("statechange", () => this.look());
    button.addEventListener("click", () => this.ring());
    this.look();
    this.hold();
  }

  // The chime in memory: one that is fetched while it sounds stops, or sounds twice, when the network goes.
  async hold() {
    try {
      const response = await fetch(this.audio.src);
      const chime = response.ok && await response.blob();
      if (chime && this.audio.paused) this.audio.src = URL.createObjectURL(chime);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // away: it is played from where it is, if it can be
    }
  }

  // Known before the first call, and not only when it is too late.
  look() {
    this.button.hidden = this.context.state === "running";
  }

  async ring() {
    try {
      this.audio.currentTime = 0;
      await this.audio.play();
      this.button.hidden = true;
      this.context.resume();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.button.hidden = false;
    }
  }
}
