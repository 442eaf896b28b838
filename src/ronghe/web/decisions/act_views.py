"""What is done to one matter: each act posts, and a refusal stands beside its form with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.decisions.enums import Forum, Progress, Purpose
from ronghe.domain.decisions.models import Matter, MatterAvoidance
from ronghe.domain.decisions.selectors.matters import meetings_for, meetings_to_report_to, members_of
from ronghe.domain.decisions.services.following import give_line, report_progress
from ronghe.domain.decisions.services.matters import (
    add_paper,
    note_avoidance,
    note_checks,
    prepare_matter,
    take_back_avoidance,
    withdraw_matter,
)
from ronghe.domain.decisions.services.meetings import (
    Dissent,
    defer_matter,
    schedule_matter,
    settle_elsewhere,
    settle_matter,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.decisions.forms import (
    AvoidForm,
    ChecksForm,
    ElsewhereForm,
    PartForm,
    ReportForm,
    ScheduleForm,
    SettleForm,
)
from ronghe.web.decisions.presenting import matter_context, matters_seen, people_to_ask
from ronghe.web.requests import actor_of

Act = Callable[[Person, datetime], Any]


@login_required
@require_POST
def matter_prepare(request: HttpRequest, pk: int) -> HttpResponse:
    matter = _seen(request, pk)
    return _act(
        request, matter, None, lambda actor, at: prepare_matter(matter=matter, actor=actor, at=at),
        said=_("准备好了，可以列入会议。"),
    )  # fmt: skip


@login_required
@require_POST
def matter_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    matter = _seen(request, pk)
    return _act(
        request, matter, None, lambda actor, at: withdraw_matter(matter=matter, actor=actor, at=at), said=_("已撤回。")
    )


@login_required
@require_POST
def matter_checks(request: HttpRequest, pk: int) -> HttpResponse:
    matter, form = _seen(request, pk), ChecksForm(request.POST)
    return _act(
        request, matter, form, lambda actor, at: note_checks(matter=matter, actor=actor, at=at, **form.cleaned_data),
        said=_("审查和征求意见的情况已记下。"),
    )  # fmt: skip


@login_required
@require_POST
def matter_paper(request: HttpRequest, pk: int) -> HttpResponse:
    matter = _seen(request, pk)
    uploads = [Upload(file.name or "", file) for file in request.FILES.getlist("paper")]

    def act(actor: Person, at: datetime) -> None:
        for upload in uploads:
            add_paper(matter=matter, upload=upload, actor=actor, at=at)

    if not uploads:
        toasts.refused(request, _("请先选文件。"))
        return redirect("web:matter_detail", pk)
    return _act(request, matter, None, act, said=_("材料已附上。"))


@login_required
@require_POST
def matter_avoid(request: HttpRequest, pk: int) -> HttpResponse:
    matter = _seen(request, pk)
    form = AvoidForm(request.POST, people=members_of(matter.forum, matter.body, local_day(timezone.now())))
    return _act(
        request, matter, form, lambda actor, at: note_avoidance(matter=matter, actor=actor, at=at, **form.cleaned_data),
        said=_("回避已记下，表决时不计入。"),
    )  # fmt: skip


@login_required
@require_POST
def matter_avoid_back(request: HttpRequest, pk: int, avoidance: int) -> HttpResponse:
    matter = _seen(request, pk)
    found = get_object_or_404(MatterAvoidance.objects.select_related("matter"), pk=avoidance, matter=matter)
    return _act(
        request, matter, None, lambda actor, at: take_back_avoidance(avoidance=found, actor=actor, at=at),
        said=_("已撤回。"),
    )  # fmt: skip


@login_required
@require_POST
def matter_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    matter = _seen(request, pk)
    form = ScheduleForm(request.POST, meetings=meetings_for(matter, local_day(timezone.now())))

    def act(actor: Person, at: datetime) -> None:
        given = form.cleaned_data
        schedule_matter(
            matter=matter, activity=given["activity"], purpose=Purpose(given["purpose"]), reason=given["reason"],
            actor=actor, at=at,
        )  # fmt: skip

    return _act(request, matter, form, act, said=_("已列入会议，开会时自动进议程。"))


@login_required
@require_POST
def matter_settle(request: HttpRequest, pk: int) -> HttpResponse:
    matter = _seen(request, pk)
    form = SettleForm(request.POST, people=members_of(matter.forum, matter.body, local_day(timezone.now())))

    def act(actor: Person, at: datetime) -> None:
        given = form.cleaned_data
        words = given["dissent"].strip()
        dissents = [Dissent(given["dissenter"], words)] if given["dissenter"] and words else []
        settle_matter(
            matter=matter, decision=given["decision"], votes=form.votes(), dissents=dissents, actor=actor, at=at
        )

    return _act(request, matter, form, act, said=_("表决已按规则计票，写进了会议记录。"))


@login_required
@require_POST
def matter_elsewhere(request: HttpRequest, pk: int) -> HttpResponse:
    matter, form = _seen(request, pk), ElsewhereForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        given = dict(form.cleaned_data)
        forum = Forum(given.pop("forum"))
        settle_elsewhere(matter=matter, forum=forum, actor=actor, at=at, **given)

    return _act(request, matter, form, act, said=_("决定已记下。"))


@login_required
@require_POST
def matter_defer(request: HttpRequest, pk: int) -> HttpResponse:
    matter = _seen(request, pk)
    return _act(
        request, matter, None, lambda actor, at: defer_matter(matter=matter, actor=actor, at=at),
        said=_("已撤下议程，可以另列会议。"),
    )  # fmt: skip


@login_required
@require_POST
def matter_part(request: HttpRequest, pk: int) -> HttpResponse:
    matter = _seen(request, pk)
    form = PartForm(request.POST, people=people_to_ask(actor_of(request)))
    return _act(
        request, matter, form, lambda actor, at: give_line(matter=matter, actor=actor, at=at, **form.cleaned_data),
        said=_("已变成任务，负责人在今日看得到。"),
    )  # fmt: skip


@login_required
@require_POST
def matter_report(request: HttpRequest, pk: int) -> HttpResponse:
    matter = _seen(request, pk)
    form = ReportForm(request.POST, meetings=meetings_to_report_to(matter))

    def act(actor: Person, at: datetime) -> None:
        given = form.cleaned_data
        report_progress(
            matter=matter, progress=Progress(given["progress"]), text=given["text"], activity=given["activity"],
            actor=actor, at=at,
        )  # fmt: skip

    return _act(request, matter, form, act, said=_("督办情况已记下。"))


def _seen(request: HttpRequest, pk: int) -> Matter:
    return get_object_or_404(matters_seen(request), pk=pk)


def _act(request: HttpRequest, matter: Matter, form: Any, act: Act, *, said: str) -> HttpResponse:
    """Do one act; what stands against it is said beside its form, or above the page where there is none."""
    if form is not None and not form.is_valid():
        return render(request, "decisions/matter_detail.html", matter_context(request, matter, failed=form), status=422)
    try:
        act(actor_of(request), timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        if form is None:
            toasts.refused(request, str(error))
            return redirect("web:matter_detail", matter.pk)
        form.add_error(None, str(error))
        fresh = _seen(request, matter.pk)
        return render(request, "decisions/matter_detail.html", matter_context(request, fresh, failed=form), status=422)
    toasts.done(request, said)
    return redirect("web:matter_detail", matter.pk)
