"""Who is scored: the organization as it stood on the last day of the period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ronghe.domain.appraisal.enums import Level
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.subjects import declared_subjects

KINDS_OF_LEVEL: Mapping[str, frozenset[str]] = {
    Level.BRANCH: frozenset(
        {
            PartyOrgKind.BRANCH,
            PartyOrgKind.JOINT_BRANCH,
            PartyOrgKind.TEMPORARY_BRANCH,
            PartyOrgKind.FLOATING_BRANCH,
        }
    ),
    Level.GROUP: frozenset({PartyOrgKind.PARTY_GROUP, PartyOrgKind.TEMPORARY_PARTY_GROUP}),
    Level.GENERAL_BRANCH: frozenset({PartyOrgKind.GENERAL_BRANCH}),
    Level.COMMITTEE: frozenset({PartyOrgKind.COMMITTEE}),
    Level.ZONE: frozenset({PartyOrgKind.CO_BUILT_BRANCH}),
}
"""Which Party bodies a level scores. A zone is scored as its co-built branch (PO-12)."""

UNIT_KINDS_OF_LEVEL: Mapping[str, frozenset[str]] = {
    Level.TEAM: frozenset({UnitKind.TEAM}),
    Level.UNIT: frozenset({UnitKind.UNIT, UnitKind.OPERATION_AREA, UnitKind.STATION}),
}

BACKBONE_POSTS = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.PUBLICITY_MEMBER,
        PostRole.DISCIPLINE_MEMBER,
        PostRole.COMMITTEE_MEMBER,
    }
)

BACKBONE, ORDINARY, FLOATING = "backbone", "ordinary", "floating"
"""Categories that the organization itself knows; others (`special`) come by decision."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One row of the table of subjects: a person's token or a body's id, and the body it belongs to or stands below."""

    subject: int
    level: str
    body: int | None
    category: str | None
    valid_from: date
    valid_until: date | None
    unit: int | None = None
    """Where a company stands in the tree of units: what happened there counts for it."""


def subjects_below(body: PartyOrg, levels: Iterable[str], *, day: date) -> Iterator[Subject]:
    """Return who belongs to `body` or stands below it on `day`, level by level, each in the order of its ids."""
    for level in sorted(set(levels)):
        if level == Level.MEMBER:
            yield from _members(body, day)
        elif level in UNIT_KINDS_OF_LEVEL:
            yield from _units(body, level, day)
        elif declared_subjects(level) is not None:
            yield from _declared(body, level, day)
        else:
            yield from _bodies(body, level, day)


def category_in(home_kind: str, *, is_outside: bool, is_backbone: bool) -> str:
    """Return a member's category: a post in a Party body goes before working away from home."""
    if is_backbone:
        return BACKBONE
    return FLOATING if is_outside or home_kind == PartyOrgKind.FLOATING_BRANCH else ORDINARY


def category_of(person: Person, day: date) -> str:
    """Return the category of one person on `day`; two reads."""
    homes = Membership.objects.filter(on_day(day), person=person, kind=MembershipKind.HOME)
    kind = homes.order_by("-valid_from").values_list("body__kind", flat=True).first()
    posts = PostHolding.objects.filter(on_day(day), person=person, role__in=BACKBONE_POSTS, body__isnull=False)
    return category_in(kind or "", is_outside=bool(person.outside_home_branch), is_backbone=posts.exists())


def bodies_below(body: PartyOrg, *, day: date) -> list[int]:
    """Return the ids of `body` and of everything below it on `day`, in order."""
    below = PartyOrg.links().filter(on_day(day), ancestor_id=body.pk)
    return sorted(below.order_by().values_list("descendant_id", flat=True))


def names_of(level: str, subjects: Iterable[int]) -> dict[int, str]:
    """Return the names of subjects: people by token, everything else by id. One read."""
    wanted = list(subjects)
    if level == Level.MEMBER:
        return dict(Person.objects.filter(token__in=wanted).order_by().values_list("token", "name"))
    if level in UNIT_KINDS_OF_LEVEL:
        return dict(AdminUnit.objects.filter(pk__in=wanted).order_by().values_list("pk", "name"))
    if (source := declared_subjects(level)) is not None:
        return dict(source.names(wanted))
    return dict(PartyOrg.objects.filter(pk__in=wanted).order_by().values_list("pk", "name"))


def _members(body: PartyOrg, day: date) -> Iterator[Subject]:
    rows = (
        Membership.objects.filter(
            on_day(day),
            kind=MembershipKind.HOME,
            body_id__in=descendants(PartyOrg, [body.pk], day=day),
            person__political_status__in=PARTY_MEMBERS,
        )
        .order_by("person__token")
        .values_list(
            "person__token", "person_id", "body_id", "body__kind", "person__outside_home_branch", "valid_from",
            "valid_until",
        )
    )  # fmt: skip
    backbone = set(
        PostHolding.objects.filter(on_day(day), role__in=BACKBONE_POSTS, body__isnull=False)
        .order_by()
        .values_list("person_id", flat=True)
    )
    for token, person, home, home_kind, outside, since, until in rows.iterator(chunk_size=5_000):
        category = category_in(home_kind, is_outside=bool(outside), is_backbone=person in backbone)
        yield Subject(token, Level.MEMBER, home, category, since, until)


def _bodies(body: PartyOrg, level: str, day: date) -> Iterator[Subject]:
    rows = PartyOrg.objects.filter(
        on_day(day), pk__in=descendants(PartyOrg, [body.pk], day=day), kind__in=KINDS_OF_LEVEL.get(level, ())
    )
    above = dict(
        PartyOrg.links()
        .filter(on_day(day), depth=1, descendant_id__in=descendants(PartyOrg, [body.pk], day=day))
        .order_by()
        .values_list("descendant_id", "ancestor_id")
    )
    for pk, kind, since, until in rows.order_by("pk").values_list("pk", "kind", "valid_from", "valid_until"):
        yield Subject(pk, level, above.get(pk), kind, since, until)


def _units(body: PartyOrg, level: str, day: date) -> Iterator[Subject]:
    carrying = PartyOrg.objects.filter(pk__in=descendants(PartyOrg, [body.pk], day=day), unit__isnull=False)
    below = descendants(AdminUnit, carrying.order_by().values("unit_id"), day=day)
    rows = AdminUnit.objects.filter(on_day(day), Q(pk__in=below), kind__in=UNIT_KINDS_OF_LEVEL[level])
    for pk, kind, since, until in rows.order_by("pk").values_list("pk", "kind", "valid_from", "valid_until"):
        yield Subject(pk, level, None, kind, since, until)


def _declared(body: PartyOrg, level: str, day: date) -> Iterator[Subject]:
    source = declared_subjects(level)
    assert source is not None  # asked by whoever came here
    for row in source.standing(bodies_below(body, day=day), day):
        yield Subject(row.id, level, row.body, row.category, row.since, None, row.unit)
