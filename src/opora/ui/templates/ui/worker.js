// Keeps pages on the device, so that they open without a line. What is typed there never passes here: the page
// itself sends it.

const NAME = "{{ name }}-";
const KEPT = NAME + "{{ version }}";
const FILES = {{ files|safe }};
const PAGES = new RegExp({{ pages|safe }}); // paths of pages that are kept
const STAYS = {{ stays|safe }}; // a kept page is shown, too, where the server says that it is not to be had now
const PATIENCE = 4000; // milliseconds for the network before the kept page is shown

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)).then(() => self.skipWaiting()));
});

// Pages move over to the new cache: a page that was opened before must open without a line after an update too.
async function moveOver() {
  const kept = await caches.open(KEPT);
  for (const name of await caches.keys()) {
    if (!name.startsWith(NAME) || name === KEPT) continue;
    const old = await caches.open(name);
    for (const request of await old.keys()) {
      if (!(await kept.match(request))) await kept.put(request, await old.match(request));
    }
    await caches.delete(name);
  }
}

self.addEventListener("activate", (event) => {
  event.waitUntil(moveOver().then(() => self.clients.claim()).then(keepOpenPages));
});

// The page that brought us was loaded before us: keep it now.
async function keepOpenPages() {
  const kept = await caches.open(KEPT);
  for (const client of await self.clients.matchAll()) {
    if (!PAGES.test(new URL(client.url).pathname)) continue;
    const url = client.url.split("#")[0];
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok && !answer.redirected) await kept.put(url, answer); // what it leads to is another page
  }
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  const path = new URL(request.url).pathname;
  if (request.mode === "navigate" && PAGES.test(path)) event.respondWith(page(request));
  else if (FILES.includes(path)) event.respondWith(file(request));
});

async function file(request) {
  return (await caches.match(request, { ignoreSearch: true })) || fetch(request);
}

async function page(request) {
  const kept = await caches.open(KEPT);
  const before = await kept.match(request);
  const fresh = fetch(request).then((answer) => {
    if (answer.ok) kept.put(request, answer.clone());
    return answer.ok || !STAYS ? answer : before || answer;
  });
  if (!before) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(before), PATIENCE));
  return Promise.race([fresh.catch(() => before), late]);
}
