"""Projects as tests need them."""

from __future__ import annotations

from datetime import date, datetime

from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.projects.enums import Difficulty, ProjectKind
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.services.projects import register_project


def make_project(
    *, body: PartyOrg, unit: AdminUnit, actor: Person, at: datetime, name: str = "南I-1联合站改造",
    kind: ProjectKind = ProjectKind.STATION_RENOVATION, starts_on: date = date(2026, 3, 1),
    ends_on: date = date(2026, 12, 20), difficulty: Difficulty = Difficulty.HARD,
) -> Project:  # fmt: skip
    """Register a project; `actor` keeps projects of `body`."""
    return register_project(
        name=name, kind=kind, unit=unit, body=body, starts_on=starts_on, ends_on=ends_on, actor=actor, at=at,
        difficulty=difficulty,
    )  # fmt: skip
