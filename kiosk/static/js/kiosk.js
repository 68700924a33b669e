// The kiosk: one page at a time, one number however often it is touched, home again by itself.
import { forget, get, peek, Problem } from "/static/js/api.js";
import { $, el } from "/static/js/dom.js";
import { follow } from "/static/js/live.js";
import { asking } from "/kiosk/static/js/ask.js";
import { Idle } from "/kiosk/static/js/idle.js";
import { modes } from "/kiosk/static/js/modes.js";
import * as pages from "/kiosk/static/js/pages.js";
import { ReadAloud } from "/kiosk/static/js/read_aloud.js";
import { start } from "/kiosk/static/js/readers.js";
import { soundOf } from "/kiosk/static/js/sounds.js";
import { clock, said, t } from "/static/js/texts.js";

const { hall: hallId, kiosk: kioskId } = document.documentElement.dataset;
const hallPath = `/api/v1/halls/${hallId}`;
// The second half of a double tap must not press a button of the next page.
const SETTLE_MS = 400;
const CHECK_MS = 3000;
// A server that is busy for a moment sends nobody away from what they have chosen.
const PATIENCE_MS = 6000;
const RESTING = ["home", "closed", "away"];
// Where a card or code begins something new; elsewhere it belongs to what was chosen.
const FRESH = ["home", "number", "own", "told", "refused", "help", "appointment"];
const DEAF = ["", "closed", "away"];

const desk = {
  hall: null, counts: {}, open: { open: true, lines: {} }, page: "", unpaired: false, from: 0, fit: Infinity, chosen: fresh(),
  lineOpen: (id) => desk.open.lines[id]?.open ?? true,
  now: () => live.now(),
  get bound() {
    return desk.open.bound;
  },
  get printer() {
    return desk.open.printer;
  },
  paperOut: () => ["paper_out", "offline"].includes(live?.state.tables.printers?.[desk.printer]?.state),
  helpWaits: () => kioskId in (live?.state.tables.help ?? {}),
};
let turned = 0;
let live = null;

function fresh() {
  return {
    services: [], line: null, card: null, claim: null, slip: null, typed: "", digits: "", lacks: new Set(),
    ticket: null, paper: "none", copy: 0, problem: null, from: null, helped: false,
  };
}

function show(name) {
  if (name !== desk.page) turned = performance.now();
  desk.page = name;
  desk.from = 0;
  paint();
  $("#page").focus({ preventScroll: true });
  idle.restart(name);
}

// Nobody scrolls on a kiosk, and nobody reaches up: a list is cut until the page fits.
function paint() {
  const main = $("#page");
  readAloud.turn(soundOf(desk));
  for (desk.fit = desk.from ? desk.fit : Infinity; ; desk.fit = Math.min(desk.fit, 24) - 1) {
    main.className = desk.page;
    main.replaceChildren(...pages[desk.page](desk, go).flat().filter(Boolean));
    if (desk.fit <= 2 || fits()) return;
  }
}

function fits() {
  const { innerHeight: height, innerWidth: width } = window;
  if (document.documentElement.scrollHeight > height) return false;
  const first = $("#page button");
  return height < width || !first || first.getBoundingClientRect().top >= height / 3;
}

// The same page with something changed on it; whoever uses keys stays where they are.
function repaint() {
  const { dataset, id } = document.activeElement ?? {};
  const [name, value] = Object.entries(dataset ?? {})[0] ?? [];
  paint();
  const again = id && id !== "page" ? `#${CSS.escape(id)}` : name ? `[data-${name}="${CSS.escape(value)}"]` : null;
  ((again && $("#page").querySelector(again)) || $("#page")).focus({ preventScroll: true });
}

const go = {
  home() {
    forget(); // a paper with the number may have come out, and its owner may have gone with it
    desk.chosen = fresh();
    show(desk.open.open ? "home" : "closed");
  },
  // The next person finds the page as everybody does.
  end() {
    modes.reset();
    go.home();
  },
  next(length) {
    desk.from = desk.from + desk.fit >= length ? 0 : desk.from + desk.fit;
    turned = performance.now();
    paint();
    $("#page").focus({ preventScroll: true });
  },
  services: () => show("services"),
  search: () => ((desk.chosen.typed = ""), show("search")),
  priority: () => show("priority"),
  appointment: () => ((desk.chosen.digits = ""), show("appointment")),
  help: () => ((desk.chosen.helped = desk.helpWaits()), show("help")),
  missing: () => show("missing"),
  without() {
    desk.chosen = fresh();
    show("services");
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
  declare(group) {
    desk.chosen.claim = group.id;
    show("services");
  },
  type: (letter) => ((desk.chosen.typed += letter), repaint()),
  untype: () => ((desk.chosen.typed = desk.chosen.typed.slice(0, -1)), repaint()),
  digit(digit) {
    if (desk.chosen.digits.length < 8) desk.chosen.digits += digit;
    repaint();
    if (desk.chosen.digits.length === 8) go.arrive({ appointment: desk.chosen.digits });
  },
  undigit: () => ((desk.chosen.digits = desk.chosen.digits.slice(0, -1)), repaint()),
  lack(key) {
    const { lacks } = desk.chosen;
    if (!lacks.delete(key)) lacks.add(key);
    repaint();
  },
  refused(code, line) {
    const { opens, why } = desk.open.lines[line];
    const detail = said(why) || t("This line gives no numbers at this time. Please come back during its hours.");
    desk.chosen.problem = new Problem({ code, detail, facts: { opens } });
    show("refused");
  },
};
Object.assign(go, asking(desk, show, hallPath));

const idle = new Idle({ warning: $("#warning"), text: $("#warning-text"), stay: $("#stay"), home: go.end, modes });
const readAloud = new ReadAloud($("#read"));

document.addEventListener("click", (event) => {
  // When it was touched, not when a busy machine comes to it.
  if (event.timeStamp - turned < SETTLE_MS && $("#page").contains(event.target)) {
    event.stopPropagation();
    event.preventDefault();
  }
}, true);
document.addEventListener("contextmenu", (event) => event.preventDefault());
// Digits and letters of a keyboard do what the ones on the screen do.
document.addEventListener("keydown", ({ key, target, ctrlKey, altKey, metaKey }) => {
  if (ctrlKey || altKey || metaKey || target.closest?.("input")) return;
  if (desk.page === "appointment" && /^\d$/.test(key)) go.digit(key);
  if (desk.page === "search" && $(`#page [data-letter="${CSS.escape(key.toLowerCase())}"]`)) go.type(key.toLowerCase());
  if (key === "Backspace" && desk.page === "appointment") go.undigit();
  if (key === "Backspace" && desk.page === "search") go.untype();
});
modes.start(() => desk.page && paint());
window.addEventListener("resize", () => desk.page && paint());

// What was put on the reader; while the page warns, somebody is there.
function hear(what) {
  return (read) => {
    if (DEAF.includes(desk.page)) return;
    idle.restart(desk.page);
    // The card of a moment ago is still being looked at: what it brings must find what it was put down for.
    if (go.busy()) return;
    if (FRESH.includes(desk.page)) desk.chosen = fresh();
    go[what](read);
  };
}

// Whether numbers are given, asked all the time, so that nobody walks into a dead or closed machine.
async function check() {
  try {
    const open = await peek("/kiosk/state", PATIENCE_MS);
    const changed = open.version !== desk.open.version;
    const turnedOver = JSON.stringify(open) !== JSON.stringify(desk.open);
    if (changed) desk.hall = await get(`${hallPath}/services`);
    desk.open = open;
    readAloud.allow(open.voice);
    if (desk.reload && RESTING.includes(desk.page)) return location.reload();
    if (!desk.page || desk.page === "away" || (turnedOver && RESTING.includes(desk.page))) go.home();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const was = desk.unpaired;
    desk.unpaired = ["SIGN_IN_NEEDED", "FORBIDDEN"].includes(error.code);
    if (desk.page !== "number" && (desk.page !== "away" || was !== desk.unpaired)) show("away");
  } finally {
    setTimeout(check, CHECK_MS);
  }
}

live = follow({
  room: `${hallId}/kiosk`,
  device: "kiosk",
  onChange(state, news) {
    // Done by `check`: once the server has just answered, and nobody stands here.
    if (news?.some(({ reload }) => reload === kioskId)) desk.reload = true;
    desk.counts = state.counts;
    for (const button of document.querySelectorAll("#page.services [data-line]")) {
      const small = button.querySelector(".waiting");
      if (desk.lineOpen(button.dataset.line)) small.textContent = t("Waiting: %(n)s", { n: desk.counts[button.dataset.line] ?? 0 });
    }
    if (paperNews() || desk.page === "help") repaint();
  },
  // A count that may be wrong is not shown; whether the system is there at all, `check` finds out.
  onFresh(since) {
    document.documentElement.classList.toggle("stale", since !== null);
  },
});

let paperWas = false;
function paperNews() {
  const was = paperWas;
  paperWas = desk.paperOut();
  return was !== paperWas && ["home", "number", "told"].includes(desk.page);
}

const tick = () => ($("#clock").textContent = clock(live.now()));
setInterval(tick, 1000);
tick();
$("#page").append(el("p", { class: "lead" }, t("One moment, please")));
check();

// Readers are heard as soon as the hall has said which there are.
async function listen() {
  try {
    start(await get("/kiosk/readers"), { onCard: hear("card"), onCode: hear("code"), onUnknown: hear("unknown") });
    document.documentElement.dataset.listens = "yes";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    setTimeout(listen, CHECK_MS);
  }
}
listen();
