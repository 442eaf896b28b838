"""How many confirmed violations stand against a person or a certificate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Breach:
    """One confirmed violation. `certificate` is the keyed digest of its number, "" where none was named."""

    item: int
    on: date
    is_serious_harm: bool
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Breaches:
    """The confirmed violations of somebody, the oldest first."""

    rows: tuple[Breach, ...] = field(default=())

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def has_serious_harm(self) -> bool:
        return any(row.is_serious_harm for row in self.rows)

    def against(self, certificate: str) -> Breaches:
        """Return those with this certificate alone."""
        return Breaches(tuple(row for row in self.rows if row.certificate == certificate))


def breaches_of(rows: Iterable[tuple[int, Breach]], people: Iterable[int]) -> dict[int, Breaches]:
    """Return the violations of each of `people`, of nobody else; who has none has an empty one."""
    found: dict[int, list[Breach]] = {person: [] for person in people}
    for person, row in rows:
        if person in found:
            found[person].append(row)
    return {person: Breaches(tuple(sorted(rows, key=lambda row: (row.on, row.item)))) for person, rows in found.items()}
