// What a reader read: a card's number or one of our codes. The server checks whether it is a good one.
const TOKEN = "[a-z0-9][a-z0-9_-]{0,39}\\.[0-9]{10,16}\\.[A-Za-z0-9_-]{22}";
const CARD = /^\d{14,17}[\dX]$/i;
const DESK_CODE = /^\d{8}$/;
const SERVICES = /^sanban:services:([a-z0-9_-]+(?:,[a-z0-9_-]+)*)$/;
const TICKET = new RegExp(`^(?:sanban:ticket:|https?://\\S+/t/)(${TOKEN})$`);
const LINK = /^https?:\/\/\S+$/;

// {card} or {code: {kind, text}} or null. Kinds: "desk" (eight digits of an appointment), "services" (ids of a slip from
// a kiosk), "ticket" (the token on a ticket or on a slip from a window), "link" (an appointment's own address).
export function reading(raw) {
  const text = raw.normalize("NFKC").trim();
  if (CARD.test(text)) return { card: text.toUpperCase() };
  if (DESK_CODE.test(text)) return { code: { kind: "desk", text } };
  const services = SERVICES.exec(text);
  if (services) return { code: { kind: "services", text: services[1] } };
  const ticket = TICKET.exec(text);
  if (ticket) return { code: { kind: "ticket", text: ticket[1] } };
  return LINK.test(text) ? { code: { kind: "link", text } } : null;
}

// Tells whoever asked what was read.
export function deliver(raw, { onCard, onCode, onUnknown }) {
  const read = reading(raw);
  if (!read) onUnknown?.(raw);
  else if (read.card) onCard(read.card);
  else onCode(read.code);
}
