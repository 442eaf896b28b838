"""People whom a newer, full roster names no more: ended in one act, and taken back where that was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from ronghe.domain.org.enums import DifferenceKind, DifferenceState
from ronghe.domain.org.facts import MEMBERSHIP_ENDED, PERSON_LEFT
from ronghe.domain.org.models import Membership, Person, RosterComparison, RosterDifference
from ronghe.domain.org.rules import IMPORT_ROSTER
from ronghe.domain.org.rules.reaches import forget_standing, local_day
from ronghe.kernel.access.models import Account
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, record_many, reverse
from ronghe.kernel.words import N_


class NotMissing(DomainError):
    code = "not_missing"
    sentence = N_("“%(name)s”还在名单里，不能按离开办理。")
    status = 422


class HoldsPost(DomainError):
    code = "holds_post"
    sentence = N_("“%(name)s”还任%(role)s，不能直接办离开。请先由党群部门免职。")


class CannotComeBack(DomainError):
    code = "cannot_come_back"
    sentence = N_("“%(name)s”离开以后又有新的编入，不能撤回。请用导入或编入办理。")


@transaction.atomic
def end_missing(
    *, comparison: RosterComparison, differences: Sequence[RosterDifference], actor: Person, at: datetime
) -> int:
    """Put down that these people have left today: memberships end, the account closes (SE-04); return how many.

    :raises NotMissing: a list names one of them
    :raises HoldsPost: one of them holds a post, which carries rights and is ended by the committee's office first
    :raises Stale: one was settled before, or has left
    """
    IMPORT_ROSTER.require(actor, comparison.body, at=at)
    day = local_day(at)
    for difference in differences:
        person = difference.person
        if difference.kind != DifferenceKind.NOT_LISTED or person is None:
            raise NotMissing(name=person.name if person is not None else "—")
        held = person.posts.filter(on_day(day)).order_by("pk").first()
        if held is not None:
            raise HoldsPost(name=person.name, role=held.get_role_display())
        undo = _end(person, day, actor, at)
        rows = RosterDifference.objects.filter(pk=difference.pk, state=DifferenceState.OPEN)
        if not rows.update(state=DifferenceState.ENDED, settled_by=actor, settled_at=at, undo=undo):
            raise Stale
    return len(differences)


@transaction.atomic
def take_back(*, difference: RosterDifference, actor: Person, at: datetime) -> RosterDifference:
    """Undo `end_missing` for one person: everything is as it was, the facts of the leaving are reversed.

    :raises CannotComeBack: the person has a new home by now
    :raises Stale: it was taken back before
    """
    IMPORT_ROSTER.require(actor, difference.comparison.body, at=at)
    rows = RosterDifference.objects.filter(pk=difference.pk, state=DifferenceState.ENDED)
    if not rows.update(state=DifferenceState.OPEN, settled_by=None, settled_at=None, undo=None):
        raise Stale
    undo, person = difference.undo or {}, difference.person
    if person is None:
        raise Stale
    ended = Membership.objects.filter(pk__in=undo["memberships"])
    kinds = list(ended.order_by().values_list("kind", flat=True))
    if person.memberships.filter(kind__in=kinds, valid_until=None).exists():
        raise CannotComeBack(name=person.name)
    ended.update(valid_until=None)
    Person.objects.filter(pk=person.pk).update(valid_until=None)
    if undo["account"]:
        Account.objects.filter(pk=undo["account"]).update(is_active=True)
    forget_standing(person)
    for fact in Fact.objects.filter(pk__in=undo["facts"]).order_by("pk"):
        reverse(fact, by=actor, at=at)
    difference.refresh_from_db()
    return difference


def _end(person: Person, day: date, actor: Person, at: datetime) -> dict[str, object]:
    """End one person's time here and return what undoing it needs."""
    if not Person.objects.filter(pk=person.pk, valid_until=None).update(valid_until=day):
        raise Stale
    memberships = list(person.memberships.filter(valid_until=None).order_by("pk"))
    for membership in memberships:
        membership.valid_until = max(day, membership.valid_from)
    Membership.objects.bulk_update(memberships, ["valid_until"])
    account = person.account_id if person.account is not None and person.account.is_active else None
    if account is not None:
        Account.objects.filter(pk=account).update(is_active=False)
    forget_standing(person)
    facts = [record(Draft(PERSON_LEFT, at, actor, about=person, unit=person.unit_id, source=person))]
    facts += record_many(
        Draft(MEMBERSHIP_ENDED, at, actor, about=person, body=membership.body_id,
              attributes={"membership": membership.kind}, source=membership)
        for membership in memberships
    )  # fmt: skip
    return {
        "memberships": [membership.pk for membership in memberships],
        "account": account,
        "facts": [fact.pk for fact in facts],
    }
