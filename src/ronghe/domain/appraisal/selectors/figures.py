"""Figures as somebody may see them, the indicators that sheets take, and for whom somebody may enter some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.appraisal.enums import Level
from ronghe.domain.appraisal.models import Figure
from ronghe.domain.appraisal.rules import ENTER_FIGURE, ENTER_UNIT_FIGURE, SEE_FIGURE
from ronghe.domain.appraisal.selectors.playbooks import playbooks_with_sheets
from ronghe.domain.appraisal.selectors.subjects import UNIT_KINDS_OF_LEVEL
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import NotFound
from ronghe.kernel.language import in_language
from ronghe.kernel.subjects import declared_subjects

BODY, UNIT, TOLD, PERSON = "body", "unit", "told", "person"
"""Whose a figure may be; `told` are subjects that another room keeps (companies)."""


@dataclass(slots=True)
class Indicator:
    """A figure that sheets take: the title of the first item that does, and the levels of the sheets."""

    title: str
    levels: set[str] = field(default_factory=set)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Whose figures are looked for, those that its sheets score first; where bodies or units are, then both."""
        asked = {_kind_of(level) for level in self.levels}
        places = {BODY, UNIT} if asked & {BODY, UNIT} else set()
        return (
            *(kind for kind in (BODY, UNIT, TOLD, PERSON) if kind in asked),
            *(kind for kind in (BODY, UNIT) if kind in places - asked),
        )


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a figure is about. A company and a member lie in the body that answers for them."""

    name: str
    body: PartyOrg | None = None
    unit: AdminUnit | None = None
    person: Person | None = None
    level: str = ""
    subject: int | None = None

    @property
    def key(self) -> tuple[int | None, ...]:
        """What tells it from others of its indicator and period."""
        return (*(one.pk if one else None for one in (self.body, self.unit, self.person)), self.subject)


def indicators() -> dict[str, Indicator]:
    """Return what sheets take from elsewhere, by name."""
    found: dict[str, Indicator] = {}
    for playbook in playbooks_with_sheets():
        for sheet in playbook.sheets:
            for name, title in figures_in(sheet["root"]):
                found.setdefault(name, Indicator(in_language(title))).levels.add(sheet["level"])
    return found


def figure_titles() -> dict[str, str]:
    """Return the titles of the indicators by name."""
    return {name: one.title for name, one in indicators().items()}


def figures_seen_by(actor: Person, at: datetime) -> QuerySet[Figure]:
    rows = Figure.objects.select_related("body", "unit", "person", "entered_by", "correction")
    return SEE_FIGURE.narrow(actor, rows, at=at).order_by("-entered_at", "-pk")


def list_figures(
    actor: Person, at: datetime, *, period: str = "", item: str = "", text: str = "", only_current: bool = True,
    page: int = 1, size: int = 50,
) -> Listed[Figure]:  # fmt: skip
    """Return a page of figures, the latest first; by default without those that were corrected."""
    rows = Figure.objects.select_related("body", "unit", "person", "entered_by", "correction")
    for name, value in (("period", period), ("item", item)):
        rows = rows.filter(**{name: value}) if value else rows
    if text:
        named = Q(body__name__icontains=text) | Q(unit__name__icontains=text) | Q(person__name__icontains=text)
        rows = rows.filter(named | Q(called__icontains=text) | Q(source__icontains=text))
    if only_current:
        rows = rows.filter(is_current=True)
    return list_seen(SEE_FIGURE, actor, rows, order_by=["-entered_at"], at=at, page=page, size=size)


def figure_seen_by(actor: Person, pk: int, at: datetime) -> Figure:
    """Return one figure.

    :raises NotFound: there is none, or the actor may not see it
    """
    found = figures_seen_by(actor, at).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def bodies_to_enter_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    rows = PartyOrg.objects.filter(on_day(local_day(at)))
    return ENTER_FIGURE.narrow(actor, rows, at=at).order_by("name", "pk")


def units_to_enter_for(actor: Person, at: datetime) -> QuerySet[AdminUnit]:
    rows = AdminUnit.objects.filter(on_day(local_day(at)))
    return ENTER_UNIT_FIGURE.narrow(actor, rows, at=at).order_by("name", "pk")


def members_to_enter_for(actor: Person, at: datetime) -> QuerySet[Membership]:
    """Return the home memberships of Party members in the bodies that the actor enters figures for."""
    bodies = ENTER_FIGURE.narrow(actor, PartyOrg.objects.filter(on_day(local_day(at))), at=at)
    return (
        Membership.objects.filter(
            on_day(local_day(at)), kind=MembershipKind.HOME, body__in=bodies.order_by().values("pk"),
            person__political_status__in=PARTY_MEMBERS,
        )
        .select_related("person", "body")
        .order_by("person__name", "pk")
    )  # fmt: skip


def told_to_enter_for(level: str, actor: Person, at: datetime) -> list[Whose]:
    """Return the subjects of a declared level in the bodies that the actor enters figures for; three statements."""
    source = declared_subjects(level)
    if source is None:
        return []
    bodies = {body.pk: body for body in bodies_to_enter_for(actor, at)}
    rows = list(source.standing(bodies, local_day(at)))
    names = source.names([row.id for row in rows])
    return [Whose(names.get(row.id, f"#{row.id}"), body=bodies[row.body], level=level, subject=row.id) for row in rows]


def figures_in(content: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the figures that a node and those below it take, with the node's title."""
    title = content.get("title", {})
    for key, value in content.items():
        if key == "items":
            for item in value:
                yield from figures_in(item)
        else:
            for name in _measured(value):
                yield name, title


def _measured(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("figure"), str):
            yield value["figure"]
        for inner in value.values():
            yield from _measured(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _measured(inner)


def _kind_of(level: str) -> str:
    if level == Level.MEMBER:
        return PERSON
    if declared_subjects(level) is not None:
        return TOLD
    return UNIT if level in UNIT_KINDS_OF_LEVEL else BODY
