"""Workers, passes and the gate: identity, duplicates, Party members, what bars entry (PF-03, PC-10, PC-11, PC-19)."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.contractors.enums import Direction, Employment, Way
from ronghe.domain.contractors.models import EntryPass, GatePassage, Presence, Worker
from ronghe.domain.contractors.selectors.people import bars_to_enter, on_site, passages_of, sites_of, workers_seen_by
from ronghe.domain.contractors.services import workers as acts
from ronghe.domain.contractors.services.companies import suspend_contractor
from ronghe.domain.contractors.services.gate import pass_gate
from ronghe.domain.contractors.services.workers import (
    WorkerText,
    end_worker,
    pass_code,
    register_worker,
    revoke_pass,
    worker_of_pass,
)
from ronghe.domain.floating.enums import StaySource, StayState
from ronghe.domain.floating.models import FloatingStay
from ronghe.domain.floating.selectors import stays_seen_by
from ronghe.domain.org.enums import PoliticalStatus, PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.qualifications.rules import KEEP_RECORD, OPEN_HEALTH
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.contractors import (
    DAY,
    NOW,
    TODAY,
    UNTIL,
    identity,
    make_admitted,
    make_company,
    make_pass,
    make_site,
    make_worker,
)
from tests.factories.org import make_body, make_person, make_post
from tests.factories.qualifications import teach

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_site()


@pytest.fixture
def company(story):
    return make_admitted(story)


def go(story, code, direction=Direction.IN, *, at=NOW, body=None, actor=None):
    return pass_gate(code=code, body=body or story.zone, direction=direction, actor=actor or story.guard, at=at)


def text(name="焊工老刘", number=None, **more):
    return WorkerText(name, identity() if number is None else number, Employment.HIRED, **more)


def register(story, company, given, *, on=TODAY, actor=None):
    return register_worker(contractor=company, text=given, on=on, actor=actor or story.officer, at=NOW)


@pytest.mark.parametrize(
    "number", ["", "123", identity()[:-1], identity()[:-1] + "?", "510822199002300018", identity()[::-1]]
)
def test_a_wrong_identity_number_registers_nobody(story, company, number):
    with pytest.raises(acts.IdentityWrong):
        register(story, company, text(number=number))
    assert not Worker.objects.exists()


def test_who_is_on_file_is_not_typed_in_again_and_a_number_has_one_name(story, company):
    worker = make_worker(story, company)
    person = worker.person
    assert (identity() in (person.id_sealed or ""), person.gender, person.employment) == (False, "1", "外雇工")

    with pytest.raises(acts.WorkerElsewhere):
        register(story, make_admitted(story, "乙公司", number=2), text())
    with pytest.raises(acts.IdentityTaken):
        register(story, company, text("别人"))
    end_worker(worker=worker, on=TODAY, actor=story.officer, at=NOW)
    again = register(story, make_admitted(story, "丙公司", number=3), text(number=identity().lower()))

    assert again.person == person
    assert Person.objects.filter(name="焊工老刘").count() == 1


def test_a_party_member_found_at_entry_goes_to_floating_pf_03(story, company):
    worker = make_worker(story, company, status=PoliticalStatus.FULL_MEMBER, home_branch="巴中市恩阳区上八庙镇党支部")

    stay = FloatingStay.objects.get()
    assert (stay.person, stay.body, stay.source, stay.state, stay.home_name) == (
        worker.person, story.zone, StaySource.CONTRACTOR_ENTRY, StayState.FOUND, "巴中市恩阳区上八庙镇党支部",
    )  # fmt: skip
    lead = make_person("区负责人")
    make_post(lead, PostRole.ZONE_LEAD, body=story.zone)
    assert list(stays_seen_by(lead, NOW)) == [stay]
    end_worker(worker=worker, on=TODAY, actor=story.officer, at=NOW)
    register(story, company, text())
    assert FloatingStay.objects.count() == 1


def test_others_are_not_reported_pf_03(story, company):
    make_worker(story, company, status=PoliticalStatus.LEAGUE_MEMBER)

    assert not FloatingStay.objects.exists()


def test_hired_people_learn_what_own_people_learn_pc_10_pc_11(story, company):
    worker = make_worker(story, company, taught=False)
    with pytest.raises(acts.PassBarred, match="PC-11") as barred:
        make_pass(story, worker)
    assert "考核还没有合格（PC-19）" in str(barred.value)

    teach(story.officer, worker.person)

    assert make_pass(story, worker).last_on == TODAY + 30 * DAY


@pytest.mark.parametrize(("last", "fits"), [(TODAY - DAY, False), (TODAY, True), (UNTIL - DAY, True), (UNTIL, False)])
def test_a_pass_lasts_no_longer_than_the_agreement_pc_07(story, company, last, fits):
    worker = make_worker(story, company)
    if fits:
        make_pass(story, worker, last_on=last)
        with pytest.raises(acts.PassThere):
            make_pass(story, worker)
    else:
        with pytest.raises(acts.PassTooLong, match="2026-12-31"):
            make_pass(story, worker, last_on=last)


def test_a_company_that_is_not_admitted_gets_no_passes_pc_06(story):
    worker = make_worker(story, make_company(story))

    with pytest.raises(acts.PassBarred, match="PC-06"):
        make_pass(story, worker)


def test_in_and_out_leave_their_record_and_who_is_inside_is_known(story, company):
    entry = make_pass(story, make_worker(story, company))

    came = go(story, f"https://site/{pass_code(entry)}/")
    assert (came.passed, came.reasons, came.way) == (True, [], Way.SCANNED)
    assert [row.worker for row in on_site(story.zone)] == [entry.worker]
    again = go(story, pass_code(entry))
    assert (again.passed, again.reasons) == (False, ["已在场内，先登记出场"])
    went = go(story, str(entry.pk), Direction.OUT, at=NOW + timedelta(hours=9))
    assert (went.passed, went.way) == (True, Way.TYPED)
    assert not go(story, str(entry.pk), Direction.OUT).passed
    assert not Presence.objects.exists()
    assert passages_of(entry.worker).count() == 4
    assert Fact.objects.filter(kind="contractors.gate_passed", subject=entry.worker.person.token).count() == 4


@pytest.mark.parametrize("code", ["", "abc", "1:forged", "999999999999999999", "9" * 40, "一"])
def test_what_is_no_pass_is_no_pass(story, company, code):
    with pytest.raises(acts.PassRefused):
        go(story, code)
    assert not GatePassage.objects.exists()


@pytest.mark.parametrize(("after", "lets_in"), [(29, True), (30, True), (31, False)])
def test_a_pass_is_good_through_its_last_day_pc_19(story, company, after, lets_in):
    entry = make_pass(story, make_worker(story, company))

    passage = go(story, pass_code(entry), at=NOW + after * DAY)

    assert passage.passed == lets_in
    assert ["PC-19" in reason for reason in passage.reasons] == ([] if lets_in else [True])


def test_a_stopped_company_stays_outside_and_its_people_may_leave_pc_06(story, company):
    entry = make_pass(story, make_worker(story, company))
    go(story, pass_code(entry))
    suspend_contractor(contractor=company, reason="隐患", actor=story.officer, at=NOW)

    assert go(story, pass_code(entry), Direction.OUT).passed
    refused = go(story, pass_code(entry))
    assert refused.reasons == ["“蜀南油建公司”已停工，人员不能进场（PC-06）"]


def test_training_that_ran_out_keeps_outside_pc_11(story, company):
    entry = make_pass(story, make_worker(story, company), last_on=UNTIL - DAY)
    Worker.objects.filter(pk=entry.worker_id).update(from_on=TODAY - 400 * DAY)
    entry.worker.person.safety_lessons.update(held_on=TODAY - 400 * DAY)

    [reason] = go(story, pass_code(entry)).reasons

    assert reason == "近一年再培训只有 0 学时，应有 20 学时（PC-11）"


def test_a_pass_that_was_taken_back_lets_nobody_in_pc_19(story, company):
    entry = make_pass(story, make_worker(story, company))
    with pytest.raises(acts.NoReasonSaid):
        revoke_pass(entry_pass=entry, reason="", actor=story.officer, at=NOW)
    revoke_pass(entry_pass=entry, reason="丢失", actor=story.officer, at=NOW)

    assert go(story, pass_code(entry)).reasons == ["没有有效的入场证（PC-19）"]
    with pytest.raises(Stale):
        revoke_pass(entry_pass=entry, reason="丢失", actor=story.officer, at=NOW)
    assert worker_of_pass(str(make_pass(story, entry.worker).pk)) == (entry.worker, False)


def test_nobody_leaves_the_register_from_inside(story, company):
    entry = make_pass(story, make_worker(story, company))
    go(story, pass_code(entry))
    with pytest.raises(acts.StillInside):
        end_worker(worker=entry.worker, on=TODAY, actor=story.officer, at=NOW)
    go(story, pass_code(entry), Direction.OUT)
    with pytest.raises(acts.LeavesBeforeCame):
        end_worker(worker=entry.worker, on=TODAY + DAY, actor=story.officer, at=NOW)

    end_worker(worker=entry.worker, on=TODAY, actor=story.officer, at=NOW)

    assert EntryPass.objects.get().revoked_at == NOW
    assert "已不在“蜀南油建公司”" in go(story, pass_code(entry)).reasons[0]


def test_another_sites_pass_is_no_pass_here(story, company):
    entry = make_pass(story, make_worker(story, company))
    other = make_body("北区党支部", parent=story.committee)

    passage = go(story, pass_code(entry), body=other, actor=story.clerk)

    assert "“南I-1共建党支部”的，不能在这里进场" in passage.reasons[0]


def test_the_gate_is_for_its_guards(story, company):
    entry = make_pass(story, make_worker(story, company))
    for person in (story.outsider, entry.worker.person):
        with pytest.raises(NotAllowed):
            go(story, pass_code(entry), actor=person)
    assert list(sites_of(story.guard, NOW)) == [story.zone]
    assert list(sites_of(story.outsider, NOW)) == []


def test_who_keeps_the_company_keeps_what_its_people_learnt(story, company):
    worker = make_worker(story, company)

    assert KEEP_RECORD.allows(story.officer, worker.person, at=NOW)
    assert OPEN_HEALTH.allows(story.officer, worker.person, at=NOW)
    assert not KEEP_RECORD.allows(story.guard, worker.person, at=NOW)
    assert not KEEP_RECORD.allows(story.outsider, worker.person, at=NOW)
    assert list(workers_seen_by(worker.person, NOW)) == [worker]
    assert list(workers_seen_by(story.outsider, NOW)) == []
    end_worker(worker=worker, on=TODAY, actor=story.officer, at=NOW)
    assert not KEEP_RECORD.allows(story.officer, worker.person, at=NOW)


def test_the_question_of_the_gate_costs_the_same_for_many(story, company):
    made = [make_worker(story, company, f"工人{number}", number=number) for number in range(1, 5)]

    def cost(some):
        rows = list(Worker.objects.filter(pk__in=[one.pk for one in some]).select_related("contractor"))
        with CaptureQueriesContext(connection) as captured:
            bars_to_enter(rows, TODAY)
        return len(captured)

    assert cost(made[:1]) == cost(made) == 6


@pytest.mark.django_db(transaction=True)
def test_of_two_gates_that_let_in_the_same_pass_one_wins(story, company):
    entry = make_pass(story, make_worker(story, company))
    barrier, outcomes = Barrier(2), []

    def act():
        barrier.wait()
        try:
            outcomes.append(go(story, pass_code(entry), actor=Person.objects.get(pk=story.guard.pk)).passed)
        finally:
            connection.close()

    threads = [Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, True]
    assert Presence.objects.count() == 1
