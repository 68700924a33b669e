// What the kiosk asks the server for: a number, a check-in, a slip, a person.
import { get, peek, post, Problem, remove } from "/static/js/api.js";
import { language, t } from "/static/js/texts.js";
import { papersOf } from "/kiosk/static/js/pages_papers.js";

const AWAY = ["AWAY", "STORE_AWAY"];
const LOOK_MS = 700;

// The half of `go` that needs the server. `show(name)` turns the page.
export function asking(desk, show, hallPath) {
  let busy = false;

  // One request at a time: a second touch while the first is on its way is the same touch.
  async function once(work) {
    if (busy) return;
    busy = true;
    for (const button of document.querySelectorAll("#page .main")) button.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      desk.chosen.problem = error;
      show(AWAY.includes(error.code) ? "away" : "refused");
    } finally {
      busy = false;
    }
  }

  function got(ticket) {
    Object.assign(desk.chosen, { ticket, paper: desk.printer ? "printing" : "none", copy: 0 });
    show("number");
    followPaper(desk, show);
  }

  const wish = ({ services, card, claim, slip }) => ({
    services: services.map((one) => one.id), language,
    ...(card && { id_number: card }), ...(claim && { claim }), ...(slip && { slip }),
  });
  const take = () => once(async () => got(await post(`${hallPath}/tickets`, wish(desk.chosen))));
  const arrive = (facts) => once(async () => got(await post(`${hallPath}/tickets`, { language, ...facts })));

  // A card does the most it can: today's appointment is checked in, else only the matter is asked.
  const card = (number) => once(async () => {
    desk.chosen.card = number;
    if (desk.chosen.services.length) return show(desk.page === "missing" ? "missing" : "materials");
    const { appointments } = await post(`${hallPath}/appointments/today`, { id_number: number });
    const next = appointments.find((one) => one.state === "booked");
    if (!next) return show("services");
    desk.chosen.from = next.check_in_from > desk.now() ? next.check_in_from : null;
    got(await post(`${hallPath}/tickets`, { language, id_number: number }));
  });

  // A ticket, or the slip of a window, which keeps the place of its ticket.
  const ticket = (token) => once(async () => {
    const known = await get(`/api/v1/tickets/${token}`);
    if (known.state !== "done") {
      desk.chosen.ticket = known;
      return show("own");
    }
    desk.chosen.slip = token;
    choose(known.services);
  });

  function choose(ids) {
    const services = ids.map((id) => desk.hall.services.find((one) => one.id === id)).filter(Boolean);
    if (!services.length || services.some((one) => one.line !== services[0].line)) return unknown();
    desk.chosen.services = services;
    show("materials");
  }

  function unknown() {
    const detail = t("Please touch what you came for instead.");
    desk.chosen.problem = new Problem({ code: "UNKNOWN_CODE", detail });
    show("refused");
  }

  const code = ({ kind, text }) => {
    if (kind === "services") return choose(text.split(","));
    return kind === "ticket" ? ticket(text) : arrive({ appointment: text });
  };

  const slip = () => once(async () => {
    const { services, lacks } = desk.chosen;
    const here = papersOf(services).filter((paper) => !lacks.has(paper.key)).flatMap((paper) => paper.of);
    const items = services.map((one) => ({ service: one.id, have: here.filter((paper) => paper.service === one.id).map((paper) => paper.id) }));
    desk.chosen.paper = "printing";
    try {
      await post(`${hallPath}/slips`, { items, language });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "NO_PRINTER") throw error;
      desk.chosen.paper = "none";
    }
    show("told");
  });

  const reprint = () => once(async () => {
    const { ticket } = desk.chosen;
    const { copy } = await post(`${hallPath}/tickets/${ticket.number}/reprint`);
    Object.assign(desk.chosen, { paper: "printing", copy });
    show("number");
    followPaper(desk, show);
  });

  return {
    busy: () => busy,
    take, card, code, unknown, slip, reprint, arrive,
    here: () => once(async () => {
      desk.chosen.ticket = await post(`/api/v1/tickets/${desk.chosen.ticket.token}/come-back`);
      show("own");
    }),
    callHelp: () => once(async () => {
      await post(`${hallPath}/help`);
      desk.chosen.helped = true;
      show("help");
    }),
    cancelHelp: () => once(async () => {
      await remove(`${hallPath}/help`);
      desk.chosen.helped = false;
      show("home");
    }),
  };
}

// Whether the ticket has come out, asked as long as its page is there.
async function followPaper(desk, show) {
  const { ticket, copy } = desk.chosen;
  const mine = () => desk.page === "number" && desk.chosen.ticket === ticket && desk.chosen.copy === copy && desk.chosen.paper === "printing";
  while (mine()) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
    if (!mine()) return;
    try {
      const { copy: newest } = await peek(`/kiosk/paper/${ticket.token}`, LOOK_MS * 4);
      if (mine() && newest !== null && newest >= copy) {
        desk.chosen.paper = "printed";
        show("number");
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // away for a moment: the number is on the screen
    }
  }
}
