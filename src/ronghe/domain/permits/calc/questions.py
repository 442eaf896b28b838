"""What permits ask other rooms: declared by the room that knows, unanswered where nobody declared.

Permits stand beside the rooms of risks, hazards, qualifications and contractors and import none of them. Each of those
declares its answer when it is loaded (`RISKS_AT.declare(risks_at)`); until then the answer is "nothing known".
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class KnownRisk:
    """A risk or an open hazard of an area, in words, with what keeps it down."""

    text: str
    control: str = ""
    grade: str = ""
    is_major: bool = False


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why somebody may not do an operation on a day, as a sentence with its rule's number."""

    person_id: int
    text: str
    rule: str = "PW-11"


AreaAnswer = Callable[[Collection[str], date], list[KnownRisk]]
FitnessAnswer = Callable[[Collection[int], str, date], list[Unfit]]
UnitAnswer = Callable[[int, date], list[str]]


@dataclass
class AreaQuestion:
    """Area codes and a day → what is known there."""

    answers: list[AreaAnswer] = field(default_factory=list)

    def declare(self, answer: AreaAnswer) -> None:
        if answer not in self.answers:
            self.answers.append(answer)

    def ask(self, areas: Collection[str], on: date) -> list[KnownRisk]:
        return [one for answer in self.answers for one in answer(areas, on)]


@dataclass
class FitnessQuestion:
    """Persons, operation and a day → who may not, and why (PW-11): certificate, training, health, unit."""

    answers: list[FitnessAnswer] = field(default_factory=list)

    def declare(self, answer: FitnessAnswer) -> None:
        if answer not in self.answers:
            self.answers.append(answer)

    def ask(self, people: Collection[int], operation: str, on: date) -> list[Unfit]:
        return [one for answer in self.answers for one in answer(people, operation, on)]


@dataclass
class UnitQuestion:
    """A unit and a day → why it may not work here, as sentences."""

    answers: list[UnitAnswer] = field(default_factory=list)

    def declare(self, answer: UnitAnswer) -> None:
        if answer not in self.answers:
            self.answers.append(answer)

    def ask(self, unit: int, on: date) -> list[str]:
        return [one for answer in self.answers for one in answer(unit, on)]


RISKS_AT = AreaQuestion()
HAZARDS_AT = AreaQuestion()
FITNESS = FitnessQuestion()
UNIT_BARRED = UnitQuestion()
