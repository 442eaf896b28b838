"""Facts of a project's control, in one place: of which body, unit, zone and project."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import models

from ronghe.domain.control.selectors.sides import zone_of_project
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record


def drafted(
    kind: FactKind, project: Project, actor: Person | None, at: datetime, source: models.Model, /, *,
    about: Person | None = None, zone: int | None = None, quantity: Decimal | None = None, **attributes: object,
) -> Draft:  # fmt: skip
    """Return a fact of the project, not yet recorded: for many at once."""
    return Draft(
        kind, at, actor, about=about, body=project.body_id, unit=project.unit_id, zone=zone, project=project.pk,
        quantity=quantity, attributes=attributes, source=source,
    )  # fmt: skip


def tell(
    kind: FactKind, project: Project, actor: Person | None, at: datetime, source: models.Model, /, *,
    about: Person | None = None, quantity: Decimal | None = None, **attributes: object,
) -> Fact:  # fmt: skip
    """Record a fact of the project and of the zone that serves it on that day."""
    zone = zone_of_project(project, local_day(at))
    return record(
        drafted(
            kind, project, actor, at, source, about=about, zone=zone.pk if zone is not None else None,
            quantity=quantity, **attributes,
        )
    )  # fmt: skip


def tell_of_body(
    kind: FactKind, body: PartyOrg, actor: Person, at: datetime, source: models.Model, /, **attributes: object
) -> None:
    """Record a fact of a body: its templates, rules and causes."""
    record(Draft(kind, at, actor, body=body.pk, attributes=attributes, source=source))
