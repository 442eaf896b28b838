"""党史小课堂: the rota of a body, its gaps, and each line made an activity with one tap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, people_in
from ronghe.domain.partylife.models import HistoryClass
from ronghe.domain.partylife.rules import ATTACH_MATERIAL, CHANGE_CLASS, SEE_CLASS
from ronghe.domain.partylife.selectors.classes import bodies_with_rota, classes_seen_by, gaps_of, list_classes
from ronghe.domain.partylife.services.classes import (
    attach_material,
    change_class,
    drop_class,
    list_class,
    plan_class,
    restore_class,
)
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.domain.rhythm.selectors.duties import usual_hours
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.partylife.acting import (
    FormPage,
    asked_body,
    asked_text,
    button,
    form_page,
    stored_answer,
    upload_of,
)
from ronghe.web.partylife.forms import ClassForm, ClassPlanForm, MaterialForm
from ronghe.web.requests import actor_of

STATES = {
    "told": Q(told_on__isnull=False),
    "planned": Q(told_on=None, activity__isnull=False),
    "open": Q(activity=None),
}


@login_required
def class_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found, today = _filters(request), local_day(now)
    page = page_of(list_classes(actor, now, filters=found, page=asked_page(request)))
    context = {
        "page": page,
        "lines": [(line, _shape(line, today)) for line in page],
        "states": [("told", _("已讲")), ("planned", _("已安排")), ("open", _("没有安排"))],
        "is_filtered": bool(found),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        keeps = bodies_with_rota(actor, now)
        asked = number_of(request.GET.get("body"))
        # The list shows whom the reader sees; the rota's gaps stand only for those who keep it.
        if asked is not None:
            body = keeps.filter(pk=asked).first()
        else:
            body = asked_body(request, keeps) if keeps.exists() else None
        context |= {
            "body": body,
            "bodies": [(str(row.pk), row.name) for row in bodies_seen_by(actor, now)[:60]],
            "gaps": gaps_of(body, today) if body is not None else None,
        }
    template = "partylife/classes.html#rows" if request.htmx else "partylife/classes.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def class_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    rows = SEE_CLASS.narrow(actor, HistoryClass.objects.filter(_filters(request), dropped_at=None), at=now)
    rows = rows.select_related("body", "teller", "activity").order_by("-planned_on", "-pk")
    heads = [_("日期"), _("讲什么"), _("谁来讲"), _("组织"), _("材料"), _("哪天讲的")]
    lines: Iterator[Sequence[Any]] = (
        [
            row.planned_on,
            row.topic,
            row.teller.name if row.teller else "",
            row.body.name,
            row.material_name,
            row.told_on,
        ]
        for row in rows.iterator(chunk_size=2000)
    )
    sheet = SheetOut(_("党史小课堂"), heads, lines, [12, 34, 10, 30, 24, 12])
    return excel_answer([sheet], _("党史小课堂") + f"_{timezone.localdate(now):%Y%m%d}.xlsx")


@login_required
def class_create(request: HttpRequest) -> HttpResponse:
    """A line of the rota; `?month=2026-11` puts it into an empty month."""
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_with_rota(actor, now)
    body = asked_body(request, bodies)
    if body is None:
        raise Http404
    people = people_in(body, local_day(now))
    form = ClassForm(request.POST or None, people=people, initial={"planned_on": _first_day(request, local_day(now))})
    back = f"{reverse('web:life_classes')}?body={body.pk}"
    beside = {"others": list(bodies.exclude(pk=body.pk)[:60]), "held_by": body}
    page = FormPage(_("排一讲"), _("排上"), back, _("党史小课堂"), body.name, beside=beside)

    def act(given: dict[str, Any]) -> tuple[str, str]:
        line = list_class(body=body, actor=actor, at=now, **given)
        return _("已排上。"), reverse("web:life_class", args=[line.pk])

    return form_page(request, form, page, act)


@login_required
def class_detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    line = _seen(request, pk)
    changes = CHANGE_CLASS.allows(actor, line, at=now)
    is_open = line.activity_id is None and line.dropped_at is None
    context = {
        "line": line,
        "shape": _shape(line, local_day(now)),
        "changes": changes and is_open,
        "can_plan": changes and is_open and line.teller_id is not None,
        "can_restore": changes and line.dropped_at is not None,
        "attaches": line.dropped_at is None and ATTACH_MATERIAL.allows(actor, line, at=now),
        "material_form": MaterialForm(),
        "plan_form": ClassPlanForm(initial=_hours(line.body, line.planned_on, local_day(now))),
        "sees_activity": line.activity is not None and SEE_ACTIVITY.allows(actor, line.activity, at=now),
    }
    return render(request, "partylife/class.html", context)


@login_required
def class_edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    line = _seen(request, pk)
    CHANGE_CLASS.require(actor, line, at=now)
    initial = {"topic": line.topic, "teller": line.teller_id, "planned_on": line.planned_on}
    form = ClassForm(request.POST or None, people=people_in(line.body, local_day(now)), initial=initial)
    back = reverse("web:life_class", args=[pk])

    def act(given: dict[str, Any]) -> tuple[str, str]:
        change_class(line=line, actor=actor, at=now, **given)
        return _("已修改。"), back

    return form_page(request, form, FormPage(_("改一讲"), _("存下"), back, line.topic), act)


@login_required
@require_POST
def class_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it an activity, at the hours that were offered unless others were typed."""
    line, form = _seen(request, pk), ClassPlanForm(request.POST)
    if not form.is_valid():
        toasts.refused(request, _("请填好开始和结束的时间。"))
        return redirect("web:life_class", pk)
    given = form.cleaned_data
    return button(
        request, lambda actor, at: plan_class(line=line, actor=actor, at=at, **given),
        _("已安排，由主讲人主持，题目已列入议程。"), "web:life_class", pk,
    )  # fmt: skip


@login_required
@require_POST
def class_drop(request: HttpRequest, pk: int) -> HttpResponse:
    line = _seen(request, pk)
    return button(
        request, lambda actor, at: drop_class(line=line, actor=actor, at=at), _("这一讲已撤下。"), "web:life_classes",
        undo=reverse("web:life_class_restore", args=[pk]),
    )  # fmt: skip


@login_required
@require_POST
def class_restore(request: HttpRequest, pk: int) -> HttpResponse:
    line = _seen(request, pk)
    return button(
        request, lambda actor, at: restore_class(line=line, actor=actor, at=at), _("已恢复。"), "web:life_class", pk
    )


@login_required
@require_POST
def class_material(request: HttpRequest, pk: int) -> HttpResponse:
    line, form = _seen(request, pk), MaterialForm(request.POST, request.FILES)
    upload = upload_of(form.cleaned_data["material"]) if form.is_valid() else None
    if upload is None:
        toasts.refused(request, _("请选一个文件。"))
        return redirect("web:life_class", pk)
    return button(
        request, lambda actor, at: attach_material(line=line, upload=upload, actor=actor, at=at), _("材料已存下。"),
        "web:life_class", pk,
    )  # fmt: skip


@login_required
@cache_control(private=True, max_age=600)
def class_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    return stored_answer(_seen(request, pk).material)


def _filters(request: HttpRequest) -> Q:
    found = STATES.get(request.GET.get("state", ""), Q())
    if (body := number_of(request.GET.get("body"))) is not None:
        found &= Q(body=body)
    if text := asked_text(request):
        found &= Q(topic__contains=text) | Q(teller__name__contains=text)
    return found


def _seen(request: HttpRequest, pk: int) -> HistoryClass:
    return get_object_or_404(classes_seen_by(actor_of(request), timezone.now()), pk=pk)


def _shape(line: HistoryClass, today: date) -> str:
    if line.dropped_at is not None:
        return "waived"
    if line.told_on is not None:
        return "done"
    if line.activity_id is not None:
        return "running"
    return "attention" if line.planned_on < today else "upcoming"


def _first_day(request: HttpRequest, today: date) -> date:
    try:
        day = date.fromisoformat(f"{request.GET.get('month', '')}-15")
    except ValueError:
        return today + timedelta(days=7)
    return max(day, today)


def _hours(body: PartyOrg, day: date, today: date) -> dict[str, datetime]:
    begins, ends = usual_hours(body, ActivityType.PARTY_HISTORY_CLASS, max(day, today))
    if begins < timezone.now():
        begins = timezone.make_aware(datetime.combine(today + timedelta(days=1), time(16, 0)))
        ends = begins + timedelta(hours=1)
    return {"scheduled_from": timezone.localtime(begins), "scheduled_until": timezone.localtime(ends)}
