"""What follows from others' acts in the same transaction: a group sums up when its project, zone or body ends."""

from __future__ import annotations

from django.db.models import Q

from ronghe.domain.projects.facts import PROJECT_CALLED_OFF, PROJECT_COMPLETED, PROJECT_TAKEN_BACK
from ronghe.domain.structure.facts import BODY_DISSOLVED
from ronghe.domain.taskforces.enums import WindUpReason
from ronghe.domain.taskforces.services.ending import end_with_what_it_stood_for, go_on_if_asked
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(PROJECT_COMPLETED)
def _project_completed(fact: Fact) -> None:
    end_with_what_it_stood_for(Q(project=fact.source_id), WindUpReason.PROJECT_COMPLETED, fact.occurred_at)


@on_fact(PROJECT_CALLED_OFF)
def _project_called_off(fact: Fact) -> None:
    end_with_what_it_stood_for(Q(project=fact.source_id), WindUpReason.PROJECT_CALLED_OFF, fact.occurred_at)


@on_fact(PROJECT_TAKEN_BACK)
def _project_taken_back(fact: Fact) -> None:
    if fact.source_id is not None:
        go_on_if_asked(fact.source_id)


@on_fact(FactKind("zones.zone_dissolved", ""))
def _zone_dissolved(fact: Fact) -> None:
    if fact.zone is not None and fact.reverses is None:
        end_with_what_it_stood_for(Q(zone=fact.zone), WindUpReason.ZONE_DISSOLVED, fact.occurred_at)


@on_fact(BODY_DISSOLVED)
def _body_dissolved(fact: Fact) -> None:
    # Closing a group dissolves its body as well, and has left the running states by then.
    end_with_what_it_stood_for(Q(body=fact.body), WindUpReason.BODY_DISSOLVED, fact.occurred_at)
