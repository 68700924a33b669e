// The mirror looks again by itself; without scripts the page loads itself again.
import { $ } from "/static/js/dom.js";
import { clock, t } from "/static/js/texts.js";

const AGAIN_MS = 5000;
const ASK_MS = 8000;

async function look() {
  const at = Number($("#mirror").dataset.at);
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(ASK_MS) });
    const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#mirror");
    if (fresh) {
      $("#mirror").dataset.at = fresh.dataset.at;
      if (fresh.innerHTML !== $("#mirror").innerHTML) $("#mirror").replaceChildren(...document.importNode(fresh, true).childNodes);
    }
    old(!fresh, at);
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    old(true, at);
  }
  setTimeout(look, AGAIN_MS);
}

function old(is, since) {
  $("#old").hidden = !is;
  if (is) $("#old").textContent = t("Not live since %(time)s. Please listen to the staff.", { time: clock(since) });
}

setTimeout(look, AGAIN_MS);
