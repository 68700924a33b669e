// Keeps a page and what it needs for when the server cannot be reached. The network always goes first; the page itself
// says how old it is.
const NAME = "sanban";
const PATIENCE_MS = 4000;
const STATIC = /^\/(?:[a-z]+\/)?static\//;
// Somebody's earlier tickets need not stay on the phone.
const MOST_TICKETS = 3;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const page = url.pathname === new URL(self.registration.scope).pathname || /^\/t\/[^/]+$/.test(url.pathname);
  if (request.mode === "navigate" && page) event.respondWith(first(request, url));
  else if (STATIC.test(url.pathname)) event.respondWith(first(request, url));
  // A look at the page's own state: kept, but never answered from here, or it would not know that it is old.
  else if (page) event.respondWith(look(request, url));
});

self.addEventListener("message", (event) => {
  const { keep = [] } = event.data ?? {};
  event.waitUntil(Promise.allSettled(keep.map(async (address) => {
    const url = new URL(address);
    const page = url.pathname.startsWith(new URL(self.registration.scope).pathname);
    if (url.origin !== self.location.origin || !(page || STATIC.test(url.pathname))) return null;
    return put(url, await fetch(address));
  })));
});

async function look(request, url) {
  const answer = await fetch(request);
  await put(url, answer);
  return answer;
}

async function first(request, url) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status >= 500) throw new TypeError("away");
    await put(url, answer);
    return answer;
  } catch (error) {
    const kept = await caches.match(url.pathname, { ignoreSearch: true, cacheName: NAME, ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

// By path alone: the last language and size are the ones that come back.
async function put(url, answer) {
  if (!answer.ok || answer.redirected || answer.status === 206) return;
  const cache = await caches.open(NAME);
  await cache.put(url.pathname, answer.clone());
  const tickets = (await cache.keys()).filter((one) => new URL(one.url).pathname.startsWith("/t/"));
  await Promise.all(tickets.slice(0, -MOST_TICKETS).map((one) => cache.delete(one)));
}
