// At a door, with a network or without one: what is done is kept on the device first and sent when that is possible.
import { Problem, get, post } from "/static/js/api.js";
import { $, update } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";
import * as box from "/desk/static/js/outbox.js";
import { shrink } from "/desk/static/js/photo.js";
import { bar, day, list, visit } from "/desk/static/js/doorstep_view.js";
import * as vault from "/desk/static/js/vault.js";

const { hall, officer, zone } = document.documentElement.dataset;
const api = `/api/v1/halls/${hall}`;
const AGAIN_MS = 20000;
// What the server will never take as it is; anything else is tried again.
const HOPELESS = ["BAD_FIELDS", "BODY_NOT_JSON", "BODY_TOO_LARGE"];

let kept = null;
let wanted = [];
let news = "";
let sending = null;
let again = false;
let leaving = false;
let opened = "";

const fresh = () => box.fresh([...crypto.getRandomValues(new Uint8Array(10))].map((n) => (n % 36).toString(36)).join(""), officer);

// One change after the other, each on the device before the page shows it.
let turn = Promise.resolve();
function change(how) {
  turn = turn.catch(() => null).then(async () => {
    if (leaving) return;
    const next = how(kept);
    await vault.save(next);
    kept = next;
    draw();
  });
  return turn;
}

function draw() {
  const waiting = kept.acts.length;
  const state = waiting ? t("%(n)s entries wait to be sent.", { n: waiting }) : t("Everything is sent.");
  $("#net").textContent = news || state;
  $("#net").className = waiting || news ? "waiting" : "";
  document.documentElement.dataset.waiting = waiting;
  const pack = kept.packs[opened] && box.shown(kept, opened);
  update($("#page"), pack ? visit(pack, kept) : list(kept, wanted));
  update($("#bar"), pack ? bar(pack) : bar(null, waiting));
}

// One at a time. Whoever wants it meanwhile waits for it, and once more is sent what came meanwhile.
function send() {
  if (sending) again = true;
  else sending = sendAll();
  return sending;
}

async function sendAll() {
  try {
    do {
      again = false;
      await sendOnce();
    } while (again);
  } finally {
    sending = null;
  }
}

async function sendOnce() {
  try {
    if (kept.officer !== officer && !kept.acts.length) await renew();
    while (kept.acts.length) await sendOne(kept.acts[0]);
    const answer = await get(`${api}/doorstep/${kept.device}`);
    await change((one) => box.settled(one, answer));
    await lookAhead();
    news = "";
  } catch (error) {
    news = error instanceof Problem ? told(error) : String(error);
  }
  draw();
}

async function sendOne(act) {
  try {
    await post(`${api}/doorstep`, { device: kept.device, ...act });
  } catch (error) {
    if (!(error instanceof Problem) || !HOPELESS.includes(error.code)) throw error;
    await change((one) => box.stuck(one, act.sequence, error.message));
    return;
  }
  // Confirmed, but whether it was refused is not known before the server is asked what became of the device's actions.
  const answer = await get(`${api}/doorstep/${kept.device}`);
  await change((one) => box.settled(one, answer));
}

async function lookAhead() {
  const days = [day(zone, 0), day(zone, 1)];
  const found = await Promise.all(days.map((date) => get(`${api}/visits?date=${date}${officer ? `&officer=${officer}` : ""}`)));
  wanted = found.flatMap((one) => one.visits);
}

const told = (error) => (error.code === "AWAY" ? t("No network. What you enter is kept on this device.") : error.message);

async function renew() {
  await vault.clear();
  kept = fresh();
  await vault.save(kept);
}

const at = () => Date.now();
const act = (move, facts = {}, more = {}) => ({ visit: opened, move, at: at(), facts, ...more });
const itemActs = (n, moves, more = {}) =>
  moves.map((move) => act("item", { item: n, do: move, present: true, ...(move === "decide" && { outcome: "granted" }) }, more));

async function enter(...actions) {
  await change((one) => box.enter(one, actions));
  send();
}

const field = (name) => document.querySelector(`[name=${name}]`);
function typed(name) {
  const value = field(name).value.trim();
  if (value) return value.slice(0, 1000);
  field(name).focus();
  return "";
}

const stateOf = (n) => box.shown(kept, opened).items.find((one) => one.n === n).state;
const DO = {
  send: () => send(),
  open: ({ id }) => { opened = id; draw(); scrollTo(0, 0); },
  close: () => { opened = ""; draw(); },
  take: async ({ id }) => {
    try {
      const pack = await post(`${api}/visits/${id}/pack`, { device: kept.device });
      await change((one) => box.carried(one, pack));
      news = "";
    } catch (error) {
      news = told(error);
    }
    draw();
  },
  arrive: () => enter(act("arrive")),
  leave: ({ id }) => enter(act("leave", { outcome: id, met: id !== "nobody_home" })),
  submitted: ({ id }) => enter(...itemActs(id, box.moves(stateOf(id), "submitted"))),
  delivered: ({ id }) => enter(...itemActs(id, box.moves(stateOf(id), "delivered"))),
  refuse: ({ id }) => { const text = typed(`why${id}`); return text && enter(...itemActs(id, ["refuse"], { text })); },
  withdraw: ({ id }) => { const text = typed(`why${id}`); return text && enter(...itemActs(id, ["withdraw"], { text })); },
  paper: ({ id }) => enter(act("paper_in", { paper: id, original: true })),
  authorise: ({ id }) => enter(act("authorise", { how: id })),
  note: () => { const text = typed("note"); if (text) { field("note").value = ""; return enter(act("note", {}, { text })); } },
  photo: () => $("#camera").click(),
  seen: ({ id }) => change((one) => box.seen(one, Number(id))),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) DO[button.dataset.do](button.dataset);
});

$("#camera").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) await enter(act("photo", {}, { photo: await shrink(file) }));
});

// Signing out clears the device; what was not sent yet must not be lost by that.
$("#sign-out").addEventListener("submit", async (event) => {
  event.preventDefault();
  await send();
  if (kept.acts.length || kept.stuck.length) {
    news = t("Not signed out: entries are still on this device. Try again where there is a network.");
    return draw();
  }
  // Nothing that is still on its way is kept any more.
  leaving = true;
  await turn.catch(() => null);
  await vault.clear();
  await caches.delete("sanban");
  event.target.submit();
});

async function keepPage() {
  const ready = await navigator.serviceWorker.register("/desk/doorstep/worker.js");
  await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map((one) => one.name).filter((one) => one.includes("/static/"));
  (ready.active ?? navigator.serviceWorker.controller)?.postMessage({ keep: [location.href, ...loaded] });
}

async function start() {
  kept = box.pruned((await vault.load()) ?? fresh(), at());
  await vault.save(kept);
  draw();
  keepPage().catch((error) => console.warn("not kept", error));
  window.addEventListener("online", send);
  setInterval(send, AGAIN_MS);
  await send();
  document.documentElement.dataset.ready = "yes";
}

function only(words) {
  $("#page").textContent = words;
}

// Two pages would give one number to two actions.
if (!globalThis.isSecureContext) only(t("This page needs HTTPS: without it a browser keeps nothing safely."));
else navigator.locks.request("sanban-doorstep", { ifAvailable: true }, (lock) => {
  if (!lock) return only(t("This page is open already. Use the other one."));
  start();
  return new Promise(() => {});
});
