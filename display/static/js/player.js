// Plays clips one after the other without a gap that is heard. The audio context and the way clips are fetched are
// given, so that it runs without a loudspeaker too.

// Clips that are kept decoded; a whole set is smaller.
const KEPT = 200;
// The clips are scheduled a little ahead, and a context that stands still is noticed so long after their end.
const AHEAD_SECONDS = 0.05;
const STUCK_MS = 2000;

// An announcement as the server sends it → [{url, after}], `after` in ms of silence before a clip.
export function timeline({ chime, sentences, repeat, gap_ms, pause_ms }) {
  const round = sentences.flatMap(({ clips }) => clips.map((url, n) => ({ url, after: n ? gap_ms : pause_ms })));
  const said = Array.from({ length: repeat }, () => round).flat();
  // The chime dies away by itself: the first word comes soon after it.
  if (said.length) said[0] = { ...said[0], after: chime ? gap_ms : 0 };
  return chime ? [{ url: chime, after: 0 }, ...said] : said;
}

export class Player {
  constructor(context, fetchBytes) {
    Object.assign(this, { context, fetchBytes });
    this.buffers = new Map();
    this.sources = [];
    this.plays = 0;
  }

  // The decoded clip; one that cannot be had is tried again the next time.
  buffer(url) {
    const known = this.buffers.get(url);
    if (known) return known;
    const coming = this.fetchBytes(url).then((bytes) => this.context.decodeAudioData(bytes));
    coming.catch(() => this.buffers.delete(url));
    if (this.buffers.size >= KEPT) this.buffers.delete(this.buffers.keys().next().value);
    this.buffers.set(url, coming);
    return coming;
  }

  // Resolves when the last clip was heard. A clip that cannot be had is left out, unless none can.
  async play(clips) {
    const mine = ++this.plays;
    const loaded = await Promise.allSettled(clips.map(({ url }) => this.buffer(url)));
    const lost = clips.filter((_, n) => loaded[n].status === "rejected");
    for (const { url } of lost) console.warn("clip not played", url);
    // Told to stop while the clips were on their way: somebody else may be speaking by now.
    if (mine !== this.plays) throw new Error("stopped");
    if (lost.length === clips.length) throw new Error("no clip can be played");
    const start = this.context.currentTime + AHEAD_SECONDS;
    let at = start;
    let last = null;
    clips.forEach(({ after }, n) => {
      const buffer = loaded[n].value;
      if (!buffer) return;
      at += last ? after / 1000 : 0;
      last = this.schedule(buffer, at);
      at += buffer.duration;
    });
    await this.ended(last, (at - start) * 1000 + STUCK_MS);
  }

  schedule(buffer, at) {
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.start(at);
    this.sources.push(source);
    return source;
  }

  async ended(source, limit) {
    let timer;
    const over = new Promise((done) => source.addEventListener("ended", done, { once: true }));
    const stuck = new Promise((_, fail) => (timer = setTimeout(() => fail(new Error("the sound stands still")), limit)));
    try {
      await Promise.race([over, stuck]);
    } finally {
      clearTimeout(timer);
      this.stop();
    }
  }

  // Silence, at once.
  stop() {
    this.plays += 1;
    for (const source of this.sources.splice(0)) source.stop();
  }
}
