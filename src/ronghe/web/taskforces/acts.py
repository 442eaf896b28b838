"""Acts on a group: a button where nothing is asked, a form beside which a refusal stands where something is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.selectors.books import shelved_as
from ronghe.domain.taskforces.enums import MemberPart, OutcomeKind
from ronghe.domain.taskforces.models import ForceMember, TaskForce
from ronghe.domain.taskforces.selectors import may_be_asked
from ronghe.domain.taskforces.services.outcomes import add_outcome_file, set_mark, track_task_force, write_outcome
from ronghe.domain.taskforces.services.people import add_member, remove_member
from ronghe.domain.taskforces.services.proposing import (
    approve_task_force,
    return_task_force,
    submit_task_force,
    withdraw_task_force,
)
from ronghe.domain.taskforces.services.running import (
    call_off_task_force,
    close_task_force,
    describe_task_force,
    resume_task_force,
    start_task_force,
    wind_up_task_force,
)
from ronghe.domain.work.services.files import Upload, arrived_file
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.requests import actor_of
from ronghe.web.taskforces.forms import DescribeForm, MemberForm, OutcomeForm, ReasonForm, StartForm, TrackForm
from ronghe.web.taskforces.presenting import force_context, playbooks_to_choose
from ronghe.web.taskforces.views import seen_force

Act = Callable[[TaskForce, Person, datetime], Any]


@login_required
@require_POST
def force_approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _plain(request, pk, approve_task_force, _("已批准，小组成立。"))


@login_required
@require_POST
def force_submit(request: HttpRequest, pk: int) -> HttpResponse:
    return _plain(request, pk, submit_task_force, _("已重新提交。"))


@login_required
@require_POST
def force_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _plain(request, pk, withdraw_task_force, _("已撤回。"))


@login_required
@require_POST
def force_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    return _plain(request, pk, call_off_task_force, _("已取消，小组不再成立。"))


@login_required
@require_POST
def force_wind_up(request: HttpRequest, pk: int) -> HttpResponse:
    return _plain(request, pk, wind_up_task_force, _("进入收尾总结，请写三项成果。"))


@login_required
@require_POST
def force_resume(request: HttpRequest, pk: int) -> HttpResponse:
    return _plain(request, pk, resume_task_force, _("继续攻关。"))


@login_required
@require_POST
def force_close(request: HttpRequest, pk: int) -> HttpResponse:
    return _plain(request, pk, close_task_force, _("小组已结束，成果和记录都留着。"))


@login_required
@require_POST
def force_return(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(force: TaskForce, actor: Person, at: datetime) -> None:
        return_task_force(force=force, reason=form.cleaned_data["reason"], actor=actor, at=at)

    return _formed(request, pk, form, act, said=_("已退回支部。"))


@login_required
@require_POST
def force_start(request: HttpRequest, pk: int) -> HttpResponse:
    form = StartForm(request.POST, playbooks=playbooks_to_choose())

    def act(force: TaskForce, actor: Person, at: datetime) -> None:
        chosen = form.cleaned_data["playbook"]
        shelved = shelved_as(chosen) if chosen else None
        start_task_force(force=force, actor=actor, at=at, playbook=shelved.playbook if shelved else None)

    return _formed(request, pk, form, act, said=_("攻关启动。"))


@login_required
@require_POST
def force_describe(request: HttpRequest, pk: int) -> HttpResponse:
    form = DescribeForm(request.POST)

    def act(force: TaskForce, actor: Person, at: datetime) -> None:
        describe_task_force(force=force, actor=actor, at=at, **form.cleaned_data)

    return _formed(request, pk, form, act, said=_("已存下。"))


@login_required
@require_POST
def force_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture of the brand; nothing chosen changes nothing."""

    def act(*, force: TaskForce, actor: Person, at: datetime) -> None:
        for upload in request.FILES.getlist("mark")[:1]:
            set_mark(force=force, file=arrived_file(Upload(upload.name or "", upload)), actor=actor, at=at)

    return _plain(request, pk, act, _("已存下。"))


@login_required
@require_POST
def member_add(request: HttpRequest, pk: int) -> HttpResponse:
    force = seen_force(request, pk)
    bodies = PartyOrg.objects.filter(pk__in=force.sides.values("body_id")).values_list("pk", flat=True)
    form = MemberForm(request.POST, people=may_be_asked([force.parent_id, *bodies], timezone.now()))

    def act(force: TaskForce, actor: Person, at: datetime) -> None:
        part = MemberPart(form.cleaned_data["part"])
        add_member(force=force, person=form.cleaned_data["person"], part=part, actor=actor, at=at)

    return _formed(request, pk, form, act, said=_("已编入小组。"))


@login_required
@require_POST
def member_lead(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row = _member(request, pk, member)

    def act(*, force: TaskForce, actor: Person, at: datetime) -> None:
        add_member(force=force, person=row.person, part=MemberPart.LEADER, actor=actor, at=at)

    return _plain(request, pk, act, _("组长已换。"))


@login_required
@require_POST
def member_remove(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row = _member(request, pk, member)

    def act(*, force: TaskForce, actor: Person, at: datetime) -> None:  # noqa: ARG001 - the row knows its group
        remove_member(member=row, actor=actor, at=at)

    return _plain(request, pk, act, _("已退出小组。"))


@login_required
@require_POST
def force_track(request: HttpRequest, pk: int) -> HttpResponse:
    form = TrackForm(request.POST)

    def act(force: TaskForce, actor: Person, at: datetime) -> None:
        track_task_force(force=force, actor=actor, at=at, **form.cleaned_data)

    return _formed(request, pk, form, act, said=_("已记下。"))


@login_required
@require_POST
def outcome_write(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    if kind not in OutcomeKind.values:
        raise Http404
    force, form = seen_force(request, pk), OutcomeForm(request.POST, prefix=kind)
    if form.is_valid():
        try:
            write_outcome(
                force=force, kind=OutcomeKind(kind), text=form.cleaned_data["text"], figures=form.figures(),
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("成果已存下。"))
            return redirect("web:taskforce_detail", pk)
    context = force_context(request, force)
    context["outcomes"] = [
        (one, written, form if one == kind else shown) for one, written, shown in context["outcomes"]
    ]
    return render(request, "taskforces/force_detail.html", context, status=422)


@login_required
@require_POST
def outcome_file_add(request: HttpRequest, pk: int) -> HttpResponse:
    def act(*, force: TaskForce, actor: Person, at: datetime) -> None:
        for upload in request.FILES.getlist("photo"):
            add_outcome_file(force=force, file=arrived_file(Upload(upload.name or "", upload)), actor=actor, at=at)

    return _plain(request, pk, act, _("材料已附上。"))


def _plain(request: HttpRequest, pk: int, act: Callable[..., Any], said: str) -> HttpResponse:
    """Do an act that asks nothing; a refusal is said where the reader looks."""
    force = seen_force(request, pk)
    try:
        act(force=force, actor=actor_of(request), at=timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
    return redirect("web:taskforce_detail", pk)


def _formed(request: HttpRequest, pk: int, form: Any, act: Act, *, said: str) -> HttpResponse:
    """Do an act that asks something; what stands against it is said beside the form, with what was typed."""
    force = seen_force(request, pk)
    if form.is_valid():
        try:
            act(force, actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect("web:taskforce_detail", pk)
    return render(request, "taskforces/force_detail.html", force_context(request, force, failed=form), status=422)


def _member(request: HttpRequest, pk: int, member: int) -> ForceMember:
    rows = ForceMember.objects.filter(task_force=seen_force(request, pk), valid_until=None)
    return get_object_or_404(rows.select_related("person", "task_force__project"), pk=member)
