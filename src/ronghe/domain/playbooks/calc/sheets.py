"""The score sheets inside a playbook belong to the scoring part; this is the one place that asks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ronghe.domain.playbooks.calc.problems import Problem
from ronghe.domain.playbooks.calc.yaml_text import Path
from ronghe.scoring.sheets import check_sheet, sheet_schema


def schema_of_sheets() -> dict[str, Any]:
    """Return the JSON Schema of one score sheet."""
    return sheet_schema()


def sheet_problems(own: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what the scoring part refuses in the sheets of one file."""
    for number, sheet in enumerate(own.get("sheets", ())):
        for found in check_sheet(sheet):
            path: Path = ("sheets", number, *found.path)
            yield Problem(found.code, "%(message)s", path, details={"message": found.message})
