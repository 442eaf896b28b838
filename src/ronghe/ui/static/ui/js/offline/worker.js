// The service worker: the shell of the page without signal, and nothing of anybody's. Addresses come from the server.
(() => {
  const shell = self.rongheShell;
  const app = self.rongheOffline;
  const CACHE = `ronghe-shell-${shell.version}`;
  const PATIENCE_MS = 4000;

  self.addEventListener("install", (event) => {
    event.waitUntil(
      caches
        .open(CACHE)
        .then((cache) => cache.addAll(shell.files.map((address) => new Request(address, { cache: "reload" }))))
        .then(() => self.skipWaiting()),
    );
  });

  self.addEventListener("activate", (event) => {
    const isOld = (name) => name.startsWith("ronghe-shell-") && name !== CACHE;
    event.waitUntil(
      caches
        .keys()
        .then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
        .then(() => self.clients.claim()),
    );
  });

  const kept = (address) => caches.open(CACHE).then((cache) => cache.match(address));

  // The network first; where it is silent, the page that needs none.
  async function page(request) {
    const own = new URL(request.url).pathname === shell.page;
    try {
      if (!own) return await fetch(request);
      const answer = await soon(fetch(request));
      if (answer.ok && !answer.redirected) (await caches.open(CACHE)).put(shell.page, answer.clone());
      return answer;
    } catch (error) {
      const answer = await kept(shell.page);
      if (answer) return answer;
      throw error;
    }
  }

  function soon(answer) {
    return Promise.race([
      answer,
      new Promise((_resolve, reject) => setTimeout(() => reject(new Error("silent")), PATIENCE_MS)),
    ]);
  }

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const address = new URL(request.url);
    if (address.origin !== self.location.origin) return;
    if (request.method === "POST" && address.pathname === shell.logout) event.waitUntil(app.store.forget());
    if (request.method !== "GET") return;
    if (request.mode === "navigate") event.respondWith(page(request));
    else if (shell.files.includes(address.pathname)) {
      event.respondWith(kept(address.pathname).then((answer) => answer || fetch(request)));
    }
  });

  // The browser wakes the worker when signal is back, with the page open or not.
  self.addEventListener("sync", (event) => {
    if (event.tag === shell.tag) event.waitUntil(app.report.report().then(tellPages));
  });

  async function tellPages() {
    for (const client of await self.clients.matchAll()) client.postMessage("reported");
  }
})();
