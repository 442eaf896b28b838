// What is on this phone: not yet reported, by age; not taken, one by one with reason and ways out; taken today.
(() => {
  const app = self.rongheOffline;
  const { h, icon, shape, button, link, field, card, body, head, said, words, config, clock, age } = app.parts;
  const WORDS_OF = { agenda_add: ["topic", "notes", "decision"], agenda_edit: ["topic", "notes", "decision"], leave: ["reason"], permit_measure: ["note"], permit_stop: ["note"], permit_leave: ["note"] };
  const SHOWN = { kept: "attention", waiting: "running", refused: "failed", taken: "done", voided: "waived" };
  const open = (act) => act.state === "kept" || act.state === "waiting";

  function titleOf(act, picture) {
    if (act.voids) return `${words.act_void} · ${words[`act_${act.voids}`]}`;
    const kind = words[`act_${act.kind}`];
    const permit = act.what.permit && picture.permits.find((one) => one.id === act.what.permit);
    if (act.what.permit) return [kind, roleOf(act, permit), permit ? permit.what : said("permitOf", { n: act.what.permit }), act.who].filter(Boolean).join(" · ");
    const meeting = picture.meetings.find((one) => one.ref === (picture.places.get(act.what.activity) || act.what.activity));
    const who = meeting && meeting.people.find((one) => one.id === act.what.person);
    return [kind, who && who.name, act.what.topic].filter(Boolean).join(" · ");
  }

  const roleOf = (act, permit) => {
    const role = permit && permit.roles.find((one) => one.role === act.what.role && one.office === act.what.office);
    return role ? role.title : "";
  };
  // On a phone that several people sign on, what any of them signed on a permit is everybody's to see, and the own to settle.
  const isMine = (act, state) => Boolean(state.snapshot) && act.person === state.snapshot.person.id;
  const isHere = (act, state) => isMine(act, state) || (act.voids || act.kind).startsWith("permit_");

  // The words of the original, so that nothing that was written is lost with a refusal.
  function original(act) {
    const lines = (WORDS_OF[act.kind] || []).filter((name) => act.what[name]).map((name) => h("p", { class: "field-notes" }, said("labelled", { label: words[name], text: act.what[name] })));
    return lines.length ? h("div", { class: "field-original" }, lines) : null;
  }

  function keptLine(act, state, acts) {
    const ms = Date.now() - act.deviceMs;
    return h(
      "li",
      { class: "field-item", "data-act": act.id },
      shape(ageState(ms)),
      h("div", { class: "grow" }, h("b", {}, titleOf(act, state.picture)), h("p", { class: "muted fs-13" }, `${act.state === "kept" ? words.keptHere : words.waitsTurn} · ${age(ms)}`), original(act)),
      act.state === "kept" && !act.attempted && !act.voids ? button(words.void, () => acts.voidKept(act), { kind: "quiet", label: said("voidLabel", { title: titleOf(act, state.picture) }) }) : null,
    );
  }

  function refusedLine(act, state, acts) {
    const title = titleOf(act, state.picture);
    const ways = [];
    if (!isMine(act, state)) return h("li", { class: "field-refused", "data-act": act.id }, h("div", { class: "field-item" }, shape("failed"), h("div", { class: "grow" }, h("b", {}, title), h("p", {}, act.reason), h("p", { class: "muted fs-13" }, said("theirsToSettle", { name: act.who || "" })))));
    if (act.code === "huddle_already_there") ways.push(button(words.join, () => acts.settle(act, "join"), { kind: "primary" }));
    if (act.code === "minutes_changed") {
      ways.push(button(words.mine, () => acts.settle(act, "choose", { choice: "mine" }), {}), button(words.both, () => acts.settle(act, "choose", { choice: "both" }), { kind: "primary" }), button(words.theirs, () => acts.settle(act, "choose", { choice: "theirs" }), {}));
    } else {
      ways.push(button(act.unkept ? words.reportAnew : words.redo, () => acts.redo(act, changed()), {}), button(words.void, () => acts.voidRefused(act), { kind: "danger", label: said("voidLabel", { title }) }));
    }
    const inputs = act.code === "minutes_changed" || act.kind === "permit_stop" || act.kind === "permit_leave" ? [] : (WORDS_OF[act.kind] || []).map((name) => h("textarea", { name, rows: "2", "data-word": name }, act.what[name] || ""));
    const changed = () => Object.fromEntries(inputs.map((input) => [input.name, input.value]));
    const form = inputs.length ? h("details", { class: "more-fields" }, h("summary", {}, words.changeWords), inputs.map((input) => field(words[input.name], input))) : null;
    return h("li", { class: "field-refused", "data-act": act.id }, h("div", { class: "field-item" }, shape("failed"), h("div", { class: "grow" }, h("b", {}, title), h("p", {}, act.reason), original(act))), form, h("div", { class: "row" }, ways));
  }

  function kept(state, acts) {
    const mine = state.acts.filter((act) => isHere(act, state));
    const waiting = mine.filter(open);
    const refused = mine.filter((act) => act.state === "refused");
    const over = mine.filter((act) => act.state === "taken" || act.state === "voided");
    const list = (rows, line) => body(h("ul", { class: "field-items" }, rows.map((act) => line(act, state, acts))));
    const overLine = (act) => h("li", { class: "field-item" }, shape(SHOWN[act.state]), h("div", { class: "grow" }, h("b", {}, titleOf(act, state.picture)), h("p", { class: "muted fs-13" }, `${words[`state_${act.state}`]} · ${clock(new Date(act.ownMs))}`)));
    return [
      h("div", { class: "page-head" }, h("h1", {}, words.keptPage)),
      refused.length ? card(head(words.refusedHead, String(refused.length)), list(refused, refusedLine)) : null,
      waiting.length ? card(head(words.waitingHead, String(waiting.length)), list(waiting, keptLine), body(button(words.reportNow, acts.reportNow, { wide: true, icon: "refresh" }))) : null,
      over.length ? card(head(words.overHead, String(over.length)), list(over, overLine)) : null,
      mine.length ? null : card(h("div", { class: "empty" }, words.nothingKept)),
      h("div", { class: "field-ways" }, link(words.reportedPage, config.addresses.reported, { wide: true, icon: "list" })),
    ];
  }

  function ageState(ms) {
    return ms >= config.failedMs ? "failed" : ms >= config.attentionMs ? "attention" : "due";
  }

  // The line on top of every screen.
  function strip(state) {
    const mine = state.acts.filter((act) => isHere(act, state));
    const waiting = mine.filter((act) => act.state === "kept");
    const refused = mine.filter((act) => act.state === "refused");
    if (state.sending) return bar("refresh", said("sending", state.sending), words.sendingNote);
    if (refused.length) return bar("alert", said("refusedCount", { n: refused.length }), words.refusedNote, "alert", "failed");
    if (waiting.length) {
      const oldest = Date.now() - Math.min(...waiting.map((act) => act.deviceMs));
      const late = ageState(oldest);
      const note = said(late === "failed" ? "keptLong" : late === "attention" ? "keptLate" : "keptNote", { age: age(oldest) });
      return bar("no-signal", said(state.isOffline ? "keptOffline" : "keptCount", { n: waiting.length }), note, "status", late === "due" ? "" : late);
    }
    return state.isOffline ? bar("no-signal", words.offlineTitle, words.offlineNote) : null;
  }

  function bar(name, text, note, role = "status", state = "") {
    const mark = state ? shape(state, 24) : icon(name, 24);
    return h("div", { class: `offline offline-strip${state ? ` offline-${state}` : ""}`, role }, mark, h("div", { class: "grow" }, h("b", {}, text), h("span", { class: "offline-note" }, note)), h("a", { class: "offline-open", href: "#/kept", "aria-label": words.keptPage }, icon("right", 16)));
  }

  app.kept = { kept, strip };
})();
