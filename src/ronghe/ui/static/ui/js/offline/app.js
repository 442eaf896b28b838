// The page without signal: fetches the day while there is a way, draws it from what is kept, reports what was done.
(() => {
  const app = self.rongheOffline;
  const { said, words, config, tell } = app.parts;
  const { store, keys, report, acts: doing, picture, dialogs } = app;
  const main = document.getElementById("main");
  const strip = document.getElementById("strip");
  const back = document.getElementById("back");
  const state = { snapshot: null, key: null, keys: [], signer: null, acts: [], picture: null, sending: null, isOffline: !navigator.onLine, mustComeIn: false };
  const EVERY_MS = 20000;
  let camera = null;
  let drawn = "";

  // ---- what is kept ----
  async function load() {
    await report.readClock();
    const person = await store.one("state", "person");
    state.snapshot = person ? (await store.one("snapshots", person.id)) || null : null;
    state.key = state.snapshot ? (await store.one("keys", state.snapshot.person.id)) || null : null;
    state.keys = await store.all("keys");
    if (state.key && !state.key.who) {
      state.key = { ...state.key, who: state.snapshot.person.name };
      await store.put("keys", state.key);
    }
    const isKnown = state.snapshot && state.signer && state.keys.some((row) => row.person === state.signer.id);
    if (!isKnown) state.signer = state.snapshot ? state.snapshot.person : null;
    state.acts = await store.acts();
    state.picture = state.snapshot ? picture.pictured(state.snapshot, state.acts, words) : null;
  }

  // ---- the server ----
  async function called(address, body) {
    const startedAt = performance.now();
    const token = (document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) || [])[1] || "";
    const headers = { "X-Poll": "1", "Content-Type": "application/json", "X-CSRFToken": decodeURIComponent(token) };
    const answer = await fetch(address, body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) });
    state.mustComeIn = answer.status === 401;
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(told.detail || words.noWay), { status: answer.status, told });
    if (told.server_ms) await report.heard(told.server_ms, startedAt);
    return told;
  }

  async function fetched() {
    const known = await store.one("state", "person");
    const row = known ? await store.one("keys", known.id) : null;
    const told = await called(`${config.addresses.snapshot}?key=${row ? row.key : ""}`);
    await store.put("snapshots", { ...told, fetchedMs: Date.now() });
    await store.put("state", { name: "person", id: told.person.id });
    // A key that was stopped signs nothing more; the PIN is set anew.
    if (told.device && told.device.revoked_at) await store.remove("keys", told.person.id);
  }

  async function sync() {
    if (!navigator.onLine) {
      state.isOffline = true;
      await load();
      return draw();
    }
    try {
      const count = await report.report((done, all) => {
        state.sending = { n: done + 1, m: all };
        drawStrip();
      });
      state.sending = null;
      await fetched();
      state.isOffline = false;
      if (count) await sayWhatCame();
    } catch (error) {
      state.sending = null;
      state.isOffline = !error.status;
    }
    await load();
    draw();
    return null;
  }

  async function sayWhatCame() {
    const refused = (await store.acts()).filter((act) => act.state === "refused").length;
    tell(refused ? said("refusedCount", { n: refused }) : words.allReported, Boolean(refused));
  }

  // ---- acts ----
  async function does(kind, what, signer = state.snapshot.person) {
    // Somebody else's key opens for this one act: the phone goes on to the next hand.
    const isOther = signer.id !== state.snapshot.person.id;
    if (isOther) keys.lock();
    if (!(await dialogs.unlocked(signer, isOther ? "pinWhyOnce" : "pinWhy"))) {
      await load();
      draw(true);
      return false;
    }
    await doing.does(signer.id, kind, what, signer.name);
    if (isOther) keys.lock();
    await load();
    draw(true);
    wakeLater();
    return true;
  }

  // Reports now if there is a way, else as soon as the browser finds one, even with the page closed.
  async function wakeLater() {
    if (navigator.serviceWorker && navigator.serviceWorker.ready && "SyncManager" in self) {
      const worker = await navigator.serviceWorker.ready;
      await worker.sync.register(config.tag).catch(() => {});
    }
    if (navigator.onLine) sync();
  }

  const acts = {
    goTo: (where, meeting) => (location.hash = `#/m/${meeting.ref}/${where}`),
    openHuddle: async (huddle, kind) => {
      if (await does("open_huddle", { body: huddle.body.id, activity_type: kind.code })) {
        location.hash = `#/m/${state.picture.meetings[0].ref}`;
      }
    },
    open: (meeting) => does("open_activity", { activity: meeting.ref }),
    ownSign: (meeting) => does("sign_in", { activity: meeting.ref, code: "" }),
    tick: (meeting, person) => does("tick", { activity: meeting.ref, person: person.id }),
    untick: (meeting, person) => does("untick", { activity: meeting.ref, person: person.id }),
    close: async (meeting, came) => {
      if (!came && !meeting.cards) return tell(words.nobodyCame, true);
      if (meeting.needs_topic && !meeting.agenda.length) return tell(words.needsTopic, true);
      const text = said("closeWhat", { came, topics: meeting.agenda.length });
      if (await dialogs.confirmed(words.closeTitle, text, words.closeVerb)) await does("close", { activity: meeting.ref });
      return null;
    },
    sign: async (permit, role) => {
      const place = permit.roles.indexOf(role);
      if (role.is_on_site) location.hash = `#/p/${permit.id}/sign/${place}`;
      else if (await signed(permit, role, "")) tell(words.signedHere);
    },
    measured: (permit, measure) => does("permit_measure", { permit: permit.id, measure: measure.id, state: "done", note: "" }, state.signer),
    guardianLeaves: async (permit) => {
      if (!(await dialogs.confirmed(words.guardianLeaves, words.guardianLeavesText, words.confirm))) return;
      await does("permit_leave", { permit: permit.id, note: "" }, state.signer);
    },
    reportNow: () => sync(),
    voidKept: async (act) => {
      if (!(await dialogs.confirmed(words.voidTitle, words.voidKeptText, words.void))) return;
      const signer = act.person === state.snapshot.person.id ? state.snapshot.person : { id: act.person, name: act.who };
      if (!(await dialogs.unlocked(signer))) return;
      const gone = keys.openKey() === act.key ? await doing.voids(act) : 0;
      if (!gone) tell(words.voidTooLate, true);
      await again();
      wakeLater();
    },
    settle: async (act, how, body = {}) => settled(() => called(`${config.addresses.acts}/${act.id}/${how}`, body), act),
    voidRefused: async (act) => {
      if (!(await dialogs.confirmed(words.voidTitle, words.voidRefusedText, words.void))) return;
      if (act.unkept) await store.remove("acts", act.id).then(again);
      else await settled(() => called(`${config.addresses.acts}/${act.id}/void`, {}), act);
    },
    redo: async (act, changed) => {
      if (!act.unkept) return settled(() => called(`${config.addresses.acts}/${act.id}/redo`, { words: changed }), act);
      // The server kept nothing of it: it is signed anew, with the key of now.
      if (await does(act.kind, { ...act.what, ...changed })) await store.remove("acts", act.id);
      return again();
    },
  };

  function signed(permit, role, code) {
    const way = state.signer.id === state.snapshot.person.id ? "own_phone" : "shared_phone";
    const what = { permit: permit.id, digest: permit.digest, role: role.role, office: role.office, code, place: "", way };
    return does("permit_sign", what, state.signer);
  }

  async function settled(call, act) {
    try {
      const told = await call();
      await store.change(act.id, { state: told.state, code: told.code, reason: told.reason, activity: told.activity, answeredMs: Date.now() });
      await sync();
    } catch (error) {
      tell(error.status === 401 ? words.comeInToSettle : error.status ? error.message : words.noWay, true);
      await again();
    }
  }

  async function again() {
    await load();
    draw(true);
  }

  // ---- screens ----
  function screen() {
    const { snapshot } = state;
    if (!snapshot) return app.home.nobody();
    if (!state.key && location.hash !== "#/kept") return app.home.settingUp(state, setUp);
    const [, place, ref, what, which] = location.hash.split("/");
    if (place === "kept") return app.kept.kept(state, acts);
    if (place === "p") return permitScreen(ref, what, which);
    if (place !== "m") return app.home.home(state, acts);
    const named = state.picture.places.get(ref) || ref;
    const meeting = state.picture.meetings.find((one) => String(one.ref) === String(named));
    if (!meeting) return app.home.home(state, acts);
    if (what === "item") return itemScreen(meeting, which);
    if (what === "leave") return leaveScreen(meeting, which);
    if (what === "scan" || what === "card") return scanScreen(meeting, what);
    return app.meeting.meeting(state, meeting, acts);
  }

  function permitScreen(ref, what, which) {
    const permit = state.picture.permits.find((one) => String(one.id) === ref);
    if (!permit) return app.home.home(state, acts);
    const back_ = () => (location.hash = `#/p/${permit.id}`);
    if (what === "who") {
      return app.permits.who(state, permit, (person) => {
        state.signer = person;
        keys.lock();
        back_();
      });
    }
    if (what === "gas") return app.permits.gasForm(permit, async (said_) => (await does("permit_gas", said_, state.signer)) && back_());
    if (what === "stop") return app.permits.stopForm(permit, async (said_) => (await does("permit_stop", said_, state.signer)) && back_());
    const role = what === "sign" ? permit.roles[Number(which)] : null;
    if (!role) return app.permits.permit(state, permit, acts);
    camera = app.scanning.scanner(words.scanSiteHint, async (code) => {
      if (await signed(permit, role, code)) tell(words.signedHere);
      back_();
    });
    return [camera.element];
  }

  const to = (meeting) => (location.hash = `#/m/${meeting.ref}`);

  function itemScreen(meeting, which) {
    const item = meeting.agenda.find((one) => String(one.ref) === which) || null;
    return app.meeting.itemForm(meeting, item, async (text) => {
      if (!text.topic) return;
      const base = item && (item.digest || (await doing.itemDigest(item.topic, item.notes, item.decision)));
      const what = item ? { activity: meeting.ref, item: item.ref, base, ...text } : { activity: meeting.ref, ...text };
      if (await does(item ? "agenda_edit" : "agenda_add", what)) to(meeting);
    });
  }

  function leaveScreen(meeting, which) {
    const person = meeting.people.find((one) => String(one.id) === which);
    if (!person) return app.meeting.meeting(state, meeting, acts);
    return app.meeting.leaveForm(meeting, person, async (said_) => {
      if (await does("leave", { activity: meeting.ref, person: person.id, ...said_ })) to(meeting);
    });
  }

  function scanScreen(meeting, what) {
    camera = app.scanning.scanner(what === "scan" ? words.scanCodeHint : words.scanCardHint, async (code) => {
      const number = Number.parseInt(code, 10);
      if (what === "scan" && !(number > 0)) {
        tell(words.notACode, true);
      } else if (what === "scan") {
        await does("sign_in", { activity: number, code });
      } else if (await does("sign_in_card", { activity: meeting.ref, card: code })) {
        tell(words.cardScanned);
      }
      to(meeting);
    });
    return [camera.element];
  }

  // A form that is being filled in is left alone when something else changes.
  const isForm = () => /\/(item|leave|scan|card|sign|gas|stop)/.test(location.hash) || (!state.key && Boolean(state.snapshot));

  function draw(force = false) {
    const place = `${location.hash}|${Boolean(state.snapshot)}|${Boolean(state.key)}`;
    drawStrip();
    if (!force && isForm() && place === drawn) return;
    if (!force && place === drawn && main.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return;
    const isSame = place === drawn;
    const opened = isSame ? [...main.querySelectorAll("details")].map((one) => one.open) : [];
    if (camera) camera.stop();
    camera = null;
    main.replaceChildren(...screen().flat().filter(Boolean));
    [...main.querySelectorAll("details")].forEach((one, place_) => (one.open = Boolean(opened[place_])));
    drawn = place;
    back.hidden = !location.hash || location.hash === "#/";
    back.href = location.hash.split("/").length > 3 ? location.hash.split("/").slice(0, 3).join("/") : "#/";
    if (!isSame) window.scrollTo(0, 0);
  }

  function drawStrip() {
    const bar = app.kept.strip(state);
    strip.replaceChildren(...(bar ? [bar] : []));
    main.dataset.kept = String(state.acts.filter((act) => act.state === "kept").length);
  }

  async function setUp(pin, name) {
    await keys.setUp(state.snapshot.person.id, state.snapshot.person.name, pin, name, (wanted) => called(config.addresses.devices_api, wanted));
    await load();
    draw(true);
    tell(words.setUpDone);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  }

  // ---- start ----
  async function start() {
    await store.put("state", { name: "addresses", report: config.addresses.report });
    await load();
    draw(true);
    if ("serviceWorker" in navigator) {
      navigator.serviceWorker.register(config.addresses.worker, { scope: "/" }).catch(() => {});
      navigator.serviceWorker.addEventListener("message", () => again().then(() => draw()));
    }
    window.addEventListener("hashchange", () => draw(true));
    window.addEventListener("online", sync);
    window.addEventListener("offline", () => {
      state.isOffline = true;
      draw();
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sync());
    setInterval(() => (state.acts.some((act) => act.state === "kept") ? sync() : drawStrip()), EVERY_MS);
    await sync();
  }

  start().catch(() => tell(words.noStore, true));
})();
