/**
 * Keeps the shell of the page on the device, so that it opens while the hub is away. What the hub
 * says of the home is never kept.
 */

const CACHE = `sotto-${"BUILD"}`;
const SHELL = ["SHELL"];
/** Away from home nothing answers, and nothing says so: the page is shown from the device then. */
const PATIENCE_MS = 4000;
const HUB = /^\/(v1|docs|openapi\.json|metrics|health|ready)(\/|$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(SHELL))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || HUB.test(url.pathname)) return;
  if (request.mode === "navigate") {
    event.respondWith(inTime(request).catch(() => caches.match("/", { cacheName: CACHE })));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(fromCache(request));
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(
      inTime(request).catch(() => caches.match(url.pathname, { cacheName: CACHE })),
    );
  }
});

function inTime(request) {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS));
  return Promise.race([fetch(request), late]);
}

/** Files of the build are named after what they hold: one that is kept is right. */
async function fromCache(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
