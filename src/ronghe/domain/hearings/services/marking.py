"""Marking: a secret ballot for each group, counted together into one score and one of four grades a reporter (AP-04)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.ballots.enums import BallotState
from ronghe.domain.ballots.selectors import progress_of, result_of
from ronghe.domain.ballots.services.ballots import close_ballot, open_ballot, void_ballot
from ronghe.domain.hearings.calc.marks import GroupMarks, grade_of, grades_from, score_of
from ronghe.domain.hearings.enums import HEARING_FLOW, HearingState, ObjectionState
from ronghe.domain.hearings.facts import HEARING_CLOSED, HELD, REPORTED, RESULT, VOTE_OPENED, VOTE_STOPPED
from ronghe.domain.hearings.models import EvaluatorGroup, Hearing, HearingReporter, Objection, ReporterResult
from ronghe.domain.hearings.rules import RUN_HEARING
from ronghe.domain.hearings.selectors import GroupView, groups_of
from ronghe.domain.hearings.services.planning import refuse_weights, require_planned
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.workdays import add_working_days
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record, record_many
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed

NO_MARK = N_("不评")
"""Whoever does not know a reporter, or is the reporter; it counts in no mean."""


class GroupTooSmall(DomainError):
    code = "group_too_small"
    sentence = N_(
        "“%(group)s”只有 %(count)s 人，少于 %(least)s 人猜得到谁投了什么。请增加人，或把这一组清空，权重归别的组。"
    )
    status = 422


class NobodyMarks(DomainError):
    code = "nobody_marks"
    sentence = N_("还没有测评人，请先定下各组名单。")


class CountedByOpener(DomainError):
    code = "counted_by_opener"
    sentence = N_("“%(group)s”的投票由%(name)s发起，只能由本人计票。请由%(name)s来办，或先到投票页计票。")
    status = 403


class ObjectionsOpen(DomainError):
    code = "objections_open"
    sentence = N_("还有 %(count)s 条异议没有答复，不能办结。")


class ObjectionTimeRunning(DomainError):
    code = "objection_time_running"
    sentence = N_("异议期到 %(until)s，过后才能办结。")


@transaction.atomic
def open_marking(*, hearing: Hearing, actor: Person, at: datetime) -> Hearing:
    """Let every group mark on their phones: one ballot a group, each reporter a line, four grades and 不评.

    :raises WeightsOff: the weights are not 100 percent together
    :raises NobodyMarks: no group has people
    :raises GroupTooSmall: a group in which one could guess who marked what
    :raises StepNotAllowed: it is open, or over
    """
    RUN_HEARING.require(actor, hearing, at=at)
    views = groups_of(hearing)
    refuse_weights(view.group.weight for view in views)
    marking = [view for view in views if view.people]
    if not marking:
        raise NobodyMarks
    for view in marking:
        if len(view.people) < hearing.least_shown:
            raise GroupTooSmall(group=view.group.get_kind_display(), count=len(view.people), least=hearing.least_shown)
    require_planned(hearing)
    HEARING_FLOW.advance(hearing, "open_vote")
    items = [_item(row) for row in hearing.reporters.select_related("person", "body").order_by("place")]
    choices = [*(grade.title for grade in grades_from(hearing.grades)), NO_MARK]
    for view in marking:
        view.group.ballot = open_ballot(
            title=f"{hearing.title}·{view.group.get_kind_display()}"[:120], items=items, choices=choices,
            voters=view.people, actor=actor, at=at, least_shown=hearing.least_shown, blank_choice=len(choices),
        )  # fmt: skip
        view.group.save(update_fields=["ballot"])
    attributes = {"groups": len(marking), "voters": sum(len(view.people) for view in marking)}
    record(Draft(VOTE_OPENED, at, actor, body=hearing.body_id, attributes=attributes, source=hearing))
    return hearing


@transaction.atomic
def stop_marking(*, hearing: Hearing, reason: str, actor: Person, at: datetime) -> Hearing:
    """Void the marks given so far; the hearing is being prepared again.

    :raises DomainError: what voiding a ballot refuses: no reason, or somebody else's ballot
    :raises StepNotAllowed: nobody is marking
    """
    RUN_HEARING.require(actor, hearing, at=at)
    HEARING_FLOW.advance(hearing, "reopen")
    for view in groups_of(hearing):
        if view.group.ballot is not None and view.group.ballot.state == BallotState.OPEN:
            _refuse_others_ballot(view, actor)
            void_ballot(ballot=view.group.ballot, reason=reason, actor=actor, at=at)
        view.group.ballot = None
        view.group.save(update_fields=["ballot"])
    record(Draft(VOTE_STOPPED, at, actor, body=hearing.body_id, source=hearing))
    return hearing


@transaction.atomic
def count_marks(*, hearing: Hearing, actor: Person, at: datetime) -> Hearing:
    """Count all groups: scores, grades, and until when one may object. What too few marked is not kept and does not count.

    A group of which nobody marked does not count; its weight goes to the others.

    :raises StepNotAllowed: nobody is marking
    :raises Stale: somebody else counted a moment ago
    :raises CountedByOpener: a ballot is open that somebody else opened
    :raises PapersNotChecked: papers were handed out whose count nobody checked
    """
    RUN_HEARING.require(actor, hearing, at=at)
    until = add_working_days(statutory_calendar(), local_day(at), hearing.objection_days)
    HEARING_FLOW.advance(hearing, "count", counted_at=at, objections_until=until)
    views = groups_of(hearing)
    for view in views:
        _close(view, actor, at)
    reporters = list(hearing.reporters.select_related("person", "hearing").order_by("place"))
    marks = [_marks_of(view.group, len(hearing.grades)) for view in views]
    grades = grades_from(hearing.grades)
    for place, reporter in enumerate(reporters):
        own = [GroupMarks(view.group.weight, counts[place]) for view, (counts, _cast) in zip(views, marks, strict=True)]
        score = score_of(own, grades)
        grade = grade_of(score.value, grades)
        lines = [
            {"kind": view.group.kind, "weight": str(view.group.weight), "share": str(share), "cast": cast,
             "counts": None if group.counts is None else list(group.counts)}
            for view, group, share, (_counts, cast) in zip(views, own, score.shares, marks, strict=True)
        ]  # fmt: skip
        result = ReporterResult.objects.create(
            reporter=reporter, score=score.value, grade=grade.code if grade else "", groups=lines
        )
        if grade is not None:
            attributes = {"grade": grade.code, "year": hearing.year}
            record(
                Draft(
                    RESULT,
                    at,
                    actor,
                    about=reporter.person,
                    body=reporter.body_id,
                    attributes=attributes,
                    source=result,
                )
            )
    _record_held(hearing, reporters, actor, at)
    return hearing


@transaction.atomic
def close_hearing(*, hearing: Hearing, actor: Person, at: datetime) -> Hearing:
    """Close a hearing once nobody can object any more and everything is answered; problems go on as tasks.

    :raises ObjectionTimeRunning, ObjectionsOpen: too early
    :raises StepNotAllowed: not counted, or closed
    """
    RUN_HEARING.require(actor, hearing, at=at)
    if hearing.state != HearingState.COUNTED:
        raise StepNotAllowed(state=hearing.get_state_display())
    until = hearing.objections_until
    if until is not None and local_day(at) <= until:
        raise ObjectionTimeRunning(until=until)
    waiting = Objection.objects.filter(reporter__hearing=hearing, state=ObjectionState.OPEN).count()
    if waiting:
        raise ObjectionsOpen(count=waiting)
    HEARING_FLOW.advance(hearing, "close")
    problems = hearing.reporters.filter(problems__isnull=False).count()
    record(Draft(HEARING_CLOSED, at, actor, body=hearing.body_id, attributes={"problems": problems}, source=hearing))
    return hearing


def _item(reporter: HearingReporter) -> str:
    return f"{reporter.place}. {reporter.person.name}（{reporter.body.name}）"[:120]


def _refuse_others_ballot(view: GroupView, actor: Person) -> None:
    ballot = view.group.ballot
    if ballot is not None and ballot.opened_by_id != actor.pk:
        raise CountedByOpener(group=view.group.get_kind_display(), name=ballot.opened_by.name)


def _close(view: GroupView, actor: Person, at: datetime) -> None:
    """Count the ballot of a group, or void it where nobody marked."""
    ballot = view.group.ballot
    if ballot is None or ballot.state != BallotState.OPEN:
        return
    _refuse_others_ballot(view, actor)
    if progress_of(ballot).cast:
        close_ballot(ballot=ballot, actor=actor, at=at)
    else:
        void_ballot(ballot=ballot, reason=_("没有人测评"), actor=actor, at=at)


def _marks_of(group: EvaluatorGroup, grades: int) -> tuple[list[tuple[int, ...] | None], int]:
    """Return the marks of a group by reporter, in their order, and how many voted; marks too few to show are `None`."""
    ballot = group.ballot
    reporters = group.hearing.reporters.count()
    if ballot is None or ballot.state != BallotState.CLOSED:
        return [None] * reporters, 0
    result = result_of(ballot)
    if result.is_hidden:
        return [None] * reporters, result.cast
    rows = [None if item.is_hidden else tuple(votes or 0 for votes in item.counts[:grades]) for item in result.items]
    return rows, result.cast


def _record_held(hearing: Hearing, reporters: list[HearingReporter], actor: Person, at: datetime) -> None:
    """Tell of the hearing for the body that held it, and of each report for the body whose secretary gave it.

    Two kinds: to have been heard above is not to have held a hearing, and must not meet that duty of a body below.
    """
    told = {"day": local_day(hearing.starts_at), "reporters": len(reporters)}
    record(Draft(HELD, at, actor, body=hearing.body_id, attributes=told, source=hearing))
    record_many(
        Draft(REPORTED, at, actor, about=row.person, body=row.body_id, attributes={"year": hearing.year}, source=row)
        for row in reporters
    )
