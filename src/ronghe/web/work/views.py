"""Tasks: what there is, what I owe, handing in, accepting, returning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ronghe.domain.control.selectors.records import shows_file
from ronghe.domain.items.selectors import evidence_of_items_seen_by
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.rhythm.selectors.visits import visits_seen_by
from ronghe.domain.today.selectors.load import load_words
from ronghe.domain.work.enums import TASK_FLOW, UNFINISHED, TaskState
from ronghe.domain.work.models import StoredFile, Task
from ronghe.domain.work.rules import CANCEL_TASK, OPEN_TASK, SEE_TASK, SETTLE_TASK
from ronghe.domain.work.selectors import evidence_of, evidence_seen_by, tasks_seen_by
from ronghe.domain.work.services.files import Upload, path_of
from ronghe.domain.work.services.tasks import accept_task, cancel_task, open_task, return_task, submit_task
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.choosing import OFFERED, person_words
from ronghe.web.files import excel_answer
from ronghe.web.lookbacks.linking import look_back_on
from ronghe.web.paging import asked_filters, asked_order, asked_page, page_of
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import default_deadline
from ronghe.web.work.forms import ReasonForm, SubmitForm, TaskForm

UNSETTLED = "unfinished"
STATES = [
    (UNSETTLED, gettext_lazy("没办结")),
    (TaskState.SUBMITTED.value, gettext_lazy("待验收")),
    (TaskState.ACCEPTED.value, gettext_lazy("已验收")),
    ("all", gettext_lazy("全部")),
]
ORDERS = {"due": ["due_at"], "-due": ["-due_at"], "title": ["title"], "-title": ["-title"]}


@login_required
def task_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows = _filtered(request, actor, now).select_related("assignee", "body")
    order = asked_order(request, ORDERS, "due")
    page = page_of(list_seen(SEE_TASK, actor, rows, order_by=order, at=now, page=asked_page(request)))
    lines = [(task, _state_of(task, now)) for task in page.object_list]
    bodies = OPEN_TASK.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    context = {
        "page": page,
        "lines": lines,
        "states": STATES,
        "can_open": bodies.exists(),
        "export_query": asked_filters(request),
    }
    template = "work/task_list.html#rows" if request.htmx else "work/task_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def task_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_TASK.narrow(actor, _filtered(request, actor, now), at=now)
    rows = rows.select_related("assignee", "body", "opened_by").order_by("due_at", "pk")
    heads = [_("任务"), _("谁来办"), _("组织"), _("谁交办"), _("交办时间"), _("何时办完"), _("状态"), _("提交时间")]
    lines = (
        [task.title, task.assignee.name, task.body.name, task.opened_by.name, _local(task.opened_at),
         _local(task.due_at), _("已超期") if task.is_overdue(now) else str(task.get_state_display()),
         _local(task.submitted_at)]
        for task in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(title=_("任务"), head=heads, rows=lines, widths=[36, 10, 30, 10, 18, 18, 10, 18])
    return excel_answer([sheet], _("任务") + f"_{timezone.localtime(now):%Y%m%d}.xlsx")


@login_required
def person_choices(request: HttpRequest) -> HttpResponse:
    """The people of a chooser that match what is typed, as options; with `load` what lies on each, as far as it may be known."""
    actor, now = actor_of(request), timezone.now()
    rows: Any = people_seen_by(actor, now).filter(valid_until=None)
    if text := request.GET.get("q", "").strip():
        rows = rows.matching(text)
    people = list(rows[:OFFERED])
    loads = load_words(actor, now, people) if request.GET.get("load") else {}
    return render(request, "work/_person_options.html", {"people": [(one, person_words(one, loads)) for one in people]})


@login_required
def task_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = OPEN_TASK.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).order_by("name", "pk")
    if not bodies.exists():
        raise NotAllowed
    people = people_seen_by(actor, now).filter(valid_until=None)
    initial = {"due_at": default_deadline(now)}
    form = TaskForm(request.POST or None, bodies=bodies, people=people, reader=(actor, now), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            task = open_task(actor=actor, at=now, **{**form.cleaned_data, "goal": form.cleaned_data["goal"] or None})
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("任务已交给%(name)s。") % {"name": task.assignee.name})
            return redirect("web:task_detail", task.pk)
    return render(request, "work/task_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def task_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "work/task_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def task_submit(request: HttpRequest, pk: int) -> HttpResponse:
    form = SubmitForm(request.POST)
    uploads = [Upload(file.name or "", file) for file in request.FILES.getlist("photo")]

    def act(task: Task, actor: Person) -> None:
        note = form.cleaned_data["note"] or None
        submit_task(task=task, actor=actor, at=timezone.now(), note=note, uploads=uploads)

    return _act(request, pk, form, act, said=_("已提交，等待验收。"))


@login_required
@require_POST
def task_accept(request: HttpRequest, pk: int) -> HttpResponse:
    def act(task: Task, actor: Person) -> None:
        accept_task(task=task, actor=actor, at=timezone.now())

    return _act(request, pk, None, act, said=_("已验收。"))


@login_required
@require_POST
def task_return(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(task: Task, actor: Person) -> None:
        return_task(task=task, reason=form.cleaned_data["reason"], actor=actor, at=timezone.now())

    return _act(request, pk, form, act, said=_("已退回。"))


@login_required
@require_POST
def task_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(task: Task, actor: Person) -> None:
        cancel_task(task=task, reason=form.cleaned_data["reason"], actor=actor, at=timezone.now())

    return _act(request, pk, form, act, said=_("已取消。"))


@login_required
@cache_control(private=True, max_age=3600)
def stored_file(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A kept file, for whoever may see a task, an item, an activity, a visit, a process or a review that it belongs to."""
    actor, now = actor_of(request), timezone.now()
    file = get_object_or_404(StoredFile, sha256=sha256)
    in_task = evidence_seen_by(actor, now).filter(file=file).exists()
    in_task = in_task or evidence_of_items_seen_by(actor, now).filter(file=file).exists()
    in_activity = in_task or activities_seen_by(actor, now).filter(photos__file=file).exists()
    in_visit = in_activity or visits_seen_by(actor, now).filter(photos__file=file).exists()
    if not in_visit and not shows_file(actor, file, now):
        raise Http404
    answer = FileResponse(path_of(sha256).open("rb"), content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


def _filtered(request: HttpRequest, actor: Person, now: datetime) -> Any:
    """The filters of the query string, as they stand for page and export alike; unfinished ones unless asked."""
    rows: Any = Task.objects.all()
    if text := request.GET.get("q", "").strip():
        rows = rows.matching(text)
    state = request.GET.get("state", UNSETTLED)
    if state in TaskState.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=[*UNFINISHED, TaskState.SUBMITTED])
    if request.GET.get("mine"):
        rows = rows.filter(assignee=actor)
    if request.GET.get("overdue"):
        rows = rows.overdue(now)
    return rows


def _local(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else ""


def _act(request: HttpRequest, pk: int, form: Any, act: Callable[[Task, Person], None], *, said: str) -> HttpResponse:
    """Do one act on a task; a refusal stands on the task's page, with what was typed."""
    task = _seen(request, pk)
    if form is not None and not form.is_valid():
        return render(request, "work/task_detail.html", _context(request, task, failed=form), status=422)
    try:
        act(task, actor_of(request))
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
    return redirect("web:task_detail", pk)


def _seen(request: HttpRequest, pk: int) -> Task:
    rows = tasks_seen_by(actor_of(request), timezone.now()).select_related("opened_by", "settled_by")
    return get_object_or_404(rows, pk=pk)


def _context(request: HttpRequest, task: Task, *, failed: Any = None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    return {
        "task": task,
        "state": _state_of(task, now),
        "evidence": list(evidence_of(task)),
        "can_submit": task.assignee_id == actor.pk and TASK_FLOW.allows(task, "submit"),
        "can_settle": TASK_FLOW.allows(task, "accept") and SETTLE_TASK.allows(actor, task, at=now),
        "can_cancel": TASK_FLOW.allows(task, "cancel") and CANCEL_TASK.allows(actor, task, at=now),
        "submit_form": failed if isinstance(failed, SubmitForm) else SubmitForm(),
        "reason_form": failed if isinstance(failed, ReasonForm) else ReasonForm(),
        "look_back": look_back_on("work.task", task.pk, actor, now),
    }


def _state_of(task: Task, now: Any) -> str:
    """The shape that the state is shown in; overdue is computed, never stored."""
    if task.is_overdue(now):
        return "failed"
    shapes = {
        TaskState.OPEN: "due",
        TaskState.SUBMITTED: "running",
        TaskState.RETURNED: "attention",
        TaskState.ACCEPTED: "done",
        TaskState.CANCELLED: "waived",
    }
    return shapes[TaskState(task.state)]
