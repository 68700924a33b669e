// Connects the voice to its server, its loudspeaker and its page.
import { post } from "/static/js/api.js";
import { Player } from "/display/static/js/player.js";
import { Voice } from "/display/static/js/voice.js";

// A reload is the same page to the server, another tab is not.
function pageId() {
  const made = [...crypto.getRandomValues(new Uint8Array(6))].map((n) => n.toString(16).padStart(2, "0")).join("");
  const known = sessionStorage.getItem("page") ?? made;
  sessionStorage.setItem("page", known);
  return known;
}

async function bytes(url) {
  const answer = await fetch(url, { headers: { "X-Device": "display" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.arrayBuffer();
}

// What a display in no sound zone is told: only whether it may sound is of interest there.
const SILENT = { on: false, speaks: true, wait_ms: 3600000, announcement: null };

// `context` is the audio context whose state says whether the browser lets us sound.
export function speakFor(hall, zone, context) {
  const place = { zone, page: pageId() };
  const api = (path, more) => post(`/api/v1/halls/${hall}/voice/${path}`, { ...place, ...more });
  const voice = new Voice({
    player: new Player(context, bytes),
    ask: zone ? () => api("next") : async () => SILENT,
    done: (id) => api(`${id}/done`),
    report: (blocked) => api("blocked", { blocked }),
    speaking(number) {
      if (number === null) delete document.documentElement.dataset.speaking;
      else document.documentElement.dataset.speaking = number;
    },
  });
  const look = () => voice.allowed(context.state === "running");
  context.addEventListener("statechange", look);
  // Some browsers let a page sound that was touched before it was loaded again, if it asks.
  context.resume();
  look();
  return voice;
}
