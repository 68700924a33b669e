// What a clerk can press: the key, the words, the request. Which of them are legal now, the server says.
import { t } from "/static/js/texts.js";

// `needs: "ticket"`: offered when the ticket's state allows `move`; else when the window's state does.
export const ACTIONS = [
  { id: "call_next", key: "F2", path: "call-next", main: true, words: () => t("Call next") },
  { id: "finish_next", key: "F2", path: "call-next", move: "finish", needs: "ticket", main: true, words: () => t("Finish and call next"),
    body: (desk) => ({ finish: desk.finish() }) },
  { id: "start", key: "F4", path: "start", needs: "ticket", words: () => t("Start") },
  { id: "recall", key: "F3", path: "recall", needs: "ticket", words: () => t("Call again") },
  { id: "miss", key: "F6", path: "miss", needs: "ticket", words: () => t("Did not come"), offered: (ticket) => ticket.unanswered },
  { id: "finish", key: "F8", path: "finish", needs: "ticket", words: () => t("Finish"), body: (desk) => desk.finish() },
  { id: "park", key: "F7", path: "park", needs: "ticket", words: () => t("Park") },
  { id: "return", key: "F1", path: "return", needs: "ticket", words: () => t("Back to the queue") },
  { id: "transfer", key: "F10", form: "transfer", needs: "ticket", words: () => t("Transfer") },
  { id: "pause", key: "F9", path: "pause", words: () => t("Pause") },
  { id: "resume", key: "F9", path: "resume", main: true, words: () => t("Continue") },
  { id: "close", path: "close", words: () => t("Close the window") },
];

// The two answers to a claim.
export const CLAIM_ACTIONS = [
  { id: "confirm", key: "Ctrl Enter", path: "verify", words: () => t("Document is right"), body: () => ({ confirmed: true }) },
  { id: "refuse", key: "Ctrl Delete", path: "verify", words: () => t("Refuse the claim"), body: () => ({ confirmed: false }) },
];

// The actions that are legal for a window and the ticket at it.
export function legal(window, ticket) {
  const moves = ticket ? ticket.moves : window.moves;
  const mine = ACTIONS.filter((action) => (action.needs === "ticket") === Boolean(ticket) && moves.includes(action.move ?? action.id));
  return ticket?.claim === "declared" ? mine.concat(CLAIM_ACTIONS) : mine;
}

// The action a key stands for, if it is legal now.
export function pressed(event, window, ticket) {
  const typing = event.target.closest?.("input, textarea, select");
  const name = event.ctrlKey ? `Ctrl ${event.key}` : event.key;
  if (event.repeat || event.isComposing || (event.ctrlKey && typing)) return null;
  return legal(window, ticket).find((action) => action.key === name) ?? null;
}
