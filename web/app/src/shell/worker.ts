/// <reference lib="webworker" />
import { cacheName, isOutOfReach, outdated, way } from './answer';

// The service worker: it makes the app installable, and tells that it is offline
// when it is. It keeps the files of the app, whose names tell their content, and one
// page that shows nothing of anybody. What people write never passes through it.

declare const self: ServiceWorkerGlobalScope;

// The build puts in what it made, and a digest of it.
declare const FILES: string[];
declare const VERSION: string;
const offline = '/offline.html';

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const chosen = way({ method, mode, url }, self.location.origin);
  if (chosen === 'page') event.respondWith(page(event));
  if (chosen === 'kept') event.respondWith(kept(event.request));
});

async function install() {
  const cache = await caches.open(cacheName(VERSION));
  await cache.addAll([new Request(offline, { cache: 'reload' }), ...FILES.map((file) => new Request(file))]);
  await self.skipWaiting(); // a new version serves old pages too, see outdated
}

async function activate() {
  await Promise.all(outdated(await caches.keys(), VERSION).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function page(event: FetchEvent): Promise<Response> {
  try {
    const answer = ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request));
    if (!isOutOfReach(answer.status)) return answer;
  } catch {
    // nobody there
  }
  const cache = await caches.open(cacheName(VERSION));
  return (await cache.match(offline)) ?? Response.error();
}

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
