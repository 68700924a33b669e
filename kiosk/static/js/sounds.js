// Which sound says what stands on the page: a name of kiosk/speech.py.
const OWN = ["waiting", "called", "serving", "parked", "missed"];

const unprinted = (desk) => desk.chosen.paper === "none" || desk.paperOut();
const STATES = {
  services: ({ chosen }) => (chosen.card ? "services-card" : "services"),
  materials: ({ chosen }) => (chosen.services.some((one) => one.materials.length) ? "materials" : "materials-none"),
  told: (desk) => (unprinted(desk) ? "told-unprinted" : "told"),
  number: (desk) => (unprinted(desk) ? "number-unprinted" : "number"),
  own: ({ chosen: { ticket } }) => `own-${OWN.includes(ticket.state) ? ticket.state : "over"}`,
  help: (desk) => (!desk.chosen.helped ? "help" : desk.helpWaits() ? "help-called" : "help-coming"),
  away: ({ unpaired }) => (unpaired ? "unpaired" : "away"),
};

export const soundOf = (desk) => STATES[desk.page]?.(desk) ?? desk.page;
