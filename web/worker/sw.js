// Keeps the site's assets, whose addresses name their content, and the page that says there is no net. No other page and no
// answer of the API is ever kept.
const { cache, offline, assets, name, icon } = JSON.parse(SETTINGS);

const isOffline = (request) => new URL(request.url).pathname === '/offline';

// keepOffline keeps the page in one language, as a guest sees it, in place of what there was.
async function keepOffline(kept, address) {
  const before = (await kept.keys()).filter(isOffline);
  if (before.some((request) => request.url === new URL(address, self.location.origin).href)) return;
  await kept.add(new Request(address, { credentials: 'omit', cache: 'reload' }));
  for (const request of before) await kept.delete(request);
}

self.addEventListener('message', (event) => {
  event.waitUntil(caches.open(cache).then((kept) => keepOffline(kept, event.data.offline)));
});

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(cache);
    await kept.addAll(assets);
    await keepOffline(kept, offline);
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const key of await caches.keys()) if (key !== cache) await caches.delete(key);
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') {
    event.respondWith((async () => {
      try {
        return await fetch(request);
      } catch {
        const kept = await caches.open(cache);
        const page = (await kept.keys()).find(isOffline);
        return page && await kept.match(page) || Response.error();
      }
    })());
  } else if (assets.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request).then((hit) => hit || fetch(request)));
  }
});

self.addEventListener('push', (event) => {
  let news = {};
  try { news = event.data.json(); } catch { /* a push without words still says that there is something */ }
  event.waitUntil(self.registration.showNotification(news.title || name, {
    body: news.body || '', tag: news.tag || 'news', icon, badge: icon, data: { url: news.url || '/notifications' },
  }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: 'window' });
    const page = open.find((client) => client.visibilityState === 'visible') || open[0];
    if (page && await page.focus().then((c) => c.navigate(url.href)).catch(() => null)) return;
    await self.clients.openWindow(url.href);
  })());
});
