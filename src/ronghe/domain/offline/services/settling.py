"""What becomes of an act that was not taken: its author reports it again, joins, chooses, or voids it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from ronghe.domain.offline.calc.acts import WORDS, ActMisshapen, read_what
from ronghe.domain.offline.calc.times import is_too_old
from ronghe.domain.offline.enums import ACT_FLOW, ActKind, ActState, MinutesChoice
from ronghe.domain.offline.facts import ACT_VOIDED
from ronghe.domain.offline.models import Device, ReceivedAct
from ronghe.domain.offline.rules import SETTLE_ACT
from ronghe.domain.offline.selectors import huddle_to_join
from ronghe.domain.offline.services.applying import (
    CameAfterClosing,
    Held,
    MinutesChanged,
    Outcome,
    activity_of,
    apply_act,
    item_of,
)
from ronghe.domain.offline.services.permit_acts import OtherText
from ronghe.domain.offline.services.taking import ActToCome, ActTooOld, ActUnreadable, settle
from ronghe.domain.org.models import Person
from ronghe.domain.permits.services.codes import NotOnSite
from ronghe.domain.permits.services.late import MeasureSeenLater
from ronghe.domain.rhythm.services.agenda import edit_agenda_item
from ronghe.domain.rhythm.services.codes import CodeExpired, CodeRefused
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

BOTH = "\n——\n"
"""Between two texts of one item that were both kept."""
NOW_KINDS = {ActKind.CLOSE}
"""Reported again, these happen now: what came between is the very reason why they were refused."""
FINAL = frozenset(
    {ActTooOld.code, CodeExpired.code, CodeRefused.code, NotOnSite.code, OtherText.code, MeasureSeenLater.code}
)
"""Refusals that reporting the same again cannot cure."""


class NothingToJoin(DomainError):
    code = "nothing_to_join"
    sentence = N_("没有可以并入的碰头会了，请再报一次，或作废。")


class NotCurable(DomainError):
    code = "not_curable"
    sentence = N_("再报一次也收不下：%(reason)s")


class StillHeld(DomainError):
    code = "still_held"
    sentence = N_("它所在的那一场还没有定下来，请先处理那一项。")


def can_redo(act: ReceivedAct) -> bool:
    """Tell whether reporting the same act again may end otherwise."""
    return act.state == ActState.REFUSED and act.code not in FINAL


@transaction.atomic
def redo_act(
    *, act: ReceivedAct, actor: Person, at: datetime, words: Mapping[str, str] | None = None
) -> ReceivedAct:  # fmt: skip
    """Report a refused act again, at its own time, with other `words` if they were what was wrong.

    :raises Stale: it is not refused any more
    :raises NotCurable: a code that was not good at its time, or refused longer ago than an act may be reported late
    :raises ActUnreadable: words beyond their limits
    :raises DomainError: it is refused again; it stays as it was
    """
    row = _refused(act, actor, at)
    if not can_redo(row) or is_too_old(row.received_at, at, days=settings.OFFLINE_DAYS):
        raise NotCurable(reason=row.reason)
    allowed = WORDS.get(row.kind, ())
    changed = {name: text for name, text in (words or {}).items() if name in allowed}
    try:
        row.payload = read_what(row.kind, {**(row.payload or {}), **changed})
    except ActMisshapen as error:
        raise ActUnreadable from error
    moved = row.code in {ActToCome.code, CameAfterClosing.code} or row.kind in NOW_KINDS
    return _take(row, lambda: apply_act(row, at=at if moved else min(row.done_at, row.received_at, at), now=at), at)


@transaction.atomic
def join_existing(*, act: ReceivedAct, actor: Person, at: datetime) -> ReceivedAct:
    """Let a refused opening of a huddle stand for the one that was there already; what was done in it follows.

    :raises Stale: it is not refused any more
    :raises NothingToJoin: there is no such huddle
    """
    row = _refused(act, actor, at)
    there = huddle_to_join(row)
    if there is None:
        raise NothingToJoin
    return _take(row, lambda: Outcome(there), at)


@transaction.atomic
def choose_minutes(*, act: ReceivedAct, choice: MinutesChoice, actor: Person, at: datetime) -> ReceivedAct:
    """Decide between two texts of one item: the author's, the one that stands, or both below each other.

    :raises Stale: it is not refused any more
    :raises NotCurable: it was refused for another reason
    """
    if choice == MinutesChoice.THEIRS:
        return void_act(act=act, actor=actor, at=at)
    row = _refused(act, actor, at)
    if row.code != MinutesChanged.code:
        raise NotCurable(reason=row.reason)
    return _take(row, lambda: _written(row, choice, at), at)


@transaction.atomic
def void_act(*, act: ReceivedAct, actor: Person, at: datetime) -> ReceivedAct:
    """Void a refused act, and with it what waited for it. Its words are cut; that it was there stays.

    :raises Stale: it is not refused any more
    """
    row = _refused(act, actor, at)
    _void(row, actor, at)
    return row


def _void(row: ReceivedAct, actor: Person, at: datetime) -> None:
    ACT_FLOW.advance(row, "void", payload=None, held_by=None, settled_at=at)
    record(Draft(ACT_VOIDED, at, actor, about=actor, attributes={"act": row.kind}, source=row))
    for held in row.holding.filter(state=ActState.WAITING).order_by("number"):
        _void(held, actor, at)


def _refused(act: ReceivedAct, actor: Person, at: datetime) -> ReceivedAct:
    """Return the act as it stands now, its phone's queue held until the transaction ends."""
    SETTLE_ACT.require(actor, act, at=at)
    if actor.account is None or actor.account.administrator:
        raise NotAllowed
    Device.objects.select_for_update().get(pk=act.device_id)
    row = ReceivedAct.objects.select_related("person__account", "device").get(pk=act.pk)
    if row.state != ActState.REFUSED:
        raise Stale
    return row


def _take(row: ReceivedAct, doing: Callable[[], Outcome], at: datetime) -> ReceivedAct:
    try:
        outcome = doing()
    except Held as error:
        raise StillHeld from error
    ACT_FLOW.advance(
        row, "take", payload=None, code="", reason="", activity=outcome.activity, item=outcome.item, settled_at=at
    )
    for held in row.holding.select_related("person__account", "device").order_by("number"):
        settle(held, at=at)
    return row


def _written(row: ReceivedAct, choice: MinutesChoice, at: datetime) -> Outcome:
    what = row.payload or {}
    # The right is the one of the moment of writing, the item the one that the act named.
    activity = activity_of(row, at)
    item = item_of(row, activity)
    topic, notes, decision = what["topic"], what["notes"], what["decision"]
    if choice == MinutesChoice.BOTH:
        topic = item.topic
        notes = _joined(item.notes, notes)
        decision = _joined(item.decision or "", decision)[:400]
    edited = edit_agenda_item(item=item, topic=topic, notes=notes, decision=decision, actor=row.person, at=at)
    return Outcome(activity, edited)


def _joined(theirs: str, mine: str) -> str:
    return theirs if not mine or mine == theirs else mine if not theirs else f"{theirs}{BOTH}{mine}"
