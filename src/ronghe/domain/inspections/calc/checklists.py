"""Checklists: what a group looks at, what already shows it, vetoes and grades, read from files and checked.

A file is refused with its line. An inspection keeps the content that it was arranged with, so that a later edition changes nothing
that was looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from ronghe.domain.inspections.calc.marking import GradeBand
from ronghe.domain.inspections.calc.shape import CHECKLIST_SCHEMA
from ronghe.domain.playbooks.calc.library import SHIPPED
from ronghe.domain.playbooks.calc.yaml_text import Reading, read_yaml
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.language import in_language
from ronghe.kernel.words import N_

FOLDER = SHIPPED / "checklists"
Words = Mapping[str, str]


class ChecklistUnfit(DomainError):
    code = "checklist_unfit"
    sentence = N_("检查表“%(name)s”第 %(line)s 行不对：%(why)s。")
    status = 422


@dataclass(frozen=True, slots=True)
class Proof:
    """What the platform already holds of an item: facts of one kind whose attributes fit, or mechanisms kept."""

    fact: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mechanisms: tuple[str, ...] = ()

    def fits(self, values: Mapping[str, Any]) -> bool:
        """Tell whether a fact with these attributes is one of them."""
        return all(str(values.get(name)) in wanted for name, wanted in self.where.items())


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One thing to look at. A veto has no marks."""

    id: str
    names: Words
    full: Decimal = Decimal(0)
    hints: Words = field(default_factory=dict)
    shown_by: tuple[Proof, ...] = ()
    is_veto: bool = False

    @property
    def title(self) -> str:
        return in_language(self.names)

    @property
    def hint(self) -> str:
        return in_language(self.hints) if self.hints else ""


@dataclass(frozen=True, slots=True)
class Dimension:
    id: str
    names: Words
    items: tuple[CheckItem, ...]

    @property
    def title(self) -> str:
        return in_language(self.names)


@dataclass(frozen=True, slots=True)
class Grade:
    id: str
    names: Words
    least: Decimal

    @property
    def title(self) -> str:
        return in_language(self.names)


@dataclass(frozen=True)
class Checklist:
    """A whole checklist; `grades` stand from the best to the least, none where it grades nobody."""

    id: str
    version: int
    names: Words
    forms: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    vetoes: tuple[CheckItem, ...] = ()
    grades: tuple[Grade, ...] = ()
    rises_at_most: int | None = None
    partly: Decimal = Decimal("0.5")
    """The share of full marks that a partly met item gets unless somebody gives another mark."""
    looks_back_days: int = 365
    is_checked: bool = False
    """Whether its content was compared with a published text."""
    notes: Words = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    """As it was read: what an inspection keeps."""

    @property
    def kept(self) -> dict[str, Any]:
        """The content as a record keeps it: numbers as their digits, so that JSON loses nothing."""
        return dict(json.loads(json.dumps(self.data, default=str)))

    @property
    def title(self) -> str:
        return in_language(self.names)

    @property
    def note(self) -> str:
        return in_language(self.notes) if self.notes else ""

    @property
    def items(self) -> tuple[CheckItem, ...]:
        """Every item with marks, in order."""
        return tuple(item for dimension in self.dimensions for item in dimension.items)

    @property
    def bands(self) -> list[GradeBand]:
        return [GradeBand(grade.id, grade.least) for grade in self.grades]

    def item(self, item_id: str) -> CheckItem:
        """Return an item or a veto.

        :raises NotFound: it has none of this name
        """
        found = next((one for one in (*self.items, *self.vetoes) if one.id == item_id), None)
        if found is None:
            raise NotFound
        return found

    def grade_title(self, grade_id: str) -> str:
        return next((grade.title for grade in self.grades if grade.id == grade_id), grade_id)


def read_checklist(name: str, text: str) -> Checklist:
    """Return the checklist that a text holds.

    :raises ChecklistUnfit: it is no YAML of this shape, or says something twice; the first fault with its line
    """
    reading = read_yaml(text)
    if reading.problems:
        problem = reading.problems[0]
        raise ChecklistUnfit(name=name, line=problem.place.line, why=problem.message)
    fault = next(Draft202012Validator(CHECKLIST_SCHEMA).iter_errors(reading.data), None)
    if fault is not None:
        path = tuple(fault.absolute_path)
        raise ChecklistUnfit(name=name, line=reading.place_of(path).line, why=fault.message[:160])
    _refuse_contradictions(name, reading)
    return checklist_of(reading.data)


def checklist_of(data: Mapping[str, Any]) -> Checklist:
    """Return the checklist that plain data hold, such as an inspection kept."""
    grades = data.get("grades", {})
    return Checklist(
        id=data["id"], version=data["version"], names=data["title"], forms=tuple(data["forms"]),
        dimensions=tuple(
            Dimension(one["id"], one["title"], tuple(_item(item) for item in one["items"])) for one in data["dimensions"]
        ),
        vetoes=tuple(_item(one, is_veto=True) for one in data.get("vetoes", ())),
        grades=tuple(Grade(one["id"], one["title"], Decimal(str(one.get("least", 0)))) for one in grades.get("bands", ())),
        rises_at_most=grades.get("rises_at_most"), partly=Decimal(str(data.get("partly", "0.5"))),
        looks_back_days=data.get("looks_back_days", 365), is_checked=data.get("checked", False),
        notes=data.get("note", {}), data=data,
    )  # fmt: skip


@cache
def shipped_checklists() -> Mapping[str, Checklist]:
    """Return the shipped checklists by id, in the order of their files."""
    return checklists_in(FOLDER)


def checklists_in(folder: Path) -> dict[str, Checklist]:
    """Return the checklists of a folder by id, by file name.

    :raises ChecklistUnfit: one of them does not fit
    """
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        one = read_checklist(path.name, path.read_text(encoding="utf-8"))
        found[one.id] = one
    return found


def _item(data: Mapping[str, Any], *, is_veto: bool = False) -> CheckItem:
    return CheckItem(
        data["id"], data["title"], Decimal(str(data.get("full", 0))), data.get("hint", {}),
        tuple(_proof(one) for one in data.get("shown_by", ())), is_veto,
    )  # fmt: skip


def _proof(data: Mapping[str, Any]) -> Proof:
    where = {name: tuple(_several(wanted)) for name, wanted in data.get("where", {}).items()}
    return Proof(data.get("fact", ""), where, tuple(_several(data.get("mechanism", []))))


def _several(wanted: Any) -> list[str]:
    return [str(one) for one in wanted] if isinstance(wanted, list) else [str(wanted)]


def _refuse_contradictions(name: str, reading: Reading) -> None:
    seen: set[str] = set()
    for path, data in _named(reading.data):
        if data["id"] in seen:
            line = reading.place_of((*path, "id")).line
            raise ChecklistUnfit(name=name, line=line, why=f"id {data['id']}")
        seen.add(data["id"])
    bands = reading.data.get("grades", {}).get("bands", [])
    bounds = [Decimal(str(band.get("least", 0))) for band in bands]
    if bounds and (bounds != sorted(bounds, reverse=True) or bounds[-1] != 0):
        line = reading.place_of(("grades", "bands")).line
        raise ChecklistUnfit(name=name, line=line, why="grades.bands")
    if "acceptance" in reading.data["forms"] and not bands:
        raise ChecklistUnfit(name=name, line=reading.place_of(("forms",)).line, why="grades")


def _named(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    for place, dimension in enumerate(data["dimensions"]):
        for number, item in enumerate(dimension["items"]):
            yield ("dimensions", place, "items", number), item
    for number, veto in enumerate(data.get("vetoes", ())):
        yield ("vetoes", number), veto
