"""A process from its start to excellent: three checks by three people, the gate, points, returns, and what is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from ronghe.domain.control.calc.acceptance import RatingTerms
from ronghe.domain.control.enums import Check, ProcessState
from ronghe.domain.control.models import ProcessRecord, WorkProcess
from ronghe.domain.control.rules import ACCEPT, CHECK, RATE
from ronghe.domain.control.selectors.records import record_of
from ronghe.domain.control.selectors.structure import (
    processes_to_accept,
    processes_to_check,
    tallies_of,
)
from ronghe.domain.control.services.accepting import (
    StandbyMissing,
    StandbyUntold,
    accept_process,
    lapse_witness_points,
    reopen_process,
    stand_by,
)
from ronghe.domain.control.services.checking import (
    AlreadyTold,
    CheckedBySame,
    FaultUntold,
    NothingToUndo,
    NoWitnessPoint,
    check_process,
    send_back,
    start_process,
    take_back,
    tell_witness,
)
from ronghe.domain.control.services.moving import BeforeNotAccepted, PointsUnfit, Shown
from ronghe.domain.control.services.rating import (
    NotExcellent,
    RatedAlready,
    RuleUnfit,
    rate_many,
    rate_process,
    set_rating_rule,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.control import accept, check, make_site
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site()


def fresh(process):
    return WorkProcess.objects.select_related("project", "part").get(pk=process.pk)


def test_pj_05_three_checks_by_three_people_then_the_supervisor(site, morning):
    process = accept(site, site.processes[0], morning)

    assert (process.state, process.accepted_by, process.is_excellent) == (ProcessState.ACCEPTED, site.supervisor, None)
    acts = [row.act for row in reversed(record_of(process))]
    assert acts == ["start", "self", "mutual", "special", "accept"]
    told = Fact.objects.filter(kind="control.process_accepted").get()
    assert told.values == {"point": "ordinary", "round": 1, "is_unattended": False, "is_first_time": True}
    assert (told.project, told.zone) == (site.project.pk, site.zone.zone.pk)


@pytest.mark.parametrize("second", [Check.MUTUAL, Check.SPECIAL])
def test_pj_05_nobody_makes_two_of_the_three_checks(site, morning, second):
    process = check_process(process=site.processes[0], check=Check.SELF, actor=site.builders[0], at=morning)
    if second == Check.SPECIAL:
        process = check_process(process=process, check=Check.MUTUAL, actor=site.builders[1], at=morning)
    for again in site.builders[: 1 if second == Check.MUTUAL else 2]:
        with pytest.raises(CheckedBySame):
            check_process(process=process, check=second, actor=again, at=morning)
    assert fresh(process).state == process.state


def test_the_checks_come_in_their_order(site, morning):
    with pytest.raises(StepNotAllowed):
        check_process(process=site.processes[0], check=Check.MUTUAL, actor=site.builders[0], at=morning)
    process = check(site, site.processes[0], morning)
    with pytest.raises(StepNotAllowed):
        check_process(process=process, check=Check.SPECIAL, actor=site.builders[0], at=morning)


def test_pj_05_no_process_is_entered_before_the_one_before_it_is_accepted(site, morning):
    first, second = site.processes[:2]
    check(site, first, morning)
    for enter in (start_process, lambda **given: check_process(check=Check.SELF, **given)):
        with pytest.raises(BeforeNotAccepted, match="管沟开挖"):
            enter(process=second, actor=site.builders[0], at=morning)
    assert fresh(second).state == ProcessState.WAITING

    accept_process(process=fresh(first), actor=site.supervisor, at=morning)
    assert start_process(process=second, actor=site.builders[0], at=morning).state == ProcessState.RUNNING


def test_a_hold_point_waits_for_the_supervisor_however_long(site, morning):
    accept(site, site.processes[0], morning)
    hold = check(site, site.processes[1], morning)

    assert lapse_witness_points(at=morning + timedelta(days=30)) == 0
    with pytest.raises(BeforeNotAccepted):
        start_process(process=site.processes[2], actor=site.builders[0], at=morning + timedelta(days=30))
    assert fresh(hold).state == ProcessState.SUBMITTED


@pytest.fixture
def witness(site, morning):
    """A witness point whose three checks are through at `morning`; the notice is of a day."""
    for process in site.processes[:2]:
        accept(site, process, morning)
    return check(site, site.processes[2], morning)


def test_a_witness_point_passes_when_the_notice_runs_out_and_nobody_came(site, morning, witness):
    day = timedelta(hours=24)
    assert witness.witness_until == morning + day
    assert lapse_witness_points(at=morning + day - timedelta(seconds=1)) == 0
    assert lapse_witness_points(at=morning + day) == 1
    assert lapse_witness_points(at=morning + day) == 0

    passed = fresh(witness)
    assert (passed.state, passed.is_unattended, passed.accepted_by) == (ProcessState.ACCEPTED, True, None)
    tally = tallies_of([site.project.pk])[site.project.pk]
    assert (tally.accepted, tally.unattended) == (3, 1)
    assert record_of(passed)[0].by is None


def test_a_witness_point_that_was_attended_is_accepted_by_name(site, morning, witness):
    accepted = accept_process(process=witness, actor=site.supervisor, at=morning + timedelta(hours=3))

    assert (accepted.is_unattended, accepted.accepted_by) == (False, site.supervisor)
    assert lapse_witness_points(at=morning + timedelta(days=3)) == 0


def test_the_gate_lets_a_witness_point_pass_by_itself_when_its_notice_ran_out(site, morning, witness):
    late = morning + timedelta(hours=24)
    with pytest.raises(BeforeNotAccepted):
        start_process(process=site.processes[3], actor=site.builders[0], at=late - timedelta(seconds=1))
    start_process(process=site.processes[3], actor=site.builders[0], at=late)

    assert fresh(witness).is_unattended


def test_told_ahead_the_notice_runs_from_then_on(site, morning):
    for process in site.processes[:2]:
        accept(site, process, morning)
    started = start_process(process=site.processes[2], actor=site.builders[0], at=morning)
    tell_witness(process=started, actor=site.builders[0], at=morning)
    with pytest.raises(AlreadyTold):
        tell_witness(process=started, actor=site.builders[0], at=morning)
    done = check(site, fresh(started), morning + timedelta(hours=25))

    assert (done.state, done.is_unattended) == (ProcessState.ACCEPTED, True)


def test_only_a_witness_point_is_told_and_only_under_way(site, morning):
    with pytest.raises(NoWitnessPoint):
        tell_witness(process=site.processes[0], actor=site.builders[0], at=morning)
    with pytest.raises(StepNotAllowed):
        tell_witness(process=site.processes[2], actor=site.builders[0], at=morning)


def test_a_stand_by_is_written_before_the_acceptance(site, morning, witness):
    accept_process(process=witness, actor=site.supervisor, at=morning)
    process = check(site, site.processes[3], morning)
    with pytest.raises(StandbyMissing):
        accept_process(process=process, actor=site.supervisor, at=morning)
    with pytest.raises(StandbyUntold):
        stand_by(process=process, actor=site.supervisor, at=morning, shown=Shown(" "))
    stand_by(process=process, actor=site.supervisor, at=morning, shown=Shown("压力 6.0 MPa 稳压 30 min", [photo()]))
    accepted = accept_process(process=fresh(process), actor=site.supervisor, at=morning)

    assert accepted.state == ProcessState.ACCEPTED
    assert record_of(accepted)[1].pictures.count() == 1


def test_a_faulty_process_is_done_anew_and_counts_as_rework(site, morning):
    process = check(site, site.processes[0], morning)
    with pytest.raises(FaultUntold):
        send_back(process=process, actor=site.supervisor, at=morning, shown=Shown())
    back = send_back(process=process, actor=site.supervisor, at=morning, shown=Shown("沟底标高偏差 60 mm"))

    assert (back.state, back.round, back.reworks, back.self_by, back.measured) == (ProcessState.RUNNING, 2, 1, None, 0)
    again = accept(site, back, morning)
    assert Fact.objects.get(kind="control.process_accepted").values["is_first_time"] is False
    assert again.checkers == {person.pk for person in site.builders}


def test_what_waits_for_the_supervisor_is_sent_back_by_nobody_else(site, morning):
    process = check_process(process=site.processes[0], check=Check.SELF, actor=site.builders[0], at=morning)
    with pytest.raises(NotAllowed):
        send_back(process=process, actor=site.supervisor, at=morning, shown=Shown("不平"))
    process = send_back(process=process, actor=site.builders[1], at=morning, shown=Shown("不平"))
    submitted = check(site, process, morning)
    with pytest.raises(NotAllowed):
        send_back(process=submitted, actor=site.builders[1], at=morning, shown=Shown("不平"))


def test_reopened_it_blocks_what_comes_after_and_neither_acceptance_nor_rating_stands(site, morning):
    first = accept(site, site.processes[0], morning)
    rate_process(process=first, is_excellent=True, actor=site.owner, at=morning)
    second = check(site, site.processes[1], morning)
    reopened = reopen_process(process=fresh(first), actor=site.supervisor, at=morning, shown=Shown("回填前发现渗水"))

    assert (reopened.state, reopened.is_excellent, reopened.reworks) == (ProcessState.RUNNING, None, 1)
    with pytest.raises(BeforeNotAccepted):
        accept_process(process=second, actor=site.supervisor, at=morning)
    for kind in ("control.process_accepted", "control.process_rated"):
        assert sum(1 if fact.reverses is None else -1 for fact in Fact.objects.filter(kind=kind)) == 0


def test_pj_06_accepted_and_excellent_are_two_things_by_different_people(site, morning):
    process = accept(site, site.processes[0], morning)
    for kept_out in (*site.builders, site.supervisor):
        with pytest.raises(NotAllowed):
            rate_process(process=process, is_excellent=True, actor=kept_out, at=morning)
    rate_process(process=process, is_excellent=True, actor=site.owner, at=morning)

    tally = tallies_of([site.project.pk])[site.project.pk]
    assert (tally.all, tally.accepted, tally.excellent) == (4, 1, 1)
    with pytest.raises(RatedAlready):
        rate_process(process=fresh(process), is_excellent=True, actor=site.owner, at=morning)
    rate_process(process=fresh(process), is_excellent=False, actor=site.manager, at=morning)
    tally = tallies_of([site.project.pk])[site.project.pk]
    assert (tally.accepted, tally.rated, tally.excellent) == (1, 1, 0)


def test_nothing_is_rated_before_it_is_accepted(site, morning):
    process = check(site, site.processes[0], morning)
    with pytest.raises(StepNotAllowed):
        rate_process(process=process, is_excellent=True, actor=site.owner, at=morning)


@pytest.mark.parametrize(("passed", "refused"), [(17, True), (18, False), (20, False)])
def test_pj_06_the_companys_rule_says_what_is_excellent(site, morning, passed, refused):
    process = check(site, site.processes[0], morning, measured=20, passed=passed)
    process = accept_process(process=process, actor=site.supervisor, at=morning)
    if refused:
        with pytest.raises(NotExcellent, match="90"):
            rate_process(process=process, is_excellent=True, actor=site.owner, at=morning)
    else:
        assert rate_process(process=process, is_excellent=True, actor=site.owner, at=morning).is_excellent


def test_a_reworked_process_is_excellent_only_where_the_unit_forgives_it(site, morning):
    process = check(site, site.processes[0], morning)
    process = send_back(process=process, actor=site.supervisor, at=morning, shown=Shown("重做"))
    process = accept(site, process, morning)
    with pytest.raises(NotExcellent):
        rate_process(process=process, is_excellent=True, actor=site.owner, at=morning)
    body = site.project.body
    set_rating_rule(body=body, terms=RatingTerms(forgives_rework=True), actor=site.zone.clerk, at=morning)
    assert rate_many(processes=[fresh(process), site.processes[1]], actor=site.owner, at=morning)[0] == 1


@pytest.mark.parametrize("percent", ["-0.1", "100.1", "90.05", "NaN"])
def test_a_rule_that_cannot_be_is_refused(site, morning, percent):
    from decimal import Decimal

    with pytest.raises(RuleUnfit):
        set_rating_rule(body=site.project.body, terms=RatingTerms(Decimal(percent)), actor=site.zone.clerk, at=morning)


def test_a_slip_is_taken_back_by_who_made_it_as_long_as_nobody_built_on_it(site, morning):
    process = check_process(process=site.processes[0], check=Check.SELF, actor=site.builders[0], at=morning)
    with pytest.raises(NothingToUndo):
        take_back(process=process, actor=site.builders[1], at=morning)
    take_back(process=process, actor=site.builders[0], at=morning)
    assert (fresh(process).state, fresh(process).self_by) == (ProcessState.RUNNING, None)
    take_back(process=process, actor=site.builders[0], at=morning)
    assert fresh(process).state == ProcessState.WAITING
    with pytest.raises(NothingToUndo):
        take_back(process=process, actor=site.builders[0], at=morning)
    assert ProcessRecord.objects.filter(act="undo").count() == 2

    accepted = accept(site, fresh(process), morning)
    take_back(process=accepted, actor=site.supervisor, at=morning)
    assert fresh(process).accepted_at is None
    accept_process(process=fresh(process), actor=site.supervisor, at=morning)
    start_process(process=site.processes[1], actor=site.builders[0], at=morning)
    with pytest.raises(NothingToUndo):
        take_back(process=fresh(process), actor=site.supervisor, at=morning)


def test_who_may_check_and_accept_and_the_lists_agree(site, morning):
    first = check(site, site.processes[0], morning)
    outsiders = (site.zone.members[0], site.designer)
    for person in outsiders:
        assert not CHECK.allows(person, first, at=morning)
        assert not ACCEPT.allows(person, first, at=morning)
        assert list(processes_to_accept(person, morning)) == list(processes_to_check(person, morning)) == []
    assert list(processes_to_accept(site.supervisor, morning)) == [first]
    assert list(processes_to_check(site.builders[0], morning)) == []
    accept_process(process=first, actor=site.supervisor, at=morning)
    assert list(processes_to_check(site.builders[0], morning)) == [site.processes[1]]
    assert not RATE.allows(site.supervisor, fresh(first), at=morning)
    for permission in (CHECK, ACCEPT, RATE):
        for person in (*site.builders, site.supervisor, site.owner, site.manager, site.designer):
            seen = set(permission.narrow(person, WorkProcess.objects.all(), at=morning).values_list("pk", flat=True))
            walked = permission.narrow(person, WorkProcess.objects.all(), at=morning, walk=True)
            allowed = {row.pk for row in WorkProcess.objects.all() if permission.allows(person, row, at=morning)}
            assert seen == allowed == set(walked.values_list("pk", flat=True))


def test_a_check_that_is_not_mine_is_not_on_my_list(site, morning):
    process = check_process(process=site.processes[0], check=Check.SELF, actor=site.builders[0], at=morning)

    assert list(processes_to_check(site.builders[0], morning)) == []
    assert list(processes_to_check(site.builders[1], morning)) == [process]


def test_pj_01_where_nobody_supervises_the_owner_accepts(morning):
    site = make_site(supervised=False)
    process = check(site, site.processes[0], morning)

    assert list(processes_to_accept(site.owner, morning)) == [process]
    assert accept_process(process=process, actor=site.owner, at=morning).accepted_by == site.owner


def test_pj_01_beside_a_supervisor_the_owner_does_not_accept(site, morning):
    process = check(site, site.processes[0], morning)
    with pytest.raises(NotAllowed):
        accept_process(process=process, actor=site.owner, at=morning)


@pytest.mark.parametrize(("measured", "passed"), [(3, 4), (-1, -1), (100_001, 5)])
def test_points_that_cannot_be_are_refused(site, morning, measured, passed):
    with pytest.raises(PointsUnfit):
        check(site, site.processes[0], morning, measured=measured, passed=passed)


def test_the_database_holds_that_nobody_judges_own_work(site, morning):
    process = accept(site, site.processes[0], morning)
    for column in ("accepted_by", "mutual_by"):
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkProcess.objects.filter(pk=process.pk).update(**{column: site.builders[0]})
