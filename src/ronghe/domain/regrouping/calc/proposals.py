"""What the solver answers: a proposal with its price and proof, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ronghe.domain.regrouping.calc.model import Assignment, Dimension, Settings
from ronghe.domain.regrouping.calc.plain import from_plain, to_plain
from ronghe.domain.regrouping.calc.reasons import Reason


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A dimension whose band was widened by `steps`, or not held at all (`off`)."""

    dimension: Dimension
    steps: int
    off: bool = False

    @property
    def reason(self) -> Reason:
        """Return it for `say`."""
        name = self.dimension.value
        if self.off:
            return Reason("relaxed_off", {"dimension": name})
        if self.dimension in {Dimension.AGE, Dimension.LENGTH}:
            return Reason("relaxed_years", {"dimension": name, "years": 1 + self.steps})
        return Reason("relaxed_count", {"dimension": name, "steps": self.steps})


@dataclass(frozen=True, slots=True)
class Group:
    hub: int | None
    stations: tuple[int, ...]
    members: tuple[int, ...]
    leader: int | None
    continues: int | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A grouping that keeps every hard rule.

    `terms`: the objective by part, `objective` their sum. `bound`: no grouping for these hubs, this pairing with
    today's groups and these bands costs less; not known while bands are still being relaxed. `relaxed`: what gave way,
    in the told order; `relaxed_proven`: less could not do. `optimal`: nothing is cheaper. `ms` since the question.
    """

    assignment: Assignment
    terms: Mapping[str, int]
    objective: int
    bound: int | None = None
    relaxed: tuple[Relaxed, ...] = ()
    relaxed_proven: bool = True
    optimal: bool = False
    ms: int = 0
    settings: Settings = field(default_factory=Settings)

    @property
    def gap_e4(self) -> int | None:
        """Return how far above the bound the objective may be, in 1/10,000 of it, rounded up; nothing without a bound."""
        if self.bound is None:
            return None
        return -(-(self.objective - self.bound) * 10_000 // max(1, self.objective))

    @property
    def groups(self) -> tuple[Group, ...]:
        made = self.assignment
        return tuple(
            Group(area.hub, area.stations, made.members_of(at), made.leader_of(at), area.continues)
            for at, area in enumerate(made.areas)
        )

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = to_plain(self)
        return plain

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> Proposal:
        return from_plain(Proposal, plain)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that cannot all be kept. `irreducible`: without any one of them, the others can be."""

    rules: tuple[Reason, ...]
    irreducible: bool = True


@dataclass(frozen=True, slots=True)
class Impossible:
    """There is no proposal. Without conflicts the time was not enough to find one or to prove that there is none."""

    conflicts: tuple[Conflict, ...]
    ms: int = 0
    settings: Settings = field(default_factory=Settings)

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = to_plain(self)
        return plain

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> Impossible:
        return from_plain(Impossible, plain)
