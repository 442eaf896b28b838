"""The list of activities with its filters and export, and planning one: freely, or from a duty with one tap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.selectors import obligations_seen_by
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.selectors.people import bodies_to_choose
from ronghe.domain.rhythm.enums import SAFETY_CHECKS, ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import CHAIR_ACTIVITY, PLAN_ACTIVITY, PLAN_CHECK, SEE_ACTIVITY, may_plan_somewhere
from ronghe.domain.rhythm.selectors import held_by, with_last_change
from ronghe.domain.rhythm.selectors.duties import Outlook, outlook_of, proposal_of, usual_hours
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import PlanForm, next_hour

ORDERS = {"day": ["day"], "-day": ["-day"]}
BODIES_OFFERED = 60
MONTHS_OFFERED = 15
"""The month to come, this one, and those before it."""
LONGEST_SEARCH = 40


@login_required
def activity_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows: Any = with_last_change(Activity.objects.filter(_filters(request)).select_related("body", "chair"))
    order = asked_order(request, ORDERS, "-day")
    page = page_of(list_seen(SEE_ACTIVITY, actor, rows, order_by=order, at=now, page=asked_page(request)))
    context = {
        "page": page,
        "types": ActivityType.choices,
        "states": ActivityState.choices,
        "months": _months(timezone.localdate(now)),
        "bodies_to_choose": lambda: bodies_to_choose(actor, now, BODIES_OFFERED),
        "can_plan": may_plan_somewhere(actor, now),
        "export_query": asked_filters(request),
    }
    template = "rhythm/activity_list.html#rows" if request.htmx else "rhythm/activity_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def activity_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_ACTIVITY.narrow(actor, Activity.objects.filter(_filters(request)), at=now)
    rows = rows.select_related("body", "chair", "recorder").order_by("-day", "-pk")
    heads = [
        _("日期"),
        _("类别"),
        _("组织"),
        _("地点"),
        _("主持"),
        _("记录"),
        _("应到"),
        _("实到"),
        _("状态"),
        _("缺的材料"),
    ]
    lines: Iterator[Sequence[Any]] = (
        [row.day, row.get_activity_type_display(), row.body.name, row.place, row.chair.name if row.chair else "",
         row.recorder.name if row.recorder else "", row.expected_count, row.present_count, row.get_state_display(),
         len(row.missing)]
        for row in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(title=_("活动"), head=heads, rows=lines, widths=[12, 16, 30, 24, 10, 10, 8, 8, 10, 10])
    return excel_answer([sheet], _("活动") + f"_{timezone.localdate(now):%Y%m%d}.xlsx")


@login_required
def activity_create(request: HttpRequest) -> HttpResponse:
    """安排一次: what, whose, when and where; from a duty (`?duty=`) all of it is filled in, else what the address names."""
    actor, now = actor_of(request), timezone.now()
    bodies = _bodies_to_plan(actor, now)
    if not bodies.exists():
        raise NotAllowed
    duty = _asked_duty(request, actor, now)
    kinds = None if PLAN_ACTIVITY.narrow(actor, bodies.order_by(), at=now).exists() else SAFETY_CHECKS
    initial = _initial(request, duty, now)
    if kinds is not None and initial["activity_type"] not in kinds:
        initial["activity_type"] = min(kinds)
    form = PlanForm(request.POST or None, bodies=bodies, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "activity_type": ActivityType(form.cleaned_data["activity_type"])}
        try:
            activity = plan_activity(actor=actor, at=now, **given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("%(title)s已安排。") % {"title": activity.get_activity_type_display()})
            return redirect("web:activity_detail", activity.pk)
    first = form["body"].value() or bodies.values_list("pk", flat=True).first()
    outlook = _outlook(str(form["activity_type"].value()), str(first), form["scheduled_from"].value(), bodies)
    chairs = CHAIR_ACTIVITY.narrow(actor, bodies.order_by(), at=now).exists()
    context = {"form": form, "duty": duty, "outlook": outlook, "chairs": chairs}
    return render(request, "rhythm/activity_form.html", context, status=422 if form.errors else 200)


@login_required
def activity_outlook(request: HttpRequest) -> HttpResponse:
    """What a gathering as it is typed so far could count for at once."""
    actor, now = actor_of(request), timezone.now()
    asked = request.GET
    outlook = _outlook(
        asked.get("activity_type", ""), asked.get("body", ""), asked.get("scheduled_from", ""),
        _bodies_to_plan(actor, now),
    )  # fmt: skip
    return render(request, "rhythm/_outlook.html", {"outlook": outlook})


def _outlook(kind: str, body: str, starts: Any, bodies: QuerySet[PartyOrg]) -> Outlook | None:
    """Return what a gathering of this kind, body and beginning could count for; `None` while one of them is not known."""
    day = _day_of(starts)
    known = bodies.filter(pk=number_of(body) or 0).first()
    if kind not in ActivityType.values or known is None or day is None:
        return None
    return outlook_of({known.pk: kind}, day)


def _day_of(starts: Any) -> date | None:
    if isinstance(starts, datetime):
        return timezone.localdate(starts) if timezone.is_aware(starts) else starts.date()
    try:
        moment = parse_datetime(str(starts))
        return moment.date() if moment is not None else parse_date(str(starts))
    except ValueError:
        return None


def _asked_duty(request: HttpRequest, actor: Person, now: datetime) -> Obligation | None:
    if "duty" not in request.GET:
        return None
    return get_object_or_404(obligations_seen_by(actor, now), pk=number_of(request.GET["duty"]) or 0)


def _initial(request: HttpRequest, duty: Obligation | None, now: datetime) -> dict[str, Any]:
    """What is known already: all of it from a duty; with kind, body and day of the address also the mechanism's hours."""
    starts = next_hour(now)
    ends = starts + timedelta(hours=1)
    kind, body = request.GET.get("type", ActivityType.WEEKLY_MEETING), request.GET.get("body")
    proposal = proposal_of(duty, now) if duty is not None else None
    if duty is not None and proposal is not None:
        kind, body, starts, ends = proposal.activity_type, str(duty.body_id), proposal.starts, proposal.ends
    elif (day := _day_of(request.GET.get("day"))) is not None and kind in ActivityType.values:
        known = PartyOrg.objects.filter(pk=number_of(body) or 0).first()
        starts, ends = usual_hours(known, ActivityType(kind), max(day, timezone.localdate(now)))
    return {"activity_type": kind, "body": body, "scheduled_from": starts, "scheduled_until": ends}


def _filters(request: HttpRequest) -> Q:
    asked, found = request.GET, Q()
    if (kind := asked.get("type", "")) in ActivityType.values:
        found &= Q(activity_type=kind)
    if (state := asked.get("state", "")) in ActivityState.values:
        found &= Q(state=state)
    if (body := number_of(asked.get("body"))) is not None:
        found &= held_by(body)
    if (month := _month(asked.get("month", ""))) is not None:
        found &= Q(day__gte=month, day__lt=_next(month))
    if text := asked.get("q", "").strip()[:LONGEST_SEARCH]:
        topics = Activity.objects.filter(agenda_items__topic__contains=text).order_by().values("pk")
        found &= (
            Q(body__name__contains=text) | Q(place__contains=text) | Q(chair__name__contains=text) | Q(pk__in=topics)
        )
    return found


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == len("2026-01") else None
    except ValueError:
        return None


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1) if month.year < date.max.year else date.max


def _months(today: date) -> list[tuple[str, str]]:
    month, offered = _next(today.replace(day=1)), []
    for _number in range(MONTHS_OFFERED):
        offered.append((f"{month:%Y-%m}", _("%(year)s年%(month)s月") % {"year": month.year, "month": month.month}))
        month = (month - timedelta(days=1)).replace(day=1)
    return offered


def _bodies_to_plan(actor: Person, now: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` plans anything at all; for the safety officer that is safety checks alone."""
    rows = PLAN_CHECK.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    return rows.order_by("name", "pk")
