// How long a ticket's page waits until it looks again, ms. What happens to the ticket itself comes by the socket, at once;
// looking tells how many are before it. A city's phones that look are most of what its web servers do.
const ONCE_MS = 30000;
const FEW = 10;

// `ticket`: the facts of `#ticket` (state, ahead); `hidden`: nobody sees the page, the phone is in a pocket.
export function pause({ state, ahead }, hidden, dice = Math.random()) {
  const soon = state === "waiting" && Number(ahead) <= FEW;
  const times = soon ? 1 : hidden || state !== "waiting" ? 4 : 2;
  // Not all phones of a hall in the same moment.
  return ONCE_MS * times * (5 / 6 + dice / 3);
}
