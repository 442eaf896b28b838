// What a phone keeps: keys by person, the queue of acts by key, one snapshot a person, and what was known of the clocks.
// Plain scripts without imports: the page and the service worker both load them (docs/subjects/offline.md).
(() => {
  const app = (self.rongheOffline = self.rongheOffline || {});
  const NAME = "ronghe-offline";
  const VERSION = 1;
  let opening = null;

  function opened() {
    if (!opening) {
      opening = new Promise((resolve, reject) => {
        const asked = indexedDB.open(NAME, VERSION);
        asked.onupgradeneeded = () => {
          const made = asked.result;
          made.createObjectStore("keys", { keyPath: "person" });
          made.createObjectStore("chains", { keyPath: "key" });
          made.createObjectStore("acts", { keyPath: "id" });
          made.createObjectStore("snapshots", { keyPath: "person.id" });
          made.createObjectStore("state", { keyPath: "name" });
        };
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
        asked.onblocked = () => reject(new Error("blocked"));
      });
      opening.catch(() => (opening = null));
    }
    return opening;
  }

  // Resolves with what `work` returned, or the result of the request it returned, once everything is written.
  async function together(stores, work, mode = "readwrite") {
    const database = await opened();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(stores, mode);
      const done = work(...stores.map((name) => transaction.objectStore(name)), transaction);
      transaction.oncomplete = () => resolve(done instanceof IDBRequest ? done.result : done);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error || new Error("aborted"));
    });
  }

  const one = (store, key) => together([store], (rows) => rows.get(key), "readonly");
  const all = (store) => together([store], (rows) => rows.getAll(), "readonly");
  const put = (store, row) => together([store], (rows) => rows.put(row));
  const remove = (store, key) => together([store], (rows) => rows.delete(key));

  // The queue in its order: by key, then by number.
  async function acts() {
    const rows = await all("acts");
    return rows.sort((a, b) => (a.key === b.key ? a.number - b.number : a.deviceMs - b.deviceMs));
  }

  // Changes one act as it stands now, so that two tabs do not undo each other.
  function change(id, changes) {
    return together(["acts"], (rows) => {
      const asked = rows.get(id);
      asked.onsuccess = () => asked.result && rows.put({ ...asked.result, ...changes });
    });
  }

  // At log-out: names and plans of the day go. Keys and acts not yet reported stay; they are the person's own.
  function forget() {
    return together(["snapshots", "state"], (snapshots, state) => {
      snapshots.clear();
      state.delete("person");
    });
  }

  app.store = { together, one, all, put, remove, acts, change, forget };
})();
