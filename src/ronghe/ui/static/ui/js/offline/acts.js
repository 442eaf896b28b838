// Doing something without signal: an act is made, signed and put at the end of its key's queue, in one step.
(() => {
  const app = (self.rongheOffline = self.rongheOffline || {});
  const { store, keys, report } = app;
  const FIRST = "0".repeat(64);
  let last = Promise.resolve();

  // Keys sorted, no spaces: the same act is the same text everywhere.
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const parts = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
    return `{${parts.join(",")}}`;
  }

  const itemDigest = (topic, notes, decision) => keys.digest(JSON.stringify([topic, notes, decision || ""]));

  // One after the other in this tab, and in every tab where the browser knows locks.
  function inTurn(work) {
    const mine = last.then(() => (navigator.locks ? navigator.locks.request("ronghe-acts", work) : work()));
    last = mine.catch(() => {});
    return mine;
  }

  function does(person, kind, what, who) {
    return inTurn(async () => {
      const key = keys.openKey();
      const chain = (await store.one("chains", key)) || { key, number: 0, before: FIRST };
      const clocks = await report.clocks();
      const number = chain.number + 1;
      const act = { v: 1, id: keys.randomId(), key, n: number, before: chain.before, kind, what, ...clocks };
      const row = await signed(act, { person, who, state: "kept" });
      await written(row, chain, { key, number, before: row.digest });
      return row;
    });
  }

  async function signed(act, more) {
    const text = canonical(act);
    const signature = await keys.sign(text);
    return {
      id: act.id, key: act.key, number: act.n, kind: act.kind, what: act.what, deviceMs: act.device_ms,
      ownMs: act.device_ms - act.skew_ms, text, signature, digest: await keys.digest(text), ...more,
    };
  }

  function written(row, seen, chain) {
    return store.together(["chains", "acts"], (chains, acts, transaction) => {
      const asked = chains.get(seen.key);
      asked.onsuccess = () => {
        const now = asked.result ? asked.result.number : 0;
        if (now !== seen.number) return transaction.abort();
        chains.put(chain);
        return acts.put(row);
      };
    });
  }

  // Only what was never sent: another act takes its place in the queue and names its digest, so the chain stays whole.
  // What stands on it (in a huddle that is not opened after all) goes with it.
  function voids(act) {
    return inTurn(async () => {
      const queue = (await store.acts()).filter((one) => one.key === act.key && one.state === "kept" && !one.attempted);
      const gone = queue.filter((one) => one.id === act.id || standsOn(one, act.id));
      let count = 0;
      for (const one of gone) {
        const said = { ...JSON.parse(one.text), id: keys.randomId(), kind: "void", what: { was: one.digest, was_kind: one.kind } };
        const row = await signed(said, { person: one.person, who: one.who, state: "kept", voids: one.kind });
        await store.together(["acts"], (acts) => {
          const asked = acts.get(one.id);
          asked.onsuccess = () => {
            if (!asked.result || asked.result.attempted || asked.result.state !== "kept") return;
            acts.delete(one.id);
            acts.put({ ...row, digest: one.digest });
            count += 1;
          };
        });
      }
      return count;
    });
  }

  const standsOn = (act, id) => act.what.activity === id || act.what.item === id;

  app.acts = { does, voids, itemDigest, canonical, standsOn };
})();
