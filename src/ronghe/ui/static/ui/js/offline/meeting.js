// One gathering: who is there, what is on the agenda, and its end; with the three forms that belong to it.
(() => {
  const app = self.rongheOffline;
  const { h, shape, button, link, field, card, body, head, said, words, config, clock } = app.parts;
  const PRESENCE = { present: "done", leave: "waived", none: "upcoming" };

  function meeting(state, found, acts) {
    const me = found.people.find((one) => one.id === state.snapshot.person.id);
    const isHere = Boolean(me && me.status === "present");
    const isOpen = found.state === "open";
    const came = found.people.filter((one) => one.status === "present").length;
    return [
      h("div", { class: "page-head" }, h("h1", {}, found.title), h("div", { class: "page-badges" }, app.home.stateOf(found)), h("p", { class: "muted fs-13" }, [app.home.when(found), found.body.name, found.place].filter(Boolean).join(" · "))),
      found.state === "planned" && found.can_run ? card(body(h("p", { class: "muted" }, words.notOpenYet), button(words.open, () => acts.open(found), { kind: "primary", size: "big", wide: true }))) : null,
      isOpen ? signing(found, isHere, came, acts) : null,
      found.can_run && found.people.length ? sheet(found, isOpen, came, acts) : null,
      agenda(found, isOpen, acts),
      !found.can_run && found.state !== "closed" && !isHere ? card(body(button(words.takeLeave, () => acts.goTo(`leave/${me ? me.id : state.snapshot.person.id}`, found), { wide: true }))) : null,
      isOpen && found.can_run ? h("div", { class: "act-bar" }, button(said("closeIt", { title: found.title }), () => acts.close(found, came), { kind: "primary", size: "big", wide: true })) : null,
    ];
  }

  function signing(found, isHere, came, acts) {
    if (isHere && !found.can_run) return card(body(h("p", { class: "field-here" }, shape("done"), words.youAreHere)));
    const own = found.can_run
      ? [isHere ? null : button(words.iAmHere, () => acts.ownSign(found), { kind: "primary", size: "big" }), button(words.scanCard, () => acts.goTo("card", found), { size: "big", icon: "card" })]
      : [button(words.scanCode, () => acts.goTo("scan", found), { kind: "primary", size: "big", icon: "scan" }), link(words.showCard, "#/", { size: "big", icon: "card" })];
    const note = found.cards ? h("p", { class: "muted fs-13" }, said("cardsScanned", { n: found.cards })) : null;
    return card(body(found.can_run ? h("p", {}, h("b", { class: "fs-28" }, String(came)), said("ofExpected", { n: found.people.length })) : null, h("div", { class: own[0] ? "huddle-acts" : "field-ways" }, own), note));
  }

  function sheet(found, isOpen, came, acts) {
    const note = found.can_tick ? words.tickNote : words.ownNote;
    return card(head(words.sheet, note), body(h("ul", { class: "sign-sheet" }, found.people.map((one) => line(found, one, isOpen, acts)))));
  }

  function line(found, one, isOpen, acts) {
    const how = one.status === "present" ? [words[`way_${one.way}`], one.time ? clock(new Date(one.time)) : ""] : one.status === "leave" ? [words.onLeave, config.leaveKinds[one.leave_kind] || ""] : [words.notYet];
    const canTick = isOpen && found.can_tick && one.status !== "present";
    const canUndo = isOpen && one.way === "ticked";
    return h(
      "li",
      { class: "sign", "data-person": String(one.id) },
      shape(PRESENCE[one.status || "none"]),
      h("div", { class: "sign-who" }, h("span", { class: "sign-name" }, one.name, one.unit ? h("span", { class: "sign-note" }, ` ${one.unit}`) : null), h("span", { class: "sign-how" }, how.filter(Boolean).map((text) => h("span", {}, text)), one.kept ? h("span", { class: "t-attention" }, words.keptHere) : null)),
      h(
        "div",
        { class: "sign-acts" },
        canTick ? button(words.came, () => acts.tick(found, one), { label: said("cameLabel", { name: one.name }), icon: "check" }) : null,
        canTick && !one.status ? button(words.leave, () => acts.goTo(`leave/${one.id}`, found), { kind: "quiet", label: said("leaveLabel", { name: one.name }) }) : null,
        canUndo ? button(words.undo, () => acts.untick(found, one), { kind: "quiet", label: said("undoLabel", { name: one.name }) }) : null,
      ),
    );
  }

  function agenda(found, isOpen, acts) {
    const canWrite = isOpen && found.can_run;
    if (!found.agenda.length && !canWrite) return null;
    const lines = found.agenda.map((item) =>
      h(
        "li",
        { class: "field-item" },
        h("div", { class: "grow" }, h("b", {}, `${item.number}. ${item.topic}`), item.notes ? h("p", { class: "field-notes" }, item.notes) : null, item.decision ? h("p", { class: "field-notes" }, said("decided", { text: item.decision })) : null, item.kept ? h("span", { class: "t-attention fs-13" }, words.keptHere) : null),
        canWrite ? button(words.edit, () => acts.goTo(`item/${item.ref}`, found), { kind: "quiet", label: said("editLabel", { topic: item.topic }) }) : null,
      ),
    );
    return card(head(words.agenda), body(h("ul", { class: "field-items" }, lines), canWrite ? button(words.addItem, () => acts.goTo("item/new", found), { wide: true, icon: "plus" }) : null));
  }

  // Forms keep what was typed while the rest of the page goes on; they are drawn once.
  function itemForm(found, item, onSave) {
    const topic = h("input", { type: "text", name: "topic", maxlength: "120", required: true, value: item ? item.topic : "" });
    const notes = h("textarea", { name: "notes", maxlength: "2000", rows: "5" }, item ? item.notes : "");
    const decision = h("textarea", { name: "decision", maxlength: "400", rows: "3" }, item ? item.decision : "");
    return form(found, item ? words.editItem : words.addItem, [field(words.topic, topic), field(words.notes, notes, words.optional), field(words.decision, decision, words.optional)], () =>
      onSave({ topic: topic.value.trim(), notes: notes.value, decision: decision.value.trim() }),
    );
  }

  function leaveForm(found, person, onSave) {
    const kinds = Object.entries(config.leaveKinds).map(([code, title]) => h("option", { value: code }, title));
    const kind = h("select", { name: "leave_kind" }, kinds);
    const reason = h("input", { type: "text", name: "reason", maxlength: "120" });
    return form(found, said("leaveOf", { name: person.name }), [field(words.leaveKind, kind), field(words.reason, reason, words.optional)], () =>
      onSave({ leave_kind: kind.value, reason: reason.value.trim() }),
    );
  }

  function form(found, title, fields, onSave) {
    const submit = (event) => {
      event.preventDefault();
      onSave();
    };
    return [
      h("div", { class: "page-head" }, h("h1", {}, title), h("p", { class: "muted fs-13" }, found.title)),
      card(body(h("form", { class: "form", on: { submit } }, fields, button(words.keep, null, { kind: "primary", size: "big", wide: true, type: "submit" })))),
    ];
  }

  app.meeting = { meeting, itemForm, leaveForm };
})();
