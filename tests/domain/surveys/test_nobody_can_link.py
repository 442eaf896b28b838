"""An attacker who holds the whole database before and after each answer does no better than chance."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.domain.surveys.models import SurveyUrn
from ronghe.domain.surveys.services.answering import answer_survey
from ronghe.domain.surveys.services.closing import close_survey
from ronghe.kernel.facts.models import Fact
from tests.factories.surveys import answers, make_asked, make_open

MORNING = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
PEOPLE = 6
one_answer = st.tuples(st.integers(1, 5), st.sampled_from(["", "少填一张表", "多来现场", "网络慢" * 60]))


def database() -> dict[str, list[tuple]]:
    """Return every row of every table as it lies there; of the sealed urn only how long it is: its signs are random."""
    kept: dict[str, list[tuple]] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ("contenttypes", "auth", "sessions"):
            continue
        columns = ", ".join(connection.ops.quote_name(field.column) for field in model._meta.concrete_fields)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}")
            rows = cursor.fetchall()
        if model is SurveyUrn:
            rows = [(key, len(sealed)) for key, sealed in rows]
        kept[model._meta.label] = sorted(rows, key=repr)
    return kept


def seen_while_answering(survey, given_by, order):
    """Return all copies of the database, before the first answer and after each one; then undo it."""
    copies = []
    with transaction.atomic():
        copies.append(database())
        for person in order:
            scale, text = given_by[person]
            answer_survey(survey=survey, answers=answers(scale, text), actor=person, at=MORNING)
            copies.append(database())
        transaction.set_rollback(True)
    return copies


@pytest.mark.django_db
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(written=st.lists(one_answer, min_size=PEOPLE, max_size=PEOPLE), data=st.data())
def test_copies_taken_between_answers_are_the_same_whoever_gave_which(written, data):
    swapped = data.draw(st.permutations(written))
    order = data.draw(st.permutations(range(PEOPLE)))
    with transaction.atomic():
        story = make_asked(PEOPLE)
        survey = make_open(story, MORNING)
        people = story.people
        turn = [people[place] for place in order]
        first = seen_while_answering(survey, dict(zip(people, written, strict=True)), turn)
        second = seen_while_answering(survey, dict(zip(people, swapped, strict=True)), turn)
        transaction.set_rollback(True)

    assert first == second


@pytest.mark.django_db
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(written=st.lists(one_answer, min_size=PEOPLE, max_size=PEOPLE), data=st.data())
def test_what_is_kept_at_the_end_is_the_same_whoever_gave_which_and_when(written, data):
    swapped = data.draw(st.permutations(written))
    orders = [range(PEOPLE), data.draw(st.permutations(range(PEOPLE)))]
    ends = []
    with transaction.atomic():
        story = make_asked(PEOPLE)
        survey = make_open(story, MORNING)
        for given_by, order in zip((written, swapped), orders, strict=True):
            with transaction.atomic():
                for place in order:
                    scale, text = given_by[place]
                    answer_survey(survey=survey, answers=answers(scale, text), actor=story.people[place], at=MORNING)
                close_survey(survey=survey, actor=story.owner, at=MORNING + timedelta(days=1))
                facts = sorted(Fact.objects.values_list("kind", "subject", "attributes"))
                ends.append((without_ids(database()), facts))
                transaction.set_rollback(True)
            survey.refresh_from_db()
        transaction.set_rollback(True)

    assert ends[0] == ends[1]


@pytest.mark.django_db
def test_texts_lie_in_another_order_than_they_were_written():
    """Of twelve texts, written one after another, the kept order is by chance: it is not that of writing or of sorting."""
    orders = set()
    story = make_asked(12)
    for _ in range(3):
        survey = make_open(story, MORNING)
        for number, person in enumerate(story.people):
            answer_survey(survey=survey, answers=answers(3, f"第{number:02}条"), actor=person, at=MORNING)
        close_survey(survey=survey, actor=story.owner, at=MORNING + timedelta(days=1))
        kept = survey.questions.get(number=6).texts.order_by("pk").values_list("text", flat=True)
        orders.add(tuple(kept))

    assert len(orders) == 3
    assert tuple(f"第{number:02}条" for number in range(12)) not in orders


def without_ids(kept):
    """Leave out keys that count rows, and the order of shuffled texts."""
    kept = dict(kept)
    for label in ("surveys.SurveyTally", "surveys.SurveyText"):
        kept[label] = sorted(
            (row[1:] if label.endswith("Tally") else (row[1], row[3]) for row in kept[label]), key=repr
        )
    return {label: rows for label, rows in kept.items() if label.startswith("surveys.")}
