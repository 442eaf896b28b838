// One person's key on this phone. The private half is made here, wrapped by the PIN and by a second key that the browser
// never hands out, and is unwrapped in memory only, not extractable. Wrong PINs wait longer and longer; the tenth wipes it.
(() => {
  const app = (self.rongheOffline = self.rongheOffline || {});
  const { store } = app;
  const ROUNDS = 310000;
  const MINUTE = 60000;
  const WAITS = [0, 0, 0, MINUTE / 2, 2 * MINUTE, 10 * MINUTE, 60 * MINUTE, 60 * MINUTE, 60 * MINUTE];
  const MOST_WRONG = 10;
  const IDLE_MS = 10 * MINUTE;
  const ALGORITHMS = {
    ES256: {
      make: { name: "ECDSA", namedCurve: "P-256" },
      sign: { name: "ECDSA", hash: "SHA-256" },
    },
  };
  const CURRENT = "ES256";
  let unlocked = null;
  let locking = null;

  const bytes = (text) => new TextEncoder().encode(text);
  const random = (count) => crypto.getRandomValues(new Uint8Array(count));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const digest = async (content) => hex(await crypto.subtle.digest("SHA-256", content));

  async function pinKey(pin, salt, rounds) {
    const secret = await crypto.subtle.importKey("raw", bytes(pin), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
    return crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  // Makes a key; `register` tells the server and answers with the device. Nothing is kept unless it did.
  // `who` is the person's name: several people keep their keys on one phone side by side, and choose whose signs.
  async function setUp(person, who, pin, name, register) {
    const algorithm = ALGORITHMS[CURRENT];
    const pair = await crypto.subtle.generateKey(algorithm.make, true, ["sign"]);
    const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
    const publicKey = base64(spki);
    const proof = await signedBy(pair.privateKey, CURRENT, `ronghe.device\n${CURRENT}\n${publicKey}\n${name}`);
    await register({ name, algorithm: CURRENT, public_key: publicKey, proof });
    const pkcs8 = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
    const salt = random(16);
    const inner = random(12);
    const outer = random(12);
    const chest = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const byPin = await pinKey(pin, salt, ROUNDS);
    const once = await crypto.subtle.encrypt({ name: "AES-GCM", iv: inner }, byPin, pkcs8);
    const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv: outer }, chest, once);
    const row = { person, who, name, algorithm: CURRENT, key: await digest(spki), salt, inner, outer, chest, wrapped, rounds: ROUNDS, wrong: 0, until: 0 };
    await store.put("keys", row);
    await opened(row, pkcs8);
    return row;
  }

  async function opened(row, pkcs8) {
    const { make } = ALGORITHMS[row.algorithm];
    const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, make, false, ["sign"]);
    unlocked = { person: row.person, key: row.key, algorithm: row.algorithm, privateKey };
    stayOpen();
  }

  function stayOpen() {
    clearTimeout(locking);
    locking = setTimeout(lock, IDLE_MS);
  }

  function lock() {
    unlocked = null;
  }

  // Answers {ok}, or {wait: ms}, {left: tries}, {wiped}.
  async function unlock(person, pin) {
    const row = await store.one("keys", person);
    if (!row) return { wiped: true };
    if (row.until > Date.now()) return { wait: row.until - Date.now() };
    // The failure is counted before the try, so that closing the page does not undo it.
    const wrong = row.wrong + 1;
    await store.put("keys", { ...row, wrong, until: Date.now() + (WAITS[wrong] || 0) });
    let pkcs8;
    try {
      const once = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.outer }, row.chest, row.wrapped);
      pkcs8 = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.inner }, await pinKey(pin, row.salt, row.rounds), once);
    } catch {
      if (wrong >= MOST_WRONG) {
        await store.remove("keys", person);
        return { wiped: true };
      }
      return { left: MOST_WRONG - wrong, wait: WAITS[wrong] || 0 };
    }
    await store.put("keys", { ...row, wrong: 0, until: 0 });
    await opened(row, pkcs8);
    return { ok: true };
  }

  async function signedBy(privateKey, algorithm, text) {
    return base64(await crypto.subtle.sign(ALGORITHMS[algorithm].sign, privateKey, bytes(text)));
  }

  function sign(text) {
    stayOpen();
    return signedBy(unlocked.privateKey, unlocked.algorithm, text);
  }

  const isOpen = (person) => unlocked !== null && unlocked.person === person;
  const openKey = () => unlocked.key;

  app.keys = { setUp, unlock, lock, sign, isOpen, openKey, digest: (text) => digest(bytes(text)), randomId: () => hex(random(16)) };
})();
