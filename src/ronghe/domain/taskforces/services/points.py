"""A difficult point is raised, gets its four fixes, goes on, and is resolved or handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.calc.clock import hours_between
from ronghe.domain.taskforces.calc.fixes import WORDS, Answering, met_target, missing_fixes
from ronghe.domain.taskforces.enums import POINT_FLOW, DifficultyKind, ForceState, PointState
from ronghe.domain.taskforces.facts import (
    POINT_FIXED,
    POINT_HANDED_OVER,
    POINT_RAISED,
    POINT_REOPENED,
    POINT_RESOLVED,
    PROGRESS_NOTED,
)
from ronghe.domain.taskforces.models import DifficultPoint, PointPerson, ProgressNote, TaskForce
from ronghe.domain.taskforces.rules import LEAD_TASK_FORCE, NOTE_POINT, RAISE_POINT, RESOLVE_POINT
from ronghe.domain.taskforces.selectors import missing_of
from ronghe.domain.taskforces.services.running import ForceOver
from ronghe.domain.taskforces.services.telling import locked, record
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _, listed

MOST_POINTS = 200
RAISED_IN = frozenset({ForceState.PROPOSED, ForceState.RETURNED, ForceState.APPROVED, ForceState.UNDER_WAY})


class PointUntitled(DomainError):
    code = "point_untitled"
    sentence = N_("请写明难点是什么。")
    status = 422


class TooManyPoints(DomainError):
    code = "too_many_points"
    sentence = N_("一个攻关临时党小组最多 %(most)s 个难点，请另成立小组。")


class NotInForce(DomainError):
    code = "point_person_not_in_force"
    sentence = N_("%(names)s 不在小组里，不能定为难点的人员。请先编入小组。")
    status = 422


class ChargeOutside(DomainError):
    code = "point_charge_outside"
    sentence = N_("负责人要在所定人员之中，请一并勾选。")
    status = 422


class DueInThePast(DomainError):
    code = "point_due_past"
    sentence = N_("时限 %(due)s 已经过去，请改到今天或以后。")
    status = 422


class TargetWithoutUnit(DomainError):
    code = "point_target_without_unit"
    sentence = N_("有目标值就要写单位，有现状值也要有目标值。")
    status = 422


class FixesFirst(DomainError):
    """SD-03."""

    code = "point_fixes_first"
    sentence = N_("难点“%(point)s”还缺%(missing)s（SD-03），请先补齐四定。")


class NotStarted(DomainError):
    code = "task_force_not_started"
    sentence = N_("“%(name)s”的状态是“%(state)s”，攻关中才能记进展、办结难点。")


class NoteEmpty(DomainError):
    code = "progress_note_empty"
    sentence = N_("请写一句进展到哪一步。")
    status = 422


class ResultMissing(DomainError):
    code = "point_result_missing"
    sentence = N_("请写明怎样解决的，结果如何。")
    status = 422


class ReceiverMissing(DomainError):
    code = "point_receiver_missing"
    sentence = N_("请写明移交给谁、接着怎么办。")
    status = 422


@dataclass(frozen=True, slots=True)
class Fixes:
    """The four fixes as far as they are known: `duties` maps each person to the duty, one of them is in charge."""

    duties: Sequence[tuple[Person, str]] = ()
    in_charge: Person | None = None
    goal: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    unit: str = ""
    due_on: date | None = None


@transaction.atomic
def raise_point(
    *, force: TaskForce, title: str, kind: DifficultyKind, actor: Person, at: datetime, text: str = "",
    fixes: Fixes | None = None,
) -> DifficultPoint:  # fmt: skip
    """Name a difficulty; its clock runs from now. With `fixes` it gets them at once, if the actor leads the group.

    :raises PointUntitled: no words
    :raises ForceOver: the group sums up or is over
    :raises TooManyPoints: more than `MOST_POINTS`
    """
    RAISE_POINT.require(actor, force, at=at)
    fresh = locked(force)
    if fresh.state not in RAISED_IN:
        raise ForceOver(name=fresh.name, state=fresh.get_state_display())
    if not title.strip():
        raise PointUntitled
    last: int = fresh.points.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_POINTS:
        raise TooManyPoints(most=MOST_POINTS)
    point = DifficultPoint.objects.create(
        task_force=fresh, number=last + 1, title=title.strip(), kind=kind, text=text.strip(), raised_by=actor,
        raised_at=at,
    )  # fmt: skip
    record(POINT_RAISED, fresh, actor, at, source=point, difficulty=kind)
    if fixes is not None:
        point = fix_point(point=point, fixes=fixes, actor=actor, at=at)
    return point


@transaction.atomic
def fix_point(*, point: DifficultPoint, fixes: Fixes, actor: Person, at: datetime) -> DifficultPoint:
    """Set the four fixes of a point anew, as far as they are known (SD-03): people, goal, duties, deadline.

    :raises NotInForce: somebody is not in the group today
    :raises ChargeOutside: who is in charge is not among the people
    :raises DueInThePast: a new deadline that is over
    :raises TargetWithoutUnit: a figure that nobody could read
    :raises StepNotAllowed: the point is settled
    """
    force = point.task_force
    LEAD_TASK_FORCE.require(actor, force, at=at)
    fresh = locked(force)
    _refuse_fixes(fresh, point, fixes, local_day(at))
    answering = [Answering(person == fixes.in_charge, duty) for person, duty in fixes.duties]
    missing = missing_fixes(answering, goal=fixes.goal, due_on=fixes.due_on)
    if missing and fresh.is_running:
        raise FixesFirst(point=point.title, missing=listed(_(WORDS[fix]) for fix in missing))
    POINT_FLOW.advance(
        point, "unfix" if missing else "fix", goal=fixes.goal.strip(), baseline=fixes.baseline, target=fixes.target,
        unit=fixes.unit.strip(), due_on=fixes.due_on, fixed_at=None if missing else (point.fixed_at or at),
    )  # fmt: skip
    point.people.all().delete()
    PointPerson.objects.bulk_create(
        PointPerson(point=point, person=person, duty=duty.strip(), is_in_charge=person == fixes.in_charge)
        for person, duty in dict(fixes.duties).items()
    )
    record(
        POINT_FIXED, fresh, actor, at, source=point, difficulty=point.kind, people=len(fixes.duties),
        is_measured=fixes.target is not None, due_on=fixes.due_on, missing=len(missing),
    )  # fmt: skip
    return point


@transaction.atomic
def note_progress(
    *, point: DifficultPoint, text: str, actor: Person, at: datetime, figure: Decimal | None = None
) -> ProgressNote:
    """Write down how a point went on, with the figure reached where it is measured.

    :raises NoteEmpty: no words
    :raises FixesFirst: the point lacks one of the four (SD-03)
    :raises NotStarted: the group does not work
    """
    NOTE_POINT.require(actor, point, at=at)
    force = _working(point)
    if not text.strip():
        raise NoteEmpty
    note = ProgressNote.objects.create(point=point, text=text.strip(), figure=figure, by=actor, at=at)
    record(PROGRESS_NOTED, force, actor, at, source=point, difficulty=point.kind)
    return note


@transaction.atomic
def resolve_point(
    *, point: DifficultPoint, result: str, actor: Person, at: datetime, actual: Decimal | None = None
) -> DifficultPoint:
    """Settle a point with its result; the clock from raised to resolved stops.

    :raises ResultMissing: no words
    :raises FixesFirst, NotStarted: as for notes
    """
    RESOLVE_POINT.require(actor, point, at=at)
    force = _working(point)
    if not result.strip():
        raise ResultMissing
    POINT_FLOW.advance(point, "resolve", result=result.strip(), actual=actual, settled_by=actor, settled_at=at)
    record(
        POINT_RESOLVED, force, actor, at, source=point, difficulty=point.kind, hours=hours_between(point.raised_at, at),
        on_time=point.due_on is None or local_day(at) <= point.due_on,
        met_target=met_target(point.baseline, point.target, actual),
    )  # fmt: skip
    return point


@transaction.atomic
def reopen_point(*, point: DifficultPoint, actor: Person, at: datetime) -> DifficultPoint:
    """Take back that a point was resolved, while the group still works; the clock goes on from when it was raised."""
    RESOLVE_POINT.require(actor, point, at=at)
    force = _running(point)
    POINT_FLOW.advance(point, "reopen", result="", actual=None, settled_by=None, settled_at=None)
    record(POINT_REOPENED, force, actor, at, source=point, difficulty=point.kind)
    return point


@transaction.atomic
def hand_over_point(*, point: DifficultPoint, to: str, actor: Person, at: datetime) -> DifficultPoint:
    """Settle a point that the group could not resolve: who goes on with it, and how.

    :raises ReceiverMissing: no words
    """
    LEAD_TASK_FORCE.require(actor, point.task_force, at=at)
    force = _running(point)
    if not to.strip():
        raise ReceiverMissing
    POINT_FLOW.advance(point, "hand_over", result=to.strip(), settled_by=actor, settled_at=at)
    record(POINT_HANDED_OVER, force, actor, at, source=point, difficulty=point.kind)
    return point


def _refuse_fixes(force: TaskForce, point: DifficultPoint, fixes: Fixes, day: date) -> None:
    people = [person for person, _duty in fixes.duties]
    inside = set(force.members.filter(valid_until=None).values_list("person_id", flat=True))
    outside = [person.name for person in people if person.pk not in inside]
    if outside:
        raise NotInForce(names=listed(dict.fromkeys(outside)))
    if fixes.in_charge is not None and fixes.in_charge not in people:
        raise ChargeOutside
    if fixes.due_on is not None and fixes.due_on != point.due_on and fixes.due_on < day:
        raise DueInThePast(due=fixes.due_on)
    if (fixes.baseline is not None and fixes.target is None) or (fixes.target is not None and not fixes.unit.strip()):
        raise TargetWithoutUnit


def _running(point: DifficultPoint) -> TaskForce:
    force = locked(point.task_force)
    if not force.is_running:
        raise NotStarted(name=force.name, state=force.get_state_display())
    return force


def _working(point: DifficultPoint) -> TaskForce:
    force = _running(point)
    missing = missing_of(point)
    if missing and point.state == PointState.RAISED:
        raise FixesFirst(point=point.title, missing=listed(_(WORDS[fix]) for fix in missing))
    return force
