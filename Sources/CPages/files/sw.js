// Keeps what was seen, so that the page and its checks work without a connection. The daemon puts a first line
// before this text, `const version = "…"`: the hash of all files, so that a new release replaces them all at once.
const files = ['/app.js', '/check.js', '/evidence.js', '/log.js', '/style.css', '/icon.svg', '/verify', '/verify?lang=ur', '/ur.js', '/nastaliq.woff2'];
const kept = 'gemd-kept';
const mostKept = 200;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open('gemd-' + version).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('gemd-') && name !== kept && name !== 'gemd-root' && name !== 'gemd-' + version) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

async function keep(request, response) {
  const cache = await caches.open(kept);
  await cache.put(request, response);
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - mostKept))) await cache.delete(old);
}

/** The network's answer, kept; without a network what was kept, else the page for any number. */
async function fresh(event) {
  const { request } = event;
  try {
    const response = await fetch(request);
    if (response.ok) event.waitUntil(keep(request, response.clone()));
    return response;
  } catch (error) {
    const old = await caches.match(request, { ignoreVary: true });
    if (old) return old;
    if (request.mode !== 'navigate') throw error;
    const urdu = new URL(request.url).searchParams.get('lang') === 'ur';
    return await caches.match(urdu ? '/verify?lang=ur' : '/verify') ?? Response.error();
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (/^\/(c|status|img|verify)(\/|$)/.test(url.pathname) || url.pathname === '/') event.respondWith(fresh(event));
  else if (files.includes(url.pathname)) event.respondWith(caches.open('gemd-' + version).then((cache) => cache.match(request)).then((found) => found ?? fetch(request)));
});
