"""What is wrong with a playbook file, where, and how to say it to the clerk who wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ronghe.kernel.words import _


class Severity(StrEnum):
    """An error keeps the playbook from being used; a warning is shown and lets it pass."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """A line and column of the file, both counted from 1; 0 where the file as a whole is meant."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `sentence` is Chinese source text with %(name)s, filled from `details` when shown."""

    code: str
    sentence: str
    path: tuple[str | int, ...] = ()
    place: Place = Place()
    details: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR
    file: str = ""

    @property
    def message(self) -> str:
        return _(self.sentence) % self.details if self.details else _(self.sentence)

    @property
    def path_text(self) -> str:
        return path_text(self.path)

    def as_data(self) -> dict[str, Any]:
        """Return the finding as programs read it."""
        return {
            "file": self.file,
            "line": self.place.line,
            "column": self.place.column,
            "path": self.path_text,
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
        }


def path_text(path: tuple[str | int, ...]) -> str:
    """Return `mechanisms[2].cadence.rrule` for the steps from the top of the file to a value."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def has_errors(problems: list[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)
