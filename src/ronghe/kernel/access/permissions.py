"""One declaration, two answers: *may this person do this to this?* and *which of these may this person see?*

A permission is a set of grants; a grant is a set of roles and a reach. The reach knows both halves, so a rule and a
list can only disagree if a reach does, and reaches are few and tested over random trees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any, Protocol, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ronghe.kernel.errors import NotAllowed

Row = TypeVar("Row", bound=models.Model)


class Reach(Protocol):
    """How far a role's hand goes, answered for one thing and for many.

    A reach whose rows are found by plain values in indexed columns says so by `is_plain = True`.
    """

    def holds(self, actor: Any, roles: frozenset[str], thing: Any, at: datetime) -> bool: ...

    def rows(self, actor: Any, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        """Return the condition on rows, `None` where it reaches nothing at all."""
        ...


@dataclass(frozen=True, slots=True)
class Grant:
    """These roles, this far."""

    roles: frozenset[str]
    reach: Reach

    def __init__(self, roles: Iterable[str], reach: Reach) -> None:
        object.__setattr__(self, "roles", frozenset(str(role) for role in roles))
        object.__setattr__(self, "reach", reach)


class Permission:
    """A named right: `CLOSE_HUDDLE = Permission("rhythm.close_huddle", Grant({ZONE_LEAD}, ByBody("body")))`."""

    registry: dict[str, Permission] = {}

    def __init__(self, name: str, *grants: Grant) -> None:
        if name in self.registry:
            message = f"permission {name} is declared twice"
            raise ValueError(message)
        self.name, self.grants = name, grants
        self.registry[name] = self

    def __repr__(self) -> str:
        return f"Permission({self.name!r})"

    def extend(self, *grants: Grant) -> None:
        """Grant the right to more people: an upper room gives what it knows of a reason for, in its own `rules.py`.

        Said when the room is loaded, so that everybody is asked the same from the first request on; said again it adds nothing.
        """
        self.grants += tuple(grant for grant in grants if grant not in self.grants)

    def allows(self, actor: Any, thing: Any, *, at: datetime | None = None) -> bool:
        """Tell whether `actor` may do this to `thing` at `at` (now unless told)."""
        if actor is None:
            return False
        moment = at or timezone.now()
        return any(grant.reach.holds(actor, grant.roles, thing, moment) for grant in self.grants)

    def require(self, actor: Any, thing: Any, *, at: datetime | None = None) -> None:
        """Return where the right is there.

        :raises NotAllowed: it is not
        """
        if not self.allows(actor, thing, at=at):
            raise NotAllowed(permission=self.name)

    def narrow(
        self, actor: Any, rows: models.QuerySet[Row], *, at: datetime | None = None, walk: bool = False
    ) -> models.QuerySet[Row]:
        """Return the rows for which `allows` would say yes.

        By default the database starts from what the actor reaches (right for a team among a hundred thousand);
        with `walk` it walks the rows in their order, or takes the few that other conditions leave, and asks of each
        (right for a third of all with a limit, and for one row by its key).
        """
        return self.sight_of(actor, at or timezone.now()).narrow(rows, walk=walk)

    def sight_of(self, actor: Any, at: datetime) -> Sight:
        """Return what `actor` may see at `at`, to ask several things of."""
        return Sight(self, actor, at)


class Sight:
    """What one actor may see by one permission at one moment; the conditions are worked out once."""

    def __init__(self, permission: Permission, actor: Any, at: datetime) -> None:
        self.permission, self.actor, self.at = permission, actor, at
        self._walked: dict[int, Q] = {}

    def narrow(self, rows: models.QuerySet[Row], *, walk: bool) -> models.QuerySet[Row]:
        reached = [self._condition(place, walk=walk) for place in range(len(self._reached))]
        if not reached:
            return rows.none()
        if walk or len(reached) == 1:
            return rows.filter(reduce(or_, reached))
        # One union of indexed look-ups: an OR of sub-selects would make PostgreSQL read the whole table.
        keys = [rows.order_by().filter(q).values("pk") for q in reached]
        return rows.filter(pk__in=keys[0].union(*keys[1:]))

    def count(self, rows: models.QuerySet[Row], *, most: int) -> int:
        """Return how many of `rows` are seen; counting stops at `most`."""
        seen = self._streamed(rows, "pk")
        return 0 if seen is None else seen[:most].count()

    def some(self, rows: models.QuerySet[Row], *, most: int, fields: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return `fields` of all `rows` that are seen, in no order; of `most` of them where there are more."""
        seen = self._streamed(rows, *fields)
        return [] if seen is None else list(seen[:most])

    def parts(self, rows: models.QuerySet[Row]) -> list[models.QuerySet[Row]]:
        """Return what is seen in parts that share no row, so that each may be read in an order of its own and stopped."""
        bare = rows.order_by()
        return [
            bare.filter(
                self._condition(place, walk=False),
                *(~self._condition(earlier, walk=True) for earlier in range(place)),
            )
            for place in range(len(self._reached))
        ]

    def _streamed(self, rows: models.QuerySet[Row], *fields: str) -> Any | None:
        """Return what is seen as a union whose parts shut each other out: the first row costs no sorting."""
        parts: list[Any] = [part.values_list(*fields) for part in self.parts(rows)]
        if not parts:
            return None
        return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]

    @cached_property
    def _reached(self) -> list[tuple[Grant | None, Q]]:
        """The conditions, any of which is enough; the plain ones, on indexed columns alone, as one in front."""
        plain: list[Q] = []
        others: list[tuple[Grant | None, Q]] = []
        for grant in self.permission.grants if self.actor is not None else ():
            q = grant.reach.rows(self.actor, grant.roles, self.at, walk=False)
            if q is not None and getattr(grant.reach, "is_plain", False):
                plain.append(q)
            elif q is not None:
                others.append((grant, q))
        return [(None, reduce(or_, plain)), *others] if plain else others

    def _condition(self, place: int, *, walk: bool) -> Q:
        """Return one condition; what is plain reads the same for walking."""
        grant, reached = self._reached[place]
        if not walk or grant is None:
            return reached
        if place not in self._walked:
            q = grant.reach.rows(self.actor, grant.roles, self.at, walk=True)
            assert q is not None  # it reached something a moment ago
            self._walked[place] = q
        return self._walked[place]
