"""Several people put into a branch or one of its groups at once: looked at first, done as one act, taken back as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from ronghe.domain.members.facts import MEMBERS_PLACED
from ronghe.domain.members.models import PlacedPerson, Placement
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.facts import GROUP_CHANGED, MEMBERSHIP_ENDED, MEMBERSHIP_STARTED
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules import ENROL
from ronghe.domain.org.rules.reaches import forget_standing
from ronghe.domain.org.services.people import join_body, move_in_group
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import N_


class PlacingWay(StrEnum):
    """What placing does with one person."""

    GROUP = "group"
    """Changes the group within the branch."""
    TRANSFER = "transfer"
    """Moves the home from another branch."""
    FIRST = "first"
    """Gives a first home."""
    NOTHING = "nothing"
    """The person is there."""
    REFUSED = "refused"


class NobodyToPlace(DomainError):
    code = "nobody_to_place"
    sentence = N_("选中的人都已在“%(place)s”，或者都不能编入，没有可办的。")


class PlacedSince(DomainError):
    code = "placed_since"
    sentence = N_("编组以后又有人调整过，不能整批撤销（PO-12）。请到各人的页面逐个改。")


@dataclass(frozen=True, slots=True)
class PlacingLine:
    """One person of a preview: where they are now, what would be done, and why it cannot be."""

    person: Person
    home: Membership | None
    way: PlacingWay
    why: str = ""


def preview_placing(
    *, people: Sequence[Person], body: PartyOrg, group: PartyOrg | None, since: date, actor: Person, at: datetime
) -> list[PlacingLine]:
    """Tell what placing would do with each of `people`; nothing is written that stays.

    :raises NotAllowed: the actor enrols nobody in that body
    """
    ENROL.require(actor, body, at=at)
    with transaction.atomic():
        lines = [_tried(person, body, group, since, actor, at) for person in people]
        transaction.set_rollback(True)
    return lines


@transaction.atomic
def place_together(
    *, people: Sequence[Person], body: PartyOrg, group: PartyOrg | None, since: date, actor: Person, at: datetime
) -> Placement:
    """Put people into a branch, and into one of its groups, from the day `since`; all or none.

    :raises NotAllowed: the actor enrols nobody there, or nobody where one of them is at home now
    :raises NobodyToPlace: all of them are there
    :raises DomainError: whatever `join_body` and `move_in_group` refuse
    """
    ENROL.require(actor, body, at=at)
    placement = Placement.objects.create(body=body, group=group, since=since, placed_by=actor, placed_at=at)
    placed = [row for person in people if (row := _place(person, placement, actor, at)) is not None]
    if not placed:
        raise NobodyToPlace(place=(group or body).name)
    PlacedPerson.objects.bulk_create(placed)
    record(Draft(MEMBERS_PLACED, at, actor, body=body.pk, attributes={"people": len(placed), "undone": False},
                 source=placement))  # fmt: skip
    return placement


@transaction.atomic
def undo_placing(*, placement: Placement, actor: Person, at: datetime) -> None:
    """Take a placement back: everybody is where they were, and its facts are reversed.

    :raises NotAllowed: the actor enrols nobody in that body
    :raises PlacedSince: one of them was moved again
    :raises Stale: it was taken back before
    """
    ENROL.require(actor, placement.body, at=at)
    if not Placement.objects.filter(pk=placement.pk, undone_at=None).update(undone_at=at):
        raise Stale
    rows = list(placement.people.select_related("person", "ended", "begun").order_by("pk"))
    touched = [pk for row in rows for pk in (row.ended_id, row.begun_id) if pk is not None]
    facts = Fact.objects.filter(
        kind__in=[kind.name for kind in (MEMBERSHIP_STARTED, MEMBERSHIP_ENDED, GROUP_CHANGED)],
        occurred_at=placement.placed_at, source_type="org.membership", source_id__in=touched, reverses=None,
    )  # fmt: skip
    for fact in facts.order_by("-pk"):
        reverse(fact, by=actor, at=at)
    for row in rows:
        _put_back(row, placement)
    placement.undone_at = at
    record(Draft(MEMBERS_PLACED, at, actor, body=placement.body_id, attributes={"people": len(rows), "undone": True},
                 source=placement))  # fmt: skip


def _tried(
    person: Person, body: PartyOrg, group: PartyOrg | None, since: date, actor: Person, at: datetime
) -> PlacingLine:
    home = _home(person)
    way = _way(home, body, group)
    if way == PlacingWay.NOTHING:
        return PlacingLine(person, home, way)
    try:
        with transaction.atomic():
            _moved(person, home, body, group, since, actor, at)
    except DomainError as error:
        return PlacingLine(person, home, PlacingWay.REFUSED, str(error))
    finally:
        forget_standing(person)
    return PlacingLine(person, home, way)


def _place(person: Person, placement: Placement, actor: Person, at: datetime) -> PlacedPerson | None:
    home = _home(person)
    if _way(home, placement.body, placement.group) == PlacingWay.NOTHING:
        return None
    before = home.group if home is not None else None
    begun = _moved(person, home, placement.body, placement.group, placement.since, actor, at)
    return PlacedPerson(placement=placement, person=person, ended=home, begun=begun, group_before=before)


def _moved(
    person: Person, home: Membership | None, body: PartyOrg, group: PartyOrg | None, since: date, actor: Person,
    at: datetime,
) -> Membership:  # fmt: skip
    if home is not None and home.body_id == body.pk:
        return move_in_group(membership=home, group=group, since=since, actor=actor, at=at)
    return join_body(
        person=person, body=body, kind=MembershipKind.HOME, group=group, since=since, actor=actor, at=at
    )  # fmt: skip


def _way(home: Membership | None, body: PartyOrg, group: PartyOrg | None) -> PlacingWay:
    if home is None:
        return PlacingWay.FIRST
    if home.body_id != body.pk:
        return PlacingWay.TRANSFER
    return PlacingWay.NOTHING if home.group_id == (group.pk if group is not None else None) else PlacingWay.GROUP


def _home(person: Person) -> Membership | None:
    rows = person.memberships.filter(kind=MembershipKind.HOME, valid_until=None)
    return rows.select_related("body", "group").first()


def _put_back(row: PlacedPerson, placement: Placement) -> None:
    """Give a person the place from before, if the one from the placement still stands as it was left."""
    if row.begun is None:
        raise PlacedSince
    left = Membership.objects.filter(pk=row.begun.pk, valid_until=None, group=placement.group, body=placement.body)
    stayed = row.ended is not None and row.ended.pk == row.begun.pk
    moved = left.update(group=row.group_before) if stayed else left.delete()[0]
    if not moved:
        raise PlacedSince
    if row.ended is not None and not stayed:
        Membership.objects.filter(pk=row.ended.pk).update(valid_until=None)
    forget_standing(row.person)
