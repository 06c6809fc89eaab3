// The service worker: makes CareSync start fast and say something sensible when there is no connection.
// It keeps the shell (styles, scripts, fonts, icons) and the page /offline. It never keeps a page that somebody signed in to see,
// nor an answer of /_fn or /api. The server fills in the two values below from the build that it serves.

const VERSION = "__VERSION__";
const PRECACHE = __PRECACHE__;
const CACHE = `caresync-${VERSION}`;
const OFFLINE = "/offline";

// What the answer to a path must be before it is kept: a proxy's error page in place of a script would stay for good.
const TYPES = [
  [/\.js$/, "javascript"],
  [/\.wasm$/, "application/wasm"],
  [/\.css$/, "text/css"],
  [/\.woff2$/, "font/woff2"],
  [/\.svg$/, "image/svg"],
  [/\.png$/, "image/png"],
  [/\.webmanifest$/, "json"],
];

// The offline page is shown under whatever address could not be reached, so its scripts must not run there.
const OFFLINE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

const isAsset = (path) => path.startsWith("/pkg/") || path.startsWith("/fonts/");

function isSound(path, response) {
  if (response.status !== 200 || response.redirected || response.type !== "basic") return false;
  const kind = TYPES.find(([ending]) => ending.test(path));
  return kind !== undefined && (response.headers.get("content-type") ?? "").includes(kind[1]);
}

async function keepOffline(cache) {
  const response = await fetch(OFFLINE, { cache: "reload", credentials: "omit" });
  if (response.status !== 200 || response.redirected) throw new Error(`${OFFLINE} answered ${response.status}`);
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": OFFLINE_POLICY,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  // Left in, each script would be refused and complained about wherever the page is shown.
  const page = (await response.text()).replace(/<script\b[^>]*>[\s\S]*?<\/script>/gi, "");
  await cache.put(OFFLINE, new Response(page, { status: 200, headers }));
}

async function keep(cache, path) {
  const response = await fetch(path, { cache: "no-cache", credentials: "omit" });
  if (isSound(new URL(path, location.origin).pathname, response)) await cache.put(path, response);
}

addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      // Without the offline page the worker is of no use; a missing picture it can live with.
      await keepOffline(cache);
      await Promise.allSettled(PRECACHE.filter((path) => path !== OFFLINE).map((path) => keep(cache, path)));
    })(),
  );
});

addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("caresync-") && name !== CACHE) await caches.delete(name);
      }
      await registration.navigationPreload?.enable();
      await clients.claim();
    })(),
  );
});

// A new version waits until the reader agrees: nobody's form is reloaded away.
addEventListener("message", (event) => {
  if (event.data === "skip-waiting") event.waitUntil(skipWaiting());
});

async function navigate(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(OFFLINE)) ?? Response.error();
  }
}

async function asset(event, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(event.request);
  if (kept) return kept;
  const response = await fetch(event.request);
  if (isSound(path, response)) event.waitUntil(cache.put(event.request, response.clone()).catch(() => undefined));
  return response;
}

async function freshOrKept(request) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(request)) ?? Response.error();
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || request.headers.has("range")) return;
  if (request.mode === "navigate") event.respondWith(navigate(event));
  else if (isAsset(url.pathname)) event.respondWith(asset(event, url.pathname));
  else if (PRECACHE.includes(url.pathname) && url.pathname !== OFFLINE) event.respondWith(freshOrKept(request));
});
