"""What is missing on site: said by anybody there, met by word, out of the shared pool, or by a neighbour's team."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.carriers.enums import NEED_FLOW, NeedKind
from ronghe.domain.carriers.facts import NEED_RAISED, NEED_SETTLED
from ronghe.domain.carriers.models import CallNeed, CallUp, Carrier
from ronghe.domain.carriers.rules import COMMAND, TAKE_PART
from ronghe.domain.carriers.services.calling import add_team
from ronghe.domain.carriers.services.shifts import running
from ronghe.domain.carriers.services.telling import take_back, tell_of
from ronghe.domain.org.models import Person
from ronghe.domain.pools.models import SharedItem
from ronghe.domain.pools.services.bookings import book_item
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

MOST = 100_000


class NeedUnfit(DomainError):
    code = "call_need_unfit"
    sentence = N_("请写明要什么，数量在 1 到 %(most)s 之间。")
    status = 422


class HowMissing(DomainError):
    code = "call_need_how"
    sentence = N_("请写明怎样落实的，或为什么不再需要。")
    status = 422


@transaction.atomic
def raise_need(
    *, call: CallUp, kind: NeedKind, what: str, quantity: int, actor: Person, at: datetime, unit: str = ""
) -> CallNeed:
    """Say what is missing.

    :raises NotAllowed: the actor takes no part in it
    :raises CallOver: it is not under way
    :raises NeedUnfit: no words, or a quantity out of bounds
    """
    TAKE_PART.require(actor, call, at=at)
    fresh = running(call)
    if not what.strip() or not 1 <= quantity <= MOST:
        raise NeedUnfit(most=MOST)
    need = CallNeed.objects.create(
        call=fresh, kind=kind, what=what.strip()[:120], quantity=quantity, unit=unit.strip()[:12], by=actor, at=at
    )
    tell_of(fresh, NEED_RAISED, actor, at, source=need, need=kind)
    return need


@transaction.atomic
def settle_need(*, need: CallNeed, is_met: bool, how: str, actor: Person, at: datetime) -> CallNeed:
    """Note how a need was met, or that it is needed no more.

    :raises NotAllowed: the actor does not command
    :raises HowMissing: no words
    :raises StepNotAllowed: it was settled
    """
    COMMAND.require(actor, need.call, at=at)
    if not how.strip():
        raise HowMissing
    return _settled(need, "meet" if is_met else "drop", how, actor, at)


@transaction.atomic
def book_for_need(
    *, need: CallNeed, item: SharedItem, starts_at: datetime, ends_at: datetime, quantity: int, actor: Person,
    at: datetime,
) -> CallNeed:  # fmt: skip
    """Meet a need out of the shared pool of the zone: the booking is made there, by its rules.

    :raises NotAllowed, StepNotAllowed: as `settle_need`
    :raises DomainError: the pool refuses, in its own words
    """
    COMMAND.require(actor, need.call, at=at)
    fresh = running(need.call)
    purpose = _("集结：%(place)s") % {"place": fresh.place}
    booking = book_item(
        item=item, starts_at=starts_at, ends_at=ends_at, purpose=purpose[:80], quantity=quantity, actor=actor, at=at
    )
    how = _("共享资源：%(item)s") % {"item": item.title}
    return _settled(need, "meet", how, actor, at, booking=booking)


@transaction.atomic
def ask_for_need(*, need: CallNeed, team: Carrier, actor: Person, at: datetime) -> CallNeed:
    """Meet a need for people by another team, called or asked for help.

    :raises: as `add_team` and `settle_need`
    """
    joined = add_team(call=need.call, team=team, actor=actor, at=at)
    return _settled(need, "meet", _("增援队伍：%(name)s") % {"name": team.name}, actor, at, team=joined)


@transaction.atomic
def reopen_need(*, need: CallNeed, actor: Person, at: datetime) -> CallNeed:
    """Open a need again that was settled by mistake; the fact is reversed, a booking or a team stays with its own room.

    :raises NotAllowed, CallOver, StepNotAllowed: as `settle_need`
    """
    COMMAND.require(actor, need.call, at=at)
    running(need.call)
    take_back(need.fact, actor, at)
    NEED_FLOW.advance(need, "reopen", settled_by=None, settled_at=None, how="", booking=None, team=None, fact=None)
    return need


def _settled(need: CallNeed, step: str, how: str, actor: Person, at: datetime, **links: object) -> CallNeed:
    NEED_FLOW.advance(need, step, settled_by=actor, settled_at=at, how=how.strip()[:200], **links)
    fact = tell_of(need.call, NEED_SETTLED, actor, at, source=need, need=need.kind, step=step)
    CallNeed.objects.filter(pk=need.pk).update(fact=fact.pk)
    need.fact = fact.pk
    return need
