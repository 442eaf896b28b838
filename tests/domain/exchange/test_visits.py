from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.exchange.documents import VisitNotHeld, visit_document
from ronghe.domain.exchange.enums import Better, PracticeState, VisitDirection, VisitState
from ronghe.domain.exchange.models import LearningVisit
from ronghe.domain.exchange.selectors.mine import my_year
from ronghe.domain.exchange.selectors.visits import (
    adoption_of,
    benchmarks_of,
    list_practices,
    list_visits,
    practices_waiting,
)
from ronghe.domain.exchange.services import practices, visits
from ronghe.domain.exchange.services.pair_reviews import ReviewText, review_pair
from ronghe.domain.exchange.services.planning import plan_visit_activity
from ronghe.domain.exchange.services.practices import PracticeResult
from ronghe.domain.exchange.services.visits import BenchmarkText
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.services.changes import call_off_activity, move_activity
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.exchange import (
    hold,
    make_force_story,
    make_given,
    make_held,
    make_lecture,
    make_line,
    make_pair,
    make_pair_running,
    make_practice,
    make_programme,
    make_visit,
)

pytestmark = pytest.mark.django_db
DUTY = "mutual_learning"


@pytest.fixture
def story(morning):
    return make_force_story(at=morning)


@pytest.fixture
def visit(story, morning):
    return make_held(story, morning)


def settle(practice, at, outcome, *, actor=None, **changes):
    return practices.settle_practice(
        practice=practice, result=PracticeResult(outcome, **changes), actor=actor or practice.owner, at=at
    )


def test_a_held_visit_is_told_of_both_sides_in_their_own_kind(visit, story):
    held, hosted = (Fact.objects.get(kind=f"exchange.visit_{name}") for name in ("held", "hosted"))
    assert (held.body, held.values["visitors"], held.values["direction"]) == (story.branch.pk, 2, "benchmark")
    assert hosted.body == story.other.pk


def test_what_a_visit_must_say(story, morning):
    for changes in ({"purpose": " "}, {"place": ""}, {"host_body": None}):
        with pytest.raises(visits.VisitShapeless):
            make_visit(story, morning, **changes)
    with pytest.raises(visits.HostIsVisitor):
        make_visit(story, morning, host_body=story.branch)
    with pytest.raises(NotAllowed):
        make_visit(story, morning, actor=story.members[0])
    guest = make_visit(story, morning, direction=VisitDirection.INVITE_IN, host_body=None, host_name="石油大学刘教授")
    assert guest.host_name == "石油大学刘教授"


def test_a_visit_is_held_on_its_day_or_after_it(story, morning):
    visit = make_visit(story, morning, day=morning.date() + timedelta(days=1))
    given = {"visit": visit, "people": story.members, "actor": story.secretary}
    with pytest.raises(visits.VisitAhead):
        visits.hold_visit(**given, at=morning)
    with pytest.raises(visits.NobodyWent):
        visits.hold_visit(**{**given, "people": []}, at=morning + timedelta(days=1))
    visits.hold_visit(**given, at=morning + timedelta(days=3))
    assert Fact.objects.get(kind="exchange.visit_held").occurred_at.date() == visit.day
    with pytest.raises(StepNotAllowed):
        visits.hold_visit(**given, at=morning + timedelta(days=3))


def test_signed_in_to_as_an_activity_it_is_held_by_closing_it(story, morning):
    visit = make_visit(story, morning)
    activity = plan_visit_activity(
        visit=visit, scheduled_from=morning + timedelta(hours=1), scheduled_until=morning + timedelta(hours=3),
        actor=story.secretary, at=morning,
    )  # fmt: skip
    with pytest.raises(visits.SignedInThere):
        visits.hold_visit(visit=visit, people=story.members, actor=story.secretary, at=morning)
    hold(activity, story.secretary, morning, people=story.members)
    visit = LearningVisit.objects.get(pk=visit.pk)
    assert (visit.state, visit.people.count()) == (VisitState.HELD, 3)
    fact = Fact.objects.get(kind="exchange.visit_held")
    assert (fact.source_type, fact.source_id) == ("rhythm.activity", activity.pk)


def test_a_moved_activity_moves_the_visit_and_a_cancelled_one_frees_it(story, morning):
    visit = make_visit(story, morning)
    begins = morning + timedelta(hours=1)
    activity = plan_visit_activity(
        visit=visit,
        scheduled_from=begins,
        scheduled_until=begins + timedelta(hours=1),
        actor=story.secretary,
        at=morning,
    )
    move_activity(
        activity=activity, scheduled_from=begins + timedelta(days=2), scheduled_until=begins + timedelta(days=2, hours=1),
        reason="对方有事", actor=story.secretary, at=morning,
    )  # fmt: skip
    visit.refresh_from_db()
    assert visit.day == date(2026, 9, 16)
    call_off_activity(activity=activity, reason="对方没空", actor=story.secretary, at=morning)
    visit.refresh_from_db()
    assert (visit.activity, visit.state) == (None, VisitState.PLANNED)
    visits.call_off_visit(visit=visit, actor=story.secretary, at=morning)
    with pytest.raises(visits.VisitRecordOver):
        make_practice(visit, story, morning)


@pytest.mark.parametrize("with_activity", [False, True])
def test_a_visit_meets_the_duty_of_the_body_once(story, morning, with_activity):
    adopt_playbook(
        body=story.branch, playbook=shipped_playbook("yilong_4plus1"), since=date(2026, 7, 1), actor=None, at=morning
    )
    duty = Obligation.objects.filter(body=story.branch, mechanism=DUTY, match__isnull=False)
    visit = make_visit(story, morning)
    if with_activity:
        begins = morning + timedelta(hours=1)
        activity = plan_visit_activity(
            visit=visit, scheduled_from=begins, scheduled_until=begins + timedelta(hours=1), actor=story.secretary,
            at=morning,
        )  # fmt: skip
        hold(activity, story.secretary, morning, people=story.members)
    else:
        visits.hold_visit(visit=visit, people=story.members, actor=story.secretary, at=morning)
    assert duty.count() == 1


def test_a_review_of_a_pair_meets_the_duty_of_its_body(story, morning):
    adopt_playbook(
        body=story.branch, playbook=shipped_playbook("yilong_4plus1"), since=date(2026, 7, 1), actor=None, at=morning
    )
    programme = make_pair_running(story, morning)
    given = ReviewText(held_on=morning.date(), mentor_word="肯学", apprentice_word="会了")
    review_pair(programme=programme, given=given, actor=story.secretary, at=morning)
    assert Obligation.objects.filter(body=story.branch, mechanism="mentor_review", match__isnull=False).count() == 1


def test_the_host_answers_and_nobody_else(visit, story, morning):
    with pytest.raises(NotAllowed):
        visits.answer_visit(visit=visit, thanks="欢迎再来", actor=story.secretary, at=morning)
    with pytest.raises(visits.HostWordMissing):
        visits.answer_visit(visit=visit, thanks=" ", actor=story.other_secretary, at=morning)
    visits.answer_visit(visit=visit, thanks="欢迎再来", actor=story.other_secretary, at=morning)
    assert visit.answered_by == story.other_secretary


def test_figures_stand_side_by_side_with_their_gap(visit, story, morning):
    up = BenchmarkText("设备完好率", Better.UP, Decimal("92.5"), Decimal(96), "%")
    down = BenchmarkText("误报", Better.DOWN, Decimal(3), Decimal(5), "次")
    lines = [visits.note_benchmark(visit=visit, given=one, actor=story.secretary, at=morning) for one in (up, down)]
    first, second = benchmarks_of(lines)
    assert (first.gap, first.is_behind, second.gap, second.is_behind) == (Decimal("3.5"), True, Decimal(-2), False)


def test_a_target_wants_an_owner_and_a_day(visit, story, morning):
    given = {
        "indicator": "完好率",
        "better": Better.UP,
        "ours": Decimal(92),
        "theirs": Decimal(96),
        "target": Decimal(95),
    }
    with pytest.raises(visits.BenchmarkShapeless):
        visits.note_benchmark(visit=visit, given=BenchmarkText(**given), actor=story.secretary, at=morning)
    whole = BenchmarkText(**given, due_on=date(2026, 12, 1), owner=story.members[0])
    line = visits.note_benchmark(visit=visit, given=whole, actor=story.secretary, at=morning)
    with pytest.raises(NotAllowed):
        visits.follow_benchmark(line=line, actual=Decimal(95), actor=story.members[1], at=morning)
    for actual, there in (("94.9999", False), ("95", True)):
        visits.follow_benchmark(line=line, actual=Decimal(actual), actor=story.members[0], at=morning)
        assert benchmarks_of([line])[0].is_reached is there


def test_the_owner_is_asked_after_thirty_days(visit, story, morning):
    practice = make_practice(visit, story, morning)
    assert practice.due_on == date(2026, 10, 14)
    owner = practice.owner
    assert not practices_waiting(owner, morning + timedelta(days=29)).exists()
    assert practices_waiting(owner, morning + timedelta(days=30)).get() == practice
    assert list_practices(story.secretary, morning + timedelta(days=30), state="due").rows == [practice]


def test_the_days_are_those_of_the_playbook(story, visit, morning):
    adopt_playbook(
        body=story.committee, playbook=shipped_playbook("yilong_4plus1"), since=date(2026, 7, 1), actor=None, at=morning
    )
    assert make_practice(visit, story, morning).due_on == date(2026, 10, 14)


def test_adopted_shows_what_changed_and_refused_says_why(visit, story, morning):
    practice = make_practice(visit, story, morning)
    for outcome in (PracticeState.PARTLY, PracticeState.NOT_ADOPTED):
        with pytest.raises(practices.PracticeReasonMissing):
            settle(practice, morning, outcome)
    with pytest.raises(practices.PracticeProofMissing):
        settle(practice, morning, PracticeState.ADOPTED)
    for half in ({"before": Decimal(1), "figure": "误报"}, {"before": Decimal(1), "after": Decimal(2)}):
        with pytest.raises(practices.PracticeFigureOff):
            settle(practice, morning, PracticeState.ADOPTED, **half)
    with pytest.raises(StepNotAllowed):
        settle(practice, morning, PracticeState.OPEN, said="再看")
    settle(practice, morning, PracticeState.ADOPTED, figure="误报", unit="次", before=Decimal(5), after=Decimal(2))
    assert Fact.objects.get(kind="exchange.practice_settled").values["outcome"] == "adopted"


def test_only_the_owner_and_leaders_settle(visit, story, morning):
    practice = make_practice(visit, story, morning)
    with pytest.raises(NotAllowed):
        settle(practice, morning, PracticeState.ADOPTED, said="好", actor=story.members[1])
    settle(practice, morning, PracticeState.NOT_ADOPTED, said="没有双人班", actor=story.secretary)


def test_the_rate_is_of_what_was_answered(visit, story, morning):
    for outcome in (PracticeState.ADOPTED, PracticeState.PARTLY, PracticeState.NOT_ADOPTED, None):
        practice = make_practice(visit, story, morning)
        if outcome is not None:
            settle(practice, morning, outcome, said="试过了")
    found = adoption_of(story.secretary, morning)
    assert (found.taken, found.waiting, found.rate) == (4, 1, Decimal("66.67"))


def test_what_is_used_is_offered_to_the_circle_and_taken_back(visit, story, morning):
    practice = make_practice(visit, story, morning)
    with pytest.raises(practices.PracticeNotUsed):
        practices.offer_practice(practice=practice, is_offered=True, actor=practice.owner, at=morning)
    settle(practice, morning, PracticeState.ADOPTED, said="误报少了")
    assert not list_practices(story.other_secretary, morning).rows
    practices.offer_practice(practice=practice, is_offered=True, actor=practice.owner, at=morning)
    assert list_practices(story.other_secretary, morning, words="双人", offered=True).rows == [practice]
    assert not list_practices(story.outsider, morning).rows
    practices.reopen_practice(practice=practice, actor=practice.owner, at=morning)
    assert (practice.state, practice.is_offered) == (PracticeState.OPEN, False)


def test_the_report_prints_once_it_was_held(story, visit, morning):
    practice = make_practice(visit, story, morning)
    document = visit_document(visit, ["李江", "何春"], [], [practice], printed_on=morning.date())
    assert document.title == "观摩学习报告"
    with pytest.raises(VisitNotHeld):
        visit_document(make_visit(story, morning), [], [], [], printed_on=morning.date())


def test_sides_see_the_visit_and_strangers_do_not(visit, story, morning):
    for person in (story.secretary, story.other_secretary, story.members[0], story.clerk):
        assert list_visits(person, morning).rows == [visit]
    assert not list_visits(story.outsider, morning).rows


def test_ones_own_year_holds_what_one_learnt_and_taught(visit, story, morning):
    person = story.members[0]
    make_given(make_lecture(story, morning), story, morning, listeners=[story.leader])
    make_pair(story, morning)
    make_practice(visit, story, morning)
    make_line(make_programme(story, morning), story, morning)
    year = my_year(person, 2026)
    assert [len(part) for part in (year.studies, year.sessions, year.pairs, year.visits, year.practices, year.prepared)] == [
        1, 1, 1, 1, 1, 1
    ]  # fmt: skip
    assert my_year(person, 2025).studies == []
