"""Themed activities: one record from the plan to its figure, and it counts for its own theme alone (C8, SD-10)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.campaigns.models import ThemedActivity, ThemedResult
from ronghe.domain.campaigns.selectors.themes import (
    figures_of,
    kind_held,
    list_themed,
    results_waiting,
    standing_result,
    themed_seen_by,
    themes_for,
    themes_of,
    without_theme,
)
from ronghe.domain.campaigns.selectors.year import year_of
from ronghe.domain.campaigns.services.themed import (
    FigureWrong,
    NoSuchTheme,
    NotOfThisBody,
    NotOverYet,
    ResultThere,
    ThemeDoesNotFit,
    ThemedPlan,
    ThemeNotHeld,
    ThemeThere,
    TitleMissing,
    WhyCorrected,
    change_theme,
    enter_result,
    give_theme,
    leave_out_task,
    note_problem,
    plan_themed,
    take_up_task,
    withdraw_theme,
)
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.work.services.tasks import accept_task, open_task, submit_task
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.domain.playbooks.making import shipped
from tests.factories.campaigns import carry_out, fresh, hold, make_held, make_story, plan, plus_book
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db
YEAR = DaySpan(date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def story():
    return make_story()


def works_by(body, book, at):
    adopt_playbook(body=body, playbook=book, since=date(2026, 7, 1), actor=None, at=at)
    generate_obligations(at=at, span=YEAR)


def met(body):
    rows = Obligation.objects.filter(body=body, match__isnull=False)
    return sorted(rows.values_list("mechanism", flat=True))


def test_a_themed_activity_is_planned_as_the_gathering_that_its_theme_is(story, morning):
    kinds = {theme: plan(story, morning, theme=theme).activity.activity_type for theme in
             ("learning", "production", "culture", "integrity")}  # fmt: skip
    assert kinds == {
        "learning": "themed_activity", "production": "labor_contest", "culture": "culture_and_sports",
        "integrity": "themed_activity",
    }  # fmt: skip


def test_hosts_join_in_one_record(story, morning):
    union = make_body("采油一厂分工会", kind=PartyOrgKind.UNION_BRANCH, parent=story.branch)
    themed = plan_themed(
        body=story.branch, actor=story.field.secretary, at=morning,
        plan=ThemedPlan("culture", "职工运动会", "球场", morning, morning + timedelta(hours=3), [story.branches[1]]),
    )  # fmt: skip
    assert [(host.body, host.counts_as) for host in themed.activity.host_rows] == [
        (story.branches[1], "culture_and_sports")
    ]
    assert kind_held("learning", union) is None
    with pytest.raises(ThemeNotHeld):
        plan(story, morning, theme="learning", hosts=[union])


@pytest.mark.parametrize(("changes", "refusal"), [({"theme": "cooking"}, NoSuchTheme), ({"title": " "}, TitleMissing)])
def test_a_plan_without_sense_is_refused(story, morning, changes, refusal):
    with pytest.raises(refusal):
        plan(story, morning, **changes)
    assert not ThemedActivity.objects.exists()


def test_whoever_plans_the_bodys_activities_plans_it(story, morning):
    given = ThemedPlan("learning", "学习", "会议室", morning, morning + timedelta(hours=1))
    with pytest.raises(NotAllowed):
        plan_themed(body=story.branch, plan=given, actor=story.members[0], at=morning)
    with pytest.raises(NotAllowed):
        plan_themed(body=story.branch, plan=given, actor=story.secretaries[1], at=morning)


def test_the_four_duties_are_met_each_by_its_own_theme(story, morning):
    """SD-10: the wrong theme never counts."""
    works_by(story.branch, shipped("changqing_six"), morning)
    make_held(story, morning, theme="integrity", figure="reminded")
    assert met(story.branch) == ["plus_integrity"]
    make_held(story, morning + timedelta(hours=3), theme="learning", figure="learners")
    assert met(story.branch) == ["plus_integrity", "plus_learning"]


def test_an_activity_without_its_figure_counts_for_no_theme(story, morning):
    works_by(story.branch, shipped("changqing_six"), morning)
    themed = make_held(story, morning, theme="learning")
    assert met(story.branch) == []
    enter_result(themed=themed, figures={"learners": Decimal(4)}, actor=story.secretary, at=morning)
    assert met(story.branch) == ["plus_learning"]


def test_a_labour_contest_and_its_figure_are_one_record(story, morning):
    works_by(story.branch, shipped("changqing_six"), morning)
    make_held(story, morning, theme="production", figure="solved", value=2)
    rows = Obligation.objects.filter(body=story.branch, match__isnull=False)
    assert [row.mechanism for row in rows] == ["plus_production"]
    sources = Fact.objects.filter(kind__in=["campaigns.activity_held", "rhythm.activity_closed"])
    assert len(set(sources.values_list("source_type", "source_id", "occurred_at"))) == 1


def test_the_fact_says_theme_figure_and_who_came(story, morning):
    themed = make_held(story, morning, figure="learners", value=4)
    fact = Fact.objects.get(kind="campaigns.activity_held")
    assert fact.values == {
        "theme": "learning", "day": "2026-09-14", "figure": "learners", "figures": 1, "present": 4, "tasks": 0,
        "solved": 0,
    }  # fmt: skip
    assert (fact.quantity, fact.source_id, fact.body) == (40_000, themed.activity_id, story.branch.pk)


def test_every_host_is_told(story, morning):
    themed = plan_themed(
        body=story.branch, actor=story.field.secretary, at=morning,
        plan=ThemedPlan("learning", "联学", "会议室", morning, morning + timedelta(hours=1), [story.branches[1]]),
    )  # fmt: skip
    came = [story.secretary, story.members[0], story.secretaries[1]]
    carry_out(themed.activity, story.field.secretary, came, morning)
    enter_result(themed=fresh(themed), figures={"learners": Decimal(3)}, actor=story.field.secretary, at=morning)
    told = {fact.body: fact.values["present"] for fact in Fact.objects.filter(kind="campaigns.activity_held")}
    assert told == {story.branch.pk: 3, story.branches[1].pk: 1}


def test_figures_are_proposed_from_sheet_and_tasks(story, morning):
    themed = make_held(story, morning, theme="production")
    task = note_problem(
        themed=themed, problem="注水泵振动大", assignee=story.members[0], due_at=morning + timedelta(days=3),
        actor=story.secretary, at=morning,
    ).task  # fmt: skip
    line = figures_of(themed, None, solved=0)[0]
    assert (line.title, line.unit, line.value, line.proposed) == ("解决生产问题", "个", None, Decimal(0))
    submit_task(task=task, actor=story.members[0], at=morning, note="已换弹性块")
    accept_task(task=task, actor=story.secretary, at=morning)
    assert figures_of(make_held(story, morning + timedelta(days=1)), None, solved=0)[0].proposed == 4


@pytest.mark.parametrize("figures", [{}, {"learners": Decimal(-1)}, {"learners": Decimal("1.5")}])
def test_a_figure_that_cannot_be_is_refused(story, morning, figures):
    themed = make_held(story, morning)
    with pytest.raises(FigureWrong):
        enter_result(themed=themed, figures=figures, actor=story.secretary, at=morning)
    assert not ThemedResult.objects.exists()


def test_a_result_is_entered_when_the_activity_is_over_by_whoever_ran_it(story, morning):
    themed = plan(story, morning)
    with pytest.raises(NotOverYet):
        enter_result(themed=themed, figures={"learners": Decimal(1)}, actor=story.secretary, at=morning)
    held = make_held(story, morning)
    with pytest.raises(NotAllowed):
        enter_result(themed=held, figures={"learners": Decimal(1)}, actor=story.members[0], at=morning)


def test_a_correction_stands_and_the_first_result_stays_on_record(story, morning):
    works_by(story.branch, shipped("changqing_six"), morning)
    themed = make_held(story, morning, figure="learners", value=40)
    with pytest.raises(WhyCorrected):
        enter_result(themed=themed, figures={"learners": Decimal(4)}, actor=story.secretary, at=morning)
    enter_result(
        themed=themed, figures={"learners": Decimal(4)}, reason="多写了一个零", actor=story.secretary, at=morning
    )
    assert standing_result(themed).figures == {"learners": "4"}
    assert themed.results.count() == 2
    facts = list(Fact.objects.filter(kind="campaigns.activity_held").order_by("pk"))
    assert [(fact.quantity, fact.reverses) for fact in facts] == [
        (400_000, None), (-400_000, facts[0].pk), (40_000, None),
    ]  # fmt: skip
    assert met(story.branch) == ["plus_learning"]


def test_an_activity_planned_without_a_theme_is_given_one_and_it_can_be_undone(story, morning):
    activity = plan_activity(
        activity_type=ActivityType.THEMED_ACTIVITY, body=story.branch, place="会议室", scheduled_from=morning,
        scheduled_until=morning + timedelta(hours=1), actor=story.secretary, at=morning,
    )  # fmt: skip
    assert list(without_theme(story.secretary, morning)) == [activity]
    assert not without_theme(story.members[0], morning).exists()
    themed = give_theme(activity=activity, theme="integrity", actor=story.secretary, at=morning)
    assert themed.title == "“党建+”廉洁"
    with pytest.raises(ThemeThere):
        give_theme(activity=activity, theme="learning", actor=story.secretary, at=morning)
    assert change_theme(themed=themed, theme="learning", actor=story.secretary, at=morning).theme == "learning"
    withdraw_theme(themed=themed, actor=story.secretary, at=morning)
    assert list(without_theme(story.secretary, morning)) == [activity]


def test_a_theme_with_a_result_stays(story, morning):
    themed = make_held(story, morning, figure="learners")
    with pytest.raises(ResultThere):
        change_theme(themed=themed, theme="integrity", actor=story.secretary, at=morning)
    with pytest.raises(ResultThere):
        withdraw_theme(themed=themed, actor=story.secretary, at=morning)


def test_a_meeting_of_another_kind_takes_only_the_theme_that_it_is_about(story, morning):
    study = hold(story.branch, story.secretary, story.members, morning, ActivityType.JOINT_STUDY)
    weekly = hold(story.branch, story.secretary, story.members, morning, ActivityType.WEEKLY_MEETING)
    assert [form.code for _version, form in themes_for(study)] == ["learning"]
    assert themes_for(weekly) == []
    with pytest.raises(ThemeDoesNotFit):
        give_theme(activity=study, theme="production", actor=story.secretary, at=morning)
    with pytest.raises(ThemeDoesNotFit):
        give_theme(activity=weekly, theme="learning", actor=story.secretary, at=morning)


def test_a_units_own_theme_asks_for_its_own_figure(story, morning):
    works_by(story.branch, plus_book(), morning)
    assert [form.code for _version, form in themes_of(story.branch, morning.date())] == [
        "learning", "safety", "production", "culture", "integrity",
    ]  # fmt: skip
    themed = make_held(story, morning, theme="safety", figure="found", value=7)
    assert (themed.get_theme_display(), met(story.branch)) == ("安全", ["plus_safety"])


def test_tasks_of_the_body_are_taken_up_and_left_out(story, morning):
    themed = make_held(story, morning, theme="production")
    task = open_task(
        title="换盘根", assignee=story.members[0], due_at=morning + timedelta(days=1), body=story.branch,
        actor=story.secretary, at=morning,
    )  # fmt: skip
    other = open_task(
        title="别处的", assignee=story.secretaries[1], due_at=morning + timedelta(days=1), body=story.branches[1],
        actor=story.secretaries[1], at=morning,
    )  # fmt: skip
    take_up_task(themed=themed, task=task, actor=story.secretary, at=morning)
    for wrong in (task, other):
        with pytest.raises(NotOfThisBody):
            take_up_task(themed=themed, task=wrong, actor=story.secretary, at=morning)
    assert themed.tasks.count() == 1
    leave_out_task(themed=themed, task=task, actor=story.secretary, at=morning)
    assert themed.tasks.count() == 0


def test_results_wait_for_whoever_ran_it_and_for_nobody_above(story, morning):
    themed = make_held(story, morning)
    assert list(results_waiting(story.secretary, morning)) == [themed]
    assert not results_waiting(story.field.secretary, morning).exists()
    assert not results_waiting(story.members[0], morning).exists()
    enter_result(themed=themed, figures={"learners": Decimal(4)}, actor=story.secretary, at=morning)
    assert not results_waiting(story.secretary, morning).exists()


def test_themes_are_seen_as_far_as_their_activities(story, morning):
    themed = make_held(story, morning)
    stranger = make_person("倪春梅", home=make_body("采油七队党支部"))
    for who, count in ((story.secretary, 1), (story.field.clerk, 1), (story.members[0], 1), (stranger, 0)):
        assert themed_seen_by(who, morning).filter(pk=themed.pk).count() == count


def test_the_year_shows_what_each_theme_brought_and_the_gaps(story, morning):
    works_by(story.branch, shipped("changqing_six"), morning)
    make_held(story, morning, theme="learning", figure="learners", value=4)
    make_held(story, morning + timedelta(hours=3), theme="learning", figure="learners", value=5)
    late = morning.replace(month=12, day=1)
    year = year_of(story.secretary, late, 2026)
    line = year.lines[0]
    assert [(one.title, one.unit, one.value) for one in year.sums["learning"]] == [("参加", "人", Decimal(9))]
    assert (year.held["learning"], line.cell("learning", 3).shape) == (2, "done")
    assert (line.cell("integrity", 3).shape, line.cell("integrity", 4).shape) == ("failed", "due")
    assert line.gaps == 3
    assert [title for _code, title in year.themes] == ["学习", "生产", "文体", "廉洁"]


def test_the_year_costs_the_same_for_many(story, morning, django_assert_max_num_queries):
    for body, secretary in zip(story.branches, story.secretaries, strict=True):
        works_by(body, shipped("changqing_six"), morning)
        make_post(secretary, PostRole.GROUP_LEADER, body=body)
    for hour in range(4):
        make_held(story, morning + timedelta(hours=3 * hour), figure="learners")
    with django_assert_max_num_queries(12):
        year_of(story.field.clerk, morning, 2026)
    with django_assert_max_num_queries(5):
        list_themed(story.field.clerk, morning)
