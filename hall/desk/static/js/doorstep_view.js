// What the page at the door shows. Buttons say what they do in data-do and data-id.
import { el } from "/static/js/dom.js";
import { clock, t } from "/static/js/texts.js";
import { isEnded, isOver, moves } from "/desk/static/js/outbox.js";

const words = JSON.parse(document.getElementById("words").textContent);

const button = (what, label, id = "", more = {}) => el("button", { type: "button", "data-do": what, "data-id": id, ...more }, label);

// A date of the hall's zone, `later` days from now.
export const day = (zone, later) => dateOf(zone, Date.now() + later * 86400000);
const dateOf = (zone, ms) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(ms);

const time = (visit) => `${clock(visit.starts)}–${clock(visit.ends)}`;

export function list(kept, wanted) {
  const known = Object.values(kept.packs).sort((one, other) => one.visit.starts - other.visit.starts);
  const left = wanted.filter((one) => !kept.packs[one.id] && !isOver(one));
  return [
    ...trouble(kept),
    el("h2", { "data-key": "mine" }, t("On this device")),
    known.length
      ? el("ul", { class: "visits", "data-key": "packs" }, known.map((pack) => el("li", { "data-visit": pack.visit.id }, button("open", [el("b", {}, time(pack.visit)), el("span", {}, [pack.name || t("Name not known"), pack.community].filter(Boolean).join(" · "))], pack.visit.id))))
      : el("p", { class: "none", "data-key": "nothing" }, t("No visit was taken along.")),
    el("h2", { "data-key": "ahead" }, t("Today and tomorrow")),
    left.length
      ? el("ul", { class: "visits", "data-key": "wanted" }, left.map((one) => el("li", { "data-visit": one.id }, el("p", {}, `${dateOf(document.documentElement.dataset.zone, one.starts)} ${time(one)}`), button("take", t("Take along"), one.id, { class: "main" }))))
      : el("p", { class: "none", "data-key": "none" }, t("No other visit.")),
  ];
}

function trouble({ conflicts, stuck }) {
  if (!conflicts.length && !stuck.length) return [];
  const what = (one) => words.moves[one.facts?.do ?? one.move] ?? one.move;
  return [
    el("section", { class: "trouble", role: "alert", "data-key": "trouble" },
      el("h2", {}, t("Not done")),
      el("p", {}, t("The desk sees these too and settles them. Nothing is lost.")),
      el("ul", {},
        conflicts.map((one) => el("li", { "data-conflict": one.sequence }, `${clock(one.at)} ${what(one)}`)),
        stuck.map((one) => el("li", { "data-stuck": one.sequence }, `${clock(one.at)} ${what(one)} ${one.text} ${one.code}`, button("seen", t("I wrote it down"), one.sequence))))),
  ];
}

export function visit(pack, kept) {
  const open = pack.visit.state === "under_way";
  return [
    el("p", { "data-key": "back" }, button("close", ["← ", t("All visits")])),
    ...trouble(kept),
    el("section", { class: "whom", "data-key": `whom${pack.visit.id}` },
      el("h2", {}, [time(pack.visit), pack.name || t("Name not known")].join(" · ")),
      el("p", {}, [pack.community, pack.address].filter(Boolean).join(" · ")),
      pack.phone ? el("p", {}, el("a", { href: `tel:${pack.phone}` }, pack.phone)) : null,
      el("p", { class: "soft" }, pack.pair.join(" · "))),
    ...(open ? atTheDoor(pack) : []),
    ...pack.items.map((one) => item(one, pack, open)),
  ];
}

function atTheDoor(pack) {
  return [
    el("section", { "data-key": `forms${pack.visit.id}` },
      el("h2", {}, t("Forms")),
      pack.authorised
        ? el("p", { class: "done", id: "authorised" }, t("Authorisation recorded"))
        : el("details", { id: "authorise" }, el("summary", {}, t("Record the authorisation")), Object.entries(words.authorised).map(([id, label]) => button("authorise", label, id))),
      button("photo", t("Photograph a signed form"), "", { class: "wide" }),
      pack.photos ? el("p", { class: "done", id: "photos" }, t("%(n)s photographs", { n: pack.photos })) : null,
      el("label", {}, t("Note"), el("textarea", { name: "note", rows: "2", maxlength: "1000" })),
      button("note", t("Keep the note"), "", { class: "wide" }),
      pack.notes ? el("p", { class: "done", id: "notes" }, t("%(n)s notes", { n: pack.notes })) : null),
  ];
}

function item(one, pack, open) {
  const ended = isEnded(one);
  const papers = one.papers.map((paper) => {
    const taken = pack.taken?.includes(paper.id);
    return el("li", {}, el("label", { class: "check" }, el("input", { type: "checkbox" }), paper.name), taken ? el("span", { class: "done" }, t("taken along")) : open ? button("paper", t("Take it along"), paper.id) : null);
  });
  return el("section", { class: ended ? "item ended" : "item", "data-key": `item${pack.visit.id}-${one.n}`, "data-item": one.n, "data-state": one.state },
    el("h2", {}, one.name, " ", el("span", { class: "chip" }, words.states[one.state])),
    one.guide.length ? el("details", {}, el("summary", {}, one.app ? t("Step by step in %(app)s", { app: one.app }) : t("Step by step")), el("ol", { class: "guide" }, one.guide.map((step) => el("li", {}, el("label", { class: "check" }, el("input", { type: "checkbox" }), step))))) : null,
    papers.length ? [el("h3", {}, t("Papers")), el("ul", { class: "papers" }, papers)] : null,
    open && !ended ? acts(one) : null);
}

function acts(one) {
  const why = `why${one.n}`;
  return el("div", { class: "acts" },
    moves(one.state, "submitted").length ? button("submitted", t("Submitted"), one.n, { class: "main" }) : null,
    button("delivered", t("Done, the result is there"), one.n, { class: "wide" }),
    el("details", {}, el("summary", {}, t("Not today")),
      el("label", {}, t("Why"), el("input", { name: why, maxlength: "500", autocomplete: "off" })),
      ["opened", "accepted", "in_hand", "submitted"].includes(one.state) ? button("refuse", t("Not possible"), one.n) : null,
      button("withdraw", t("The person does not want it"), one.n)));
}

// What is next, where the thumb is.
export function bar(pack, waiting) {
  if (!pack) return waiting ? [button("send", t("Send now"), "", { class: "main", "data-key": "send" })] : [];
  if (pack.visit.state === "planned") return [button("arrive", t("We are at the door"), "", { class: "main", "data-key": "arrive" })];
  if (pack.visit.state !== "under_way") return [button("close", t("The visit is over"), "", { class: "main", "data-key": "over" })];
  return [el("details", { "data-key": `leave${pack.visit.id}`, id: "leave" }, el("summary", { class: "main" }, t("We leave")), Object.entries(words.ends).map(([id, label]) => button("leave", label, id)))];
}
