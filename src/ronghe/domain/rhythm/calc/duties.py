"""Which duties a gathering could meet, before it is held; the matching itself stays with the obligations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ronghe.domain.playbooks.calc.model import Mechanism, Satisfaction

CLOSED = "rhythm.activity_closed"


@dataclass(frozen=True, slots=True)
class Open:
    """An open duty: `key` is whatever the caller knows it by."""

    key: int
    body: int
    mechanism: Mechanism
    sitting: str | None
    due_on: date


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Which duties a gathering meets, and which it does not, each with the mechanism that bars it (SD-06)."""

    met: tuple[int, ...]
    barred: Mapping[int, str]


def kinds_of(mechanism: Mechanism, sitting: str | None = None) -> list[str]:
    """Return the kinds of gathering that satisfy a mechanism or one sitting of it, in the order of the file."""
    own: Sequence[Satisfaction] = next((one.satisfied_by for one in mechanism.sittings if one.id == sitting), ())
    ways = list(own) or list(mechanism.satisfied_by)
    if sitting is None:
        ways += [way for one in mechanism.sittings for way in one.satisfied_by]
    asked = [condition for way in ways if way.kind == CLOSED for condition in way.where]
    return [
        str(kind) for condition in asked if condition.attribute == "activity_type" for kind in condition.any_of or ()
    ]


def foresee(open_duties: Iterable[Open], held: Mapping[int, str]) -> Foreseen:
    """Return what a gathering would meet; `held`: body → the kind of gathering that it is there.

    Of the duties of one body and mechanism the one due first is taken; of mechanisms that name each other in `not_with`
    the one due first, over all bodies. What else a record must fulfil (who came, what was decided) shows at closing.
    """
    fitting = [one for one in open_duties if held.get(one.body) in kinds_of(one.mechanism, one.sitting)]
    met: list[int] = []
    barred: dict[int, str] = {}
    taken: dict[tuple[int, str], Mechanism] = {}
    for one in sorted(fitting, key=lambda one: (one.due_on, one.mechanism.id, one.body, one.key)):
        if (one.body, one.mechanism.id) in taken:
            continue
        against = next((other for other in taken.values() if _bar_each_other(one.mechanism, other)), None)
        if against is not None:
            barred.setdefault(one.key, against.id)
            continue
        taken[one.body, one.mechanism.id] = one.mechanism
        met.append(one.key)
    return Foreseen(tuple(met), barred)


def _bar_each_other(one: Mechanism, other: Mechanism) -> bool:
    """`not_with` binds both, whichever of them says it."""
    return one.id != other.id and (other.id in one.not_with or one.id in other.not_with)
