"""搜索: people, bodies, units, tasks and records by a few characters, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F, Q, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.agreements.enums import AgreementState
from ronghe.domain.agreements.models import Agreement
from ronghe.domain.agreements.rules import SEE_AGREEMENT
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules import SEE_PARTY_ORG, SEE_PERSON, SEE_UNIT
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import SEE_TASK
from ronghe.kernel.access.permissions import Permission
from ronghe.ui.formats import day as in_words
from ronghe.ui.formats import moment_of
from ronghe.web.requests import actor_of
from ronghe.web.search_kinds import KINDS, Hit

SHOWN = 8
"""Hits a kind: whoever does not find it among eight types one more character."""
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind; `more` leads to the list that searches on, "" where there is none."""

    title: str
    hits: list[Hit]
    is_cut: bool
    more: str = ""


@login_required
def search(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:LONGEST]
    found = _everything(wanted, actor_of(request), timezone.now()) if wanted else []
    return render(request, "web/search.html", {"wanted": wanted, "found": [part for part in found if part.hits]})


def _everything(wanted: str, actor: Person, at: datetime) -> list[Found]:
    def seen(permission: Permission, rows: Any, *order: str) -> list[Any]:
        # Walked in their order: the few that match are asked for one by one, whatever the actor reaches.
        return list(permission.narrow(actor, rows, at=at, walk=True).order_by(*order, "pk")[: SHOWN + 1])

    people = seen(SEE_PERSON, _people(wanted), "name")
    bodies = seen(SEE_PARTY_ORG, PartyOrg.objects.filter(valid_until=None, name__contains=wanted), "name")
    units = seen(SEE_UNIT, AdminUnit.objects.filter(valid_until=None, name__contains=wanted), "name")
    tasks = seen(SEE_TASK, Task.objects.filter(title__contains=wanted).select_related("assignee"), "-due_at")
    records = seen(SEE_ACTIVITY, _records(wanted), "-day")
    everybody, every_task = reverse("web:person_list"), reverse("web:tasks")
    return [
        _part(_("人员"), people, _person, f"{everybody}?q={wanted}"),
        _part(_("党组织与群团"), bodies, _body),
        _part(_("单位与站场"), units, _unit),
        _part(_("任务"), tasks, _task, f"{every_task}?state=all&q={wanted}"),
        _part(_("会议与活动"), records, _record),
        _part(_("项目与意向书"), _joint_works(wanted, actor, at), _joint_work),
        *(_part(_(kind.title), kind.seen(wanted, actor, at, SHOWN + 1), kind.hit, kind.more(wanted)) for kind in KINDS),
    ]


def _people(wanted: str) -> Any:
    people: Any = Person.objects.filter(valid_until=None)
    return people.matching(wanted).select_related("unit")


def _records(wanted: str) -> Any:
    kinds = [kind.value for kind in ActivityType if wanted in str(kind.label)]
    rows = Activity.objects.filter(
        Q(activity_type__in=kinds) | Q(place__contains=wanted) | Q(agenda_items__topic__contains=wanted)
    )
    return rows.select_related("body").distinct()


def _part(title: str, rows: Iterable[Any], hit: Callable[[Any], Hit], more: str = "") -> Found:
    hits = [hit(row) for row in rows]
    return Found(title, hits[:SHOWN], len(hits) > SHOWN, more)


def _person(person: Person) -> Hit:
    note = " · ".join(filter(None, (person.unit.name if person.unit else "", person.job_title, person.trade)))
    return Hit(person.name, note, reverse("web:person_detail", args=[person.pk]))


def _body(body: PartyOrg) -> Hit:
    return Hit(body.name, body.get_kind_display(), reverse("web:body_detail", args=[body.pk]))


def _unit(unit: AdminUnit) -> Hit:
    return Hit(unit.name, str(unit.get_kind_display()), reverse("web:unit_detail", args=[unit.pk]))


def _task(task: Task) -> Hit:
    note = _("%(name)s · %(due)s 前 · %(state)s") % {
        "name": task.assignee.name, "due": moment_of(task.due_at), "state": task.get_state_display(),
    }  # fmt: skip
    return Hit(task.title, note, reverse("web:task_detail", args=[task.pk]))


def _joint_works(wanted: str, actor: Person, at: datetime) -> list[tuple[Any, ...]]:
    """Return projects and agreements as (name, kind, key, state), by name; one statement for both."""
    projects = SEE_PROJECT.narrow(actor, Project.objects.filter(name__contains=wanted), at=at, walk=True)
    agreements = SEE_AGREEMENT.narrow(actor, Agreement.objects.filter(title__contains=wanted), at=at, walk=True)
    # One name for both: of a reader who sees no project at all, only the second half is asked and ordered.
    said = ("called", "of", "pk", "state")
    rows = projects.order_by().annotate(called=F("name"), of=Value("project")).values_list(*said)
    others = agreements.order_by().annotate(called=F("title"), of=Value("agreement")).values_list(*said)
    return list(rows.union(others).order_by("called", "pk")[: SHOWN + 1])


def _joint_work(row: tuple[Any, ...]) -> Hit:
    name, of, key, state = row
    if of == "project":
        return Hit(name, str(ProjectState(state).label), reverse("web:project_detail", args=[key]))
    return Hit(name, str(AgreementState(state).label), reverse("web:agreement_detail", args=[key]))


def _record(activity: Activity) -> Hit:
    note = f"{activity.body.name} · {in_words(activity.day)} · {activity.get_state_display()}"
    return Hit(str(activity.get_activity_type_display()), note, reverse("web:activity_detail", args=[activity.pk]))
