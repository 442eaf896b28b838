"""Permits signed, measured and stopped without signal: what a phone says late, twice, wrongly, or for somebody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.offline.models import ReceivedAct
from ronghe.domain.offline.selectors import acts_of_permit, snapshot_for
from ronghe.domain.offline.services.devices import LossToCome, revoke_device
from ronghe.domain.offline.services.settling import NotCurable, redo_act, void_act
from ronghe.domain.offline.services.taking import SignedText, give_up_gaps, take_acts, take_early_signatures
from ronghe.domain.permits.enums import MeasureState, PartRole, PermitState, SignRole, StopReason
from ronghe.domain.permits.models import PermitSignature, SignatureVoid
from ronghe.domain.permits.selectors.permits import lacks_of, view_of
from ronghe.domain.permits.services.codes import permit_code
from ronghe.domain.permits.services.handing import offer_handover, take_handover
from ronghe.domain.permits.services.requesting import change_permit, submit_permit
from ronghe.domain.permits.services.securing import check_measure
from ronghe.domain.permits.services.signing import sign_permit
from ronghe.domain.permits.services.telling import Lacking
from ronghe.domain.permits.services.voiding import void_signatures
from ronghe.domain.permits.services.waiting import permits_to_sign
from ronghe.domain.permits.services.working import activate_permit, note_guardian, resume_permit, watch_permits
from ronghe.kernel.facts.models import Fact
from tests.factories.offline import Phone
from tests.factories.permits import (
    GAS,
    active,
    approver_of,
    briefed,
    fresh,
    issued,
    make_story,
    requested,
    secured,
    sign,
    submitted,
    text_of,
    verified,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def site(morning):
    return make_story(morning)


def phone_of(person, morning) -> Phone:
    return Phone(person, morning - HOUR)


def signs(phone, permit, role, at, **more):
    what = {
        "permit": permit.pk,
        "digest": permit.digest,
        "role": role,
        "office": "",
        "code": "",
        "place": "",
        "way": "own_phone",
    }
    return phone.does("permit_sign", at, **(what | more))


def reported(phone, at):
    return take_acts(acts=phone.queue, at=at)


def gas(phone, permit, at, *, readings=GAS, **more):
    rows = [{"substance": one["substance"], "value": one["value"], "unit": one.get("unit", "")} for one in readings]
    what = {"permit": permit.pk, "readings": rows, "place": "管口", "instrument": "", "minutes": 0}
    return phone.does("permit_gas", at, **(what | more))


def test_both_sides_sign_without_signal_and_it_counts_once(site, morning):
    permit = requested(site, morning)
    leader, host = phone_of(site.leader, morning), phone_of(site.offices["host"], morning)
    signs(leader, permit, "risk_builder", morning + MINUTE)
    signs(host, permit, "risk_host", morning + 2 * MINUTE)

    first = reported(host, morning + HOUR)
    assert first[0].state == "taken"
    assert reported(leader, morning + HOUR)[0].state == "taken"
    assert reported(host, morning + 2 * HOUR) == first

    rows = {row.role: row for row in PermitSignature.objects.all()}
    assert len(rows) == 2
    assert (rows["risk_host"].way, rows["risk_host"].signed_at, rows["risk_host"].received_at) == (
        "offline", morning + 2 * MINUTE, morning + HOUR,
    )  # fmt: skip
    assert rows["risk_host"].signing_key == host.key
    assert rows["risk_host"].proof == host.queue[0].signature
    assert fresh(permit).state == PermitState.ANALYSED
    assert Fact.objects.filter(kind="permits.signed").count() == 2
    [step] = permit.steps.filter(step="sign_risk_host")
    assert step.at == morning + HOUR


def test_reported_at_once_it_is_a_signature_of_the_phone_it_was_made_on(site, morning):
    permit = requested(site, morning)
    leader = phone_of(site.leader, morning)
    signs(leader, permit, "risk_builder", morning, way="shared_phone")
    reported(leader, morning + timedelta(seconds=20))
    assert PermitSignature.objects.get().way == "shared_phone"


def test_another_text_voids_the_signature_and_says_the_rule_pw_08(site, morning):
    permit = requested(site, morning)
    leader = phone_of(site.leader, morning)
    signs(leader, permit, "risk_builder", morning + MINUTE)
    change_permit(
        permit=permit, text=text_of(site, morning, place="换热区"), actor=site.applicant, at=morning + 2 * MINUTE
    )

    [answer] = reported(leader, morning + HOUR)
    assert (answer.state, answer.code, answer.permit) == ("refused", "permit_other_text", permit.pk)
    assert "PW-08" in answer.reason
    assert not PermitSignature.objects.exists()
    act = ReceivedAct.objects.select_related("person__account").get()
    with pytest.raises(NotCurable):
        redo_act(act=act, actor=site.leader, at=morning + HOUR)
    assert void_act(act=act, actor=site.leader, at=morning + HOUR).state == "voided"


def test_who_is_not_named_signs_nothing_pm_15(site, morning):
    permit = requested(site, morning)
    stranger = phone_of(site.outsider, morning)
    signs(stranger, permit, "risk_builder", morning)
    gas(stranger, permit, morning)
    stranger.does(
        "permit_measure", morning, permit=permit.pk, measure=permit.measures.first().pk, state="done", note=""
    )
    answers = reported(stranger, morning + MINUTE)
    assert {one.code for one in answers} == {"permit_not_named"}
    assert all("PM-15" in one.reason and "外人" in one.reason for one in answers)


def test_the_same_proof_serves_no_other_permit_and_no_other_person_pm_15(site, morning):
    permit, other = requested(site, morning), requested(site, morning)
    leader, welder = phone_of(site.leader, morning), phone_of(site.welder, morning)
    signs(leader, permit, "risk_builder", morning)
    [made] = leader.queue
    said = json.loads(made.text)
    moved = SignedText(json.dumps({**said, "what": {**said["what"], "permit": other.pk}}), made.signature)
    lent = SignedText(json.dumps({**said, "key": welder.key}), made.signature)
    anew = SignedText(made.text, leader.signed(made.text))

    [taken] = take_acts(acts=[made], at=morning + MINUTE)
    assert taken.state == "taken"
    for wrong, code in ((moved, "signature_wrong"), (lent, "signature_wrong"), (anew, "number_taken")):
        [answer] = take_acts(acts=[wrong], at=morning + MINUTE)
        assert (answer.state, answer.code) == ("refused", code)
        assert "PM-15" in answer.reason
    assert PermitSignature.objects.count() == 1


def test_signed_again_with_another_act_it_stays_one_signature(site, morning):
    permit = requested(site, morning)
    leader = phone_of(site.leader, morning)
    signs(leader, permit, "risk_builder", morning)
    signs(leader, permit, "risk_builder", morning + MINUTE)
    assert {one.state for one in reported(leader, morning + HOUR)} == {"taken"}
    assert PermitSignature.objects.count() == 1


def test_code_is_looked_at_for_the_moment_of_signing_pw_07(site, morning):
    permit = submitted(site, morning)
    host = phone_of(site.offices["host"], morning)
    then = morning + 5 * MINUTE
    signs(host, permit, "verifier", then, code=permit_code(permit, at=morning - HOUR))
    signs(host, permit, "verifier", then + MINUTE)
    signs(host, permit, "verifier", then + 2 * MINUTE, code=permit_code(permit, at=then + 2 * MINUTE))
    answers = reported(host, morning + 3 * HOUR)
    assert [(one.state, one.code) for one in answers] == [
        ("refused", "permit_not_on_site"), ("refused", "permit_not_on_site"), ("taken", ""),
    ]  # fmt: skip
    assert "PW-07" in answers[0].reason
    assert PermitSignature.objects.get(role="verifier").is_on_site
    assert fresh(permit).state == PermitState.VERIFIED


def test_approved_without_signal_it_is_issued_when_it_comes_and_only_where_nothing_clashes_then(site, morning):
    permit, other = verified(site, morning), verified(site, morning)
    approver = phone_of(approver_of(site, permit), morning)
    signs(approver, permit, "approver", morning + MINUTE, code=site.site.code)
    signs(approver, other, "approver", morning + 2 * MINUTE, code=site.site.code)
    answers = reported(approver, morning + HOUR)
    assert answers[0].state == "taken"
    assert fresh(permit).issued_at == morning + HOUR
    late = {one.state for one in answers}
    assert late <= {"taken", "refused"}
    for one in (permit, other):
        if fresh(one).state == PermitState.APPROVED:
            assert fresh(one).issued_at == morning + HOUR


def test_what_is_over_when_it_comes_is_not_signed_pw_08(site, morning):
    permit = verified(site, morning)
    approver = phone_of(approver_of(site, permit), morning)
    signs(approver, permit, "approver", morning + MINUTE, code=site.site.code)
    watch_permits(at=morning + 7 * HOUR)
    [answer] = reported(approver, morning + 7 * HOUR)
    assert (answer.state, answer.code) == ("refused", "permit_over")
    assert "PW-08" in answer.reason

    other = verified(site, morning + 7 * HOUR, what="另一处")
    signs(approver, other, "approver", morning + 8 * HOUR, code=site.site.code)
    answer = reported(approver, morning + 14 * HOUR)[-1]
    assert (answer.state, fresh(other).issued_at) == ("refused", None)


def test_signatures_that_come_before_the_ones_they_follow_are_taken_when_those_are_there(site, morning):
    permit = submitted(site, morning)
    host, approver = phone_of(site.offices["host"], morning), phone_of(approver_of(site, permit), morning)
    guardian = phone_of(site.guardian, morning)
    signs(host, permit, "verifier", morning + MINUTE, code=site.site.code)
    signs(approver, permit, "approver", morning + 2 * MINUTE, code=site.site.code)
    signs(guardian, permit, "guardian", morning + 3 * MINUTE, code=site.site.code)

    [early] = reported(guardian, morning + HOUR)
    assert (early.state, early.code) == ("refused", "permit_signed_early")
    assert reported(approver, morning + HOUR)[0].code == "permit_signed_early"
    assert reported(host, morning + HOUR)[0].state == "taken"

    assert set(ReceivedAct.objects.values_list("state", flat=True)) == {"taken"}
    assert set(PermitSignature.objects.values_list("role", flat=True)) >= {"verifier", "approver", "guardian"}
    assert fresh(permit).state == PermitState.APPROVED
    assert take_early_signatures(at=morning + HOUR) == 0


def test_what_waits_for_an_act_on_line_is_tried_by_the_job(site, morning):
    permit = requested(site, morning)
    leader, host = phone_of(site.leader, morning), phone_of(site.offices["host"], morning)
    signs(leader, permit, "risk_builder", morning)
    signs(host, permit, "risk_host", morning)
    signs(host, permit, "verifier", morning + MINUTE, code=site.site.code)
    reported(leader, morning + 2 * MINUTE)
    assert [one.state for one in reported(host, morning + 2 * MINUTE)] == ["taken", "refused"]
    submit_permit(permit=fresh(permit), actor=site.applicant, at=morning + 3 * MINUTE)
    assert take_early_signatures(at=morning + 5 * MINUTE) == 1
    assert fresh(permit).state == PermitState.VERIFIED


def test_readings_are_kept_with_both_times_and_a_bad_one_stops_the_work_pw_21(site, morning):
    permit = active(site, morning)
    tester = phone_of(site.tester, morning)
    gas(tester, permit, morning + 30 * MINUTE, minutes=5)
    gas(tester, permit, morning + HOUR, readings=({"substance": "methane", "value": "2", "unit": "%"},))
    answers = reported(tester, morning + 2 * HOUR)
    assert {one.state for one in answers} == {"taken"}
    rows = list(permit.gas_tests.order_by("taken_at"))[1:]
    assert [(row.taken_at, row.at, row.is_fit) for row in rows] == [
        (morning + 25 * MINUTE, morning + 2 * HOUR, True), (morning + HOUR, morning + 2 * HOUR, False),
    ]  # fmt: skip
    assert (fresh(permit).state, fresh(permit).stop_reason) == (PermitState.SUSPENDED, StopReason.GAS)


@pytest.mark.parametrize(
    ("reading", "code", "said"),
    [
        ({"substance": "methane", "value": "0.1", "unit": "ppm"}, "gas_unit_unfit", "ppm"),
        ({"substance": "argon", "value": "0.1", "unit": "%"}, "gas_substance_unknown", "argon"),
        ({"substance": "methane", "value": "nan", "unit": "%"}, "gas_reading_unfit", ""),
        ({"substance": "methane", "value": "-1", "unit": "%"}, "gas_reading_unfit", "-1"),
    ],
)
def test_readings_in_a_wrong_unit_are_refused_by_name(site, morning, reading, code, said):
    permit = issued(site, morning)
    tester = phone_of(site.tester, morning)
    gas(tester, permit, morning, readings=(reading,))
    [answer] = reported(tester, morning + MINUTE)
    assert (answer.state, answer.code) == ("refused", code)
    assert said in answer.reason
    assert not permit.gas_tests.exists()


@pytest.mark.parametrize(
    "what",
    [
        {"readings": []}, {"readings": [{"substance": "methane", "value": 0.1}]}, {"minutes": -1}, {"minutes": 1441},
        {"readings": [{"substance": "methane", "value": "0.1", "by": "外人"}]}, {"tester": "外人"}, {"place": "x" * 81},
    ],
)  # fmt: skip
def test_names_that_are_not_admitted_are_refused_whole(site, morning, what):
    permit = issued(site, morning)
    tester = phone_of(site.tester, morning)
    given = {"permit": permit.pk, "readings": [{"substance": "methane", "value": "0.1"}], "place": "管口"}
    tester.does("permit_gas", morning, **(given | what))
    [answer] = reported(tester, morning + MINUTE)
    assert answer.code == "act_unreadable"
    assert not ReceivedAct.objects.exists()


def test_a_check_does_not_undo_a_later_one_pw_02(site, morning):
    permit = submitted(site, morning)
    first, second = permit.measures.select_related("permit__site").order_by("place")[:2]
    welder = phone_of(site.welder, morning)
    for row in (first, second):
        welder.does("permit_measure", morning + MINUTE, permit=permit.pk, measure=row.pk, state="done", note="")
    check_measure(measure=first, state=MeasureState.DONE, actor=site.leader, at=morning + 2 * MINUTE)
    check_measure(measure=first, state=MeasureState.OPEN, actor=site.leader, at=morning + 3 * MINUTE)
    answers = reported(welder, morning + HOUR)
    assert [one.code for one in answers] == ["permit_measure_seen_later", ""]
    assert "PW-02" in answers[0].reason
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.checked_at) == ("open", "done", morning + MINUTE)


def test_a_guardian_who_left_without_signal_stops_the_work_pw_06(site, morning):
    permit = active(site, morning)
    guardian = phone_of(site.guardian, morning)
    guardian.does("permit_leave", morning + 10 * MINUTE, permit=permit.pk, note="去吃饭")
    reported(guardian, morning + HOUR)
    now = fresh(permit)
    assert (now.state, now.stop_reason, now.is_guardian_here) == (PermitState.SUSPENDED, StopReason.GUARDIAN, False)
    assert now.suspended_at == morning + 10 * MINUTE
    assert "去吃饭" in permit.steps.get(step="suspend").note


def test_a_guardian_who_left_and_came_back_before_the_word_came_is_noted(site, morning):
    permit = active(site, morning)
    guardian = phone_of(site.guardian, morning)
    guardian.does("permit_leave", morning + 10 * MINUTE, permit=permit.pk, note="")
    note_guardian(permit=permit, is_here=True, actor=site.guardian, at=morning + 20 * MINUTE, code=site.site.code)
    assert reported(guardian, morning + HOUR)[0].state == "taken"
    assert (fresh(permit).state, fresh(permit).is_guardian_here) == (PermitState.ACTIVE, True)
    assert permit.steps.filter(step="late_stop").count() == 1


def test_who_handed_the_guard_over_leaves_without_stopping_anything(site, morning):
    permit = active(site, morning)
    guardian = phone_of(site.guardian, morning)
    offered = offer_handover(
        permit=permit, role=PartRole.GUARDIAN, to=site.relief, note="正常", card="JH-9", actor=site.guardian, at=morning
    )
    take_handover(handover=offered, actor=site.relief, at=morning + MINUTE, code=site.site.code)
    guardian.does("permit_leave", morning + 2 * MINUTE, permit=permit.pk, note="")
    assert reported(guardian, morning + HOUR)[0].state == "taken"
    assert fresh(permit).state == PermitState.ACTIVE


@pytest.mark.parametrize("late", [MINUTE, HOUR, timedelta(days=30)])
def test_whoever_stops_work_is_always_taken(site, morning, late):
    permit = active(site, morning)
    welder = phone_of(site.welder, morning)
    welder.does("permit_stop", morning + MINUTE, permit=permit.pk, reason="danger", note="")
    [answer] = reported(welder, morning + MINUTE + late)
    assert answer.state == "taken"
    assert fresh(permit).state == PermitState.SUSPENDED
    reported(welder, morning + 2 * MINUTE + late)
    assert permit.steps.filter(step__in=["suspend", "late_stop"]).count() == 1


def test_a_stop_waits_for_nothing_that_was_lost_before_it(site, morning):
    permit = active(site, morning)
    welder = phone_of(site.welder, morning)
    welder.does("permit_measure", morning, permit=permit.pk, measure=permit.measures.first().pk, state="done", note="")
    welder.does("permit_stop", morning + MINUTE, permit=permit.pk, reason="wind", note="")
    welder.does(
        "permit_measure",
        morning + 2 * MINUTE,
        permit=permit.pk,
        measure=permit.measures.first().pk,
        state="done",
        note="",
    )
    [answer] = take_acts(acts=welder.queue[1:2], at=morning + HOUR)
    assert answer.state == "taken"
    assert fresh(permit).stop_reason == StopReason.WIND
    assert [one.state for one in reported(welder, morning + HOUR)] == ["taken"] * 3
    assert permit.steps.filter(step__in=["suspend", "late_stop"]).count() == 1
    assert give_up_gaps(at=morning + timedelta(days=60)) == 0


def test_a_stop_of_what_does_not_go_on_is_noted(site, morning):
    permit = briefed(site, morning)
    welder = phone_of(site.welder, morning)
    welder.does("permit_stop", morning + MINUTE, permit=permit.pk, reason="danger", note="有油味")
    welder.does("permit_leave", morning + 2 * MINUTE, permit=permit.pk, note="")
    assert {one.state for one in reported(welder, morning + HOUR)} == {"taken"}
    assert fresh(permit).state == PermitState.BRIEFED
    assert fresh(permit).is_guardian_here
    assert "有油味" in permit.steps.filter(step="late_stop").first().note


def test_a_clock_that_is_hours_wrong_signs_and_both_times_are_kept(site, morning):
    permit = requested(site, morning)
    known, unknown = phone_of(site.leader, morning), phone_of(site.offices["host"], morning)
    known.skew = timedelta(hours=3)
    signs(known, permit, "risk_builder", morning)
    signs(unknown, permit, "risk_host", morning + timedelta(hours=5))  # set forward since the last contact
    assert reported(known, morning + 10 * MINUTE)[0].state == "taken"
    assert reported(unknown, morning + 10 * MINUTE)[0].state == "taken"

    first, second = acts_of_permit(permit)
    assert (first.done_at, first.device_at, first.received_at) == (morning, morning + 3 * HOUR, morning + 10 * MINUTE)
    assert (second.done_at, second.received_at) == (morning + 5 * HOUR, morning + 10 * MINUTE)
    assert first.is_clock_off
    assert second.is_clock_off
    assert PermitSignature.objects.get(role="risk_host").signed_at == morning + 10 * MINUTE


def test_a_right_clock_is_not_flagged(site, morning):
    permit = requested(site, morning)
    leader = phone_of(site.leader, morning)
    signs(leader, permit, "risk_builder", morning)
    reported(leader, morning + timedelta(days=2))
    assert not acts_of_permit(permit).get().is_clock_off


# ---- a lost phone ----


def test_a_lost_phone_takes_back_what_it_signed_after_it_was_lost_pm_15(site, morning):
    permit = requested(site, morning)
    leader, host = phone_of(site.leader, morning), phone_of(site.offices["host"], morning)
    signs(leader, permit, "risk_builder", morning + MINUTE)
    signs(host, permit, "risk_host", morning + 20 * MINUTE)
    reported(leader, morning + 21 * MINUTE)
    reported(host, morning + 21 * MINUTE)
    assert fresh(permit).state == PermitState.ANALYSED
    signs(host, permit, "risk_host", morning + 40 * MINUTE)

    revoke_device(device=host.device, actor=host.person, at=morning + HOUR, lost_at=morning + 10 * MINUTE)
    assert reported(host, morning + HOUR)[-1].code == "device_revoked"
    view = view_of(fresh(permit), morning + HOUR)
    assert [row.role for row in view.standing] == ["risk_builder"]
    assert [row.role for row in view.voided] == ["risk_host"]
    assert SignatureVoid.objects.get().rule == "PM-15"
    assert "sign_risk_host" in {one.code for one in lacks_of(fresh(permit), morning + HOUR)}
    assert permits_to_sign(site.offices["host"], morning + HOUR).get() == permit
    with pytest.raises(Lacking):
        submit_permit(permit=fresh(permit), actor=site.applicant, at=morning + HOUR)

    sign_permit(
        permit=fresh(permit), role=SignRole.RISK_HOST, actor=host.person, at=morning + HOUR, digest=fresh(permit).digest
    )
    assert fresh(permit).state == PermitState.ANALYSED
    assert submit_permit(permit=fresh(permit), actor=site.applicant, at=morning + HOUR).state == PermitState.COSIGNED


def test_what_it_signed_before_it_was_lost_stands(site, morning):
    permit = requested(site, morning)
    leader = phone_of(site.leader, morning)
    signs(leader, permit, "risk_builder", morning + MINUTE)
    reported(leader, morning + HOUR)
    revoke_device(device=leader.device, actor=site.leader, at=morning + 2 * HOUR, lost_at=morning + 30 * MINUTE)
    assert not SignatureVoid.objects.exists()
    assert view_of(fresh(permit), morning + 2 * HOUR).standing


def test_work_that_rests_on_a_lost_key_stops_and_goes_on_only_when_it_is_signed_again(site, morning):
    permit = issued(site, morning)
    briefer = phone_of(site.briefer, morning)
    signs(briefer, permit, "briefer", morning + MINUTE)
    reported(briefer, morning + 2 * MINUTE)
    sign(site, permit, SignRole.BRIEFED, site.leader, morning + 2 * MINUTE)
    sign(site, permit, SignRole.GUARDIAN, site.guardian, morning + 2 * MINUTE)
    sign(site, permit, SignRole.CHECKER, site.offices["shift_leader"], morning + 2 * MINUTE)
    secured(site, permit, morning + 2 * MINUTE)
    activate_permit(permit=fresh(permit), actor=site.leader, at=morning + 3 * MINUTE)

    revoke_device(device=briefer.device, actor=site.briefer, at=morning + 10 * MINUTE, lost_at=morning)
    now = fresh(permit)
    assert (now.state, now.stop_reason) == (PermitState.SUSPENDED, StopReason.SIGNATURE)
    with pytest.raises(Lacking) as found:
        resume_permit(permit=now, actor=site.leader, at=morning + 11 * MINUTE)
    assert [one.rule for one in found.value.lacks] == ["PM-15"]
    sign(site, permit, SignRole.BRIEFER, site.briefer, morning + 12 * MINUTE)
    assert resume_permit(permit=fresh(permit), actor=site.leader, at=morning + 13 * MINUTE).state == PermitState.ACTIVE
    assert void_signatures(key=briefer.key, since=morning, actor=site.briefer, at=morning + HOUR) == 0
    assert void_signatures(key="", since=morning, actor=site.briefer, at=morning + HOUR) == 0


def test_a_phone_is_not_lost_in_the_future(site, morning):
    phone = phone_of(site.leader, morning)
    with pytest.raises(LossToCome):
        revoke_device(device=phone.device, actor=site.leader, at=morning, lost_at=morning + MINUTE)


# ---- what the phone takes along ----


def test_the_phone_takes_its_permits_along(site, morning):
    permit = submitted(site, morning)
    requested(site, morning + timedelta(days=3))
    [carried] = snapshot_for(site.guardian, morning).permits
    assert carried.permit == permit
    roles = {one.role: one for one in carried.roles}
    assert roles["risk_builder"].signed_by == "吴凯"
    assert (roles["guardian"].may, roles["guardian"].is_on_site, roles["guardian"].is_open) == (
        [site.guardian.pk],
        True,
        False,
    )
    assert roles["verifier"].is_open
    assert roles["verifier"].may == [site.offices["host"].pk]
    assert {one.substance for one in carried.gas} >= {"methane"}
    assert carried.gas_by == [site.tester.pk]
    assert snapshot_for(site.outsider, morning).permits == []
    assert snapshot_for(site.guardian, morning + 7 * HOUR).permits == []


def test_three_permits_cost_the_phone_no_more_than_one(site, morning):
    requested(site, morning)
    snapshot_for(site.leader, morning)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            requested(site, morning)
        with CaptureQueriesContext(connection) as found:
            snapshot_for(site.leader, morning)
        counts.append(len(found))
    assert counts[0] == counts[1]
