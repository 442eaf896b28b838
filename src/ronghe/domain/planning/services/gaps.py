"""A gap becomes a task of the owner whose side it is on."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.planning.enums import SETTLED, Aspect, PlanState
from ronghe.domain.planning.facts import GAP_OPENED
from ronghe.domain.planning.models import GapTask, ItemCheck, Plan
from ronghe.domain.work.services.tasks import open_task
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed

DAYS = 14
"""How long somebody has to close a gap, unless told."""
ENDS = time(18, 0)
OF_PRODUCTION = frozenset({Aspect.ASSIGNED, Aspect.CARRIED_OUT})
"""Whose gap is the production owner's to close; the other two are the Party owner's."""


class NoGap(DomainError):
    code = "no_gap"
    sentence = N_("“%(title)s”的%(aspect)s已经认定，没有短板。")


class GapIsTask(DomainError):
    code = "gap_is_task"
    sentence = N_("这处短板已转为任务。")


def owner_of(check: ItemCheck) -> Person:
    """Return who is to close the gap of a check unless told: assigning and carrying out are the production owner's."""
    item = check.item
    return item.production_owner if Aspect(check.aspect) in OF_PRODUCTION else item.party_owner


@transaction.atomic
def open_gap_task(
    *, check: ItemCheck, actor: Person, at: datetime, assignee: Person | None = None, due_at: datetime | None = None
) -> GapTask:
    """Turn a gap into a task, by default of the owner whose side it is on, within two weeks.

    :raises NotAllowed: the actor may not give tasks in this body
    :raises NoGap: the check is decided
    :raises GapIsTask: it is a task
    :raises StepNotAllowed: the plan is not in force
    """
    item, plan = check.item, Plan.objects.select_related("body").get(pk=check.item.plan_id)
    told = {"title": item.title, "aspect": check.get_aspect_display()}
    if plan.state != PlanState.AGREED or item.dropped_at is not None:
        raise StepNotAllowed(state=plan.get_state_display())
    if check.state in SETTLED:
        raise NoGap(**told)
    if GapTask.objects.filter(check_row=check, settled_at=None).exists():
        raise GapIsTask
    day = local_day(at) + timedelta(days=DAYS)
    due = due_at or timezone.make_aware(datetime.combine(day, ENDS))
    task = open_task(
        title=_("补%(aspect)s：%(title)s") % told, goal=_("两方的人一起做，留下会议、活动或任务的记录。"),
        assignee=assignee or owner_of(check), due_at=due, body=plan.body, actor=actor, at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            gap = GapTask.objects.create(check_row=check, task=task)
    except IntegrityError as error:
        raise GapIsTask from error
    attributes = {"aspect": check.aspect, "due": local_day(due)}
    record(Draft(GAP_OPENED, at, actor, about=task.assignee, body=plan.body_id, attributes=attributes, source=item))
    return gap
