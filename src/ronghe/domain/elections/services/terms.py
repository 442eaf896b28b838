"""A term is put on record, and let end later or sooner with approval."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.elections.calc.terms import is_shift_allowed, regular_end
from ronghe.domain.elections.facts import TERM_ENDED, TERM_SHIFTED, TERM_STARTED
from ronghe.domain.elections.models import Term, TermShift
from ronghe.domain.elections.rules import RECORD_TERM, SHIFT_TERM, figures_in_force
from ronghe.domain.org.calc.capabilities import Capability
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.capabilities import require_capability
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class TermUnderWay(DomainError):
    code = "term_under_way"
    sentence = N_("“%(body)s”第 %(number)s 届还在任期内（至 %(ends_on)s，PE-04）。要换届请启动换届选举。")


class TermGap(DomainError):
    code = "term_gap"
    sentence = N_("第 %(number)s 届于 %(ended_on)s 结束，下一届须从这天开始，不能空档或重叠（PE-04）。请改开始日期。")
    status = 422


class TermNumberNotNext(DomainError):
    code = "term_number_not_next"
    sentence = N_("上一届是第 %(number)s 届，这一届应为第 %(next)s 届。请改届次。")
    status = 422


class TermInFuture(DomainError):
    code = "term_in_future"
    sentence = N_("%(day)s 还没有到，任期从选举当日开始（PE-04）。请改开始日期。")
    status = 422


class TermTooLong(DomainError):
    code = "term_too_long"
    sentence = N_(
        "按规定这一届至 %(regular)s 届满；提前或延后一般不超过 %(months)s 个月（PE-05）。请改届满日期，或先报上级批准。"
    )
    status = 422


class ShiftNotApproved(DomainError):
    code = "shift_not_approved"
    sentence = N_("延期或提前换届须上级批准（PE-05），请填批准文号。")
    status = 422


class ShiftTooFar(DomainError):
    code = "shift_too_far"
    sentence = N_("规定的届满日是 %(regular)s，延期或提前一般不超过 %(months)s 个月（PE-05）。请改日期。")
    status = 422


class ShiftIntoPast(DomainError):
    code = "shift_into_past"
    sentence = N_("%(day)s 已经过去，届满日只能改到今天以后（PE-05）。请改日期，或直接启动换届选举。")
    status = 422


class TermOver(DomainError):
    code = "term_over"
    sentence = N_("第 %(number)s 届已于 %(ended_on)s 结束，不能再改届满日（PE-05）。")


@transaction.atomic
def record_term(
    *, body: PartyOrg, number: int, started_on: date, actor: Person, at: datetime, ends_on: date | None = None,
    approval_ref: str = "",
) -> Term:  # fmt: skip
    """Put the present term of a body on record; without `ends_on` it ends by the rule of its kind (PE-04).

    A body that has had terms goes on from the last one's end. Elections do this by themselves when they are filed.

    :raises TermUnderWay: there is a present term, or somebody else put one on record a moment ago
    :raises TermGap: it leaves a gap after the last one, or overlaps it
    :raises TermNumberNotNext: the number does not follow
    :raises TermInFuture: the day is still to come
    :raises TermTooLong: it ends more than a year away from what the rule says, or off the rule without a paper (PE-05)
    """
    RECORD_TERM.require(actor, body, at=at)
    require_capability(body, Capability.RE_ELECT)
    if started_on > local_day(at):
        raise TermInFuture(day=started_on)
    last = body.terms.order_by("-number", "pk").first()
    if last is not None:
        _refuse_misfit(body, last, number, started_on)
    regular = regular_end(body.kind, started_on)
    wanted = ends_on or regular
    months = figures_in_force().shift_months
    if wanted != regular and not approval_ref.strip():
        raise ShiftNotApproved
    if wanted <= started_on or not is_shift_allowed(regular, wanted, most_months=months):
        raise TermTooLong(regular=regular, months=months)
    return write_term(body, number, started_on, actor, at, ends_on=wanted, approval_ref=approval_ref.strip())


def write_term(
    body: PartyOrg, number: int, started_on: date, actor: Person, at: datetime, *, ends_on: date, approval_ref: str
) -> Term:
    """Write a term whose days were looked at, in the caller's transaction.

    :raises TermUnderWay: somebody else wrote one a moment ago
    """
    try:
        with transaction.atomic():
            term = Term.objects.create(
                body=body, number=number, started_on=started_on, regular_end=regular_end(body.kind, started_on),
                ends_on=ends_on, approval_ref=approval_ref or None, recorded_by=actor, recorded_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        present = body.terms.order_by("-number", "pk").first()
        if present is None:
            raise
        raise TermUnderWay(body=body.name, number=present.number, ends_on=present.ends_on) from error
    record(Draft(TERM_STARTED, at, actor, body=body.pk, attributes={"number": number, "ends_on": ends_on}, source=term))
    return term


def end_term(term: Term, on: date, actor: Person, at: datetime) -> None:
    """End a term on the day `on` (not included), in the caller's transaction.

    :raises Stale: somebody else ended it a moment ago
    """
    if not Term.objects.filter(pk=term.pk, ended_on=None).update(ended_on=on):
        raise Stale
    term.ended_on = on
    record(Draft(TERM_ENDED, at, actor, body=term.body_id, attributes={"number": term.number}, source=term))


@transaction.atomic
def shift_term(*, term: Term, ends_on: date, approval_ref: str, reason: str, actor: Person, at: datetime) -> TermShift:
    """Let a term end later or sooner, with the paper of the body above; at most a year away from the rule (PE-05).

    :raises NotAllowed: only the office above lets it
    :raises ShiftNotApproved: no paper
    :raises ShiftTooFar: more than a year away from the day that the rule gives
    :raises ShiftIntoPast: that day is over
    :raises TermOver: the term has ended
    :raises Stale: somebody else moved it a moment ago, or it ends on that day already
    """
    SHIFT_TERM.require(actor, term.body, at=at)
    if not approval_ref.strip():
        raise ShiftNotApproved
    if term.ended_on is not None:
        raise TermOver(number=term.number, ended_on=term.ended_on)
    months = figures_in_force().shift_months
    if not is_shift_allowed(term.regular_end, ends_on, most_months=months) or ends_on <= term.started_on:
        raise ShiftTooFar(regular=term.regular_end, months=months)
    if ends_on < local_day(at):
        raise ShiftIntoPast(day=ends_on)
    before = term.ends_on
    moved = Term.objects.filter(pk=term.pk, ended_on=None, ends_on=before).exclude(ends_on=ends_on)
    if not moved.update(ends_on=ends_on):
        raise Stale
    term.ends_on = ends_on
    shift = TermShift.objects.create(
        term=term, from_day=before, to_day=ends_on, approval_ref=approval_ref.strip(), reason=reason.strip(),
        decided_by=actor, decided_at=at,
    )  # fmt: skip
    record(
        Draft(TERM_SHIFTED, at, actor, body=term.body_id,
              attributes={"from_day": before, "to_day": ends_on, "days": (ends_on - before).days}, source=term)
    )  # fmt: skip
    return shift


def _refuse_misfit(body: PartyOrg, last: Term, number: int, started_on: date) -> None:
    if last.ended_on is None:
        raise TermUnderWay(body=body.name, number=last.number, ends_on=last.ends_on)
    if started_on != last.ended_on:
        raise TermGap(number=last.number, ended_on=last.ended_on)
    if number != last.number + 1:
        raise TermNumberNotNext(number=last.number, next=last.number + 1)
