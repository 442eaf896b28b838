// Permits without signal: read, signed one after another on one phone, measured, checked, stopped.
(() => {
  const app = self.rongheOffline;
  const { h, shape, badge, button, link, field, card, body, head, said, words, clock, day } = app.parts;
  const SHAPES = { draft: "due", analysed: "due", active: "running", suspended: "failed", completed: "attention" };
  const STOPPABLE = ["approved", "briefed", "active", "suspended"];
  const MARKS = { done: "done", not_needed: "waived", open: "due" };

  const stateOf = (permit) => [permit.kept ? badge("attention", words.keptHere) : null, badge(SHAPES[permit.state] || "attention", permit.state_title)];

  function when(permit) {
    const [from, until] = [new Date(permit.starts_at), new Date(permit.valid_until)];
    const isToday = day(from) === day(app.report.now());
    return `${isToday ? "" : `${day(from).slice(5)} `}${clock(from)}—${day(until) === day(from) ? "" : `${day(until).slice(5)} `}${clock(until)}`;
  }

  function line(permit) {
    return h(
      "a",
      { class: "field-line", href: `#/p/${permit.id}` },
      h("span", { class: "grow" }, h("b", {}, permit.what), h("small", {}, [permit.number, when(permit), permit.place].join(" · "))),
      h("span", { class: "field-states" }, stateOf(permit)),
    );
  }

  const list = (permits) => (permits.length ? card(head(words.permits), h("div", { class: "field-lines" }, permits.map(line))) : null);

  function permit(state, found, acts) {
    const { signer } = state;
    const mine = found.roles.filter((role) => role.may.includes(signer.id) && !role.signed_by);
    const isGuardian = found.guardian === signer.id;
    return [
      h("div", { class: "page-head" }, h("h1", {}, found.what), h("div", { class: "page-badges" }, stateOf(found)), h("p", { class: "muted fs-13" }, [found.number, found.operation, found.grade, when(found)].join(" · ")), h("p", { class: "muted fs-13" }, `${found.site} · ${found.place}`)),
      found.lacks.length ? card(head(words.lacksYet, said("countOf", { n: found.lacks.length })), body(h("ul", { class: "field-items" }, found.lacks.map((text) => h("li", { class: "field-item" }, shape("due"), h("div", { class: "grow" }, text)))))) : null,
      signing(state, found, mine, acts),
      found.gas_by.includes(signer.id) && found.can_check ? card(head(words.gas), body(found.gasKept ? h("p", { class: "t-attention" }, said("gasKept", { n: found.gasKept })) : null, link(words.gasAdd, `#/p/${found.id}/gas`, { size: "big", wide: true, icon: "plus" }))) : null,
      measures(found, acts),
      content(found),
      STOPPABLE.includes(found.state)
        ? h("div", { class: "act-bar" }, h("div", { class: "field-ways" }, isGuardian ? button(words.guardianLeaves, () => acts.guardianLeaves(found), { wide: true }) : null, link(words.stopWork, `#/p/${found.id}/stop`, { kind: "danger", size: "big", wide: true })))
        : null,
    ];
  }

  // Who signs is chosen first; each with the own key and the own PIN.
  function signing(state, found, mine, acts) {
    const others = state.keys.length > 1;
    const isOther = state.signer.id !== state.snapshot.person.id;
    const signs = (role) => button(said("signAs", { role: role.title }), () => acts.sign(found, role), { kind: role.is_open ? "primary" : "normal", size: "big", wide: true, icon: role.is_on_site ? "scan" : "pen" });
    const note = (role) => [role.is_on_site ? words.onSite : "", role.is_open ? "" : words.notYourTurn].filter(Boolean).join(" · ");
    const sheet = found.roles.filter((role) => role.signed_by);
    return card(
      head(words.signatures, said("signedOf", { n: sheet.length, m: found.roles.length })),
      body(
        h("div", { class: "field-signer" }, h("span", { class: "grow" }, words.signer, " ", h("b", {}, state.signer.name)), link(words.changeSigner, `#/p/${found.id}/who`, { icon: "user" })),
        isOther ? h("p", { class: "muted fs-13" }, words.signerNote) : null,
        mine.length ? mine.map((role) => h("div", { class: "field-ways" }, signs(role), note(role) ? h("p", { class: "muted fs-13" }, note(role)) : null)) : h("p", { class: "muted" }, others ? words.nothingToSignOthers : words.nothingToSign),
        sheet.length ? h("ul", { class: "field-items" }, sheet.map((role) => h("li", { class: "field-item" }, shape(role.kept ? "attention" : "done"), h("div", { class: "grow" }, h("b", {}, role.title), h("p", { class: "muted fs-13" }, role.kept ? `${role.signed_by} · ${words.keptHere}` : role.signed_by))))) : null,
      ),
    );
  }

  function measures(found, acts) {
    if (!found.measures.length) return null;
    const lines = found.measures.map((one) =>
      h(
        "li",
        { class: "field-item" },
        shape(MARKS[one.state]),
        h("div", { class: "grow" }, one.text, one.kept ? h("p", { class: "t-attention fs-13" }, words.keptHere) : null),
        found.can_check && one.state === "open" ? button(words.measureDone, () => acts.measured(found, one), { label: said("measureDoneLabel", { text: one.text }), icon: "check" }) : null,
      ),
    );
    return card(head(words.measures), body(h("ul", { class: "field-items" }, lines)));
  }

  // What is signed is there to be read, without signal too.
  function content(found) {
    const rows = (title, texts) => (texts.length ? [h("h3", { class: "field-sub" }, title), h("ul", { class: "field-items" }, texts.map((text) => h("li", { class: "field-item" }, text)))] : []);
    return card(
      body(
        h(
          "details",
          { class: "more-fields" },
          h("summary", {}, words.wholeText),
          rows(words.people, found.parts.map((one) => said("labelled", { label: one.title, text: one.name }))),
          rows(words.risks, found.risks.map((one) => said("labelled", { label: one.hazard, text: one.measure }))),
          rows(words.isolations, found.isolations.map((one) => said("labelled", { label: one.point, text: one.method }))),
          h("p", { class: "muted fs-13" }, said("digestOf", { text: found.digest.slice(0, 16) })),
        ),
      ),
    );
  }

  function who(state, found, onChoose) {
    const choice = (one) => button(one.id === state.signer.id ? said("signerNow", { name: one.name }) : one.name, () => onChoose(one), { size: "big", wide: true, kind: one.id === state.signer.id ? "primary" : "normal", icon: "user" });
    const people = state.keys.map((row) => ({ id: row.person, name: row.who || said("personOf", { n: row.person }) }));
    return [
      h("div", { class: "page-head" }, h("h1", {}, words.changeSigner), h("p", { class: "muted fs-13" }, found.what)),
      card(body(h("div", { class: "field-ways" }, people.map(choice)), h("p", { class: "muted fs-13" }, words.addSigner))),
    ];
  }

  function form(found, title, fields, verb, onSave, kind = "primary") {
    const submit = (event) => {
      event.preventDefault();
      onSave(event.target.elements);
    };
    return [
      h("div", { class: "page-head" }, h("h1", {}, title), h("p", { class: "muted fs-13" }, `${found.number} · ${found.what}`)),
      card(body(h("form", { class: "form", on: { submit } }, fields, button(verb, null, { kind, size: "big", wide: true, type: "submit" })))),
    ];
  }

  function gasForm(found, onSave) {
    const reading = (one) => {
      const value = h("input", { type: "text", inputmode: "decimal", name: `value_${one.substance}`, maxlength: "24", autocomplete: "off", required: one.is_wanted, "aria-label": one.title });
      const unit = h("select", { name: `unit_${one.substance}`, "aria-label": said("unitOf", { title: one.title }) }, one.units.map((name) => h("option", { value: name }, name)));
      const row = field(one.title, value, one.is_wanted ? "" : words.optional);
      row.querySelector(".field-input").append(unit);
      row.classList.add("field-reading");
      return row;
    };
    const place = h("input", { type: "text", name: "place", maxlength: "80", required: true });
    const instrument = h("input", { type: "text", name: "instrument", maxlength: "40" });
    const minutes = h("input", { type: "number", name: "minutes", min: "0", max: "1440", value: "0", required: true });
    const fields = [...found.gas.map(reading), field(words.samplePlace, place, words.samplePlaceHelp), field(words.sampledAgo, minutes), field(words.instrument, instrument, words.optional)];
    return form(found, words.gasAdd, fields, words.keep, (elements) => {
      const typed = found.gas.filter((one) => elements[`value_${one.substance}`].value.trim());
      const readings = typed.map((one) => ({ substance: one.substance, value: elements[`value_${one.substance}`].value.trim(), unit: elements[`unit_${one.substance}`].value }));
      if (readings.length) onSave({ permit: found.id, readings, place: place.value.trim(), instrument: instrument.value.trim(), minutes: Number(minutes.value) || 0 });
    });
  }

  function stopForm(found, onSave) {
    const note = h("textarea", { name: "note", maxlength: "120", rows: "3" });
    return form(found, words.stopWork, [field(words.stopWhy, note, words.optional)], words.stopWork, () => onSave({ permit: found.id, reason: "danger", note: note.value.trim() }), "danger");
  }

  app.permits = { list, permit, who, gasForm, stopForm };
})();
