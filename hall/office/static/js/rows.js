// Rows of the hall at a glance.
import { el } from "/static/js/dom.js";
import { clock, said, t } from "/static/js/texts.js";

const MINUTE = 60000;
const STATES = { open: () => t("open"), paused: () => t("on a pause"), closed: () => t("window closed"), idle: () => t("free, people wait") };
const PRINTER = { ok: () => t("prints"), paper_low: () => t("little paper"), paper_out: () => t("no paper"), offline: () => t("does not answer"), unknown: () => t("never heard of") };
const KINDS = { kiosk: () => t("Kiosk"), display: () => t("Hall screen"), pad: () => t("Rating pad") };
const minutes = (ms) => t("%(n)s min", { n: Math.max(0, Math.floor(ms / MINUTE)) });

// An open window without a number while somebody waits whom it serves.
export function idle(desk, id) {
  const row = desk.tables.windows?.[id];
  if (row?.state !== "open" || row.ticket) return false;
  return [...desk.hall.windows[id].lines, `@window/${id}`].some((queue) => Object.values(desk.tables.tickets ?? {}).some((one) => one.state === "waiting" && one.queue === queue));
}

export function windowRow(desk, id, now, press) {
  const place = desk.hall.windows[id];
  const row = desk.tables.windows?.[id] ?? { state: "closed" };
  const ticket = row.ticket && desk.tables.tickets?.[row.ticket];
  const state = idle(desk, id) ? "idle" : row.state;
  const label = t("Window %(label)s", { label: place.label });
  const lines = place.lines.map((one) => desk.hall.lines[one]?.letter ?? one).join(" ");
  return el("tr", { "data-key": id, "data-window": id },
    el("th", { scope: "row" }, label, el("small", {}, [place.kind === "priority" && t("Priority window"), lines].filter(Boolean).join(" "))),
    el("td", {}, el("span", { class: `state ${state}` }, STATES[state]()), row.since && el("small", {}, t("since %(time)s", { time: clock(row.since) }))),
    el("td", {}, row.clerk ?? ""),
    el("td", { class: "number" }, ticket ? el("b", {}, ticket.number) : "", ticket && el("small", {}, (ticket.state === "called" ? t("called") : t("served")), " ", minutes(now - (ticket.started_at ?? ticket.called_at ?? now)))),
    el("td", {}, desk.may && el("button", { class: "small", onclick: press }, t("Change"), el("span", { class: "visually-hidden" }, ` ${label}`))));
}

function age(ms) {
  const kind = ms >= 30 * MINUTE ? "age toolong" : ms >= 15 * MINUTE ? "age long" : "age";
  return el("span", { class: kind }, minutes(ms));
}

export function lineRow(desk, id, count, now, press) {
  const line = desk.hall.lines[id];
  const arrived = Object.values(desk.tables.tickets ?? {}).filter((one) => one.state === "waiting" && one.line === id).map((one) => one.arrived);
  const name = said(line.name);
  const told = line.paused ? t("no numbers: %(why)s", { why: said(line.paused) }) : !line.open ? t("gives no numbers now") : line.raised ? t("%(n)s numbers today", { n: line.contingent }) : "";
  const wait = line.wait && t("%(low)s to %(high)s min", line.wait);
  return el("tr", { "data-key": id, "data-line": id },
    el("th", { scope: "row" }, `${line.letter} ${name}`, told && el("small", { class: line.paused && "late" }, told)),
    el("td", { class: "number" }, el("b", {}, count)),
    el("td", {}, arrived.length ? age(now - Math.min(...arrived)) : ""),
    el("td", { class: "number" }, wait ?? t("unknown"), line.late && el("small", { class: "late" }, t("after closing at %(time)s", { time: clock(line.closes) })),
      line.last !== null && el("small", { class: "late" }, line.last ? t("last number in time: %(number)s", { number: line.last }) : t("nobody who waits is in time"))),
    el("td", {}, desk.may && el("button", { class: "small", onclick: press }, t("Change"), el("span", { class: "visually-hidden" }, ` ${name}`))));
}

// What a printer owes: tickets that wait for it, and those of today that were given up, each with what would be on it.
function papers(path, { unprinted, dropped, dropped_papers }) {
  const ticket = (paper) => (/^[A-Z]/.test(paper) ? el("a", { href: `${path}/tickets/${paper}/preview.png`, target: "_blank", rel: "noopener" }, paper) : t("slip"));
  return [
    unprinted > 0 && el("small", { class: "unprinted-now" }, unprinted === 1 ? t("1 ticket waits for paper") : t("%(n)s tickets wait for paper", { n: unprinted })),
    dropped > 0 && el("small", { class: "dropped" }, t("Without paper today: %(n)s", { n: dropped }), " ", dropped_papers.map((paper) => [ticket(paper), " "]), dropped > dropped_papers.length && "…"),
  ];
}

// What is to be said of a screen: a silent or missing one needs somebody; that it showed old numbers is over.
function device({ seen, silent, stale }, now) {
  const gone = seen && now - seen > 2 * MINUTE;
  const told = !seen ? t("never heard of") : gone ? t("last heard of at %(time)s", { time: clock(seen) }) : silent ? t("sound blocked since %(time)s", { time: clock(silent) }) : t("there");
  const span = stale && { from: clock(stale.from), till: clock(stale.till), n: stale.times };
  const words = !span ? null : stale.times === 1 ? t("was without the server from %(from)s to %(till)s", span) : t("was without the server %(n)s times today, last from %(from)s to %(till)s", span);
  return { bad: gone || Boolean(seen && silent), told, more: words && el("small", { class: "was-stale" }, words) };
}

const reload = (desk, id, name) =>
  el("button", { class: "link", "data-do": "reload", "data-key": "reload", onclick: () => desk.reload(id, name) }, t("Reload"), el("span", { class: "visually-hidden" }, ` ${name}`));

// A printer that is not well, a screen that was not heard of for two minutes, come first and in words.
export function machineRows(desk, now) {
  const { hall } = desk;
  const printers = desk.tables.printers ?? {};
  const rows = Object.entries(hall.printers).map(([id, one]) => {
    const { state } = printers[id] ?? { state: "unknown" };
    return { key: `printer ${id}`, bad: !["ok", "unknown"].includes(state), words: t("Printer %(name)s", one), told: PRINTER[state]?.() ?? state, more: papers(desk.path, one) };
  });
  for (const [id, one] of Object.entries(hall.devices)) {
    rows.push({ key: id, words: `${KINDS[one.kind]?.() ?? one.kind} ${one.name}`, ...device(one, now), button: desk.may && one.kind !== "pad" && reload(desk, id, one.name) });
  }
  rows.sort((a, b) => Boolean(b.bad) - Boolean(a.bad));
  return rows.map((one) => el("li", { "data-key": one.key, class: one.bad ? "trouble" : "fine" }, `${one.words}: ${one.told}`, one.button && [" ", one.button], one.more));
}
