"""How far a post's hand goes: the reaches that every subject's permissions are built from.

A post in a body reaches that body and everything below it; a post in a unit likewise. Both halves of each reach ask the
same link rows, once for one thing and once for many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.kernel.db.tree import TreeNode, descendants, on_day


def local_day(moment: datetime) -> date:
    """Return the calendar day of a moment in the platform's zone."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on a day: the posts held, and the ids of the bodies belonged to, at home or taking part."""

    posts: list[PostHolding]
    bodies: list[int]


def standing_of(person: Person, day: date) -> Standing:
    """Return where `person` stands on `day`: one read a request, kept on the person."""
    kept: dict[date, Standing] = person.__dict__.setdefault("_standing_by_day", {})
    if day not in kept:
        kept[day] = _read_standing(person, day)
    return kept[day]


def posts_of(person: Person, day: date) -> list[PostHolding]:
    """Return the posts that `person` holds on `day`, in the order in which they were given."""
    return standing_of(person, day).posts


def forget_standing(person: Person) -> None:
    """Read posts and memberships anew the next time; called where they change."""
    person.__dict__.pop("_standing_by_day", None)


# Asked by every page and every call; built by the ORM it would be a sixth of a list call's time.
_STANDING = """
    SELECT id, role, body_id, unit_id, source, valid_from, valid_until FROM org_post_holding
     WHERE person_id = %s AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)
    UNION ALL
    SELECT id, '', body_id, NULL, '', valid_from, valid_until FROM org_membership
     WHERE person_id = %s AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)
"""


def _read_standing(person: Person, day: date) -> Standing:
    """Read posts and memberships in one statement; a membership is the row without a role."""
    on = connection.ops.adapt_datefield_value(day)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [person.pk, on, on] * 2)
        rows = cursor.fetchall()
    held, bodies = [], set()
    for pk, role, body_id, unit_id, source, valid_from, valid_until in rows:
        if role:
            post = PostHolding(
                id=pk, person=person, role=role, body_id=body_id, unit_id=unit_id, source=source,
                valid_from=_day(valid_from), valid_until=_day(valid_until),
            )  # fmt: skip
            post._state.adding = False  # noqa: SLF001 - as Django marks what it read
            held.append(post)
        else:
            bodies.add(body_id)
    return Standing(sorted(held, key=lambda post: post.pk), sorted(bodies))


def _day(value: Any) -> Any:
    """Return a day as the database hands it over: SQLite as text, PostgreSQL as a day."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def roots(person: Person, roles: frozenset[str], day: date, place: str) -> list[int]:
    """Return the ids of the bodies (`place="body"`) or units in which `person` holds one of `roles`."""
    held = [getattr(post, f"{place}_id") for post in posts_of(person, day) if post.role in roles]
    return sorted({pk for pk in held if pk is not None})


def value_at(thing: Any, path: str) -> Any:
    """Return what lies along an ORM path from a thing, `None` where a step of it is missing."""
    for name in path.split("__"):
        thing = getattr(thing, name, None)
    return thing


@dataclass(frozen=True, slots=True)
class _ByPlace:
    """The thing's place (found along `path`, an ORM path to an id) lies in or below a place of mine."""

    path: str
    place: str
    node_model: type[TreeNode]

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        day = local_day(at)
        mine, there = roots(actor, roles, day, self.place), value_at(thing, self.path)
        if not mine or there is None:
            return False
        return bool(self.node_model.links().filter(on_day(day), ancestor_id__in=mine, descendant_id=there).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        day = local_day(at)
        mine = roots(actor, roles, day, self.place)
        if not mine:
            return None
        if walk:
            links = self.node_model.links().filter(on_day(day), ancestor_id__in=mine, descendant_id=OuterRef(self.path))
            return Q(Exists(links))
        return Q(**{f"{self.path}__in": descendants(self.node_model, mine, day=day)})


def ByBody(path: str = "body_id") -> _ByPlace:  # noqa: N802 - reads as a declaration
    """Reach over what hangs on a Party body of mine or below it."""
    return _ByPlace(path, "body", PartyOrg)


def ByUnit(path: str = "unit_id") -> _ByPlace:  # noqa: N802 - reads as a declaration
    """Reach over what hangs on a unit of mine or below it."""
    return _ByPlace(path, "unit", AdminUnit)


@dataclass(frozen=True, slots=True)
class Belonging:
    """The person (along `path`, to its id) belongs to a body of mine or below it: at home or as a participant.

    With `at_home` only those whose home it is: a zone's branch does not decide about its guests (PO-12).
    """

    path: str = "pk"
    at_home: bool = False

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        day = local_day(at)
        mine = roots(actor, roles, day, "body")
        return bool(mine) and self._of(value_at(thing, self.path), mine, day).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        day = local_day(at)
        mine = roots(actor, roles, day, "body")
        if not mine:
            return None
        if walk:
            return Q(Exists(self._of(OuterRef(self.path), mine, day)))
        below = self._kept().filter(on_day(day), body_id__in=descendants(PartyOrg, mine, day=day))
        return Q(**{f"{self.path}__in": below.order_by().values("person_id")})

    def _of(self, person_id: Any, mine: list[int], day: date) -> QuerySet[Membership]:
        """Return the person's memberships below `mine`, each asked for its body: they are one or two."""
        above = PartyOrg.links().filter(on_day(day), ancestor_id__in=mine, descendant_id=OuterRef("body_id"))
        return self._kept().filter(Exists(above), on_day(day), person_id=person_id)

    def _kept(self) -> QuerySet[Membership]:
        rows = Membership.objects.all()
        return rows.filter(kind=MembershipKind.HOME) if self.at_home else rows


@dataclass(frozen=True, slots=True)
class UnitOfMyBody:
    """The unit (along `path`, to its id) carries, or stands below one that carries, a Party body of mine or below it."""

    path: str = "pk"

    def _units(self, actor: Person, roles: frozenset[str], day: date) -> Any | None:
        mine = roots(actor, roles, day, "body")
        if not mine:
            return None
        bodies = PartyOrg.objects.filter(pk__in=descendants(PartyOrg, mine, day=day), unit__isnull=False)
        return descendants(AdminUnit, bodies.order_by().values("unit_id"), day=day)

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        units, there = self._units(actor, roles, local_day(at)), value_at(thing, self.path)
        return units is not None and there is not None and units.filter(descendant_id=there).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        units = self._units(actor, roles, local_day(at))
        if units is None:
            return None
        if walk:
            return Q(Exists(units.filter(descendant_id=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": units})


@dataclass(frozen=True, slots=True)
class Own:
    """The thing is mine: the person along `path` is the actor. Roles do not matter."""

    path: str = "person_id"
    is_plain: bool = True

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(value_at(thing, self.path) == actor.pk)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(**{self.path: actor.pk})


@dataclass(frozen=True, slots=True)
class InBodyOf:
    """The thing's body is one that the actor belongs to, at home or as a participant. Roles do not matter."""

    path: str = "body_id"
    is_plain: bool = True

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return value_at(thing, self.path) in standing_of(actor, local_day(at)).bodies

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        own = standing_of(actor, local_day(at)).bodies
        return Q(**{f"{self.path}__in": own}) if own else None


@dataclass(frozen=True, slots=True)
class AtBody:
    """The thing stands at the very body (along `path`, to its id) in which the actor holds the post; not below it."""

    path: str = "body_id"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return value_at(thing, self.path) in roots(actor, roles, local_day(at), "body")

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = roots(actor, roles, local_day(at), "body")
        return Q(**{f"{self.path}__in": mine}) if mine else None


@dataclass(frozen=True, slots=True)
class Administrating:
    """The actor's account is one of the named administrators (SE-08); it reaches every row or none."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return actor.account is not None and actor.account.administrator in roles

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return ~Q(pk=None) if self.holds(actor, roles, None, at) else None
