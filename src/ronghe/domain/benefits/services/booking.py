"""A saving enters the book once, verified by somebody else; what did not last is taken back with a line of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from ronghe.domain.benefits.calc.reckoning import WHOLE, is_whole
from ronghe.domain.benefits.enums import EntryKind
from ronghe.domain.benefits.facts import REVERSED, SHARED, VERIFIED
from ronghe.domain.benefits.models import BenefitCase, BookEntry, MeritShare
from ronghe.domain.benefits.rules import BENEFIT, SHARE
from ronghe.domain.benefits.services.telling import tell_money
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.changing import ItemClosed
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.words import N_


class SharesNotWhole(DomainError):
    code = "benefit_shares_not_whole"
    sentence = N_("功劳份额合计是 %(total)s%%，每人要大于 0，合计要正好 100%%。")
    status = 422


class SharedTwice(DomainError):
    code = "benefit_shared_twice"
    sentence = N_("同一个人写了两次，请合成一行。")
    status = 422


class NotBooked(DomainError):
    code = "benefit_not_booked"
    sentence = N_("账上没有“%(title)s”可以冲回的数。")


@transaction.atomic
def verify_idea(*, item: WorkItem, actor: Person, at: datetime, note: str = "") -> BookEntry:
    """Verify what was saved and book it in the book of the body and its zone: one line, however many share the merit.

    :raises NotAllowed: raiser, owner and whoever reckoned do not verify it
    :raises StepNotAllowed, Stale: somebody else was first
    :raises SharesNotWhole: shares of the merit are not 100 together
    """
    spec = BENEFIT.step_by_id["verify"]
    spec.right.require(actor, item, at=at)
    percents = list(MeritShare.objects.filter(item=item).values_list("percent", flat=True))
    if BENEFIT.flow.allows(item, spec.id) and not is_whole(percents):
        raise SharesNotWhole(total=_plain(sum(percents, Decimal(0))))
    go(item=item, spec=spec, actor=actor, at=at, said=Said(note=note))
    case = BenefitCase.objects.get(item=item)
    saved = case.realised_fen or 0
    fact = tell_money(item, VERIFIED, actor, at, saved, days=case.realised_days, round=item.round, people=len(percents))
    return BookEntry.objects.create(
        item=item, kind=EntryKind.VERIFIED, round=item.round, body=item.body, zone_id=item.zone_id,
        project_id=item.project_id, fen=saved, days=case.realised_days, booked_on=local_day(at), fact=fact.pk, by=actor,
        at=at,
    )  # fmt: skip


@transaction.atomic
def reverse_idea(*, item: WorkItem, reason: str, actor: Person, at: datetime) -> BookEntry:
    """Take a saving back that did not last: a line below nought on the day of the reversal, after the year too.

    :raises StepNoteMissing: without a reason
    :raises NotBooked: nothing of it stands in the book
    """
    go(item=item, spec=BENEFIT.step_by_id["reverse"], actor=actor, at=at, said=Said(note=reason))
    entry = BookEntry.objects.filter(item=item, kind=EntryKind.VERIFIED, reversal=None).order_by("-round").first()
    if entry is None:
        raise NotBooked(title=item.title)
    first = Fact.objects.get(pk=entry.fact)
    fact = tell_money(item, REVERSED, actor, at, -entry.fen, days=-entry.days, round=entry.round, reverses=first)
    return BookEntry.objects.create(
        item=item, kind=EntryKind.REVERSED, round=entry.round, body_id=entry.body_id, zone_id=entry.zone_id,
        project_id=entry.project_id, fen=-entry.fen, days=-entry.days, booked_on=local_day(at), reverses=entry,
        reason=reason.strip(), fact=fact.pk, by=actor, at=at,
    )  # fmt: skip


@transaction.atomic
def set_shares(*, item: WorkItem, shares: Sequence[tuple[Person, Decimal]], actor: Person, at: datetime) -> None:
    """Divide the merit of an idea; until it is verified it may be divided anew.

    :raises SharesNotWhole: not exactly 100 together, or one that is not above nought
    :raises SharedTwice: a person stands there twice
    :raises ItemClosed: it is in the book, or was given up
    """
    SHARE.require(actor, item, at=at)
    if item.is_closed:
        raise ItemClosed(title=item.title)
    percents = [percent for _person, percent in shares]
    if not all(percent.is_finite() for percent in percents):
        raise SharesNotWhole(total="—")
    too_fine = any(percent != percent.quantize(Decimal("0.01")) for percent in percents if abs(percent) <= WHOLE)
    if too_fine or not is_whole(percents):
        raise SharesNotWhole(total=_plain(sum(percents, Decimal(0))))
    if len({person.pk for person, _percent in shares}) != len(shares):
        raise SharedTwice
    # The row is locked by the write, so that no verifier reads half of the shares.
    if not WorkItem.objects.filter(pk=item.pk, closed_at=None).update(round=item.round):
        raise ItemClosed(title=item.title)
    MeritShare.objects.filter(item=item).delete()
    MeritShare.objects.bulk_create(
        MeritShare(item=item, person=person, percent=percent, set_by=actor, set_at=at) for person, percent in shares
    )
    tell_money(item, SHARED, actor, at, None, people=len(shares))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
