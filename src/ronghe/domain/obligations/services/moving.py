"""The planned day of an obligation is moved for one body, as far as its mechanism allows (PM-05)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from ronghe.domain.obligations.facts import PLANNED_DAY_MOVED
from ronghe.domain.obligations.models import Obligation, ObligationMove
from ronghe.domain.obligations.rules import MOVE_PLANNED_DAY
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.vocabulary import Reschedule
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

DAY = timedelta(days=1)
Key = tuple[int, str, str]
"""Body, mechanism, occurrence: what names an obligation in every recomputation."""


class NoPlannedDay(DomainError):
    code = "no_planned_day"
    sentence = N_("“%(title)s”没有固定的日子，应办期内哪天办都可以，不用改期。")
    status = 422


class DayIsFixed(DomainError):
    code = "day_is_fixed"
    sentence = N_("范本规定“%(title)s”的日子不能改。确实办不了的，请向上级申请免办。")
    status = 422


class OutsideWindow(DomainError):
    code = "outside_window"
    sentence = N_("“%(title)s”只能改到 %(from_on)s 至 %(until_on)s 之间的一天（PM-05：固定日可改期，不出应办期）。")
    status = 422


class DayIsOver(DomainError):
    code = "day_is_over"
    sentence = N_("%(day)s 已经过去，请改到今天或以后。")
    status = 422


class AlreadySettled(DomainError):
    code = "already_settled"
    sentence = N_("“%(title)s”已经办了或免办，不用改期。")


class MoveReasonMissing(DomainError):
    code = "move_reason_missing"
    sentence = N_("请写明改期的原因，会留在记录里（PM-05）。")
    status = 422


def days_open_to(obligation: Obligation, today: date | None = None) -> DaySpan | None:
    """Return the days to which the planned day may be moved; nothing where it may not, or not any more on `today`."""
    rule = obligation.definition.reschedule
    if obligation.planned_on is None or obligation.is_settled or rule is Reschedule.FIXED:
        return None
    until = obligation.grace_until if rule is Reschedule.ALLOWED else obligation.due_on + DAY
    return DaySpan(obligation.window_from, until) if today is None or today < until else None


@transaction.atomic
def move_planned_day(
    *, obligation: Obligation, to: date, reason: str, actor: Person, at: datetime
) -> Obligation:  # fmt: skip
    """Move the day that the cadence names for this body; the move stays on record and every recomputation keeps it.

    Moving to the day on which it stands changes nothing.

    :raises NotAllowed: the actor does not keep the body's rhythm
    :raises MoveReasonMissing: no words
    :raises NoPlannedDay: any day of the window will do
    :raises AlreadySettled: it is met or waived
    :raises DayIsFixed: the mechanism lets nobody move it
    :raises OutsideWindow: the day lies beyond what the mechanism allows
    :raises DayIsOver: the day is past
    :raises Stale: somebody else moved it a moment ago
    """
    MOVE_PLANNED_DAY.require(actor, obligation, at=at)
    if not reason.strip():
        raise MoveReasonMissing
    was = obligation.planned_on
    if was is None:
        raise NoPlannedDay(title=obligation.title)
    if obligation.is_settled:
        raise AlreadySettled(title=obligation.title)
    allowed = days_open_to(obligation)
    if allowed is None:
        raise DayIsFixed(title=obligation.title)
    if to not in allowed:
        raise OutsideWindow(title=obligation.title, from_on=allowed.from_on, until_on=allowed.last_on)
    if to < local_day(at):
        raise DayIsOver(day=to)
    if to == was:
        return obligation
    rows = Obligation.objects.filter(pk=obligation.pk, planned_on=was, is_settled=False)
    if not rows.update(planned_on=to, revision=obligation.revision + 1):
        raise Stale
    obligation.planned_on, obligation.revision = to, obligation.revision + 1
    ObligationMove.objects.create(
        body_id=obligation.body_id, mechanism=obligation.mechanism, occurrence=obligation.occurrence, was=was, now=to,
        reason=reason.strip(), moved_by=actor, moved_at=at,
    )  # fmt: skip
    attributes = {"mechanism": obligation.mechanism, "occurrence": obligation.occurrence, "from_day": was, "day": to}
    record(Draft(PLANNED_DAY_MOVED, at, actor, body=obligation.body_id, source=obligation, attributes=attributes))
    return obligation


def moved_days(body_ids: Collection[int]) -> dict[Key, date]:
    """Return the day to which each moved obligation of these bodies was moved last, in one read."""
    rows = ObligationMove.objects.filter(body_id__in=body_ids).order_by("pk")
    return {
        (body, mechanism, occurrence): now
        for body, mechanism, occurrence, now in rows.values_list("body_id", "mechanism", "occurrence", "now")
    }
