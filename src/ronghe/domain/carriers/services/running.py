"""An active carrier is reviewed, writes down what it brought about, is renewed, and ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from ronghe.domain.carriers.enums import CARRIER_FLOW, CarrierState, CarrierStep, EndReason, ReviewGrade
from ronghe.domain.carriers.facts import CARRIER_ENDED, CARRIER_RENEWED, CARRIER_REVIEWED, RESULT_WRITTEN
from ronghe.domain.carriers.models import CallTeam, Carrier, CarrierResult, CarrierReview, ResultRecord
from ronghe.domain.carriers.rules import END, MANAGE, REVIEW
from ronghe.domain.carriers.selectors.carriers import next_review
from ronghe.domain.carriers.selectors.promises import kept_of
from ronghe.domain.carriers.services.people import leave
from ronghe.domain.carriers.services.promises import CarrierClosed, known_records
from ronghe.domain.carriers.services.proposing import CarrierDaysWrong, ReasonMissing
from ronghe.domain.carriers.services.telling import locked, note_act, take_back, tell
from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class ReviewEmpty(DomainError):
    code = "carrier_review_empty"
    sentence = N_("请写明评议意见：好在哪里，差在哪里，下一步怎么做。")
    status = 422


class ResultEmpty(DomainError):
    code = "carrier_result_empty"
    sentence = N_("请写明取得了什么成果。")
    status = 422


class ResultGone(DomainError):
    code = "carrier_result_gone"
    sentence = N_("这项成果已经撤下。")


class PromisesOpen(DomainError):
    code = "carrier_promises_open"
    sentence = N_("还有 %(count)s 项承诺没有评定。请先评为兑现、没有兑现，或者免除，再结束。")


class TeamBusy(DomainError):
    code = "carrier_team_busy"
    sentence = N_("“%(name)s”正在集结，解除以后再办。")


@transaction.atomic
def review_carrier(*, carrier: Carrier, grade: ReviewGrade, text: str, actor: Person, at: datetime) -> CarrierReview:
    """Review a carrier: how it does, with its promises as they stand; the next review is dated (PP-07).

    :raises NotAllowed: nobody reviews what they are in
    :raises CarrierClosed: it is not active
    :raises ReviewEmpty: no words
    """
    REVIEW.require(actor, carrier, at=at)
    if not text.strip():
        raise ReviewEmpty
    fresh = _active(carrier)
    day = local_day(at)
    kept = kept_of([fresh.pk], at)[fresh.pk]
    row = CarrierReview.objects.create(
        carrier=fresh, grade=grade, text=text.strip(), kept=kept.kept, not_kept=kept.not_kept,
        still_open=kept.still_open, by=actor, at=at,
    )  # fmt: skip
    on_time = fresh.review_on is None or day <= fresh.review_on
    Carrier.objects.filter(pk=fresh.pk).update(review_on=next_review(fresh, day))
    tell(
        fresh, CARRIER_REVIEWED, actor, at, source=row, grade=grade, kept=kept.kept, not_kept=kept.not_kept,
        on_time=on_time, carrier=fresh.pk,
    )  # fmt: skip
    return row


@transaction.atomic
def write_result(
    *, carrier: Carrier, text: str, actor: Person, at: datetime, figure: Decimal | None = None, unit: str = "",
    records: Sequence[RecordOf] = (),
) -> CarrierResult:  # fmt: skip
    """Write down something that a carrier brought about, shown by records that are there already.

    :raises NotAllowed: the actor does not lead here
    :raises CarrierClosed: it is not active
    :raises ResultEmpty: no words
    :raises RecordUnseen: a record is none of those that were offered
    """
    MANAGE.require(actor, carrier, at=at)
    if not text.strip():
        raise ResultEmpty
    fresh = _active(carrier)
    known = known_records(fresh, records, actor, at)
    result = CarrierResult(carrier=fresh, text=text.strip(), figure=figure, unit=unit.strip(), by=actor, at=at)
    fact = tell(fresh, RESULT_WRITTEN, actor, at, is_measured=figure is not None, records=len(known))
    result.fact = fact.pk
    result.save(force_insert=True)
    ResultRecord.objects.bulk_create(
        ResultRecord(result=result, source_type=one.source_type, source_id=one.source_id, name=one.name[:120])
        for one in known
    )
    return result


@transaction.atomic
def take_back_result(*, result: CarrierResult, actor: Person, at: datetime) -> CarrierResult:
    """Take back a result that was written by mistake; it is kept, struck through, and its fact is reversed.

    :raises ResultGone: it was taken back before
    """
    MANAGE.require(actor, result.carrier, at=at)
    rows = CarrierResult.objects.filter(pk=result.pk, taken_back_at=None)
    if not rows.update(taken_back_by=actor, taken_back_at=at):
        raise ResultGone
    take_back(result.fact, actor, at)
    result.refresh_from_db()
    return result


@transaction.atomic
def renew_carrier(*, carrier: Carrier, until_on: date, actor: Person, at: datetime, note: str = "") -> Carrier:
    """Let an active carrier go on until another day (not included).

    :raises NotAllowed: its head does not renew it
    :raises CarrierDaysWrong: the day is not after today and after the one before
    """
    END.require(actor, carrier, at=at)
    if until_on <= max(carrier.until_on, local_day(at)):
        raise CarrierDaysWrong
    CARRIER_FLOW.advance(carrier, "renew", until_on=until_on)
    carrier.review_on = next_review(carrier, local_day(at))
    Carrier.objects.filter(pk=carrier.pk).update(review_on=carrier.review_on)
    note_act(carrier, CarrierStep.RENEWED, actor, at, note=note, until_on=until_on)
    tell(carrier, CARRIER_RENEWED, actor, at, until_on=until_on)
    return carrier


@transaction.atomic
def end_carrier(*, carrier: Carrier, reason: EndReason, note: str, actor: Person, at: datetime) -> Carrier:
    """End a carrier: its people leave it, what it promised was judged before.

    :raises NotAllowed: its head does not end it
    :raises ReasonMissing: no words
    :raises PromisesOpen: a promise is neither kept, nor not kept, nor waived
    :raises TeamBusy: the team is called up
    """
    END.require(actor, carrier, at=at)
    if not note.strip():
        raise ReasonMissing
    locked(carrier)
    still = kept_of([carrier.pk], at)[carrier.pk].still_open
    if still and carrier.state == CarrierState.ACTIVE:
        raise PromisesOpen(count=still)
    if CallTeam.objects.filter(carrier=carrier, is_busy=True).exists():
        raise TeamBusy(name=carrier.name)
    _end(carrier, reason, note, actor, at)
    return carrier


def end_with_body(body_id: int, at: datetime) -> None:
    """End the carriers of a body that was dissolved; what they had promised and nobody judged is waived."""
    rows = Carrier.objects.filter(body=body_id, state=CarrierState.ACTIVE).select_related("body", "lead").order_by("pk")
    for carrier in rows:
        _end(carrier, EndReason.BODY_DISSOLVED, "", None, at)
        for item in WorkItem.objects.filter(promise_line__carrier=carrier, closed_at=None).order_by("pk"):
            _waive(item, at)


def _end(carrier: Carrier, reason: EndReason, note: str, actor: Person | None, at: datetime) -> None:
    day = local_day(at)
    CARRIER_FLOW.advance(carrier, "end", ended_on=day, end_reason=reason, end_note=note.strip()[:400], review_on=None)
    for row in carrier.members.filter(valid_until=None).select_related("person").order_by("pk"):
        leave(carrier, row, actor, at)
    kept = kept_of([carrier.pk], at)[carrier.pk]
    note_act(carrier, CarrierStep.ENDED, actor, at, note=note)
    tell(
        carrier, CARRIER_ENDED, actor, at, reason=reason, days=max(0, (day - carrier.from_on).days), kept=kept.kept,
        not_kept=kept.not_kept,
    )  # fmt: skip


def _waive(item: WorkItem, at: datetime) -> None:
    """Settle a promise that nobody is left to judge; time takes the step, as it does where an item goes up a level."""
    before = item.state
    if WorkItem.objects.filter(pk=item.pk, state=before).update(state="waived", since=at, level=0, closed_at=at):
        ItemStep.objects.create(
            item=item, step="waive", from_state=before, to_state="waived", by=None, at=at, owner=item.owner,
            due_at=item.due_at, round=item.round,
        )  # fmt: skip


def _active(carrier: Carrier) -> Carrier:
    fresh = locked(carrier)
    if fresh.state != CarrierState.ACTIVE:
        raise CarrierClosed(name=fresh.name, state=fresh.get_state_display())
    return fresh
