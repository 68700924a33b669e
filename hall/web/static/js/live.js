// The live connection of a page: one socket, one room, and the truth about how fresh the page is.
import { io } from "/static/vendor/socket.io.esm.min.js";
import { LiveState } from "/static/js/live_state.js";

const SILENCE_MS = 10000;

// `onChange(state, news)` after every change, with the messages that were news (null: a snapshot);
// `onFresh(since)` with null when live, else the time (ms) since when it is not; `onProblem(problem)`.
export function follow({ room, device, onChange, onFresh, onProblem }) {
  const state = new LiveState();
  const socket = io("/live", {
    transports: ["websocket"], auth: { device }, reconnectionDelay: 300, reconnectionDelayMax: 2000, timeout: 5000,
  });
  let heard = Date.now();
  let stale = null;
  let offset = 0;
  let asking = 0;

  function fresh() {
    heard = Date.now();
    if (stale !== null) onFresh((stale = null));
  }

  function join() {
    const mine = ++asking;
    state.startCatchUp();
    socket.timeout(8000).emit("join", { room, ...state.position() }, (error, answer) => {
      if (mine !== asking) return;
      if (error) return socket.connected && join();
      if (answer.problem) return refused(answer.problem);
      offset = answer.now - Date.now();
      const again = answer.messages.some((message) => message.again);
      const news = state.answer(answer);
      fresh();
      if (again || news.some((message) => message.again)) return restart();
      onChange(state, answer.snapshot ? null : news);
    });
  }

  function refused(problem) {
    onProblem?.(problem);
    if (problem.code === "STORE_AWAY") setTimeout(() => socket.connected && join(), 1000);
  }

  function restart() {
    state.forget();
    join();
  }

  socket.on("connect", join);
  socket.on("disconnect", (reason) => {
    // The server ended it (rights changed): the library does not come back by itself.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000);
  });
  socket.on("message", (message) => {
    if (message.room !== room) return;
    if (state.message(message)) message.again ? restart() : onChange(state, [message]);
  });
  socket.on("heartbeat", (beat) => {
    if (beat.room !== room) return;
    offset = beat.now - Date.now();
    const wish = state.heartbeat(beat);
    if (wish === "start afresh") return restart();
    if (wish === "catch up") return join();
    if (!state.catchingUp) fresh();
  });

  setInterval(() => {
    if (stale === null && Date.now() - heard > SILENCE_MS) onFresh((stale = heard));
  }, 500);

  // The hall's clock, ms UTC.
  return { state, socket, now: () => Date.now() + offset };
}
