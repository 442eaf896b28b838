"""What a group does when what it stood for ends: a running one sums up, one on paper is withdrawn, an idle one called off."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.enums import DRAFTS, FORCE_FLOW, ForceState, WindUpReason
from ronghe.domain.taskforces.facts import FORCE_CALLED_OFF, FORCE_WITHDRAWN
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.taskforces.services.running import end_body, wind_up
from ronghe.domain.taskforces.services.telling import record


def end_with_what_it_stood_for(of: Q, reason: WindUpReason, at: datetime) -> None:
    """Let every group that `of` finds come to its end; who is told to sum up does it in their own time."""
    rows = TaskForce.objects.filter(of).select_related("body", "project", "parent").order_by("pk")
    for force in rows:
        if force.state == ForceState.UNDER_WAY:
            wind_up(force, reason, None, at)
        elif force.state == ForceState.CLOSING and force.wind_up_reason == WindUpReason.BY_HAND:
            TaskForce.objects.filter(pk=force.pk, state=ForceState.CLOSING).update(wind_up_reason=reason)
        elif force.state in DRAFTS:
            FORCE_FLOW.advance(force, "withdraw")
            record(FORCE_WITHDRAWN, force, None, at)
        elif force.state == ForceState.APPROVED:
            FORCE_FLOW.advance(force, "call_off", closed_at=at)
            end_body(force, local_day(at), None, at)
            record(FORCE_CALLED_OFF, force, None, at)


def go_on_if_asked(project_id: int) -> None:
    """Leave a group that sums up because of a project that goes on after all to its secretaries: they may let it resume."""
    ended = (WindUpReason.PROJECT_COMPLETED, WindUpReason.PROJECT_CALLED_OFF)
    rows = TaskForce.objects.filter(project=project_id, state=ForceState.CLOSING, wind_up_reason__in=ended)
    rows.update(wind_up_reason=WindUpReason.BY_HAND)
