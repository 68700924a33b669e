// Right: who waits in each line and how long, who is parked, who missed the call.
import { el } from "/static/js/dom.js";
import { said, t } from "/static/js/texts.js";
import { noted } from "/console/static/js/now.js";

const MINUTE = 60000;
// Minutes of waiting from which a row is marked.
const LONG = 15;
const TOO_LONG = 30;

const byOrder = (a, b) => a.queue_time - b.queue_time || (a.id < b.id ? -1 : 1);

function row(ticket, desk, now) {
  const minutes = Math.max(0, Math.floor((now - ticket.arrived) / MINUTE));
  const mark = minutes >= TOO_LONG ? "toolong" : minutes >= LONG ? "long" : "";
  const service = desk.hall.services.find((one) => one.id === ticket.services[0]);
  return el("li", { "data-key": ticket.id },
    el("button", { class: "row", "data-number": ticket.number, "aria-pressed": String(desk.picked === ticket.id), onclick: () => desk.pick(ticket.id) },
      el("b", {}, ticket.number), el("span", { class: "what" }, said(service?.name)),
      el("span", { class: "marks" }, ticket.lane === "priority" && el("span", { class: "lane" }, t("priority")), noted(ticket)),
      el("span", { class: `age ${mark}` }, t("%(n)s min", { n: minutes }))));
}

function group(name, tickets, desk, now, id, other = false) {
  const found = tickets.filter((one) => one.number.includes(desk.wanted));
  if (!found.length) return null;
  return el("section", { "data-key": id, "data-list": id, class: other ? "other" : "" },
    el("h2", {}, el("span", {}, name), el("span", {}, String(tickets.length))),
    el("ol", {}, found.map((ticket) => row(ticket, desk, now))));
}

export function lists(desk, now) {
  const tickets = Object.values(desk.tables.tickets ?? {});
  const mine = desk.hall.windows.find((one) => one.id === desk.window.id)?.lines ?? [];
  const waiting = tickets.filter((one) => one.state === "waiting").sort(byOrder);
  const addressed = waiting.filter((one) => one.queue === `@window/${desk.window.id}` || one.queue === `@clerk/${desk.clerk}`);
  const order = [...desk.hall.lines].sort((a, b) => mine.includes(b.id) - mine.includes(a.id));
  const parts = [
    group(t("Sent to you"), addressed, desk, now, "mine"),
    ...order.map((line) => group(`${line.letter} ${said(line.name)}`, waiting.filter((one) => one.queue === line.id), desk, now, line.id, !mine.includes(line.id))),
    group(t("Parked"), tickets.filter((one) => one.state === "parked").sort(byOrder), desk, now, "parked"),
    group(t("Missed"), tickets.filter((one) => one.state === "missed").sort(byOrder), desk, now, "missed"),
  ].filter(Boolean);
  return parts.length ? parts : [el("p", { class: "soft" }, desk.wanted ? t("No such number.") : t("Nobody waits."))];
}
