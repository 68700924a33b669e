// Tidal windows: what each window is now, who is there, and a change of its kind or lines with a reason.
import { first, newest, patch, Problem } from "/static/js/api.js";
import { $, el, update } from "/static/js/dom.js";
import { follow } from "/static/js/live.js";
import { clock, said, t } from "/static/js/texts.js";

const path = `/api/v1/halls/${document.documentElement.dataset.hall}`;
const KINDS = { general: () => t("Window"), priority: () => t("Priority window") };
const STATES = { open: () => t("open"), paused: () => t("on a pause"), closed: () => t("closed") };
let hall = await first(`${path}/services`, say);
let tables = {};
let editing = null;
let writing = null;

function say(text, kind = "bad") {
  $("#message").textContent = text;
  $("#message").className = `message ${kind}`;
  $("#message").hidden = !text;
}

function state(place) {
  const row = tables.windows?.[place.id] ?? { state: "closed" };
  const ticket = row.ticket && tables.tickets?.[row.ticket];
  return [STATES[row.state](), row.since && t("since %(time)s", { time: clock(row.since) }), row.clerk, ticket?.number].filter(Boolean).join(" · ");
}

const lines = (place) => place.lines.map((id) => said(hall.lines.find((one) => one.id === id)?.name) || id).join(" · ");

function row(place) {
  const label = t("Window %(label)s", { label: place.label });
  return el("li", { "data-key": place.id, "data-window": place.id },
    el("h2", {}, label), el("p", { class: place.kind === "priority" ? "kind priority" : "kind" }, KINDS[place.kind]()),
    el("p", { class: "what" }, lines(place)), el("p", { class: "soft" }, state(place)),
    el("button", { class: "small", "data-change": place.id, "aria-expanded": String(editing === place.id), onclick: () => edit(place.id) },
      t("Change"), el("span", { class: "visually-hidden" }, ` ${label}`)));
}

function form(place) {
  const kinds = Object.entries(KINDS).map(([kind, words]) => el("option", { value: kind, selected: kind === place.kind }, words()));
  const boxes = hall.lines.map((line) => el("label", { class: "check" },
    el("input", { type: "checkbox", name: "lines", value: line.id, checked: place.lines.includes(line.id) }), said(line.name)));
  return el("form", { class: "change", onsubmit: (event) => (event.preventDefault(), change(place.id, new FormData(event.target))) },
    el("label", {}, t("Kind"), el("select", { name: "kind" }, kinds)),
    el("fieldset", {}, el("legend", {}, t("Lines")), boxes),
    el("label", {}, t("Reason"), el("input", { name: "reason", maxlength: 200, required: true, autocomplete: "off" })),
    el("p", { class: "pair" }, el("button", { class: "button" }, t("Change it")),
      el("button", { type: "button", class: "button quiet", onclick: () => edit(null) }, t("Back"))));
}

// The form is one and the same node until it is closed: what is being written survives what happens in the hall.
function paint() {
  if (!$("#windows ul")) $("#windows").append(el("ul", { class: "floor" }));
  update($("#windows ul"), hall.windows.flatMap((place) => [row(place), place.id === editing && writing]));
}

function edit(id) {
  const before = editing;
  editing = id === before ? null : id;
  writing = editing && el("li", { class: "edit", "data-key": `edit ${editing}` }, form(hall.windows.find((one) => one.id === editing)));
  paint();
  (editing ? $("form.change select") : $(`[data-change="${before}"]`))?.focus();
}

async function change(id, data) {
  const chosen = data.getAll("lines");
  if (!chosen.length) return say(t("Choose at least one line."));
  try {
    await patch(`${path}/windows/${id}`, { kind: data.get("kind"), lines: chosen, reason: data.get("reason") });
    say(t("Changed. The next call follows it."), "info");
    edit(null);
    await again();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error.message);
  }
}

const read = newest((fresh) => {
  hall = fresh;
  paint();
});
async function again() {
  try {
    await read(`${path}/services`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // what was known stays
  }
}

follow({
  room: `${document.documentElement.dataset.hall}/floor`,
  onChange(live, news) {
    tables = live.tables;
    paint();
    if (news === null) again(); // a new snapshot: the description may have changed
  },
  onFresh(from) {
    $("#fresh").textContent = from === null ? "" : t("Not live since %(time)s", { time: clock(from) });
  },
  onProblem: (problem) => say(problem.detail),
});
