// The last state of this screen, for a reload while the server is away.
const EVERY_MS = 2000;

export class Kept {
  constructor(hall) {
    this.name = `board/${hall}`;
    this.saved = -Infinity;
  }

  save(state, at) {
    if (performance.now() - this.saved < EVERY_MS) return void (this.later ??= setTimeout(() => ((this.later = null), this.save(state, at)), EVERY_MS));
    this.saved = performance.now();
    localStorage.setItem(this.name, JSON.stringify({ tables: state.tables, counts: state.counts, at }));
  }

  // The last ring that was announced: at once, so that none is announced again after a reload.
  hear(ring) {
    localStorage.setItem(`${this.name}/heard`, ring);
  }

  heard() {
    return localStorage.getItem(`${this.name}/heard`);
  }

  // Since when what is shown is old, ms of the hall's clock; null: it is not.
  old(since) {
    if (since === null) localStorage.removeItem(`${this.name}/old`);
    else localStorage.setItem(`${this.name}/old`, since);
  }

  oldSince() {
    const since = localStorage.getItem(`${this.name}/old`);
    return since === null ? null : Number(since);
  }

  // {tables, counts, at} or null.
  load() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }
}

// The page itself, and what it needs; only over HTTPS or on this very machine does a browser keep them.
export async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  const ready = await navigator.serviceWorker.register("/display/worker.js");
  await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  (ready.active ?? navigator.serviceWorker.controller)?.postMessage({ keep: [location.href, ...loaded] });
}
