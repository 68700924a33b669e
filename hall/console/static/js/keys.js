// The keys: every move, the field that finds a number, up and down through the lists.
import { $ } from "/static/js/dom.js";
import { pressed } from "/console/static/js/actions.js";

// The browser's own: load again, full screen, tools.
const NOT_OURS = ["F5", "F11", "F12"];

export function keys(desk, paintLists) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return leave(event.target);
    if (!desk.window) return;
    const field = event.target.closest?.("input, textarea");
    if (event.ctrlKey && event.key === "z" && !field) return event.preventDefault(), desk.here("undo");
    if (event.key === "/" && !field) return event.preventDefault(), $("#find").focus();
    if (["ArrowDown", "ArrowUp"].includes(event.key) && event.target.closest?.(".lists")) return step(event);
    if (/^F\d+$/.test(event.key) && !NOT_OURS.includes(event.key)) event.preventDefault();
    const action = pressed(event, desk.window, desk.ticket());
    if (action) event.preventDefault(), desk.press(action);
  });

  $("#find").addEventListener("input", (event) => {
    desk.wanted = event.target.value.trim().toUpperCase();
    paintLists();
  });
  $("#find").addEventListener("keydown", (event) => {
    const rows = document.querySelectorAll("#lists .row");
    // The key is used up here, else it presses the button that gets the focus.
    if (event.key === "Enter" && desk.wanted && rows.length) event.preventDefault(), rows[0].click();
  });

  function leave(target) {
    $("#find").value = desk.wanted = "";
    target.blur?.();
    desk.closeForm();
  }
}

function step(event) {
  const stops = [$("#find"), ...document.querySelectorAll("#lists .row")];
  const at = stops.indexOf(event.target);
  const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
