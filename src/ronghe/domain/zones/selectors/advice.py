"""The figures behind the advice on modes, a committee's own before the shipped ones (SD-15)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.projects.models import Project
from ronghe.domain.zones.calc.advice import Advice, Works, advise
from ronghe.domain.zones.enums import SHIPPED_PARAMETERS, AdviceParameter
from ronghe.domain.zones.models import ModeParameter
from ronghe.kernel.db.tree import descendants


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure as it holds for a committee; `set_at` names the committee that set it, none for the shipped one (D)."""

    name: AdviceParameter
    value: int
    row: ModeParameter | None


def parameter_rows(body: PartyOrg) -> list[Parameter]:
    """Return every figure as it holds for `body`: its own, else that of the nearest body above it, else the shipped one."""
    above = list(
        PartyOrg.links()
        .filter(descendant=body, valid_until=None)
        .order_by("depth")
        .values_list("ancestor_id", flat=True)
    )
    place = {pk: number for number, pk in enumerate(above)}
    nearest: dict[str, ModeParameter] = {}
    for row in ModeParameter.objects.filter(body_id__in=above).select_related("body", "set_by"):
        known = nearest.get(row.name)
        if known is None or place[row.body_id] < place[known.body_id]:
            nearest[row.name] = row
    return [
        Parameter(name, nearest[name].value if name in nearest else SHIPPED_PARAMETERS[name], nearest.get(name))
        for name in AdviceParameter
    ]


def parameters_of(body: PartyOrg) -> Mapping[str, int]:
    """Return the figures that hold for `body`, by name."""
    return {row.name.value: row.value for row in parameter_rows(body)}


def advice_for(projects: Collection[Project], sponsor: PartyOrg, day: date) -> Advice:
    """Return which mode fits `projects` by the figures of `sponsor` (SD-15)."""
    return advise([_works(project) for project in projects], _members_at(projects, day), parameters_of(sponsor))


def _works(project: Project) -> Works:
    days = (project.ends_on - project.starts_on).days + 1
    return Works(project.kind, project.difficulty, days, project.investment_yuan)


def _members_at(projects: Collection[Project], day: date) -> int:
    """Return how many full members work in the units that run the projects, or below them."""
    units = descendants(AdminUnit, {project.unit_id for project in projects}, day=day)
    return Person.objects.filter(
        unit_id__in=units, valid_until=None, political_status=PoliticalStatus.FULL_MEMBER
    ).count()
