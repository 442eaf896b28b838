"""Tasks, work items, visits and duties on somebody's list, and what is done with one tap."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, ExpressionWrapper, F, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from ronghe.domain.contacts.selectors import visits_due_of
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import Gives, ItemKind, Need, StepSpec, Waits, declared_kinds
from ronghe.domain.items.selectors import (
    items_asked_of,
    items_owned_by,
    items_seen_by,
    items_to_run_in_parts,
    step_to_run,
)
from ronghe.domain.items.services.changing import add_note
from ronghe.domain.items.services.steps import take_step
from ronghe.domain.obligations.models import BodyGrade, Obligation
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day, posts_of
from ronghe.domain.playbooks.models import PlaybookVersion
from ronghe.domain.today.services.doing import found
from ronghe.domain.work.enums import UNFINISHED, TaskState
from ronghe.domain.work.models import Task
from ronghe.domain.work.selectors import tasks_of, tasks_seen_by, tasks_to_settle
from ronghe.domain.work.services.tasks import accept_task
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.errors import NotFound
from ronghe.kernel.inbox import Act, Done, Inbox, Row, Says, Telling, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_, _

ACCEPT = "accept"
WHOLE = 100
SHARES = (25, 50, 75)
"""Percent that one tap reports; any other one is typed on the item's page."""


def _tasks(person: Person, _at: datetime) -> Any:
    return tasks_of(person)


def _tell_task(row: Row, _person: Person, at: datetime) -> Telling:
    returned = row.code == TaskState.RETURNED
    why = _("退回来的任务，请补办") if returned else _("%(name)s交给您的任务") % {"name": row.who}
    late = row.due_at is not None and row.due_at < at
    return Telling(row.what, why, "failed" if late else "attention" if returned else "due")


def _tell_submitted(row: Row, _person: Person, _at: datetime) -> Telling:
    why = _("%(name)s提交的任务，等您验收") % {"name": row.who}
    return Telling(row.what, why, "attention", (Act(_("验收"), ACCEPT),))


def _do_submitted(pk: int, act: str, person: Person, at: datetime) -> Done:
    if act != ACCEPT:
        raise NotFound
    accept_task(task=found(tasks_seen_by(person, at), pk), actor=person, at=at)
    return Done(_("已验收。"))


def _visits(person: Person, at: datetime) -> Any:
    return visits_due_of(person, local_day(at))


def _tell_visit(row: Row, _person: Person, at: datetime) -> Telling:
    late = row.due_on is not None and row.due_on < local_day(at)
    return Telling(
        _("走访：%(target)s") % {"target": row.what}, _("您联系的点，这一期还没有走访"), "failed" if late else "due"
    )


def _duties(person: Person, at: datetime) -> Any:
    day = local_day(at)
    bodies = {post.body_id for post in posts_of(person, day) if post.body_id is not None}
    return Obligation.objects.open_on(day).filter(body__in=sorted(bodies))


def _tell_duty(row: Row, person: Person, at: datetime) -> Telling | None:
    """Tell what the person answers for by a post in the very body that owes it; of the rest others are told.

    What a playbook asks for several times a day weighs less than what it asks for once.
    """
    mechanism, sitting, digest, period, grade, run = row.code.split("|")
    version = PlaybookVersion(pk=row.one, digest=digest)
    brought = BodyGrade(period=period, grade=grade, run=int(run)) if run else None
    duty = Obligation(mechanism=mechanism, sitting=sitting or None, version=version, grade=brought)
    answers, day = duty.definition.answers, local_day(at)
    if not any(post.body_id == row.two and post.role == answers for post in posts_of(person, day)):
        return None
    late = row.due_on is not None and row.due_on < day
    own = next((one.time for one in duty.definition.sittings if one.id == sitting), None)
    hours = own or duty.definition.time
    why = _("应办制度，由%(role)s负责") % {"role": PostRole(answers).label}
    why = _("，").join(filter(None, [duty.why_owed, why]))
    weight = Weight.NORMAL if sitting else None
    return Telling(
        duty.title, why, "failed" if late else "due", weight=weight, begins=hours.from_at if hours is not None else None
    )


def _owned(person: Person, _at: datetime) -> Any:
    return items_owned_by(person)


def _asked(person: Person, _at: datetime) -> Any:
    return items_asked_of(person)


def _tell_owned(row: Row, _person: Person, at: datetime) -> Telling:
    return _tell_item(row, at, Waits.OWNER, _("由您办的%(kind)s"))


def _tell_asked(row: Row, _person: Person, at: datetime) -> Telling:
    return _tell_item(row, at, Waits.RAISER, _("您提出的%(kind)s，等您回话"))


def _tell_to_run(row: Row, _person: Person, at: datetime) -> Telling:
    return _tell_item(row, at, Waits.RUNNER, _("%(kind)s，等您处理"))


def _tell_item(row: Row, at: datetime, waits: Waits, why: str) -> Telling:
    id_, state = row.code.split(":")
    kind = declared_kinds()[id_]
    step = next_step(kind, state, waits)
    acts = []
    if step is not None and is_one_tap(step):
        acts.append(Act(_(step.title), f"step-{step.id}"))
    if waits == Waits.OWNER:
        done = row.one or 0
        acts += [Act(_("完成 %(n)s%%") % {"n": n}, f"percent-{n}", is_aside=True) for n in SHARES if n > done]
    late = row.due_at is not None and row.due_at < at
    word = f"{why % {'kind': _(kind.title)}} · {_(kind.state_by_id[state].title)}"
    shape = "failed" if late else kind.state_by_id[state].shape
    share = (row.one, WHOLE) if row.one else None
    return Telling(row.what, word, shape, tuple(acts), share=share,
                    page=kind.detail_page.removeprefix("web:"))  # fmt: skip


def next_step(kind: ItemKind, state: str, waits: Waits) -> StepSpec | None:
    """Return the step that an item in `state` waits for: the first one of whoever it waits for, never one with danger."""
    if waits == Waits.RUNNER:
        found = step_to_run(kind, state)
        return found if found is not None and not _is_unoffered(found) else None
    return next(
        (step for step in kind.steps if state in step.sources and not _is_unoffered(step) and _is_for(step, waits)),
        None,
    )


def is_one_tap(step: StepSpec) -> bool:
    """Tell whether a step asks for nothing: no word, proof, deadline or person, no field, and nothing to be read and signed."""
    asked = (step.note, step.evidence, step.due)
    return Need.REQUIRED not in asked and not step.asks and not step.signs and step.gives != Gives.CHOSEN


def _is_unoffered(step: StepSpec) -> bool:
    return step.is_inner or step.is_danger or step.is_aside


def _is_for(step: StepSpec, waits: Waits) -> bool:
    path = "owner_id" if waits == Waits.OWNER else "raised_by_id"
    return any(getattr(grant.reach, "path", "") == path for grant in step.right.grants)


def _do_item(pk: int, act: str, person: Person, at: datetime) -> Done:
    """Take a step that asks for nothing, or report how much is done; a report is taken back by the one before it."""
    item = found(items_seen_by(person, at), pk)
    word, _dash, what = act.partition("-")
    spec = declared_kinds()[item.kind].step_by_id.get(what)
    if word == "step" and spec is not None:
        take_step(item=item, step=what, actor=person, at=at)
        return Done(_(spec.said))
    if word != "percent" or not what.isdigit() or int(what) > WHOLE:
        raise NotFound
    before = item.percent
    add_note(item=item, text=_("完成 %(n)s%%") % {"n": what}, actor=person, at=at, percent=int(what))
    return Done(_("已记下，完成 %(n)s%%。") % {"n": what}, undo=f"percent-{before}")


_BODY = F("body__name")
_HEAVY_OR_LIGHT = [
    When(kind=kind.id, then=Value(int(kind.weight)))
    for kind in declared_kinds().values()
    if kind.weight != Weight.NORMAL
]
_SITE = Coalesce(ExpressionWrapper(F("zone_id") * -1, BigIntegerField()), F("body_id"), output_field=BigIntegerField())
"""Zones and bodies are numbered apart."""
_ITEM = Says(
    what="title",
    who="owner__name",
    where=Coalesce(NullIf("place", Value("")), "zone__name", "body__name", output_field=CharField()),
    due_at="due_at",
    since="since",
    code=Concat("kind", Value(":"), "state", output_field=CharField()),
    figures=("percent",),
    site=_SITE,
    weight=Case(*_HEAVY_OR_LIGHT, default=Value(int(Weight.NORMAL))) if _HEAVY_OR_LIGHT else "",
)
_TASK = Says(
    what="title", who="opened_by__name", where=Coalesce("zone__name", "body__name"), due_at="due_at", code="state"
)

TASKS = declare_inbox(
    Inbox(
        "tasks",
        N_("任务等您办"),
        "tasks",
        _tasks,
        Topic.WORK,
        _TASK,
        page="task_detail",
        is_owed=True,
        is_steady=True,
        tell=_tell_task,
    )
)
SUBMITTED = declare_inbox(
    Inbox(
        "tasks_submitted", N_("任务等您验收"), "tasks", tasks_to_settle, Topic.WORK,
        Says(what="title", who="assignee__name", where=_BODY, since="submitted_at", site=_SITE), page="task_detail",
        is_steady=True, tell=_tell_submitted, do=_do_submitted,
    )
)  # fmt: skip
OWNED = declare_inbox(
    Inbox("items_owed", N_("事项等您办"), "items_mine", _owned, Topic.WORK, _ITEM, page="item_detail", record="items.workitem",
          is_owed=True, is_steady=True, tell=_tell_owned, do=_do_item)
)  # fmt: skip
ASKED = declare_inbox(
    Inbox("items_asked", N_("事项等您回话"), "items_mine", _asked, Topic.WORK, _ITEM, page="item_detail",
          record="items.workitem", is_steady=True, tell=_tell_asked, do=_do_item)
)  # fmt: skip
TO_RUN = declare_inbox(
    Inbox("items_to_run", N_("事项等您处理"), "items_waiting", items_to_run_in_parts, Topic.WORK, _ITEM, page="item_detail",
          record="items.workitem", is_steady=True, tell=_tell_to_run, do=_do_item)
)  # fmt: skip
VISITS = declare_inbox(
    Inbox(
        "visits_due", N_("该走访了"), "visits", _visits, Topic.DUTY,
        Says(what=Coalesce("to_body__name", "to_unit__name", "to_person__name"), where="body__name", due_on="due_on"),
        page="visit_create", query="contact", is_owed=True, is_steady=True, tell=_tell_visit,
    )
)  # fmt: skip
DUTIES = declare_inbox(
    Inbox(
        "duties", N_("应办制度等您办"), "obligations", _duties, Topic.DUTY,
        Says(
            where=_BODY, due_on="due_on", figures=("version_id", "body_id"), site="body_id",
            code=Concat("mechanism", Value("|"), Coalesce("sitting", Value("")), Value("|"), "version__digest",
                        Value("|"), Coalesce("grade__period", Value("")), Value("|"),
                        Coalesce("grade__grade", Value("")), Value("|"),
                        Coalesce(Cast("grade__run", CharField()), Value("")), output_field=CharField()),
        ),
        page="obligation_detail", weight=Weight.HEAVY, is_owed=True, tell=_tell_duty,
    )
)  # fmt: skip


def _submitted_today(person: Person, at: datetime) -> Any:
    return Task.objects.filter(assignee=person, submitted_at__gte=_midnight(at)).exclude(state__in=UNFINISHED)


def _closed_today(person: Person, at: datetime) -> Any:
    return WorkItem.objects.filter(owner=person, closed_at__gte=_midnight(at))


def _midnight(at: datetime) -> datetime:
    return moment_of(local_day(at))


def _tell_done(row: Row, _person: Person, _at: datetime) -> Telling:
    return Telling(row.what, _("已提交") if row.code else _("已办结"), "done")


TASKS_DONE = declare_inbox(
    Inbox("tasks_done", N_("今天提交的任务"), "tasks", _submitted_today, Topic.WORK,
          Says(what="title", where=_BODY, since="submitted_at", code="state"), page="task_detail", is_done=True,
          tell=_tell_done)
)  # fmt: skip
ITEMS_DONE = declare_inbox(
    Inbox("items_done", N_("今天办结的事项"), "items", _closed_today, Topic.WORK,
          Says(what="title", where=_BODY, since="closed_at"), page="item_detail", is_done=True, tell=_tell_done)
)  # fmt: skip
