// Queue and case are one thread: the open cases of whoever stands at the window, and the way to make the number one.
import { el } from "/static/js/dom.js";
import { get, Problem } from "/static/js/api.js";
import { t } from "/static/js/texts.js";

// A line that fills itself: what it shows is for staff alone and never on a screen of the hall.
export function cases(ticket) {
  const known = el("p", { id: "open-cases", role: "status" });
  tell(known, `/api/v1/halls/${document.documentElement.dataset.hall}/tickets/${ticket.number}/cases`);
  return [el("a", { id: "make-case", class: "small", href: `/desk/from/${ticket.number}` }, t("Make it a case")), known];
}

async function tell(place, path) {
  try {
    const found = (await get(path)).cases;
    place.textContent = found.map((one) => t("Has open case %(number)s, officer %(officer)s", { number: Number(one.id), officer: one.officer })).join(" · ");
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the number has gone meanwhile
  }
}
