// The kiosk: one page at a time, one number however often it is touched, home again by itself.
import { get, peek, post, Problem } from "/static/js/api.js";
import { $, el } from "/static/js/dom.js";
import { follow } from "/static/js/live.js";
import { Idle } from "/kiosk/static/js/idle.js";
import { modes } from "/kiosk/static/js/modes.js";
import * as pages from "/kiosk/static/js/pages.js";
import { clock, language, t } from "/static/js/texts.js";

const { hall: hallId, bound } = document.documentElement.dataset;
const hallPath = `/api/v1/halls/${hallId}`;
// The second half of a double tap must not press a button of the next page.
const SETTLE_MS = 400;
const CHECK_MS = 3000;
const RESTING = ["home", "closed", "away"];

const desk = {
  hall: null, bound, counts: {}, open: { open: true, lines: {} }, page: "", unpaired: false, from: 0, fit: Infinity, chosen: fresh(),
  lineOpen: (id) => desk.open.lines[id]?.open ?? true,
};
let turned = 0;
let taking = false;

function fresh() {
  return { services: [], line: null, ticket: null, problem: null };
}

function show(name) {
  if (name !== desk.page) turned = performance.now();
  desk.page = name;
  desk.from = 0;
  paint();
  $("#page").focus({ preventScroll: true });
  idle.restart(name);
}

// Nobody scrolls on a kiosk: a list is cut until the page fits.
function paint() {
  const main = $("#page");
  for (desk.fit = desk.from ? desk.fit : Infinity; ; desk.fit = Math.min(desk.fit, 24) - 1) {
    main.className = desk.page;
    main.replaceChildren(...pages[desk.page](desk, go).flat().filter(Boolean));
    if (desk.fit <= 2 || document.documentElement.scrollHeight <= window.innerHeight) return;
  }
}

const go = {
  home() {
    desk.chosen = fresh();
    show(desk.open.open ? "home" : "closed");
  },
  // The next person finds the page as everybody does.
  end() {
    if (!modes.reset()) go.home();
  },
  next(length) {
    desk.from = desk.from + desk.fit >= length ? 0 : desk.from + desk.fit;
    turned = performance.now();
    paint();
    $("#page").focus({ preventScroll: true });
  },
  line(line) {
    if (!desk.lineOpen(line.id)) return go.refused("LINE_CLOSED", line.id);
    desk.chosen.line = line;
    show("choose");
  },
  service(service) {
    if (!desk.lineOpen(service.line)) return go.refused("LINE_CLOSED", service.line);
    desk.chosen.services.push(service);
    show("materials");
  },
  more() {
    go.line(desk.hall.lines.find((line) => line.id === desk.chosen.services[0].line));
  },
  refused(code, line) {
    const detail = t("This line gives no numbers at this time. Please come back during its hours.");
    desk.chosen.problem = new Problem({ code, detail, facts: { opens: desk.open.lines[line].opens } });
    show("refused");
  },
  async take() {
    if (taking) return;
    taking = true;
    $("#take").setAttribute("aria-busy", "true");
    try {
      const services = desk.chosen.services.map((service) => service.id);
      desk.chosen.ticket = await post(`${hallPath}/tickets`, { services, language });
      show("number");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      desk.chosen.problem = error;
      show(["AWAY", "STORE_AWAY"].includes(error.code) ? "away" : "refused");
    } finally {
      taking = false;
    }
  },
};

const idle = new Idle({ warning: $("#warning"), text: $("#warning-text"), stay: $("#stay"), home: go.end, modes });

document.addEventListener("click", (event) => {
  if (performance.now() - turned < SETTLE_MS && $("#page").contains(event.target)) {
    event.stopPropagation();
    event.preventDefault();
  }
}, true);
document.addEventListener("contextmenu", (event) => event.preventDefault());
modes.start(() => desk.page && paint());
window.addEventListener("resize", () => desk.page && paint());

// Whether numbers are given, asked all the time, so that nobody walks into a dead or closed machine.
async function check() {
  try {
    const open = await peek("/kiosk/state", CHECK_MS);
    const changed = open.version !== desk.open.version;
    const turnedOver = JSON.stringify(open) !== JSON.stringify(desk.open);
    if (changed) desk.hall = await get(`${hallPath}/services`);
    desk.open = open;
    if (!desk.page || desk.page === "away" || (turnedOver && RESTING.includes(desk.page))) go.home();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    desk.unpaired = ["SIGN_IN_NEEDED", "FORBIDDEN"].includes(error.code);
    if (!["away", "number"].includes(desk.page) && !taking) show("away");
  } finally {
    setTimeout(check, CHECK_MS);
  }
}

const live = follow({
  room: `${hallId}/kiosk`,
  device: "kiosk",
  onChange(state) {
    desk.counts = state.counts;
    for (const button of document.querySelectorAll("#page.home [data-line]")) {
      const small = button.querySelector(".waiting");
      if (desk.lineOpen(button.dataset.line)) small.textContent = t("Waiting: %(n)s", { n: desk.counts[button.dataset.line] ?? 0 });
    }
  },
  // A count that may be wrong is not shown; whether the system is there at all, `check` finds out.
  onFresh(since) {
    document.documentElement.classList.toggle("stale", since !== null);
  },
});
const tick = () => ($("#clock").textContent = clock(live.now()));
setInterval(tick, 1000);
tick();
$("#page").append(el("p", { class: "lead" }, t("One moment, please")));
check();
