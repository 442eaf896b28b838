"""The file that says whom an accident is reported to: read, refused where it contradicts itself, and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import yaml

from ronghe.kernel.language import in_language


class PlanUnreadableError(ValueError):
    """The file is no plan; its text says what is wrong."""


@dataclass(frozen=True, slots=True)
class GradeRule:
    """From any of these numbers on it is of this grade."""

    id: str
    names: Mapping[str, str]
    deaths: int
    injured: int
    yuan: Decimal

    @property
    def title(self) -> str:
        return in_language(self.names)


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody to tell: within the parameter `within` (minutes) after the line `after` was told; at once without it."""

    id: str
    names: Mapping[str, str]
    after: str = ""
    within: str = ""
    from_grade: str = ""

    @property
    def title(self) -> str:
        return in_language(self.names)


@dataclass(frozen=True, slots=True)
class Plan:
    """Grades from the worst to the least, lines in their order, and the codes that may be written."""

    grades: tuple[GradeRule, ...]
    lines: tuple[Line, ...]
    classes: tuple[str, ...]
    harms: tuple[str, ...]
    code_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What codes are called, those whose titles the file gives."""
    are_codes_checked: bool = True
    """Whether the titles were compared with the text of the standard."""

    def grade_of(self, deaths: int, injured: int, yuan: Decimal) -> str:
        """Return the grade (IN-01): the worst one any number reaches; a number that is reached counts itself in."""
        for rule in self.grades[:-1]:
            if deaths >= rule.deaths or injured >= rule.injured or yuan >= rule.yuan:
                return rule.id
        return self.grades[-1].id

    def title_of(self, grade: str) -> str:
        return next((rule.title for rule in self.grades if rule.id == grade), grade)

    def called(self, code: str) -> str:
        """Return a code with its title, where the file gives one."""
        names = self.code_names.get(code)
        return f"{code} {in_language(names)}" if names else code

    def is_worse(self, grade: str, than: str) -> bool:
        order = [rule.id for rule in self.grades]
        return order.index(grade) < order.index(than)

    def lines_for(self, grade: str) -> list[Line]:
        """Return who is to be told of an accident of this grade."""
        return [line for line in self.lines if not line.from_grade or not self.is_worse(line.from_grade, grade)]


def read_plan(text: str) -> Plan:
    """Return the plan that a file holds.

    :raises PlanUnreadableError: it is no YAML of this shape, or a line counts from one that does not stand before it
    """
    try:
        data: Any = yaml.safe_load(text)
        grades = tuple(
            GradeRule(
                str(row["id"]), _names(row["title"]), int(row["deaths"]), int(row["injured"]), Decimal(str(row["yuan"]))
            )
            for row in data["grades"]
        )
        lines = tuple(
            Line(str(row["id"]), _names(row["title"]), str(row.get("after", "")), str(row.get("within", "")),
                 str(row.get("from", "")))
            for row in data["lines"]
        )  # fmt: skip
        codes = (data["classes"], data["harms"])
        plan = Plan(
            grades, lines, _codes(codes[0]), _codes(codes[1]), {**_titles(codes[0]), **_titles(codes[1])},
            all(one.get("checked", True) for one in codes),
        )  # fmt: skip
    except (yaml.YAMLError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise PlanUnreadableError(str(error)) from error
    _check(plan)
    return plan


def dues(
    lines: Sequence[tuple[str, str, int | None]], known_at: datetime, told: Mapping[str, datetime]
) -> dict[str, datetime | None]:
    """Return until when each line (id, after, minutes) is to be told, `None` where it is at once.

    Minutes count from when the line before was told; while it was not, from when it should have been: that somebody is
    late gives nobody after them more time.
    """
    found: dict[str, datetime | None] = {}
    for id_, after, minutes in lines:
        begin = told.get(after) or found.get(after) or known_at
        found[id_] = None if minutes is None else begin + timedelta(minutes=minutes)
    return found


def _names(said: Any) -> dict[str, str]:
    """Return a title in both languages; one that is plain text is the same in both."""
    return (
        {key: str(said[key]) for key in ("zh", "en")}
        if isinstance(said, dict)
        else dict.fromkeys(("zh", "en"), str(said))
    )


def _codes(data: Any) -> tuple[str, ...]:
    numbers: list[int] = []
    for part in data["numbers"]:
        first, dash, last = str(part).partition("-")
        numbers += range(int(first), int(last) + 1) if dash else [int(first)]
    return tuple(f"{data['prefix']}{number:04d}" for number in numbers)


def _titles(data: Any) -> dict[str, dict[str, str]]:
    found = {f"{data['prefix']}{int(number):04d}": _names(said) for number, said in data.get("titles", {}).items()}
    if unknown := found.keys() - set(_codes(data)):
        message = f"titles of codes that there are not: {sorted(unknown)}"
        raise PlanUnreadableError(message)
    return found


def _check(plan: Plan) -> None:
    grades = {rule.id for rule in plan.grades}
    known: set[str] = set()
    for line in plan.lines:
        if line.id in known or (line.after and line.after not in known):
            message = f"line {line.id} stands twice, or counts from one that does not stand before it"
            raise PlanUnreadableError(message)
        if line.from_grade and line.from_grade not in grades:
            message = f"line {line.id} names a grade that there is not"
            raise PlanUnreadableError(message)
        known.add(line.id)
    if not plan.grades or not plan.lines:
        message = "a plan has grades and lines"
        raise PlanUnreadableError(message)
