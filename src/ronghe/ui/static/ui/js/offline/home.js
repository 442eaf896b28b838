// The first screen: today's and tomorrow's gatherings, the huddles that may be opened, one's own card; and setting up.
(() => {
  const app = self.rongheOffline;
  const { h, shape, badge, button, link, field, card, body, head, said, words, config, clock, day } = app.parts;
  const { dialogs } = app;

  const BADGES = { planned: "upcoming", open: "running", closed: "done" };

  function stateOf(meeting) {
    const mark = badge(BADGES[meeting.state], words[`state_${meeting.state}`]);
    return meeting.local ? [badge("attention", words.keptHere), mark] : mark;
  }

  function when(meeting) {
    if (meeting.opened_at) return meeting.closed_at ? `${clock(new Date(meeting.opened_at))}—${clock(new Date(meeting.closed_at))}` : clock(new Date(meeting.opened_at));
    return meeting.starts_at ? clock(new Date(meeting.starts_at)) : "";
  }

  function meetingLine(meeting) {
    const facts = [when(meeting), meeting.body.name, meeting.place].filter(Boolean).join(" · ");
    return h(
      "a",
      { class: "field-line", href: `#/m/${meeting.ref}` },
      h("span", { class: "grow" }, h("b", {}, meeting.title), h("small", {}, facts)),
      h("span", { class: "field-states" }, stateOf(meeting)),
    );
  }

  function huddleLine(huddle, act, place) {
    const hour = Number(clock(app.report.now()).slice(0, 2));
    const first = huddle.kinds.find((kind) => kind.code === (hour < 12 ? "morning_huddle" : "evening_huddle")) || huddle.kinds[0];
    const others = huddle.kinds.filter((kind) => kind !== first);
    const opens = (kind, how) => button(said("openHuddle", { kind: kind.title }), () => act(huddle, kind), how);
    return h(
      "div",
      { class: "field-huddle" },
      h("b", {}, huddle.body.name),
      opens(first, { kind: place ? "normal" : "primary", size: "big", wide: true }),
      others.length ? h("details", { class: "more-fields" }, h("summary", {}, words.otherHuddles), h("div", { class: "row" }, others.map((kind) => opens(kind, {})))) : null,
    );
  }

  function home(state, acts) {
    const { snapshot, picture } = state;
    const today = day(app.report.now());
    const fetchedAt = app.report.ownTime(snapshot.fetchedMs);
    const now = picture.meetings.filter((one) => !one.day || one.day <= today);
    const later = picture.meetings.filter((one) => one.day && one.day > today);
    for (const huddle of picture.huddles) {
      const isHeld = (kind) => now.some((one) => one.day === today && one.body.id === huddle.body.id && one.activity_type === kind.code);
      huddle.kinds = huddle.kinds.filter((kind) => !isHeld(kind));
    }
    const list = (meetings) => h("div", { class: "field-lines" }, meetings.map(meetingLine));
    return [
      h("div", { class: "page-head" }, h("h1", {}, words.today), h("p", { class: "muted fs-13" }, said("carriedAt", { name: snapshot.person.name, time: clock(fetchedAt) }))),
      day(fetchedAt) === today ? null : banner("attention", words.carriedOld),
      app.permits.list(picture.permits),
      now.length ? card(head(words.gatherings), list(now)) : card(h("div", { class: "empty" }, words.noGatherings)),
      picture.huddles.some((one) => one.kinds.length)
        ? card(head(words.huddlesToOpen), body(picture.huddles.filter((one) => one.kinds.length).map((one, place) => huddleLine(one, acts.openHuddle, place))))
        : null,
      later.length ? card(head(words.tomorrow), list(later)) : null,
      card(body(h("details", { class: "more-fields" }, h("summary", {}, words.myCard), h("div", { class: "field-card" }, h("div", { class: "qr" }, h("div", { class: "qr-code" }, h("img", { src: snapshot.card_picture, alt: words.myCard }))), h("p", { class: "muted fs-13" }, words.myCardHow))))),
      h("div", { class: "field-ways" }, link(words.keptPage, "#/kept", { wide: true, icon: "list" }), link(words.devicesPage, config.addresses.devices, { wide: true, icon: "lock" })),
    ];
  }

  function banner(kind, text) {
    return h("div", { class: `banner banner-${kind}`, role: "status" }, shape(kind), h("div", { class: "banner-text" }, text));
  }

  // Without a key nothing can be done without signal, so this comes first; the one form that needs the server.
  function settingUp(state, onSetUp) {
    const name = h("input", { type: "text", name: "name", maxlength: "40", required: true, value: words.phoneName });
    const note = h("p", { class: "field-error", role: "alert" });
    const first = dialogs.pinField(words.pinNew, "pin");
    const again = dialogs.pinField(words.pinAgain, "again");
    const go = button(words.setUp, null, { kind: "primary", size: "big", wide: true, type: "submit" });
    const form = h("form", { class: "form", on: { submit } }, first, again, field(words.deviceName, name), note, go);
    async function submit(event) {
      event.preventDefault();
      const { pin, again: second } = form.elements;
      note.textContent = pin.value === second.value ? "" : words.pinDiffers;
      if (pin.value !== second.value || go.disabled) return;
      go.disabled = true;
      try {
        await onSetUp(pin.value, name.value.trim().replace(/\s+/g, " "));
      } catch (error) {
        note.textContent = error.message || words.noWay;
      } finally {
        go.disabled = false;
      }
    }
    return [
      h("div", { class: "page-head" }, h("h1", {}, words.setUpTitle)),
      card(body(h("p", { class: "muted" }, said("setUpWhy", { name: state.snapshot.person.name })), form)),
    ];
  }

  // Nobody has come in on this phone yet.
  function nobody() {
    return [
      h("div", { class: "page-head" }, h("h1", {}, words.title)),
      card(h("div", { class: "empty" }, h("p", {}, words.comeInFirst), h("div", { class: "empty-act" }, link(words.comeIn, config.addresses.login, { kind: "primary" })))),
    ];
  }

  app.home = { home, settingUp, nobody, stateOf, when };
})();
