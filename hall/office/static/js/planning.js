// How far the answer is, once a second; when it is there, the page loads anew and shows it. Without scripts the page
// looks again by itself.
import { get } from "/static/js/api.js";
import { t } from "/static/js/texts.js";

const panel = document.getElementById("running");
const EVERY_MS = 1000;

async function look() {
  let running;
  try {
    ({ running } = await get("/office/planning/state"));
  } catch {
    panel.querySelector("#so-far").textContent = t("No connection. The planner goes on; this page looks again.");
    setTimeout(look, 3 * EVERY_MS);
    return;
  }
  if (running?.id !== panel.dataset.id) {
    location.replace(location.pathname);
    return;
  }
  panel.querySelector("progress").value = running.share;
  panel.querySelector("#so-far").textContent = running.words;
  setTimeout(look, EVERY_MS);
}

if (panel) setTimeout(look, EVERY_MS);
