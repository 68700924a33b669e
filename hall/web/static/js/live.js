// The live connection of a page: one socket, one room, and the truth about how fresh the page is.
import { io } from "/static/vendor/socket.io.esm.min.js";
import { LiveState } from "/static/js/live_state.js";

const SILENCE_MS = 10000;
const JOIN_MS = 8000;
const AGAIN_MS = 1000;

// `onChange(state, news)` after every change, with the messages that were news (null: a snapshot);
// `onFresh(since)` with null when live (again), else the hall's time (ms) since when it is not;
// `onProblem(problem)` when the server refuses; `onFresh(null)` follows when it is over.
export function follow({ room, device, onChange, onFresh, onProblem }) {
  const state = new LiveState();
  const socket = io("/live", {
    transports: ["websocket"], auth: { device }, reconnectionDelay: 300, reconnectionDelayMax: 2000, timeout: 5000,
  });
  let heard = Date.now();
  let knocked = heard;
  let stale = null;
  let troubled = false;
  let offset = 0;
  let asking = 0;

  function fresh() {
    heard = Date.now();
    if (stale === null && !troubled) return;
    stale = null;
    troubled = false;
    onFresh(null);
  }

  function join() {
    const mine = ++asking;
    state.startCatchUp();
    socket.timeout(JOIN_MS).emit("join", { room, ...state.position() }, (error, answer) => {
      if (mine !== asking) return;
      if (error) return socket.connected && join();
      if (answer.problem) return refused(answer.problem);
      offset = answer.now - Date.now();
      const { news, wish } = state.answer(answer);
      fresh();
      if (answer.snapshot) onChange(state, null);
      if (news.length || !answer.snapshot) onChange(state, news);
      if (wish) join();
    });
  }

  function refused(problem) {
    troubled = true;
    onProblem?.(problem);
    if (problem.code === "STORE_AWAY") setTimeout(() => socket.connected && join(), AGAIN_MS);
  }

  const connectLater = () => setTimeout(() => socket.connect(), AGAIN_MS);

  socket.on("connect", () => {
    state.connected();
    join();
  });
  // The server ended it (rights changed) or turned us away: the library does not come back by itself.
  socket.on("disconnect", (reason) => reason === "io server disconnect" && connectLater());
  socket.on("connect_error", () => socket.active || connectLater());
  socket.on("message", (message) => {
    if (message.room !== room) return;
    const { news, wish } = state.message(message);
    if (news.length) onChange(state, news);
    if (wish) join();
  });
  socket.on("heartbeat", (beat) => {
    if (beat.room !== room) return;
    offset = beat.now - Date.now();
    if (state.heartbeat(beat)) return join();
    if (!state.catchingUp) fresh();
  });

  setInterval(() => {
    const now = Date.now();
    if (now - heard <= SILENCE_MS) return;
    if (stale === null) onFresh((stale = heard + offset));
    // Connected and deaf, or never let in: a screen that nobody touches must knock again by itself.
    if (now - Math.max(heard, knocked) > 2 * SILENCE_MS) {
      knocked = now;
      socket.disconnect().connect();
    }
  }, 500);

  // The hall's clock, ms UTC.
  return { state, socket, now: () => Date.now() + offset };
}
