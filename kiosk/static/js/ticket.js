// A resident's ticket follows what happens to it and to its queue.
// Without scripts the page loads itself again instead.
import { $ } from "/static/js/dom.js";
import { clock, t } from "/static/js/texts.js";
import { io } from "/static/vendor/socket.io.esm.min.js";
import { Bell } from "/kiosk/static/js/bell.js";
import { afterMove, pause } from "/kiosk/static/js/pace.js";

const { token } = document.documentElement.dataset;
const ASK_MS = 10000;
const AWAY_MS = 3000;
const bell = new Bell($("#sound"));
let asking = false;
let again = false;
let timer = 0;
let due = 0;
let moves = 0;
let followed = false;
let good = Number($("#ticket").dataset.at);

async function look() {
  if (asking) return void (again = true);
  asking = true;
  moves = 0;
  clearTimeout(timer);
  due = Infinity;
  let told = false;
  try {
    const response = await fetch(location.pathname + location.search, { signal: AbortSignal.timeout(ASK_MS), cache: "no-store" });
    if (response.ok) take(new DOMParser().parseFromString(await response.text(), "text/html"));
    old(!response.ok);
    told = response.ok && followed;
  } catch (error) {
    // Away for a moment; the next look finds out. Anything else is a fault of this script.
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    old(true);
  } finally {
    asking = false;
    plan(pause($("#ticket").dataset, isHidden(), told));
  }
  if (again) {
    again = false;
    look();
  }
}

function isHidden() {
  return document.visibilityState === "hidden";
}

function plan(ms) {
  clearTimeout(timer);
  due = Date.now() + ms;
  timer = setTimeout(look, ms);
}

function take(page) {
  const fresh = page.querySelector("#ticket");
  const before = $("#ticket");
  if (!fresh) return;
  good = Number(fresh.dataset.at);
  const was = { ...before.dataset };
  const now = fresh.dataset;
  if (same(before, fresh)) return adopt(before, fresh);
  for (const name of ["state", "calls", "at", "ahead", "near"]) {
    if (now[name] === undefined) delete before.dataset[name];
    else before.dataset[name] = now[name];
  }
  before.replaceChildren(...document.importNode(fresh, true).childNodes);
  document.title = page.title;
  if (now.state === "called" && (was.state !== "called" || was.calls !== now.calls)) bell.called();
  else if ("near" in now && !("near" in was)) bell.near();
}

// The keys of forms differ every time; nothing else may, or the page would lose the focus for nothing.
function same(before, fresh) {
  const plain = (node) => {
    const copy = node.cloneNode(true);
    copy.removeAttribute("data-at");
    for (const one of copy.querySelectorAll("input")) one.removeAttribute("value");
    for (const one of copy.querySelectorAll("details")) one.removeAttribute("open");
    return copy;
  };
  return plain(before).isEqualNode(plain(fresh));
}

// A page that stays may be older than its session, and then its forms would be refused.
function adopt(before, fresh) {
  const { value } = fresh.querySelector("[name=csrf_token]") ?? {};
  for (const one of before.querySelectorAll("[name=csrf_token]")) one.value = value;
}

function old(is) {
  $("#old").hidden = !is;
  if (is) $("#old").textContent = t("Not live since %(time)s. Please watch the screens in the hall.", { time: clock(good) });
}

// The doorbell: something happened to this ticket, or to its queue. What, the page itself says.
const socket = io("/live", { transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 5000, timeout: 5000 });
// Nothing is done about a connection that ends meanwhile: the library is about to come back by itself, and a connect of
// ours at that moment would be the last one it ever makes.
function follow() {
  socket.timeout(ASK_MS).emit("follow", { token }, (error, answer) => {
    if (error) return void (socket.connected && follow());
    if (answer.problem?.code === "STORE_AWAY") setTimeout(() => socket.connected && follow(), AWAY_MS);
    if (answer.problem) return;
    followed = true;
    look();
  });
}
socket.on("connect", follow);
// Ended or turned away by the server: there the library does not come back by itself.
const connectLater = () => setTimeout(() => socket.connect(), AWAY_MS);
socket.on("disconnect", (reason) => {
  followed = false;
  const ms = pause($("#ticket").dataset, isHidden(), false);
  if (!asking && Date.now() + ms < due) plan(ms);
  if (reason === "io server disconnect") connectLater();
});
socket.on("connect_error", () => socket.active || connectLater());
socket.on("ticket", look);
socket.on("moved", () => {
  moves += 1;
  const ms = afterMove($("#ticket").dataset, isHidden(), moves);
  if (asking) again ||= ms < Infinity;
  else if (Date.now() + ms < due) plan(ms);
});
// What happened meanwhile may not have been told.
socket.on("again", () => {
  if (asking) again = true;
  else plan(AWAY_MS * Math.random());
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
window.addEventListener("online", look);
look();

// For the next time without a connection; a browser that has none of it does without.
async function keep() {
  const ready = await navigator.serviceWorker.register("/t/worker.js");
  await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  (ready.active ?? navigator.serviceWorker.controller)?.postMessage({ keep: [location.href, ...loaded] });
}
if ("serviceWorker" in navigator) keep().catch((error) => console.warn("not kept", error));
