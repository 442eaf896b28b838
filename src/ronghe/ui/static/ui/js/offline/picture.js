// What the phone shows: the day as it was fetched, with what was done here since laid over it.
(() => {
  const app = (self.rongheOffline = self.rongheOffline || {});

  const MARKS = {
    open_huddle(day, act, words) {
      const known = day.huddles.find((huddle) => huddle.body.id === act.what.body);
      if (!known) return;
      const kind = known.kinds.find((one) => one.code === act.what.activity_type);
      const people = known.people.map((person) => ({ ...person }));
      day.meetings.unshift({
        ref: act.activity || act.id, title: kind ? kind.title : words.huddle, body: known.body, place: "", state: "open",
        opened_at: new Date(act.ownMs).toISOString(), can_run: true, can_tick: true, needs_topic: false, people, agenda: [],
        local: act.state === "kept",
      });
      known.kinds = known.kinds.filter((one) => one.code !== act.what.activity_type);
    },
    open_activity(day, act) {
      const meeting = found(day, act);
      if (meeting) Object.assign(meeting, { state: "open", opened_at: new Date(act.ownMs).toISOString(), local: act.state === "kept" });
    },
    sign_in: (day, act) => comes(day, act, act.person, "own_phone"),
    sign_in_card(day, act) {
      // Whose card it is only the server can read.
      const meeting = found(day, act);
      if (meeting) meeting.cards = (meeting.cards || 0) + 1;
    },
    tick: (day, act) => comes(day, act, act.what.person, act.what.person === act.person ? "own_phone" : "ticked"),
    untick: (day, act) => line(day, act, act.what.person, { status: null, way: null, time: null }),
    leave: (day, act) => line(day, act, act.what.person, { status: "leave", leave_kind: act.what.leave_kind, way: null }),
    agenda_add(day, act) {
      const meeting = found(day, act);
      if (!meeting) return;
      const { topic, notes, decision } = act.what;
      meeting.agenda.push({ ref: act.item || act.id, number: meeting.agenda.length + 1, topic, notes, decision, kept: act.state === "kept" });
    },
    agenda_edit(day, act) {
      const meeting = found(day, act);
      const ref = day.places.get(act.what.item) || act.what.item;
      const item = meeting && meeting.agenda.find((one) => one.ref === ref);
      const { topic, notes, decision } = act.what;
      if (item) Object.assign(item, { topic, notes, decision, digest: null, kept: act.state === "kept" });
    },
    close(day, act) {
      const meeting = found(day, act);
      if (meeting) Object.assign(meeting, { state: "closed", closed_at: new Date(act.ownMs).toISOString(), local: act.state === "kept" });
    },
  };

  // What somebody else signed with the own key on this phone shows too.
  const PERMIT_MARKS = {
    permit_sign(permit, act) {
      const role = permit.roles.find((one) => one.role === act.what.role && one.office === act.what.office);
      if (role && !role.signed_by) Object.assign(role, { signed_by: act.who || "…", kept: true, is_open: false });
    },
    permit_gas: (permit) => (permit.gasKept = (permit.gasKept || 0) + 1),
    permit_measure(permit, act) {
      const measure = permit.measures.find((one) => one.id === act.what.measure);
      if (measure) Object.assign(measure, { state: act.what.state, kept: true });
    },
    permit_leave: () => {},
    permit_stop: () => {},
  };

  function found(day, act) {
    const ref = day.places.get(act.what.activity) || act.what.activity;
    return day.meetings.find((meeting) => meeting.ref === ref);
  }

  function line(day, act, who, changes) {
    const meeting = found(day, act);
    const person = meeting && meeting.people.find((one) => one.id === who);
    if (person) Object.assign(person, changes, { kept: act.state === "kept" });
  }

  function comes(day, act, who, way) {
    const meeting = found(day, act);
    const person = meeting && meeting.people.find((one) => one.id === who);
    if (person && person.status === "present") return;
    line(day, act, who, { status: "present", way, time: new Date(act.ownMs).toISOString() });
  }

  // Acts that were refused or voided change nothing; acts taken before the day was fetched are in it already.
  function pictured(snapshot, acts, words) {
    const copy = JSON.parse(JSON.stringify(snapshot));
    const day = { meetings: copy.meetings, huddles: copy.huddles, permits: copy.permits || [], places: new Map() };
    for (const meeting of day.meetings) {
      meeting.ref = meeting.id;
      for (const item of meeting.agenda) item.ref = item.id;
    }
    for (const act of acts) {
      if (act.activity && act.kind === "open_huddle") day.places.set(act.id, act.activity);
      if (act.item) day.places.set(act.id, act.item);
      const isNew = act.state === "kept" || act.state === "waiting" || (act.state === "taken" && act.answeredMs > copy.fetchedMs);
      const isThere = act.kind === "open_huddle" && act.activity && day.meetings.some((one) => one.ref === act.activity);
      if (isNew && !isThere && MARKS[act.kind] && act.person === copy.person.id) MARKS[act.kind](day, act, words);
      const permit = PERMIT_MARKS[act.kind] && day.permits.find((one) => one.id === act.what.permit);
      if (permit && isNew) {
        permit.kept = permit.kept || act.state === "kept";
        PERMIT_MARKS[act.kind](permit, act);
      }
    }
    return day;
  }

  app.picture = { pictured };
})();
