// When a ticket's page looks again, ms. What happens to the ticket itself comes by the socket at once, and that others of
// its queue moved too; looking tells how many are before it, and how long that may take.
const ONCE_MS = 30000;
const FEW = 10;
// With so many before it a phone rings: NEAR in kiosk/phone.py.
const NEAR = 2;
const SOON_MS = 2000;
const LATER_MS = 10000;

// After a look. `ticket`: the facts of `#ticket` (state, ahead); `hidden`: nobody sees the page, the phone is in a pocket;
// `told`: the page follows its ticket by the socket.
export function pause({ state, ahead }, hidden, told, dice = Math.random()) {
  const soon = state === "waiting" && Number(ahead) <= FEW;
  const untold = soon ? 1 : hidden || state !== "waiting" ? 4 : 2;
  // The minutes are forecast anew after a move: whoever comes soon and sees the page sees that, too.
  const times = !told ? untold : hidden ? 20 : soon ? 1 : 4;
  // Not all phones of a hall in the same moment.
  return ONCE_MS * times * (5 / 6 + dice / 3);
}

// After others of its queue moved, `moves` times since the last look. A page in a pocket need only ring in time: each move
// brings it one place nearer at most.
export function afterMove({ state, ahead }, hidden, moves, dice = Math.random()) {
  const before = Number(ahead);
  if (state !== "waiting") return Infinity;
  if (hidden) return before > NEAR && before - moves <= NEAR ? SOON_MS * dice : Infinity;
  return (before <= FEW ? SOON_MS : LATER_MS) * dice;
}
