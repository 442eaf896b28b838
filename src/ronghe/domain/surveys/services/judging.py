"""A survey judges somebody: employees are the anonymous judges, one vote each, and sheets read the marks (PP-06)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.surveys.calc.questions import POINTS, Asked
from ronghe.domain.surveys.calc.shown import may_show
from ronghe.domain.surveys.enums import QuestionType, SurveyState
from ronghe.domain.surveys.facts import SURVEY_ANSWER
from ronghe.domain.surveys.models import Survey
from ronghe.domain.surveys.rules import RUN_SURVEY
from ronghe.domain.surveys.selectors.judging import Told, judged_called, judged_items
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record_many
from ronghe.kernel.subjects import declared_subjects
from ronghe.kernel.words import N_, listed
from ronghe.kernel.workflow import StepNotAllowed
from ronghe.scoring.period import Period

_HELD: dict[type, str] = {PartyOrg: "judged_body", AdminUnit: "judged_unit", Person: "judged_person"}


class JudgedItemUnknown(DomainError):
    code = "survey_item_unknown"
    sentence = N_("没有评分表用到问卷项目“%(item)s”。可以选：%(known)s。")
    status = 422


class JudgingNamed(DomainError):
    code = "survey_judging_named"
    sentence = N_("计入考评的问卷由员工匿名评，不能记名。请去掉“记名”，或者不计入考评。")
    status = 422


class JudgingWithoutMark(DomainError):
    code = "survey_without_mark"
    sentence = N_("计入考评的问卷要有一道必答的“1 至 5 分”题，第一道就是评分。请加上再发出。")
    status = 422


class JudgedPeriodNotBegun(DomainError):
    code = "survey_period_not_begun"
    sentence = N_("%(period)s 还没有开始，不能计入。")
    status = 422


class JudgedTwice(DomainError):
    code = "survey_judged_twice"
    sentence = N_("%(period)s 对“%(name)s”已有一份同样的测评“%(title)s”，一人一票，不能再发一份。")


@transaction.atomic
def count_for(*, survey: Survey, item: str, judged: str, period: str, actor: Person, at: datetime) -> Survey:
    """Let the marks of a draft count for an item of a sheet, about whom `judged` names; `item` "" lets it judge nobody.

    `item` is a key of `judged_items`.


    :raises StepNotAllowed: it was put to people
    :raises JudgedItemUnknown: no sheet reads the item
    :raises JudgedUnknown, JudgedSeveral: nobody of that name, or several
    :raises PeriodUnknown: the text names no period
    :raises JudgedPeriodNotBegun: its first day is yet to come
    """
    RUN_SURVEY.require(actor, survey, at=at)
    if survey.state != SurveyState.DRAFT:
        raise StepNotAllowed(state=survey.get_state_display())
    changes: dict[str, object] = dict.fromkeys((*_HELD.values(), "judged_subject", "judged_out_of"))
    changes |= {"judged_item": "", "judged_period": "", "judged_level": ""}
    if item:
        items = judged_items()
        if item not in items:
            raise JudgedItemUnknown(item=item, known=listed(sorted(items)) or "—")
        whom = judged_called(items[item], judged, survey.body, at)
        span = Period.parse(period)
        if local_day(at) < span.day_from:
            raise JudgedPeriodNotBegun(period=span.name)
        changes |= {"judged_item": items[item].name, "judged_period": span.name, "judged_out_of": items[item].out_of}
        if isinstance(whom, Told):
            changes |= {"judged_level": whom.level, "judged_subject": whom.id}
        else:
            changes[_HELD[type(whom)]] = whom
    for name, value in changes.items():
        setattr(survey, name, value)
    survey.save(update_fields=list(changes))
    return survey


def require_fit_to_judge(survey: Survey, asked: Sequence[Asked]) -> None:
    """Return where a survey that judges somebody may be put to people.

    :raises JudgingNamed: it keeps names
    :raises JudgingWithoutMark: no required question of 1 to 5 points
    :raises JudgedTwice: another one holds the place of this item, subject and period
    """
    if survey.is_named:
        raise JudgingNamed
    if mark_place(asked) is None:
        raise JudgingWithoutMark
    twin = Survey.objects.filter(
        judged_item=survey.judged_item, judged_period=survey.judged_period, judged_body=survey.judged_body_id,
        judged_unit=survey.judged_unit_id, judged_person=survey.judged_person_id, judged_level=survey.judged_level,
        judged_subject=survey.judged_subject, is_counted=True,
        state__in=[SurveyState.OPEN, SurveyState.CLOSED],
    ).exclude(pk=survey.pk).first()  # fmt: skip
    if twin is not None:
        raise JudgedTwice(period=survey.judged_period, name=survey.judged_name, title=twin.title)


def people_judged(survey: Survey) -> set[int]:
    """Return the keys of those who are judged by a survey: they are not asked."""
    if survey.judged_person_id is not None:
        return {survey.judged_person_id}
    source = declared_subjects(survey.judged_level)
    return set(source.holders(survey.judged_subject)) if source and survey.judged_subject is not None else set()


def mark_place(asked: Sequence[Asked]) -> int | None:
    """Return the place of the question whose points are the mark: the first required one of 1 to 5 points."""
    return next(
        (place for place, one in enumerate(asked) if one.type == QuestionType.SCALE and one.is_required), None
    )  # fmt: skip


def write_marks(survey: Survey, points: Sequence[int], at: datetime) -> int:
    """Write one fact for each mark of a closed survey and return how many; none where fewer than five were given.

    `points[n]` is how many gave n + 1 points. The facts are written from the lowest mark up, by nobody, at one moment of the
    survey's period: neither their order nor their time says who gave which, or when.
    """
    if not may_show(sum(points)) or survey.judged_out_of is None:
        Survey.objects.filter(pk=survey.pk).update(is_counted=False)
        return 0
    last_moment = Period.parse(survey.judged_period).instants[1] - timedelta(seconds=1)
    moment = min(at, last_moment)
    said: dict[str, object] = {"item": survey.judged_item}
    if (source := declared_subjects(survey.judged_level)) is not None:
        said[source.attribute] = survey.judged_subject
    drafts = [
        Draft(
            SURVEY_ANSWER, moment, None, about=survey.judged_person, body=survey.judged_body_id,
            unit=survey.judged_unit_id, quantity=Decimal(survey.judged_out_of) * point / POINTS,
            attributes=said, source=survey,
        )
        for point, count in enumerate(points, start=1)
        for _one in range(count)
    ]  # fmt: skip
    return len(record_many(drafts))
