"""One way to record what happened to a group."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from ronghe.domain.org.models import Person
from ronghe.domain.taskforces.models import TaskForce
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts import record as facts
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft


def record(
    kind: FactKind, force: TaskForce, actor: Person | None, at: datetime, *, about: Person | None = None,
    source: models.Model | None = None, **attributes: object,
) -> None:  # fmt: skip
    """Record a fact of the group: of its body, or of the branch above while it has none yet."""
    facts.record(
        Draft(
            kind, at, actor, about=about, body=force.body_id or force.parent_id, zone=force.zone_id,
            project=force.project_id, attributes=attributes, source=source or force,
        )
    )  # fmt: skip


def locked(force: TaskForce) -> TaskForce:
    """Return the group as it is now, held until the transaction ends, so that no two acts change it at once."""
    rows = TaskForce.objects.select_for_update(of=("self",)).select_related("project", "parent", "body", "zone")
    found = rows.filter(pk=force.pk).first()
    if found is None:
        raise NotFound
    return found
