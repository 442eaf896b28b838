"""A survey is extended, closed early or by time, or taken back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.surveys.calc import urn
from ronghe.domain.surveys.calc.questions import Answer, Asked
from ronghe.domain.surveys.calc.shown import may_show, shown_groups
from ronghe.domain.surveys.enums import SURVEY_FLOW, SurveyState
from ronghe.domain.surveys.facts import SURVEY_CLOSED, SURVEY_DROPPED, SURVEY_EXTENDED
from ronghe.domain.surveys.models import NamedAnswer, Survey, SurveyTally, SurveyText, SurveyUrn
from ronghe.domain.surveys.rules import RUN_SURVEY
from ronghe.domain.surveys.selectors.surveys import asked_of
from ronghe.domain.surveys.services.drafting import require_closing
from ronghe.domain.surveys.services.judging import mark_place, write_marks
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import open_text
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

AT_ONCE = 200


class DropReasonMissing(DomainError):
    code = "survey_drop_reason_missing"
    sentence = N_("已经发出的问卷，撤下要写原因，名单里的人会看到。")
    status = 422


@transaction.atomic
def extend_survey(*, survey: Survey, closes_at: datetime, actor: Person, at: datetime) -> Survey:
    """Let an open survey run to another end, later or sooner, after `at`.

    :raises ClosingUnfit: not after `at`, or too far off
    :raises StepNotAllowed: it is not open
    """
    RUN_SURVEY.require(actor, survey, at=at)
    require_closing(closes_at, at)
    if not Survey.objects.filter(pk=survey.pk, state=SurveyState.OPEN).update(closes_at=closes_at):
        raise StepNotAllowed(state=survey.get_state_display())
    survey.closes_at = closes_at
    attributes = {"until": local_day(closes_at)}
    record(Draft(SURVEY_EXTENDED, at, actor, body=survey.body_id, attributes=attributes, source=survey))
    return survey


def close_survey(*, survey: Survey, actor: Person, at: datetime) -> Survey:
    """Close an open survey before its time; what may be shown is written once, the rest is gone.

    :raises StepNotAllowed: it is not open
    :raises Stale: somebody else closed it a moment ago
    """
    RUN_SURVEY.require(actor, survey, at=at)
    return _close(survey, actor, at)


def close_due(*, at: datetime) -> int:
    """Close the surveys whose time is over and return how many; somebody else may be quicker."""
    due = Survey.objects.filter(state=SurveyState.OPEN, closes_at__lte=at).order_by("closes_at", "pk")[:AT_ONCE]
    closed = 0
    for survey in due:
        try:
            _close(survey, None, at)
        except (Stale, StepNotAllowed):
            continue
        closed += 1
    return closed


@transaction.atomic
def drop_survey(*, survey: Survey, actor: Person, at: datetime, reason: str = "") -> Survey:
    """Take a survey back; answers that were given are gone unread, the reason stays.

    :raises DropReasonMissing: it was put to people
    :raises StepNotAllowed: it is closed
    """
    RUN_SURVEY.require(actor, survey, at=at)
    if survey.state == SurveyState.OPEN and not reason.strip():
        raise DropReasonMissing
    people = survey.people.count()
    SURVEY_FLOW.advance(survey, "drop", closed_at=at, drop_reason=reason.strip())
    SurveyUrn.objects.filter(survey=survey).delete()
    attributes = {"purpose": survey.purpose, "people": people}
    record(Draft(SURVEY_DROPPED, at, actor, body=survey.body_id, attributes=attributes, source=survey))
    return survey


@transaction.atomic
def _close(survey: Survey, actor: Person | None, at: datetime) -> Survey:
    fresh = Survey.objects.select_for_update().get(pk=survey.pk)
    if fresh.state != SurveyState.OPEN:
        raise Stale if SURVEY_FLOW.allows(survey, "close") else StepNotAllowed(state=fresh.get_state_display())
    people, answered = fresh.people.count(), fresh.people.filter(has_answered=True).count()
    asked, groups = asked_of(fresh), list(fresh.groups.order_by("place"))
    if fresh.is_named:
        sums = _added_up(fresh, asked, len(groups))
    else:
        sums = urn.unpack(open_text(SurveyUrn.objects.get(survey=fresh).sealed), asked, len(groups))
    SURVEY_FLOW.advance(survey, "close", closed_at=at, people_count=people, answered_count=answered)
    _write(survey, asked, [group.pk for group in groups], sums)
    if survey.judged_item and (mark := mark_place(asked)) is not None:
        by_point = [sum(column) for column in zip(*(group[mark][1:] for group in sums.sums), strict=True)]
        write_marks(survey, by_point, at)
    SurveyUrn.objects.filter(survey=survey).delete()
    attributes = {
        "purpose": survey.purpose, "people": people, "answered": answered, "is_named": survey.is_named,
        "is_shown": may_show(answered),
    }  # fmt: skip
    record(Draft(SURVEY_CLOSED, at, actor, body=survey.body_id, attributes=attributes, source=survey))
    return survey


def _write(survey: Survey, asked: Sequence[Asked], groups: Sequence[int], sums: urn.Urn) -> None:
    """Keep the sums that may be shown, and texts shuffled among each other; the others are not written at all."""
    keys = dict(survey.questions.values_list("number", "pk"))
    tallies: list[SurveyTally] = []
    texts: list[SurveyText] = []
    written = iter(sums.texts)
    for place, question in enumerate(asked):
        by_group = [group[place] for group in sums.sums]
        answers = [row[0] for row in by_group]
        if question.type == "text":
            kept = [text for text in next(written) if text]
            if may_show(len(kept)):
                secrets.SystemRandom().shuffle(kept)
                texts += [
                    SurveyText(question_id=keys[question.number], place=at, text=text)
                    for at, text in enumerate(kept, start=1)
                ]
        if not may_show(sum(answers)):
            continue
        whole = [sum(column) for column in zip(*by_group, strict=True)]
        tallies.append(SurveyTally(question_id=keys[question.number], answers=whole[0], cells=whole[1:]))
        if question.type == "text":
            continue
        for group, row, is_shown in zip(groups, by_group, shown_groups(answers), strict=True):
            if is_shown:
                tallies.append(
                    SurveyTally(question_id=keys[question.number], group_id=group, answers=row[0], cells=list(row[1:]))
                )
    SurveyTally.objects.bulk_create(tallies)
    SurveyText.objects.bulk_create(texts, batch_size=500)


def _added_up(survey: Survey, asked: Sequence[Asked], groups: int) -> urn.Urn:
    """Return what the urn of a survey that keeps names would hold."""
    sums = urn.empty(asked, groups)
    rows = NamedAnswer.objects.filter(place__survey=survey).select_related("place__group")
    for row in rows:
        answers: dict[int, Answer] = {
            int(number): tuple(value) if isinstance(value, list) else value for number, value in row.values.items()
        }
        if row.place.group is not None:
            sums = urn.with_answers(sums, asked, row.place.group.place, answers)
    return sums
