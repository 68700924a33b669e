// Requests of a page. Every one carries a key of its own, so that repeating it after a lost answer does nothing twice.
import { t } from "/static/js/texts.js";

export class Problem extends Error {
  constructor({ code, detail, facts }) {
    super(detail);
    this.code = code;
    this.facts = facts ?? {};
  }
}

const csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const device = document.documentElement.dataset.device ?? "";
const PATIENCE_MS = 8000;
const FILE_PATIENCE_MS = 120000;
// After these pauses the same request is sent again, unless its first try is longer ago than this.
const AGAIN_MS = [300, 2000];
const LAST_TRY_MS = 12000;
// A request that had no answer may have been done. The same one within so long is still that request, unless another
// one was answered meanwhile or the person went away.
const SAME_MS = 60000;
const unanswered = new Map();

async function once(method, path, body, key, patience = PATIENCE_MS) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrf };
  if (device) headers["X-Device"] = device;
  if (key) headers["Idempotency-Key"] = key;
  const file = body instanceof Blob;
  if (body) headers["Content-Type"] = file ? body.type : "application/json";
  const text = file ? body : body && JSON.stringify(body);
  const response = await fetch(path, { method, headers, body: text, signal: AbortSignal.timeout(patience) });
  if (response.status === 204) return null;
  const answer = await response.json();
  if (!response.ok) throw new Problem(answer);
  return answer;
}

async function request(method, path, body) {
  const what = [method, path, body && JSON.stringify(body)].join(" ");
  const kept = unanswered.get(what);
  const key = kept && Date.now() - kept.at < SAME_MS ? kept.key : fresh();
  const began = Date.now();
  for (const pause of [...AGAIN_MS, null]) {
    try {
      const answer = await once(method, path, body, key);
      if (method !== "GET") forget();
      return answer;
    } catch (error) {
      if (error instanceof Problem && error.code !== "STORE_AWAY") throw error;
      if (pause === null || Date.now() - began > LAST_TRY_MS) {
        if (method !== "GET") unanswered.set(what, { key, at: Date.now() });
        away(error);
      }
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}

// randomUUID is missing on plain HTTP, where a hall's own network may run.
const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

// Somebody else is here now: what they ask is another request, even if it is the same in every word.
export const forget = () => unanswered.clear();

function away(error) {
  if (error instanceof Problem) throw error;
  throw new Problem({ code: "AWAY", detail: t("The system cannot be reached. Please try again in a moment.") });
}

// One try that gives up soon: is the system there?
export const peek = (path, patience) => once("GET", path, null, "", patience).catch(away);
export const get = (path) => request("GET", path);
// What a page cannot begin without: asked for until it is there. `tell` says why it is not yet, and then nothing more.
export async function first(path, tell) {
  for (;;) {
    try {
      const answer = await get(path);
      tell("");
      return answer;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      tell(error.message);
      if (!["AWAY", "STORE_AWAY"].includes(error.code)) throw error;
    }
  }
}
// Gets again and again: an answer that comes after one that was asked for later says what is no more.
export function newest(take) {
  let [asked, taken] = [0, 0];
  return async (path) => {
    const mine = ++asked;
    const answer = await get(path);
    if (mine < taken) return;
    taken = mine;
    take(answer);
  };
}
export const post = (path, body = {}) => request("POST", path, body);
export const patch = (path, body = {}) => request("PATCH", path, body);
// A file as it is, said to be of a type.
export const send = (path, file, type) => once("POST", path, new Blob([file], { type }), "", FILE_PATIENCE_MS).catch(away);
export const remove = (path) => request("DELETE", path);
