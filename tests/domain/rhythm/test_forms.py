"""The form of the adopted mechanism: agenda, checks, figures, who is expected, what the record lacks at closing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from PIL import Image

from ronghe.demo.models_shipped import playbook_named
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.org.enums import PostRole
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.calc.pieces import Piece
from ronghe.domain.rhythm.documents import record_document
from ronghe.domain.rhythm.enums import ActivityType, CheckAnswer, ItemOrigin
from ronghe.domain.rhythm.models import ActivityCheck, ActivityFigure
from ronghe.domain.rhythm.selectors import expected_people, record_of
from ronghe.domain.rhythm.selectors.duties import outlook_of, proposal_of, stands_beside_the_branch
from ronghe.domain.rhythm.selectors.followup import follow_up_lines, follow_up_of
from ronghe.domain.rhythm.selectors.forms import check_lines, figure_lines, pieces_missing
from ronghe.domain.rhythm.services.activities import open_huddle
from ronghe.domain.rhythm.services.agenda import add_agenda_item, add_photo, edit_agenda_item
from ronghe.domain.rhythm.services.closing import PiecesMissing, RecordIncomplete, close_activity
from ronghe.domain.rhythm.services.forms import (
    FigureRefused,
    NoProblem,
    NoSuchLine,
    ProblemIsATask,
    ProblemUnsaid,
    answer_check,
    answer_rest_fine,
    enter_figure,
    make_task_of_check,
    write_outcome,
)
from ronghe.domain.rhythm.services.sign_in import tick_present
from ronghe.kernel.documents.model import Labelled, Table
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.org import make_person, make_post
from tests.factories.rhythm import make_huddle, make_meeting, make_zone, photo

pytestmark = pytest.mark.django_db
ZONE = playbook_named("daqing_zone")
CHECK = ActivityType.CONTRACTOR_SAFETY_CHECK


@pytest.fixture
def story(morning):
    story = make_zone()
    adopt_playbook(
        body=story.body, playbook=ZONE, since=morning.date() - timedelta(days=40), actor=story.clerk,
        at=morning - timedelta(days=40),
    )  # fmt: skip
    return story


@pytest.fixture
def check(story, morning):
    return make_meeting(story, morning, activity_type=CHECK)


def come(activity, story, morning):
    return tick_present(activity=activity, person=story.members[0], actor=story.lead, at=morning)


def test_agenda_begins_with_that_of_the_mechanism(story, check, morning):
    items = list(check.agenda_items.order_by("number"))

    assert [item.topic for item in items] == [topic.zh for topic in ZONE.mechanism("contractor_safety").agenda]
    assert {item.origin for item in items} == {ItemOrigin.FORM}
    assert (check.mechanism, check.version.playbook.id) == ("contractor_safety", "daqing_zone")


def test_without_an_adopted_model_there_is_no_form(morning):
    other = make_zone(name="别的协作区", plant_name="采油二厂")
    meeting = make_meeting(other, morning, activity_type=CHECK)

    assert (meeting.form, list(meeting.agenda_items.all()), check_lines(meeting)) == (None, [], [])


def test_mechanism_says_who_is_expected(story, morning):
    """联席会议 expects the leads of the units, 早碰头 everybody."""
    conference = make_meeting(story, morning, activity_type=ActivityType.JOINT_CONFERENCE)
    huddle = make_huddle(story, morning)

    assert [person.name for person in expected_people(conference)] == [story.lead.name]
    assert expected_people(huddle).count() == 4


def test_checks_are_answered_with_one_tap_and_a_problem_says_what(story, check, morning):
    first, second, *_rest = check.form.checks
    answer_check(activity=check, check_id=first.id, answer=CheckAnswer.FINE, actor=story.lead, at=morning)
    with pytest.raises(ProblemUnsaid):
        answer_check(activity=check, check_id=second.id, answer=CheckAnswer.CONCERN, actor=story.lead, at=morning)
    answer_check(
        activity=check, check_id=second.id, answer=CheckAnswer.CONCERN, note="缺一份证", actor=story.lead, at=morning
    )
    with pytest.raises(NoSuchLine):
        answer_check(activity=check, check_id="nothing", answer=CheckAnswer.FINE, actor=story.lead, at=morning)

    rest = answer_rest_fine(activity=check, actor=story.lead, at=morning)

    assert rest == len(check.form.checks) - 2
    assert [line.answer.answer for line in check_lines(check)][:2] == ["fine", "concern"]
    assert ActivityCheck.objects.count() == len(check.form.checks)


def test_a_problem_becomes_a_task_once(story, check, morning):
    first, second, *_rest = check.form.checks
    due = morning + timedelta(hours=8)
    answer_check(activity=check, check_id=first.id, answer=CheckAnswer.FINE, actor=story.lead, at=morning)
    answer_check(
        activity=check, check_id=second.id, answer=CheckAnswer.CONCERN, note="缺一份证", actor=story.lead, at=morning
    )
    given = {"assignee": story.members[0], "due_at": due, "actor": story.lead, "at": morning}
    with pytest.raises(NoProblem):
        make_task_of_check(activity=check, check_id=first.id, **given)

    made = make_task_of_check(activity=check, check_id=second.id, **given)

    assert (made.task.title, made.task.assignee, made.task.body) == ("缺一份证", story.members[0], story.body)
    with pytest.raises(ProblemIsATask):
        make_task_of_check(activity=check, check_id=second.id, **given)
    with pytest.raises(ProblemIsATask):
        answer_check(activity=check, check_id=second.id, answer=CheckAnswer.FINE, actor=story.lead, at=morning)


def test_figures_are_typed_and_taken_back(story, check, morning):
    figure = check.form.figures[0]
    for wrong in (Decimal(-1), Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 13):
        with pytest.raises(FigureRefused):
            enter_figure(activity=check, figure_id=figure.id, value=wrong, actor=story.lead, at=morning)
    with pytest.raises(NoSuchLine):
        enter_figure(activity=check, figure_id="nothing", value=Decimal(1), actor=story.lead, at=morning)
    enter_figure(activity=check, figure_id=figure.id, value=Decimal(2), actor=story.lead, at=morning)
    assert next(line.value for line in figure_lines(check)) == 2

    enter_figure(activity=check, figure_id=figure.id, value=None, actor=story.lead, at=morning)

    assert not ActivityFigure.objects.exists()


def test_who_does_not_run_it_fills_nothing_in(story, check, morning):
    member = story.members[1]
    for act in (
        lambda: answer_check(
            activity=check, check_id=check.form.checks[0].id, answer=CheckAnswer.FINE, actor=member, at=morning
        ),
        lambda: answer_rest_fine(activity=check, actor=member, at=morning),
        lambda: write_outcome(activity=check, next_step="改", actor=member, at=morning),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_what_is_missing_is_named_before_it_is_closed_and_a_reason_closes_it(story, check, morning):
    come(check, story, morning)
    add_agenda_item(activity=check, topic="五关检查", actor=story.lead, at=morning)
    assert pieces_missing(check) == [Piece.CHECKLIST]
    with pytest.raises(PiecesMissing) as refusal:
        close_activity(activity=check, actor=story.lead, at=morning, without=" ")
    assert "检查项目" in str(refusal.value)
    check.refresh_from_db()

    done = close_activity(activity=check, actor=story.lead, at=morning, without="停工，现场无人")

    assert (done.missing, check.missing, check.missing_reason) == ([Piece.CHECKLIST], ["checklist"], "停工，现场无人")
    assert done.fact.values["missing"] == 1


def test_closing_tells_how_many_checks_and_problems_there_were(story, check, morning):
    come(check, story, morning)
    add_agenda_item(activity=check, topic="五关检查", actor=story.lead, at=morning)
    line = check.form.checks[0].id
    answer_check(
        activity=check, check_id=line, answer=CheckAnswer.CONCERN, note="缺一份证", actor=story.lead, at=morning
    )
    answer_rest_fine(activity=check, actor=story.lead, at=morning)

    close_activity(activity=check, actor=story.lead, at=morning, without="")

    told = Fact.objects.get(kind="rhythm.activity_closed").values
    assert (told["checks"], told["problems"], told["missing"]) == (len(check.form.checks), 1, 0)


def test_what_the_form_proposes_and_nobody_spoke_of_is_no_record(story, check, morning):
    come(check, story, morning)
    with pytest.raises(RecordIncomplete):
        close_activity(activity=check, actor=story.lead, at=morning, without="停工")
    check.refresh_from_db()
    item = check.agenda_items.order_by("number").first()
    item.activity = check
    edit_agenda_item(item=item, topic=item.topic, notes="五关都看过", decision="", actor=story.lead, at=morning)

    close_activity(activity=check, actor=story.lead, at=morning, without="停工")

    assert Fact.objects.get(kind="rhythm.activity_closed").values["topics"] == 1


def test_a_study_closes_with_what_will_be_done(story, morning):
    day = make_meeting(story, morning)
    come(day, story, morning)
    add_agenda_item(activity=day, topic="学习", actor=story.lead, at=morning)
    assert Piece.NEXT_STEP in pieces_missing(day)

    write_outcome(
        activity=day, next_step="每周自查", result="清理管廊", result_figure=Decimal("2.5"), result_unit="车",
        actor=story.lead, at=morning,
    )  # fmt: skip

    day.refresh_from_db()
    assert (day.next_step, day.result, day.result_figure, day.result_unit) == (
        "每周自查",
        "清理管廊",
        Decimal("2.5"),
        "车",
    )
    assert Piece.NEXT_STEP not in pieces_missing(day)
    with pytest.raises(FigureRefused):
        write_outcome(activity=day, result_figure=Decimal(-1), actor=story.lead, at=morning)


def test_the_last_meetings_decisions_come_first(story, morning):
    last = make_meeting(story, morning, activity_type=ActivityType.WEEKLY_MEETING)
    come(last, story, morning)
    due = morning + timedelta(hours=4)
    add_agenda_item(
        activity=last, topic="清3号沟", decision="本周清完", assignee=story.members[0], due_at=due, actor=story.lead,
        at=morning,
    )  # fmt: skip
    add_agenda_item(activity=last, topic="通报", actor=story.lead, at=morning)
    close_activity(activity=last, actor=story.lead, at=morning)

    later = make_meeting(story, morning + timedelta(days=7), activity_type=ActivityType.WEEKLY_MEETING)

    first = later.agenda_items.order_by("number").first()
    assert (first.number, first.topic, first.origin) == (1, "上次议定事项办理情况", ItemOrigin.FOLLOW_UP)
    assert first.notes == follow_up_lines(follow_up_of(later))[0]
    assert story.members[0].name in first.notes
    numbers = list(later.agenda_items.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_nothing_decided_is_nothing_to_follow_up(story, morning):
    first = make_meeting(story, morning, activity_type=ActivityType.WEEKLY_MEETING)
    assert follow_up_of(first) is None
    assert not first.agenda_items.filter(origin=ItemOrigin.FOLLOW_UP).exists()


def test_the_printed_record_holds_checks_figures_and_the_next_step(story, check, morning):
    come(check, story, morning)
    add_agenda_item(activity=check, topic="五关检查", actor=story.lead, at=morning)
    answer_rest_fine(activity=check, actor=story.lead, at=morning)
    enter_figure(activity=check, figure_id=check.form.figures[0].id, value=Decimal(3), actor=story.lead, at=morning)
    write_outcome(activity=check, next_step="补证后再进场", actor=story.lead, at=morning)
    close_activity(activity=check, actor=story.lead, at=morning, without="")
    check.refresh_from_db()

    document = record_document(record_of(check))

    tables = [block for block in document.blocks if isinstance(block, Table)]
    labels = {block.label: block.text for block in document.blocks if isinstance(block, Labelled)}
    assert [table.caption for table in tables] == ["检查情况表", "到会情况表"]
    assert len(tables[0].rows) == len(check.form.checks)
    assert (labels["下一步怎么做"], labels[check.form.figures[0].title.zh]) == ("补证后再进场", "3起")


def test_a_photo_keeps_when_it_was_taken_and_not_where(story, morning):
    exif = Image.Exif()
    exif[0x0132] = "2026:09:14 07:31:20"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (46.0, 35.0, 12.0)
    huddle = make_huddle(story, morning)

    kept = add_photo(activity=huddle, upload=photo(exif=exif.tobytes()), actor=story.lead, at=morning)
    plain = add_photo(activity=huddle, upload=photo(color=(1, 2, 3)), actor=story.lead, at=morning)

    assert (kept.taken_at, plain.taken_at) == (morning.replace(minute=31, second=20), None)


@pytest.mark.parametrize("said", ["2031:01:01 00:00:00", "2020:01:01 00:00:00", "昨天", ""])
def test_a_camera_that_talks_nonsense_is_not_believed(story, morning, said):
    exif = Image.Exif()
    exif[0x0132] = said
    kept = add_photo(
        activity=make_huddle(story, morning), upload=photo(exif=exif.tobytes()), actor=story.lead, at=morning
    )

    assert kept.taken_at is None


def test_outlook_tells_what_a_gathering_could_count_for(story, morning):
    generate_obligations(at=morning, body_ids=[story.body.pk])

    found = outlook_of({story.body.pk: ActivityType.MORNING_HUDDLE}, morning.date())

    assert "daily_huddle" in {row.mechanism for row in found.met}
    assert len(found.met) == 2


def test_sd_16_a_zones_theme_day_stands_beside_that_of_the_branch(story, morning):
    assert stands_beside_the_branch(make_meeting(story, morning))
    assert not stands_beside_the_branch(make_huddle(story, morning))


def test_a_duty_proposes_kind_day_and_time(story, morning):
    generate_obligations(at=morning, body_ids=[story.body.pk])
    rows = Obligation.objects.select_related("version", "body").filter(body=story.body)
    evening = next(row for row in rows.order_by("due_on") if row.sitting == "evening" and row.due_on >= morning.date())

    proposal = proposal_of(evening, morning)

    assert (proposal.activity_type, proposal.starts.hour, proposal.starts.minute) == (
        ActivityType.EVENING_HUDDLE, 17, 30,
    )  # fmt: skip
    assert proposal.starts.date() >= morning.date()


def test_an_opened_huddle_has_its_form_too(story, morning):
    opened = open_huddle(
        body=story.body, activity_type=ActivityType.EVENING_HUDDLE, actor=story.lead, at=morning + timedelta(hours=10)
    )
    assert opened.form is not None


def test_post_of_the_contractor_side_is_expected_at_the_contractors_check(story, check, morning):
    """Whoever takes part for the owner or the host site is no contractor there."""
    builder = story.zone.participating_units.exclude(role__in=["owner", "host_site"]).get().unit
    welder = make_person("焊工", participates_in=story.body, unit=builder)
    make_post(welder, PostRole.TEAM_LEADER, unit=builder)

    assert [person.name for person in expected_people(check)] == ["焊工"]
