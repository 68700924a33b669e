// A resident's ticket follows what happens to it. Without scripts the page loads itself again instead.
import { $ } from "/static/js/dom.js";

const ASK_MS = 10000;
const BUZZ_MS = [400, 200, 400];

async function look() {
  try {
    const response = await fetch(location.href, { signal: AbortSignal.timeout(ASK_MS) });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#ticket");
    const before = $("#ticket");
    if (!fresh || fresh.isEqualNode(before)) return;
    const called = fresh.dataset.state === "called" && before.dataset.state !== "called";
    before.dataset.state = fresh.dataset.state;
    before.replaceChildren(...document.importNode(fresh, true).childNodes);
    if (called) navigator.vibrate?.(BUZZ_MS);
  } catch (error) {
    // Away for a moment; the next look finds out. Anything else is a fault of this script.
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
  }
}

setInterval(look, ASK_MS);
