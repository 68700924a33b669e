// The kiosk: one page at a time, one number however often it is touched, home again by itself.
import { get, post, Problem } from "/static/js/api.js";
import { $, el } from "/static/js/dom.js";
import { Idle } from "/kiosk/static/js/idle.js";
import * as pages from "/kiosk/static/js/pages.js";
import { clock, t } from "/static/js/texts.js";

const hallPath = `/api/v1/halls/${document.documentElement.dataset.hall}`;
// The second half of a double tap must not press a button of the next page.
const SETTLE_MS = 400;
const AWAY_CHECK_MS = 3000;

let hall = null;
let page = "home";
let chosen = fresh();
let turned = 0;
let taking = false;

function fresh() {
  return { services: [], line: null, ticket: null, problem: null };
}

function show(name) {
  page = name;
  turned = performance.now();
  const main = $("#page");
  main.className = name;
  main.replaceChildren(...pages[name](hall, chosen, go).flat().filter(Boolean));
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  idle.restart(name);
}

const go = {
  home() {
    chosen = fresh();
    show("home");
  },
  line(line) {
    chosen.line = line;
    show("line");
  },
  service(service) {
    chosen.services.push(service);
    show("materials");
  },
  more() {
    go.line(hall.lines.find((line) => line.id === chosen.services[0].line));
  },
  async take() {
    if (taking) return;
    taking = true;
    $("#take").setAttribute("aria-busy", "true");
    try {
      const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
      const services = chosen.services.map((service) => service.id);
      chosen.ticket = await post(`${hallPath}/tickets`, { services, language });
      show("number");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      chosen.problem = error;
      show(["AWAY", "STORE_AWAY"].includes(error.code) ? "away" : "refused");
    } finally {
      taking = false;
    }
  },
};

const idle = new Idle({ warning: $("#warning"), text: $("#warning-text"), stay: $("#stay"), home: go.home });

document.addEventListener("click", (event) => {
  if (performance.now() - turned < SETTLE_MS && $("#page").contains(event.target)) {
    event.stopPropagation();
    event.preventDefault();
  }
}, true);
document.addEventListener("contextmenu", (event) => event.preventDefault());

for (const mode of ["elder", "contrast"]) {
  $(`#${mode}`).addEventListener("click", () => {
    const on = document.documentElement.classList.toggle(mode);
    $(`#${mode}`).setAttribute("aria-pressed", String(on));
  });
}

// Whether the hall can be reached, checked all the time, so that nobody walks into a dead machine.
async function check() {
  try {
    const response = await fetch("/readyz", { signal: AbortSignal.timeout(AWAY_CHECK_MS) });
    if (!response.ok) throw new Problem({ code: "AWAY", detail: "" });
    if (page === "away" || !hall) {
      hall = await get(`${hallPath}/services`);
      go.home();
    }
  } catch {
    if (page !== "away" && page !== "number") show("away");
  }
  setTimeout(check, AWAY_CHECK_MS);
}

setInterval(() => ($("#clock").textContent = clock(Date.now())), 1000);
$("#page").append(el("p", { class: "lead" }, t("One moment, please")));
check();
