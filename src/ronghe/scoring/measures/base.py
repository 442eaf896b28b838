"""What every measure is: one exact fraction a subject, and where it comes from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

from ronghe.scoring.columns import Column
from ronghe.scoring.fragments import Fragment
from ronghe.scoring.records import Evidence

MOST_FACTS = 100_000
"""Facts of one kind about one subject in one period that a sheet must be able to bear."""

MOST_QUANTITY = 10**9 * 10_000
"""The largest sum of quantities, in units, that a sheet must be able to bear."""


@dataclass(frozen=True)
class Reading:
    """What was measured: `number / count`. Nothing to measure when the count is 0.

    On the column side both are columns; on the twin side whole numbers, with the ids of the facts behind them.
    """

    number: Any
    count: Any
    facts: tuple[Any, ...] = ()
    raw: Reading | None = None
    """What was measured before it was steadied."""
    average: int | None = None
    """The peers' average that it was steadied with, in units."""


class Sight(Protocol):
    """What a node sees of the wide table, one row a subject."""

    def read(self, measure: Measure) -> Reading:
        """The columns gathered for a measure in the present window."""

    def average_of_peers(self, rate: Column, peers: str) -> Column:
        """The average of a column over the subject's peers, NULL left out."""

    @property
    def category(self) -> Column:
        """The subject's category; may be NULL."""


class Measure(ABC):
    """One word for what is measured. Subclasses are frozen dataclasses, equal when they measure the same."""

    word: ClassVar[str]
    """The key that tells this measure from the others in a sheet."""

    keys: ClassVar[dict[str, Fragment]]
    """The JSON Schema of each of its keys."""

    required: ClassVar[tuple[str, ...]] = ()

    full_at: int | None = None
    """What a full result is where the sheet names no target, in units."""

    certain: ClassVar[bool] = False
    """Whether there is always something to measure, so that the node is always applicable."""

    @classmethod
    @abstractmethod
    def read(cls, doc: dict[str, Any]) -> Self:
        """Build it from a checked mapping."""

    @property
    def parts(self) -> tuple[Measure, ...]:
        """The measures that must be gathered for it."""
        return (self,)

    @property
    @abstractmethod
    def largest(self) -> tuple[int, int]:
        """The largest number and count that it may reach."""

    @property
    def stream(self) -> Hashable:
        """Measures of one stream are gathered together, in one scan; None asks for a grouping of its own."""
        return type(self)

    def column(self, sight: Sight) -> Reading:
        """Its columns."""
        return sight.read(self)

    def finish(self, number: Column, count: Column) -> Reading:
        """Turn what was gathered (a sum, and how many made it up) into the reading."""
        return Reading(number, count)

    @abstractmethod
    def twin(self, evidence: Evidence) -> Reading:
        """The same from plain records."""

    @abstractmethod
    def words(self) -> str:
        """What is measured, for people."""
