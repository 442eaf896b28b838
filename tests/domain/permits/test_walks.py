"""Random walks over all acts by everybody: work never goes on while something lacks, and nothing is ever signed by itself.

Some acts are done on phones without signal: each phone has a clock that is wrong, reports late, in parts, twice, after others
that did later what it did earlier; and phones are lost.

What may stand in the way is looked up again with plain questions to the tables, apart from `calc.standing`.
"""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ronghe.domain.offline.enums import ActState
from ronghe.domain.offline.models import ReceivedAct
from ronghe.domain.offline.services.devices import revoke_device
from ronghe.domain.offline.services.taking import take_acts
from ronghe.domain.permits.enums import ActivityKind, MeasureState, PartRole, PermitState, SignRole, StopReason
from ronghe.domain.permits.models import Handover, Permit, SiteNotice
from ronghe.domain.permits.services.handing import offer_handover, take_handover
from ronghe.domain.permits.services.requesting import (
    cancel_permit,
    change_permit,
    reissue_permit,
    reject_permit,
    submit_permit,
)
from ronghe.domain.permits.services.securing import (
    check_measure,
    confirm_film,
    place_isolation,
    record_gas_test,
    remove_isolation,
)
from ronghe.domain.permits.services.signing import sign_permit
from ronghe.domain.permits.services.watching import (
    ActivityText,
    clear_alarm,
    declare_activity,
    end_activity,
    raise_alarm,
    read_wind,
)
from ronghe.domain.permits.services.working import (
    activate_permit,
    complete_permit,
    note_guardian,
    recheck,
    resume_permit,
    suspend_permit,
)
from ronghe.kernel.errors import DomainError
from tests.factories.offline import Phone
from tests.factories.permits import GAS, active, approver_of, briefed, fresh, make_story, requested, secured, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BAD = ({"substance": "methane", "value": "2"},)
PEOPLE = ("applicant", "leader", "welder", "guardian", "relief", "tester", "briefer", "outsider", "keeper", "host",
          "base_unit", "safety_dept", "shift_leader", "coordinator")  # fmt: skip
WHO = st.sampled_from(PEOPLE)
PICK = st.integers(0, 9)


REACHED: list[int] = []
"""Looks at work that goes on: walks that never came so far would prove nothing."""
TAKEN: list[str] = []
"""What came from phones and was taken."""
SKEWS = (timedelta(), timedelta(hours=3), timedelta(hours=-5), timedelta(seconds=40))


def kind_of(act):
    """Return what was taken, nothing where it was not."""
    row = ReceivedAct.objects.filter(act_id=json.loads(act.text)["id"], state=ActState.TAKEN).first()
    return row.kind if row is not None else ""


class Walk(RuleBasedStateMachine):
    """Two hot works, one of them nearly ready, a neighbour that may clash, and a clock that only goes forward."""

    @initialize(ready=st.booleans())
    def begin(self, ready):
        from datetime import datetime
        from zoneinfo import ZoneInfo

        self.now = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
        self.story = make_story(self.now)
        near = (active if ready else briefed)(self.story, self.now, x_m=Decimal(300))
        self.permits = [near.pk, requested(self.story, self.now).pk]
        self.phones = {}
        self.sent, self.lost = {}, {}

    def who(self, name):
        person = self.story.offices.get(name) or getattr(self.story, name)
        person.__dict__.pop("_standing_by_day", None)
        return person

    def permit(self, pick):
        return fresh(Permit(pk=self.permits[pick % len(self.permits)]))

    def attempt(self, act):
        """Do it or be refused; a refusal changes nothing, and nothing but a refusal is raised."""
        before = list(Permit.objects.order_by("pk").values_list("pk", "state", "digest"))
        try:
            with transaction.atomic():
                return act()
        except DomainError:
            assert list(Permit.objects.order_by("pk").values_list("pk", "state", "digest")) == before
            return None

    @rule(pick=PICK, name=WHO, role=st.sampled_from(SignRole), here=st.booleans(), stale=st.booleans())
    def sign(self, pick, name, role, here, stale):
        permit = self.permit(pick)
        digest = "0" * 64 if stale and pick > 6 else permit.digest
        code = self.story.site.code if here else ""
        self.attempt(
            lambda: sign_permit(permit=permit, role=role, actor=self.who(name), at=self.now, digest=digest, code=code)
        )

    @rule(pick=PICK)
    def right_people_sign(self, pick):
        """Walks that only ever miss prove little: now and then the whole round is signed by those who may."""
        story, permit = self.story, self.permit(pick)
        for role, person in (
            (SignRole.RISK_BUILDER, story.leader), (SignRole.RISK_HOST, story.offices["host"]), (None, story.applicant),
            (SignRole.VERIFIER, story.offices["host"]), (SignRole.APPROVER, approver_of(story, permit)),
            (SignRole.BRIEFER, story.briefer), (SignRole.BRIEFED, story.leader), (SignRole.GUARDIAN, story.guardian),
            (SignRole.CHECKER, story.offices["shift_leader"]),
        ):  # fmt: skip
            now = fresh(permit)
            if role is None:
                self.attempt(lambda now=now: submit_permit(permit=now, actor=story.applicant, at=self.now))
            else:
                self.attempt(
                    lambda now=now, role=role, person=person: sign_permit(
                        permit=now, role=role, actor=person, at=self.now, digest=now.digest, code=story.site.code
                    )
                )

    def phone(self, name):
        """The person's phone of now; one that was lost is replaced."""
        if name not in self.phones:
            self.phones[name] = Phone(self.who(name), self.now, name=f"{name}{len(self.lost)}")
            self.phones[name].skew = SKEWS[len(self.phones) % len(SKEWS)]
        return self.phones[name]

    def phone_signs(self, name, permit, role, *, here=True):
        self.phone(name).does(
            "permit_sign", self.now, permit=permit.pk, digest=permit.digest, role=role, office="", place="",
            code=self.story.site.code if here else "", way="shared_phone",
        )  # fmt: skip

    @rule(pick=PICK, name=WHO, role=st.sampled_from(SignRole), here=st.booleans())
    def sign_without_signal(self, pick, name, role, here):
        self.phone_signs(name, self.permit(pick), role, here=here)

    @rule(pick=PICK)
    def right_people_sign_without_signal(self, pick):
        """Everybody signs at the place where there is none, one after another; only the submission needs a way."""
        permit, offices = self.permit(pick), self.story.offices
        approver = next(name for name, person in offices.items() if person.pk == approver_of(self.story, permit).pk)
        for name, role in (
            ("leader", SignRole.RISK_BUILDER), ("host", SignRole.RISK_HOST), ("host", SignRole.VERIFIER),
            (approver, SignRole.APPROVER), ("briefer", SignRole.BRIEFER), ("leader", SignRole.BRIEFED),
            ("guardian", SignRole.GUARDIAN), ("shift_leader", SignRole.CHECKER),
        ):  # fmt: skip
            self.phone_signs(name, permit, role)

    @rule(pick=PICK, name=WHO, kind=st.sampled_from(["permit_leave", "permit_stop", "permit_measure", "permit_gas"]),
          bad=st.booleans(), state=st.sampled_from(MeasureState))  # fmt: skip
    def work_without_signal(self, pick, name, kind, bad, state):
        permit = self.permit(pick)
        rows = [{"substance": one["substance"], "value": one["value"], "unit": ""} for one in (BAD if bad else GAS)]
        what = {
            "permit_leave": {"note": ""}, "permit_stop": {"reason": "danger", "note": ""},
            "permit_measure": {"measure": permit.measures.order_by("place")[pick % 5].pk, "state": state, "note": "无"},
            "permit_gas": {"readings": rows, "place": "管口", "instrument": "", "minutes": pick},
        }  # fmt: skip
        self.phone(name).does(kind, self.now, permit=permit.pk, **what[kind])

    @rule(names=st.permutations(["leader", "host", "guardian", "base_unit", "briefer", "shift_leader", "tester", "welder"]),
          twice=st.booleans(), backwards=st.booleans(), part=st.integers(1, 4))  # fmt: skip
    def signal_comes_back(self, names, twice, backwards, part):
        """Phones report in any order, some of it twice, some of it backwards; the same act is answered the same."""
        for name in names:
            phone = self.phones.get(name)
            if phone is None:
                continue
            first = self.sent.get(phone.key, 0)
            acts = phone.queue[first : first + 3 * part]
            self.sent[phone.key] = first + len(acts)
            sent = list(reversed(acts)) if backwards else acts
            answers = take_acts(acts=sent, at=self.now)
            TAKEN.extend(kind_of(one) for one in acts)
            if twice:
                kept = [(one.act_id, one.code) for one in answers if one.state == ActState.TAKEN]
                again = {one.act_id: (one.state, one.code) for one in take_acts(acts=sent, at=self.now)}
                assert all(again[act] == (ActState.TAKEN, code) for act, code in kept)

    @rule(
        pick=PICK, name=st.sampled_from(["leader", "host", "guardian", "briefer"]), minutes=st.sampled_from([0, 5, 60])
    )
    def phone_is_lost(self, pick, name, minutes):
        if pick < 7 or name not in self.phones:
            return
        phone, since = self.phones.pop(name), self.now - timedelta(minutes=minutes)
        revoke_device(device=phone.device, actor=self.who(name), at=self.now, lost_at=since)
        self.lost[phone.key] = since
        assert {one.state for one in take_acts(acts=phone.queue[-1:], at=self.now)} <= set(ActState)

    @rule(pick=PICK)
    def right_people_go_to_work(self, pick):
        self.all_clear()
        story = self.story
        guardian = self.permit(pick).parts.select_related("person").get(role=PartRole.GUARDIAN).person
        for act in (
            lambda: secured(story, self.permit(pick), self.now),
            lambda: note_guardian(
                permit=self.permit(pick), is_here=True, actor=guardian, at=self.now, code=story.site.code
            ),
            lambda: activate_permit(permit=self.permit(pick), actor=story.leader, at=self.now),
            lambda: resume_permit(permit=self.permit(pick), actor=story.leader, at=self.now),
        ):
            self.attempt(act)

    @rule(pick=PICK, name=WHO, place=st.sampled_from(["外输泵房北侧", "换热区"]))
    def change(self, pick, name, place):
        text = text_of(self.story, self.now, place=place, ends_at=self.now + timedelta(hours=5))
        self.attempt(lambda: change_permit(permit=self.permit(pick), text=text, actor=self.who(name), at=self.now))

    @rule(pick=PICK, name=WHO)
    def submit(self, pick, name):
        self.attempt(lambda: submit_permit(permit=self.permit(pick), actor=self.who(name), at=self.now))

    @rule(pick=PICK, name=WHO, state=st.sampled_from(MeasureState))
    def tick(self, pick, name, state):
        row = self.permit(pick).measures.select_related("permit__site").order_by("place")[pick % 5]
        self.attempt(lambda: check_measure(measure=row, state=state, note="无", actor=self.who(name), at=self.now))

    @rule(pick=PICK, name=WHO, away=st.booleans())
    def isolate(self, pick, name, away):
        row = self.permit(pick).isolations.select_related("permit__site").first()
        if away:
            self.attempt(lambda: remove_isolation(isolation=row, actor=self.who(name), at=self.now))
        else:
            self.attempt(lambda: place_isolation(isolation=row, lock_no="L", actor=self.who(name), at=self.now))

    @rule(pick=PICK, name=WHO, readings=st.sampled_from([GAS, GAS, BAD]), age=st.sampled_from([0, 10, 31]))
    def test_gas(self, pick, name, readings, age):
        self.attempt(
            lambda: record_gas_test(permit=self.permit(pick), readings=readings, place="管口", actor=self.who(name),
                                    taken_at=self.now - timedelta(minutes=age), at=self.now)
        )  # fmt: skip

    @rule(pick=PICK, name=st.sampled_from(["leader", "guardian", "relief", "welder"]))
    def start(self, pick, name):
        self.attempt(lambda: activate_permit(permit=self.permit(pick), actor=self.who(name), at=self.now))

    @rule(pick=PICK, name=WHO, reason=st.sampled_from(StopReason))
    def stop(self, pick, name, reason):
        self.attempt(
            lambda: suspend_permit(
                permit=self.permit(pick), reason=reason, note="停", actor=self.who(name), at=self.now
            )
        )

    @rule(pick=PICK, name=st.sampled_from(["leader", "guardian", "relief"]))
    def go_on(self, pick, name):
        self.attempt(lambda: resume_permit(permit=self.permit(pick), actor=self.who(name), at=self.now))

    @rule(pick=PICK, name=st.sampled_from(["guardian", "relief", "leader"]), here=st.booleans(), code=st.booleans())
    def guard(self, pick, name, here, code):
        said = self.story.site.code if code else ""
        self.attempt(
            lambda: note_guardian(permit=self.permit(pick), is_here=here, actor=self.who(name), at=self.now, code=said)
        )

    @rule(pick=PICK, to=st.sampled_from(["relief", "guardian", "welder"]), card=st.sampled_from(["", "JH-9"]))
    def hand_over(self, pick, to, card):
        permit = self.permit(pick)
        part = permit.parts.select_related("person").get(role=PartRole.GUARDIAN)
        made = self.attempt(
            lambda: offer_handover(permit=permit, role=PartRole.GUARDIAN, to=self.who(to), note="正常", card=card,
                                   actor=part.person, at=self.now)
        )  # fmt: skip
        row = made or Handover.objects.filter(permit=permit, taken_at=None, dropped_at=None).first()
        if row is not None:
            self.attempt(lambda: take_handover(handover=row, actor=row.taker, at=self.now, code=self.story.site.code))

    @rule(level=st.sampled_from([2, 4, 5, 6]), name=WHO)
    def wind(self, level, name):
        self.attempt(lambda: read_wind(site=self.story.site, level=level, actor=self.who(name), at=self.now))

    @rule(name=WHO, area=st.sampled_from(["A1", "A2", ""]))
    def alarm(self, name, area):
        self.attempt(
            lambda: raise_alarm(site=self.story.site, text="报警", area=area, actor=self.who(name), at=self.now)
        )

    @rule()
    def quiet_again(self):
        self.all_clear()

    def all_clear(self):
        for notice in SiteNotice.objects.filter(kind="alarm", cleared_at=None).select_related("site").order_by("pk"):
            self.attempt(lambda notice=notice: clear_alarm(notice=notice, actor=self.story.keeper, at=self.now))
        for row in self.story.site.activities.filter(ended_at=None).select_related("site").order_by("pk"):
            self.attempt(lambda row=row: end_activity(activity=row, actor=self.story.keeper, at=self.now))
        self.attempt(lambda: read_wind(site=self.story.site, level=2, actor=self.story.keeper, at=self.now))

    @rule(name=WHO, x=st.sampled_from([100, 131, 300]), happening=st.booleans())
    def vent(self, name, x, happening):
        text = ActivityText(
            ActivityKind.VENT_GAS, "放空", self.now, self.now + timedelta(hours=1), "A9", Decimal(x), Decimal(80)
        )
        self.attempt(
            lambda: declare_activity(
                site=self.story.site, text=text, actor=self.who(name), at=self.now, is_happening=happening
            )
        )

    @rule(pick=PICK, name=WHO, which=st.sampled_from(["cancel", "reject", "complete", "reissue", "film"]))
    def end(self, pick, name, which):
        if pick < 6:
            return
        permit, actor = self.permit(pick), self.who(name)
        acts = {
            "cancel": lambda: cancel_permit(permit=permit, reason="x", actor=actor, at=self.now),
            "reject": lambda: reject_permit(permit=permit, reason="x", actor=actor, at=self.now),
            "complete": lambda: complete_permit(permit=permit, note="x", actor=actor, at=self.now),
            "film": lambda: confirm_film(permit=permit, actor=actor, at=self.now),
            "reissue": lambda: reissue_permit(permit=permit, starts_at=self.now, ends_at=self.now + timedelta(hours=4),
                                              actor=actor, at=self.now),
        }  # fmt: skip
        made = self.attempt(acts[which])
        if which == "reissue" and made is not None:
            self.permits.append(made.pk)

    @rule(minutes=st.sampled_from([1, 5, 29, 61, 180]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        for key in self.permits:
            recheck(fresh(Permit(pk=key)), None, self.now)

    @invariant()
    def nothing_goes_on_that_lacks_something(self):
        for key in getattr(self, "permits", ()):
            permit = fresh(Permit(pk=key))
            if permit.state != PermitState.ACTIVE:
                continue
            REACHED.append(key)
            self.look(permit)

    def look(self, permit):
        site = self.story.site
        assert permit.starts_at <= self.now < permit.valid_until
        assert permit.issued_at
        assert permit.is_guardian_here
        rows = [row for row in permit.signatures.all() if row.digest == permit.digest]
        rows = [row for row in rows if row.signing_key not in self.lost or row.signed_at < self.lost[row.signing_key]]
        standing = {(row.role, row.person_id) for row in rows}
        assert len(standing) == len(rows)
        assert all(row.signed_at <= row.received_at <= self.now for row in rows)
        assert {role for role, _person in standing} == {"risk_builder", "risk_host", "verifier", "approver", "briefer", "briefed",
                                                       "guardian", "checker"}  # fmt: skip
        assert all(
            row.is_on_site for row in permit.signatures.filter(role__in=["verifier", "approver", "guardian", "checker"])
        )
        parts = {row.role: row for row in permit.parts.all()}
        assert parts["guardian"].card
        approver = next(person for role, person in standing if role == "approver")
        apart = [parts["worker"].person_id, parts["guardian"].person_id, parts["gas_tester"].person_id, approver]
        assert len(set(apart)) == 4
        test = permit.gas_tests.order_by("-taken_at", "-pk").first()
        assert test is not None
        assert test.is_fit
        if permit.activated_at == self.now and not permit.steps.filter(step="resume").exists():
            assert self.now - test.taken_at <= timedelta(minutes=30)
        wind = SiteNotice.objects.filter(site=site, kind="wind").order_by("-at", "-pk").first()
        assert wind is None or wind.level < 5
        alarms = SiteNotice.objects.filter(site=site, kind="alarm", cleared_at=None, area__in=["", permit.area])
        assert not alarms.exists()
        for row in site.activities.filter(ended_at=None, ends_at__gt=self.now, starts_at__lt=permit.valid_until):
            assert abs(row.x_dm - permit.x_dm) > 300


class WithoutSignal(Walk):
    """The walk that is sure to come to work: everything that can be is signed on phones, and then it is used."""

    @rule()
    def a_permit_made_out_on_phones_goes_to_work(self):
        story = self.story
        permit = fresh(requested(story, self.now))
        names = ("leader", "host", "briefer", "guardian", "shift_leader", "base_unit")
        self.permits.append(permit.pk)
        self.right_people_sign_without_signal(len(self.permits) - 1)
        self.signal_comes_back(names, twice=False, backwards=False, part=4)
        self.attempt(lambda: submit_permit(permit=fresh(permit), actor=story.applicant, at=self.now))
        self.signal_comes_back(tuple(reversed(names)), twice=True, backwards=True, part=4)
        self.right_people_go_to_work(len(self.permits) - 1)


def test_random_walks_never_come_to_work_that_lacks_something():
    """Each walk in a transaction that is taken back."""

    class Undone(WithoutSignal):
        def __init__(self):
            super().__init__()
            self.frame = transaction.atomic()
            self.frame.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    run_state_machine_as_test(
        Undone,
        settings=settings(
            max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert len(REACHED) > 3
    assert "permit_sign" in TAKEN
