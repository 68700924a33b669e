// What a manager may do to a window, a line, the hall; each asks for a reason where the journal keeps one.
import { el } from "/static/js/dom.js";
import { said, t } from "/static/js/texts.js";
import { ask, choose, told, why } from "/office/static/js/dialog.js";

export function windowChoices(desk, id) {
  const at = `${desk.path}/windows/${id}`;
  const { state } = desk.tables.windows?.[id] ?? { state: "closed" };
  const title = t("Window %(label)s", { label: desk.hall.windows[id].label });
  const text = [{ name: "text", words: t("Message"), required: true }];
  const clerk = { name: "clerk", words: t("Who sits there"), options: desk.hall.staff.map((one) => [one.id, one.name]) };
  choose(title, [
    { id: "message", words: t("Send a message"), run: () => ask({ title, fields: text, send: t("Send"), path: `${at}/message` }) },
    state === "open" && { id: "pause", words: t("Pause it"), run: () => ask({ title, fields: why(), send: t("Pause it"), path: `${at}/pause` }) },
    state === "paused" && { id: "resume", words: t("Let it go on"), run: () => ask({ title, fields: why(), send: t("Let it go on"), path: `${at}/resume` }) },
    state === "closed" && { id: "open", words: t("Open it for somebody"), run: () => ask({ title, fields: [clerk, ...why()], send: t("Open it for somebody"), path: `${at}/open-for` }) },
    state !== "closed" && { id: "close", words: t("Close it"), run: () => ask({ title, fields: why(), send: t("Close it"), path: `${at}/close` }) },
    { id: "kind", words: t("Change its kind or lines"), href: "/console/windows" },
  ]);
}

export function lineChoices(desk, id) {
  const at = `${desk.path}/lines/${id}`;
  const line = desk.hall.lines[id];
  const title = `${line.letter} ${said(line.name)}`;
  const after = desk.again;
  const count = [{ name: "count", type: "number", words: t("How many numbers today"), value: line.contingent, hint: t("Empty: the usual.") }, ...why()];
  choose(title, [
    line.paused
      ? { id: "resume", words: t("Give numbers again"), run: () => ask({ title, fields: why(), send: t("Give numbers again"), path: `${at}/resume`, after }) }
      : { id: "pause", words: t("Give no numbers for now"), run: () => ask({ title, fields: told(), send: t("Give no numbers for now"), path: `${at}/pause`, after }) },
    { id: "contingent", words: t("Change how many numbers there are today"), run: () => ask({ title, fields: count, send: t("Change"), path: `${at}/contingent`, after }) },
  ]);
}

export function hallButtons(desk) {
  if (!desk.may) return [];
  const after = desk.again;
  const closed = desk.hall.today.closed;
  const title = closed ? t("Open the hall again") : t("Close the hall for today");
  const action = closed ? { path: `${desk.path}/today/open`, fields: why() } : { path: `${desk.path}/today/close`, fields: told() };
  return [
    closed && el("p", { "data-key": "told", class: "late" }, t("Closed for today: %(why)s", { why: said(closed) })),
    el("button", { class: "small", "data-key": closed ? "open" : "close", "data-do": closed ? "open" : "close", onclick: () => ask({ title, send: title, after, ...action }) }, title),
  ];
}
