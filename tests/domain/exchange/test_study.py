from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.exchange.calc.months import MonthState
from ronghe.domain.exchange.enums import LineState, TopicKind
from ronghe.domain.exchange.models import StudyProgramme
from ronghe.domain.exchange.selectors.holders import points_to_study
from ronghe.domain.exchange.selectors.study import (
    list_programmes,
    months_with_lines,
    programmes_behind,
    questions_waiting,
    standing_of_programme,
)
from ronghe.domain.exchange.services import programmes as services
from ronghe.domain.exchange.services.planning import plan_study
from ronghe.domain.rhythm.models import AgendaItem
from ronghe.domain.rhythm.services.changes import call_off_activity
from ronghe.domain.work.models import Task
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.exchange import hold, make_force_story, make_line, make_programme, make_running, plan_line
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_force_story(at=morning)


@pytest.fixture
def programme(story, morning):
    return make_programme(story, morning)


@pytest.fixture
def line(programme, story, morning):
    return make_line(programme, story, morning)


def test_a_programme_of_an_agreement_has_both_sides_and_the_other_one_hosts(programme, story):
    sides = {side.body_id: side.is_host for side in programme.sides.all()}
    assert sides == {story.branch.pk: False, story.other.pk: True}
    assert programme.starts_on == date(2026, 7, 1)


def test_a_programme_of_a_task_force_is_held_in_its_body(morning):
    story = make_running(morning)
    programme = make_programme(story, morning, agreement=None, body=None, task_force=story.force)
    assert programme.body == story.body
    assert not programme.sides.filter(is_host=True).exists()
    assert programme.sides.count() == 3


def test_leaders_of_a_side_open_and_nobody_else(story, morning):
    make_programme(story, morning, actor=story.other_secretary)
    for person in (story.members[0], story.outsider):
        with pytest.raises(NotAllowed):
            make_programme(story, morning, actor=person)


def test_bad_spans_and_words_are_refused(story, morning):
    text = services.ProgrammeText("", date(2026, 7, 1), date(2026, 12, 31), "会议室")
    with pytest.raises(services.ProgrammeShapeless):
        make_programme(story, morning, text=text)
    for last, fits in ((date(2029, 6, 30), True), (date(2029, 7, 1), False), (date(2026, 6, 30), False)):
        text = services.ProgrammeText("计划", date(2026, 7, 1), last, "会议室")
        if fits:
            make_programme(story, morning, text=text)
        else:
            with pytest.raises(services.ProgrammeShapeless):
                make_programme(story, morning, text=text)


def test_a_topic_lies_in_a_month_of_the_programme(programme, story, morning):
    make_line(programme, story, morning, month=date(2026, 12, 31))
    for month in (date(2026, 6, 30), date(2027, 1, 1)):
        with pytest.raises(services.MonthOutside):
            make_line(programme, story, morning, month=month)
    with pytest.raises(services.TopicMissing):
        make_line(programme, story, morning, topic=" ")


def test_one_tap_plans_the_study_with_topic_chair_and_place(line, story, morning):
    planned = plan_line(line, story, morning)
    line.refresh_from_db()
    assert (line.state, line.activity, planned.place, planned.chair) == (
        LineState.PLANNED, planned, "作业区会议室", story.members[0]
    )  # fmt: skip
    assert [host.body for host in planned.host_rows] == []  # 熊忠涵 may not plan for the information station


def test_a_side_that_the_actor_may_not_plan_for_is_named(line, story, morning):
    begins = morning + timedelta(hours=1)
    planned = plan_study(
        line=line, scheduled_from=begins, scheduled_until=begins + timedelta(hours=1), actor=story.secretary, at=morning
    )
    assert [body.name for body in planned.left_out] == ["信息站党支部"]


def test_the_other_side_plans_in_its_own_name(line, story, morning):
    begins = morning + timedelta(hours=1)
    planned = plan_study(
        line=line, scheduled_from=begins, scheduled_until=begins + timedelta(hours=1), actor=story.other_secretary,
        at=morning,
    )  # fmt: skip
    assert planned.activity.body == story.other


def test_sd_06_a_closed_study_holds_its_line_and_fills_the_month(line, programme, story, morning):
    services.ask_question(line=line, text="老网关能不能用？", actor=story.members[1], at=morning)
    activity = plan_line(line, story, morning)
    hold(activity, story.secretary, morning, people=story.members, next_step="两周内试装一台")
    line.refresh_from_db()
    assert (line.state, line.held_on) == (LineState.HELD, morning.date())
    assert "老网关能不能用？" in AgendaItem.objects.get(activity=activity, topic=line.topic).notes
    months = standing_of_programme(programme, morning.date())
    assert [month.state for month in months][:4] == [
        MonthState.MISSED, MonthState.MISSED, MonthState.HELD, MonthState.UPCOMING
    ]  # fmt: skip
    view = months_with_lines(programme, morning.date())[2].lines[0]
    assert view.next_step == "两周内试装一台"
    assert Fact.objects.filter(kind="exchange.line_held").count() == 1


def test_next_steps_come_with_their_tasks(line, programme, story, morning):
    activity = plan_line(line, story, morning)
    hold(activity, story.secretary, morning, people=story.members)
    item = AgendaItem.objects.filter(activity=activity).order_by("number")[0]
    task = Task.objects.create(
        title="试装一台", body=story.branch, assignee=story.members[0], due_at=morning + timedelta(days=9),
        opened_by=story.secretary, opened_at=morning,
    )  # fmt: skip
    AgendaItem.objects.filter(pk=item.pk).update(task=task)
    view = months_with_lines(programme, morning.date())[2].lines[0]
    assert [one.task for one in view.tasks] == [task]


def test_a_study_that_is_called_off_is_listed_again(line, story, morning):
    activity = plan_line(line, story, morning)
    call_off_activity(activity=activity, reason="停产检修", actor=story.secretary, at=morning)
    line.refresh_from_db()
    assert (line.state, line.activity) == (LineState.LISTED, None)


def test_a_difficult_point_becomes_a_topic_with_one_tap(morning):
    story = make_running(morning)
    programme = make_programme(story, morning)
    point = points_to_study(programme, story.secretary, morning).get()
    line = services.add_point(programme=programme, point=point, actor=story.secretary, at=morning)
    assert (line.kind, line.topic, line.preparer, line.month) == (
        TopicKind.DIFFICULTY, "老站仪表协议不统一", story.members[0], date(2026, 9, 1)
    )  # fmt: skip
    assert not points_to_study(programme, story.secretary, morning).exists()
    with pytest.raises(services.PointListed):
        services.add_point(programme=programme, point=point, actor=story.secretary, at=morning)
    services.drop_line(line=line, actor=story.secretary, at=morning)
    services.add_point(programme=programme, point=point, actor=story.secretary, at=morning)
    with pytest.raises(services.PointListed):
        services.take_line_back(line=line, actor=story.secretary, at=morning)


def test_a_point_of_others_is_refused(morning):
    story = make_running(morning)
    programme = make_programme(story, morning, agreement=None, body=story.branch)
    with pytest.raises(services.PointOfOthers):
        services.add_point(programme=programme, point=story.points[0], actor=story.secretary, at=morning)


def test_a_topic_is_dropped_and_taken_back(line, story, morning):
    services.drop_line(line=line, actor=story.secretary, at=morning)
    with pytest.raises(StepNotAllowed):
        plan_line(line, story, morning)
    services.take_line_back(line=line, actor=story.secretary, at=morning)
    assert line.state == LineState.LISTED


def test_questions_wait_for_whoever_prepares(line, story, morning):
    question = services.ask_question(line=line, text="老网关能不能用？", actor=story.members[2], at=morning)
    preparer = story.members[0]
    assert list(questions_waiting(preparer, morning)) == [question]
    with pytest.raises(NotAllowed):
        services.answer_question(question=question, answer="能", actor=story.members[2], at=morning)
    services.answer_question(question=question, answer="能，要升级。", actor=preparer, at=morning)
    assert not questions_waiting(preparer, morning).exists()
    with pytest.raises(services.QuestionEmpty):
        services.ask_question(line=line, text=" ", actor=preparer, at=morning)
    with pytest.raises(NotAllowed):
        services.ask_question(line=line, text="问", actor=story.outsider, at=morning)
    services.drop_line(line=line, actor=story.secretary, at=morning)
    with pytest.raises(services.QuestionLate):
        services.ask_question(line=line, text="问", actor=preparer, at=morning)


def test_material_is_kept_once(line, story, morning):
    services.add_material(line=line, upload=photo(), actor=story.members[0], at=morning)
    with pytest.raises(services.MaterialThere):
        services.add_material(line=line, upload=photo(), actor=story.secretary, at=morning)
    with pytest.raises(NotAllowed):
        services.add_material(line=line, upload=photo(), actor=story.members[2], at=morning)


def test_an_ended_programme_takes_nothing_and_owes_nothing(programme, line, story, morning):
    assert [row.programme for row in programmes_behind(story.secretary, morning)] == [programme]
    services.end_programme(programme=programme, actor=story.secretary, at=morning)
    assert programmes_behind(story.secretary, morning) == []
    assert len(standing_of_programme(programme, date(2027, 1, 1))) == 3
    with pytest.raises(services.ProgrammeOver):
        make_line(programme, story, morning)
    with pytest.raises(services.ProgrammeOver):
        plan_line(line, story, morning)
    with pytest.raises(StepNotAllowed):
        services.end_programme(programme=programme, actor=story.secretary, at=morning)


def test_both_sides_see_it_and_nobody_else(programme, story, morning):
    for person in (story.secretary, story.other_secretary, story.members[1], story.clerk):
        assert list(list_programmes(person, morning)) == [programme]
    assert not list_programmes(story.outsider, morning).rows
    assert StudyProgramme.objects.count() == 1
