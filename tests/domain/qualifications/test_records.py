"""Lessons, breaks, violations, health and the question of permits, on the database (PC-10 to PC-19, PW-11)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.qualifications.enums import BreakKind, LessonLevel
from ronghe.domain.qualifications.models import HealthBar, HealthRestriction, Lesson
from ronghe.domain.qualifications.selectors.fitness import NoSuchOperation, lacking
from ronghe.domain.qualifications.selectors.records import record_of
from ronghe.domain.qualifications.services import health, lessons
from ronghe.domain.qualifications.services.lessons import (
    LessonText,
    note_break,
    note_lesson,
    note_lessons,
    note_violation,
    withdraw_lesson,
)
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.org import make_person
from tests.factories.qualifications import NOW, TODAY, certify, make_qualified, teach

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def story():
    return make_qualified()


def codes(person, operation="hot_work", on=TODAY):
    return [lack.code for lack in lacking([person.pk], operation, on)[person.pk]]


def restrict(story, *, operations=("hot_work",), text="高血压Ⅱ级", on=TODAY):
    return health.note_restriction(
        person=story.welder, text=text, operations=operations, on=on, actor=story.officer, at=NOW
    )


def test_the_trained_and_certified_lack_nothing_hired_or_not_pc_10_pw_11(story):
    certify(story)
    teach(story.officer, story.welder)
    hired = make_person("外雇焊工", unit=story.unit)
    hired.employment = "劳务派遣"
    hired.save()
    teach(story.officer, hired)

    assert codes(story.welder) == []
    assert codes(hired) == ["no_certificate"]
    assert codes(hired, "entry") == []
    with pytest.raises(NoSuchOperation):
        lacking([hired.pk], "juggling", TODAY)


def test_the_question_costs_the_same_for_one_and_for_many(story):
    people = [make_person(unit=story.unit) for _ in range(6)]
    for person in people[:3]:
        teach(story.officer, person)

    def cost(some):
        with CaptureQueriesContext(connection) as captured:
            lacking([person.pk for person in some], "hot_work", TODAY)
        return len(captured)

    assert cost(people[:1]) == cost(people) == 6


def test_a_class_is_noted_at_once_or_not_at_all(story):
    text = LessonText(LessonLevel.TEAM, TODAY, Decimal(8))

    assert len(note_lessons(people=[story.welder, story.newcomer], text=text, actor=story.officer, at=NOW)) == 2
    with pytest.raises(NotAllowed):
        note_lessons(people=[story.welder, story.outsider], text=text, actor=story.officer, at=NOW)
    assert Lesson.objects.count() == 2


@pytest.mark.parametrize(
    ("on", "hours", "refusal"),
    [(TODAY + DAY, "8", lessons.DayAhead), (TODAY, "0", lessons.HoursUnlikely), (TODAY, "24.5", lessons.HoursUnlikely)],
)
def test_lessons_that_cannot_be_are_refused(story, on, hours, refusal):
    with pytest.raises(refusal):
        note_lesson(
            person=story.welder, text=LessonText(LessonLevel.TEAM, on, Decimal(hours)), actor=story.officer, at=NOW
        )


def test_a_lesson_taken_back_counts_no_more_and_its_fact_is_reversed(story):
    teach(story.officer, story.welder)
    lesson = Lesson.objects.filter(level=LessonLevel.TEAM).get()

    withdraw_lesson(lesson=lesson, actor=story.officer, at=NOW)

    assert codes(story.welder, "entry") == ["training_hours"]
    assert Fact.objects.filter(kind="qualifications.lesson_held", reverses__isnull=False).count() == 1
    with pytest.raises(Stale):
        withdraw_lesson(lesson=lesson, actor=story.officer, at=NOW)


def test_breaks_are_dated_and_ask_for_learning_anew_pc_12(story):
    teach(story.officer, story.welder, on=date(2026, 8, 1))
    note = {"person": story.welder, "kind": BreakKind.TRANSFER, "actor": story.officer, "at": NOW}

    with pytest.raises(lessons.BreakBackwards):
        note_break(began_on=TODAY, ended_on=TODAY - DAY, **note)
    with pytest.raises(lessons.DayAhead):
        note_break(began_on=TODAY, ended_on=TODAY + DAY, **note)
    note_break(began_on=TODAY, ended_on=TODAY, **note)
    with pytest.raises(lessons.BreakNoted):
        note_break(began_on=TODAY, ended_on=TODAY, **note)

    assert codes(story.welder, "entry") == ["relearning", "relearning"]


def test_violations_want_their_paper_once_pc_16(story):
    note = {"person": story.welder, "on": TODAY, "is_grave": False, "actor": story.officer, "at": NOW}

    with pytest.raises(lessons.ReferenceMissing):
        note_violation(reference=" ", **note)
    note_violation(reference="违章〔2026〕1号", **note)
    with pytest.raises(lessons.ViolationKnown):
        note_violation(reference="违章〔2026〕1号", **note)


def test_health_bars_the_named_work_alone_and_tells_nobody_why_pw_11(story):
    certify(story)
    teach(story.officer, story.welder)
    row = restrict(story)

    assert codes(story.welder) == ["health"]
    assert codes(story.welder, "confined_space") == []
    assert codes(story.welder, on=TODAY - DAY)[-1:] != ["health"]
    assert "血压" not in row.text_sealed
    assert HealthBar.objects.get().digest.count("hot_work") == 0
    fact = Fact.objects.get(kind="qualifications.health_noted")
    assert (fact.subject, fact.source_id) == (None, None)

    health.lift_restriction(restriction=row, on=TODAY, actor=story.officer, at=NOW)
    assert codes(story.welder) == []
    with pytest.raises(Stale):
        health.lift_restriction(restriction=row, on=TODAY, actor=story.officer, at=NOW)


def test_health_is_opened_by_safety_and_the_person_and_each_look_is_kept(story):
    row = restrict(story)

    for reader in (story.officer, story.welder):
        assert health.open_restriction(restriction=row, actor=reader, at=NOW) == "高血压Ⅱ级"
    for reader in (story.secretary, story.outsider):
        with pytest.raises(NotAllowed):
            health.open_restriction(restriction=row, actor=reader, at=NOW)
        assert record_of(story.welder, reader, NOW).restrictions == []
    assert Look.objects.filter(compartment="health").count() == 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": " "}, health.RestrictionUnclear),
        ({"operations": ()}, health.RestrictionUnclear),
        ({"operations": ("juggling",)}, NoSuchOperation),
        ({"on": TODAY + DAY}, health.RestrictionDay),
    ],
)
def test_restrictions_say_what_from_when(story, changes, refusal):
    with pytest.raises(refusal):
        restrict(story, **changes)
    assert not HealthRestriction.objects.exists()
