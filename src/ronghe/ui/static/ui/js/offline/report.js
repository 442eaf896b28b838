// Reporting: what is kept goes to the server in the order in which it was done; what it answers is kept beside it.
// Nothing here asks who is logged in: each act carries its own signature.
(() => {
  const app = (self.rongheOffline = self.rongheOffline || {});
  const { store } = app;
  const AT_ONCE = 50;
  const PATIENCE_MS = 20000;
  const KEPT_TAKEN_MS = 24 * 3600 * 1000;
  // Said of acts that the server did not keep: there is nothing to settle there.
  const UNKEPT = new Set(["act_unreadable", "device_unknown", "device_revoked", "signature_wrong", "number_taken"]);
  let contact = null;
  let skew = 0;
  let running = null;

  // Both directions are taken to be equally fast, so the server's answer is half the round old.
  function heard(serverMs, startedAt) {
    const now = performance.now();
    const serverNow = serverMs + (now - startedAt) / 2;
    contact = { serverMs: serverNow, steady: now };
    skew = Math.round(Date.now() - serverNow);
    return store.put("state", { name: "clock", skew, at: Date.now() });
  }

  async function clocks() {
    const known = await store.one("state", "clock");
    const steady = contact ? Math.round(contact.serverMs + performance.now() - contact.steady) : null;
    return { device_ms: Date.now(), skew_ms: known ? known.skew : 0, steady_ms: steady };
  }

  // What time it is where the platform stands: a phone set wrong shows the right day all the same.
  async function readClock() {
    const known = await store.one("state", "clock");
    skew = known ? known.skew : 0;
  }

  const now = () => new Date(Date.now() - skew);
  const ownTime = (deviceMs) => new Date(deviceMs - skew);

  async function post(address, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    const startedAt = performance.now();
    try {
      const answer = await fetch(address, {
        method: "POST",
        credentials: "omit",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal: stop.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      await heard(said.server_ms, startedAt);
      return said.results;
    } finally {
      clearTimeout(timer);
    }
  }

  const isKept = (act) => act.state === "kept";

  async function noted(results) {
    for (const result of results) {
      const isUnkept = UNKEPT.has(result.code);
      await store.change(result.act_id, {
        state: result.state,
        code: result.code,
        reason: result.reason,
        activity: result.activity,
        item: result.item,
        unkept: isUnkept,
        answeredMs: Date.now(),
      });
    }
  }

  // Sends everything that is kept; tells `onProgress` how far it is. Rejects where there is no way through.
  async function send(onProgress) {
    const queue = await store.acts();
    const waiting = queue.filter(isKept);
    const open = queue.filter((act) => (act.state === "waiting" || act.state === "refused") && !act.unkept);
    if (!waiting.length && !open.length) return 0;
    const address = (await store.one("state", "addresses")).report;
    for (let start = 0; start < waiting.length; start += AT_ONCE) {
      const batch = waiting.slice(start, start + AT_ONCE);
      onProgress(start, waiting.length);
      // From here on nobody can tell whether it arrived, so it is no longer the phone's alone to void.
      for (const act of batch) await store.change(act.id, { attempted: true });
      const results = await post(address, { acts: batch.map(({ text, signature }) => ({ text, signature })) });
      const unreadable = results.map((result, place) => (result.act_id ? result : { ...result, act_id: batch[place].id }));
      await noted(unreadable);
    }
    for (const [key, ids] of Object.entries(byKey(open))) {
      await noted(await post(address, { key, asking: ids.slice(0, AT_ONCE) }));
    }
    await tidy();
    return waiting.length;
  }

  function byKey(acts) {
    const found = {};
    for (const act of acts) (found[act.key] = found[act.key] || []).push(act.id);
    return found;
  }

  async function tidy() {
    for (const act of await store.all("acts")) {
      const isOver = act.state === "taken" || act.state === "voided";
      if (isOver && Date.now() - act.answeredMs > KEPT_TAKEN_MS) await store.remove("acts", act.id);
    }
  }

  // One report at a time in this tab; the server takes every act once, whoever else reports it.
  function report(onProgress = () => {}) {
    if (!running) {
      running = send(onProgress).finally(() => (running = null));
    }
    return running;
  }

  app.report = { report, heard, clocks, readClock, now, ownTime };
})();
