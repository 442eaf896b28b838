"""What follows in the same transaction: an agreed loss counts, an accident on a project sets its free days back."""

from __future__ import annotations

from datetime import date

from ronghe.domain.control.enums import IncidentKind
from ronghe.domain.control.rules import LOSS
from ronghe.domain.control.services.counting import follow_accident, unfollow_accident
from ronghe.domain.control.services.losing import count_agreed
from ronghe.domain.items.facts import ITEM_MOVED
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.domain.projects.models import Project
from ronghe.domain.risks.facts import SAFETY_ACCIDENT
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(ITEM_MOVED)
def _count_agreed_loss(fact: Fact) -> None:
    """Count idle hours and rework once, when the other side confirms."""
    said = fact.values
    if said.get("item") != LOSS.id or said.get("step") != "confirm":
        return
    if fact.source_id is None or fact.recorded_by is None:
        return
    actor = Person.objects.get(token=fact.recorded_by)
    count_agreed(WorkItem.objects.get(pk=fact.source_id), actor, fact.occurred_at)


@on_fact(SAFETY_ACCIDENT)
def _count_accident(fact: Fact) -> None:
    """Let a project's free days begin anew after an accident that was reported, and run on where it was withdrawn."""
    said = fact.values
    if fact.project is None or fact.recorded_by is None or not said.get("is_counted"):
        return
    actor = Person.objects.get(token=fact.recorded_by)
    if fact.reverses is not None:
        unfollow_accident(accident=fact.reverses, actor=actor, at=fact.recorded_at)
        return
    project = Project.objects.get(pk=fact.project)
    follow_accident(
        project=project, kind=IncidentKind(str(said["kind"])), happened_on=date.fromisoformat(str(said["happened_on"])),
        class_code=str(said["class_code"]), accident=fact.pk, actor=actor, at=fact.recorded_at,
    )  # fmt: skip
