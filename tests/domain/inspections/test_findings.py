"""跟踪问效: a measure that was carried out closes nothing; its effect does, seen by somebody else after some days."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ronghe.domain.inspections.rules import FINDING, EffectTooEarly
from ronghe.domain.inspections.selectors.findings import effects_to_look_at, findings_on_boards, list_findings
from ronghe.domain.inspections.services.findings import (
    Board,
    EffectDaysUnfit,
    FindingText,
    Measure,
    object_to,
    raise_finding,
    settle_measure,
)
from ronghe.domain.items.models import ItemStep
from ronghe.domain.items.selectors import items_owed_by, items_to_run
from ronghe.domain.items.services.escalating import escalate_overdue
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.domain.items.services.raising import DeadlineMissing
from ronghe.domain.items.services.steps import OwnerMissing, Said, StepEvidenceMissing, StepNoteMissing, take_step
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.tasks import DeadlinePast
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.inspections import Visited, carried, fresh, make_finding, settled
from tests.factories.org import make_person
from tests.factories.races import at_once
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
LATER = timedelta(days=30, hours=1)
SEEN = Said(note="连续一个月记录齐全")


@pytest.fixture
def story():
    return Visited()


def test_a_finding_runs_from_what_was_found_to_its_effect(story, morning):
    item = make_finding(story, morning)
    # Five working days: the Sunday of that week, the 20th, is worked.
    assert (item.state, item.owner, local_day(item.due_at)) == ("found", None, local_day(morning) + timedelta(days=6))
    assert item in items_to_run(story.secretary, morning)
    settled(story, morning, item=item)
    assert item in items_owed_by(story.member, morning)
    item = carried(story, morning + timedelta(days=3), item=fresh(item))
    own = item.inspection_finding
    day = local_day(morning) + timedelta(days=3)
    assert (item.state, own.carried_on, own.effect_on) == ("watching", day, day + timedelta(days=30))
    assert local_day(item.due_at) == own.effect_on

    then = morning + timedelta(days=33)
    values = {"figure_before": "62.5", "figure_after": "98"}
    take_step(item=item, step="shown", actor=story.auditor, at=then, said=Said(note="记录齐全", values=values))

    assert (item.state, item.settled_by, item.values["figure_after"]) == ("closed", story.auditor, "98")
    [fact] = Fact.objects.filter(kind="inspections.effect_looked_at")
    assert (fact.subject, fact.body, fact.values) == (
        story.member.token, story.branch.pk, {"has_worked": True, "times": 0},
    )  # fmt: skip


@pytest.mark.parametrize(("days", "is_early"), [(29, True), (30, False), (31, False)])
def test_the_effect_is_looked_at_when_its_day_has_come(story, morning, days, is_early):
    item = carried(story, morning)
    then = morning + timedelta(days=days)

    assert list(effects_to_look_at(story.auditor, then)) == ([] if is_early else [item])
    if is_early:
        with pytest.raises(EffectTooEarly):
            take_step(item=item, step="shown", actor=story.auditor, at=then, said=SEEN)
    else:
        take_step(item=item, step="shown", actor=story.auditor, at=then, said=SEEN)
    assert fresh(item).state == ("watching" if is_early else "closed")


def test_that_it_did_not_work_may_be_said_before_the_day(story, morning):
    item = carried(story, morning)
    take_step(
        item=item, step="not_shown", actor=story.auditor, at=morning + timedelta(days=2), said=Said(note="又漏记")
    )
    assert fresh(item).state == "found"


def test_what_did_not_work_is_open_again_with_a_new_measure_and_keeps_its_history(story, morning):
    item = carried(story, morning)
    then = morning + timedelta(days=4)
    take_step(item=item, step="not_shown", actor=story.auditor, at=then, said=Said(note="又漏记两天"))
    item = fresh(item)
    own = item.inspection_finding
    assert (item.state, item.owner, own.recurrences, own.effect_on) == ("found", None, 1, None)
    assert item.due_at > then

    settle_measure(
        item=item, actor=story.secretary, at=then,
        measure=Measure("换成扫码签到", story.member, local_day(then) + timedelta(days=5)),
    )  # fmt: skip
    item = carried(story, then + timedelta(hours=1), item=fresh(item), color=77)
    take_step(item=item, step="shown", actor=story.auditor, at=then + LATER, said=SEEN)
    take_step(item=item, step="reopen", actor=story.auditor, at=then + LATER * 2, said=Said(note="九月又出现"))
    item = fresh(item)
    measures = [row.values["measure"] for row in ItemStep.objects.filter(item=item, step="settle").order_by("pk")]
    assert (item.state, item.closed_at, item.inspection_finding.recurrences) == ("found", None, 2)
    assert measures == ["每天由值班干部核对记录", "换成扫码签到"]


def test_whoever_carries_it_out_never_says_that_it_worked(story, morning):
    item = carried(story, morning, item=settled(story, morning, owner=story.deputy))

    for step in ("shown", "not_shown", "return"):
        with pytest.raises(NotAllowed):
            take_step(item=item, step=step, actor=story.deputy, at=morning + LATER, said=SEEN)


def test_whoever_settled_the_measure_does_not_say_that_it_worked(story, morning):
    item = carried(story, morning)
    with pytest.raises(NotAllowed):
        take_step(item=item, step="shown", actor=story.secretary, at=morning + LATER, said=SEEN)
    take_step(item=item, step="shown", actor=story.deputy, at=morning + LATER, said=SEEN)


def test_who_found_it_does_not_look_at_a_measure_of_their_own(story, morning):
    """The committee's clerk finds, settles and would close it alone."""
    text = FindingText("碰头会记录不全")
    measure = Measure("核对记录", story.member, local_day(morning) + timedelta(days=3))
    item = raise_finding(text=text, body=story.branch, measure=measure, actor=story.clerk, at=morning)
    item = carried(story, morning, item=fresh(item))

    with pytest.raises(NotAllowed):
        take_step(item=item, step="shown", actor=story.clerk, at=morning + LATER, said=SEEN)


def test_whoever_carried_out_an_earlier_measure_stays_shut_out(story, morning):
    item = carried(story, morning, item=settled(story, morning, owner=story.deputy))
    take_step(item=item, step="not_shown", actor=story.auditor, at=morning + timedelta(days=1), said=SEEN)
    item = carried(
        story, morning + timedelta(days=2), item=settled(story, morning + timedelta(days=1), item=fresh(item)), color=5
    )
    with pytest.raises(NotAllowed):
        take_step(item=item, step="shown", actor=story.deputy, at=morning + LATER * 2, said=SEEN)


def test_carrying_out_is_shown(story, morning):
    item = settled(story, morning)
    with pytest.raises(StepNoteMissing):
        take_step(item=item, step="carry_out", actor=story.member, at=morning)
    with pytest.raises(StepEvidenceMissing):
        take_step(item=item, step="carry_out", actor=story.member, at=morning, said=Said(note="办了"))
    with pytest.raises(NotAllowed):
        take_step(item=item, step="carry_out", actor=story.secretary, at=morning, said=Said(note="办了"))


@pytest.mark.parametrize("alone", ["figure_before", "figure_after"])
def test_a_figure_goes_with_the_other(story, morning, alone):
    item = carried(story, morning)
    with pytest.raises(ValuesUnfit):
        take_step(item=item, step="shown", actor=story.auditor, at=morning + LATER,
                  said=Said(note="好了", values={alone: "3"}))  # fmt: skip
    with pytest.raises(StepNoteMissing):
        take_step(item=item, step="shown", actor=story.auditor, at=morning + LATER)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"words": " "}, ValuesUnfit), ({"owner": None}, OwnerMissing), ({"due_on": None}, DeadlineMissing),
     ({"due_on": -1}, DeadlinePast), ({"words": "长" * 2001}, ValuesUnfit)],
)  # fmt: skip
def test_a_measure_has_words_somebody_and_a_day_to_come(story, morning, changes, refusal):
    item = make_finding(story, morning)
    day = local_day(morning)
    values = {"words": "核对", "owner": story.member, "due_on": day + timedelta(days=1), **changes}
    if isinstance(values["due_on"], int):
        values["due_on"] = day + timedelta(days=values["due_on"])

    with pytest.raises(refusal):
        settle_measure(item=item, measure=Measure(**values), actor=story.secretary, at=morning)
    assert fresh(item).state == "found"


@pytest.mark.parametrize(("days", "fits"), [(0, False), (1, True), (366, True), (367, False)])
def test_the_days_until_the_effect_have_bounds(story, morning, days, fits):
    if fits:
        assert make_finding(story, morning, effect_days=days).inspection_finding.effect_days == days
    else:
        with pytest.raises(EffectDaysUnfit):
            make_finding(story, morning, effect_days=days)


def test_who_may_raise_settle_and_read_a_finding(story, morning):
    text = FindingText("记录不全")
    for actor in (story.member, make_person("外人")):
        with pytest.raises(NotAllowed):
            raise_finding(text=text, body=story.branch, actor=actor, at=morning)
    item = make_finding(story, morning)
    with pytest.raises(NotAllowed):
        settle_measure(
            item=item, measure=Measure("核对", story.member, local_day(morning)), actor=story.member, at=morning
        )
    for actor, sees in ((story.auditor, True), (story.secretary, True), (story.member, True), (make_person(), False)):
        assert bool(list(list_findings(actor, morning))) is sees


def test_the_common_way_raises_none_and_settles_none(story, morning):
    """What the item cannot hold would be missing."""
    item = make_finding(story, morning)
    with pytest.raises(NotFound):
        take_step(item=item, step="settle", actor=story.secretary, at=morning)
    assert not FINDING.raise_right.allows(story.head, story.branch, at=morning)


def test_what_stays_open_goes_up(story, morning):
    item = make_finding(story, morning)
    escalate_overdue(at=item.due_at + timedelta(days=1, minutes=1))
    assert fresh(item).level == 1


def test_of_two_who_say_that_it_worked_one_is_first(committing_db, morning):
    story = Visited()
    item = carried(story, morning)
    then = morning + LATER

    mine = [fresh(item), fresh(item)]
    done = at_once([
        lambda: take_step(item=mine[0], step="shown", actor=story.auditor, at=then, said=SEEN),
        lambda: take_step(item=mine[1], step="not_shown", actor=story.head, at=then, said=SEEN),
    ])  # fmt: skip
    assert done == 1
    assert ItemStep.objects.filter(item=item, step__in=("shown", "not_shown")).count() == 1


def test_findings_of_boards_are_read_in_one_statement(story, morning, django_assert_num_queries):
    board = Board("joint_work", run=7, subject=story.branch.pk, period="2026Q3", figure=Decimal("-3.25"))
    first = make_finding(story, morning, title="联席会开得少", board=board)
    make_finding(story, morning, title="别处的")
    list(findings_on_boards(story.auditor, morning, [story.branch.pk]))
    with django_assert_num_queries(1):
        found = findings_on_boards(story.auditor, morning, [story.branch.pk, 99])
        assert {key: [one.title for one in rows] for key, rows in found.items()} == {
            (story.branch.pk, "joint_work"): [first.title]
        }
    assert findings_on_boards(make_person(), morning, [story.branch.pk]) == {}


class TestNeverClosedWithoutEffect(TestCase):
    """Whatever is tried in whatever order: what is closed was carried out, and somebody else said that it worked."""

    @settings(max_examples=15)
    @given(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4), st.sampled_from([0, 10, 31])), min_size=4, max_size=12)
    )
    def test_a_closed_finding_was_seen_to_work_by_somebody_else(self, acts):
        at = datetime(2026, 9, 14, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        story = Visited()
        people = [story.auditor, story.head, story.secretary, story.deputy, story.member]
        item = make_finding(story, at)
        for number, (choice, who, days) in enumerate(acts):
            at += timedelta(days=days, minutes=1)
            leading = [step.id for step in FINDING.steps if item.state in step.sources]
            if not leading:
                return  # It was dismissed, which ends it.
            try:
                _try(item, leading[choice % len(leading)], people[who], at, number)
            except DomainError:
                continue
            item = fresh(item)
            if item.state == "closed":
                _assert_seen_to_work(item)


def _assert_seen_to_work(item):
    carrying = ItemStep.objects.filter(item=item, step="carry_out").latest("pk")
    seeing = ItemStep.objects.filter(item=item, step="shown").latest("pk")
    settling = ItemStep.objects.filter(item=item, step="settle").latest("pk")
    assert seeing.by not in (carrying.by, settling.by, item.owner)
    assert local_day(seeing.at) >= local_day(carrying.at) + timedelta(days=30)


def _try(item, step, actor, at, number):
    if step == "settle":
        measure = Measure("办", actor if number % 2 else item.raised_by, local_day(at) + timedelta(days=3))
        settle_measure(item=item, measure=measure, actor=actor, at=at)
    elif step == "object":
        object_to(item=item, reason="不是这样", actor=actor, at=at)
    else:
        shown = [photo(color=(number, 10, 10))] if step == "carry_out" else []
        doer = item.owner if step == "carry_out" else actor
        take_step(item=item, step=step, actor=doer, at=at, said=Said(note="说明", owner=actor, uploads=shown))


def test_a_step_from_the_wrong_state_is_refused(story, morning):
    with pytest.raises(StepNotAllowed):
        take_step(item=make_finding(story, morning), step="shown", actor=story.head, at=morning, said=SEEN)
