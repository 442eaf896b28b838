"""隐患和违章: the lists, reporting on a phone, assessing and confirming, the figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.hazards.enums import HAZARD_GRADES, VIOLATION_GRADES, FindingGrade
from ronghe.domain.hazards.rules import ASSESS, CONFIRM, HAZARD, VIOLATION
from ronghe.domain.hazards.selectors import (
    bodies_to_report_to,
    findings_seen_by,
    list_findings,
    people_to_name,
    risks_to_name,
    statistics_of,
)
from ronghe.domain.hazards.services.reporting import report_hazard, report_violation
from ronghe.domain.hazards.services.settling import assess_hazard, confirm_violation
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import ItemKind
from ronghe.domain.items.selectors import people_to_ask
from ronghe.domain.items.services.filling import said
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.risks.selectors import areas_seen_by
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.hazards.forms import AssessForm, ConfirmForm, HazardForm, ViolationForm
from ronghe.web.items.asking import ORDERS, filters_of, states_of
from ronghe.web.items.presenting import PANELS, line_of
from ronghe.web.items.views import show_item, uploads_of
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of
from ronghe.web.paging import page_of as paged
from ronghe.web.requests import actor_of

GRADES = {HAZARD.id: HAZARD_GRADES, VIOLATION.id: VIOLATION_GRADES}
LISTS = {HAZARD.id: "hazards", VIOLATION.id: "violations"}
OFFERED = 200
PERIODS = {"month": 30, "quarter": 90, "year": 365}
REFUSED = "refused_settling"
"""Where the request carries an assessment or confirmation that was refused, so that it stands as it was typed."""


@login_required
def hazards(request: HttpRequest) -> HttpResponse:
    return _list(request, HAZARD, "hazards/hazard_list.html")


@login_required
def violations(request: HttpRequest) -> HttpResponse:
    return _list(request, VIOLATION, "hazards/violation_list.html")


@login_required
def hazards_export(request: HttpRequest) -> FileResponse:
    return _export(request, HAZARD)


@login_required
def violations_export(request: HttpRequest) -> FileResponse:
    return _export(request, VIOLATION)


@login_required
def hazard_report(request: HttpRequest) -> HttpResponse:
    """A photo, a sentence and an area are enough."""
    actor, now = actor_of(request), timezone.now()
    form = HazardForm(request.POST or None, **_places(request, actor, now))

    def act() -> WorkItem:
        return report_hazard(report=form.report(), actor=actor, at=now, uploads=uploads_of(request))

    return _report(request, form, act, HAZARD, _("已上报，评估后您会看到由谁整改。"))


@login_required
def violation_report(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    form = ViolationForm(request.POST or None, people=people_to_name(actor, now), **_places(request, actor, now))

    def act() -> WorkItem:
        return report_violation(
            report=form.report(), sort=form.cleaned_data["sort"], clause=form.cleaned_data["clause"],
            offender=form.offender(), actor=actor, at=now, uploads=uploads_of(request),
        )  # fmt: skip

    return _report(request, form, act, VIOLATION, _("已上报，是疑似，等别人查实后才计入。"))


@login_required
@require_POST
def hazard_assess(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, HAZARD, pk)
    form = _assess_form(request, item, request.POST)

    def act(actor: Person, now: datetime) -> None:
        assess_hazard(item=item, given=form.assessed(), actor=actor, at=now)

    return _settle(request, item, form, act, _("五落实已定，转责任人整改。"))


@login_required
@require_POST
def violation_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, VIOLATION, pk)
    form = _confirm_form(request, item, request.POST)

    def act(actor: Person, now: datetime) -> None:
        confirm_violation(item=item, given=form.confirmed(), actor=actor, at=now)

    return _settle(request, item, form, act, _("已查实，转责任人整改。"))


@login_required
def hazard_figures(request: HttpRequest) -> HttpResponse:
    return _figures(request, HAZARD, "hazards/hazard_figures.html")


@login_required
def violation_figures(request: HttpRequest) -> HttpResponse:
    return _figures(request, VIOLATION, "hazards/violation_figures.html")


def hazard_panel(request: HttpRequest, item: WorkItem) -> dict[str, Any]:
    """What a hazard adds to the page of items: area and grade, and the form that settles the five."""
    may = HAZARD.flow.allows(item, "assess") and ASSESS.allows(actor_of(request), item, at=timezone.now())
    refused = getattr(request, REFUSED, None)
    return {"finding": _finding(item), "assess_form": (refused or _assess_form(request, item)) if may else None}


def violation_panel(request: HttpRequest, item: WorkItem) -> dict[str, Any]:
    may = VIOLATION.flow.allows(item, "confirm") and CONFIRM.allows(actor_of(request), item, at=timezone.now())
    refused = getattr(request, REFUSED, None)
    return {"finding": _finding(item), "confirm_form": (refused or _confirm_form(request, item)) if may else None}


PANELS[HAZARD.id] = ("hazards/_hazard_panel.html", hazard_panel)
PANELS[VIOLATION.id] = ("hazards/_violation_panel.html", violation_panel)


def _list(request: HttpRequest, kind: ItemKind, template: str) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "-raised")
    listed = list_findings(
        kind, actor, now, filters=_filters(request, actor, now, kind), order_by=order, page=asked_page(request)
    )
    context = {
        "page": paged(listed),
        "lines": [(line_of(item, now), item.finding) for item in listed.rows],
        "states": states_of(kind),
        "grades": [(grade.value, grade.label) for grade in GRADES[kind.id]],
        "areas": [(str(area.pk), area.name) for area in areas_seen_by(actor, now)[:OFFERED]],
        "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
        "may_report": _may_report(actor, now),
    }
    if request.htmx:  # type: ignore[attr-defined]
        template = f"{template}#rows"
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


def _export(request: HttpRequest, kind: ItemKind) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook. Who is named in a violation is left out."""
    actor, now = actor_of(request), timezone.now()
    rows = findings_seen_by(kind, actor, now).filter(_filters(request, actor, now, kind))
    heads = [_("编号"), _("事项"), _("区域"), _("位置"), _("组织"), _("等级"), _("谁提出"), _("提出时间"), _("谁来办"),
             _("何时办完"), _("状态"), _("办结时间"), *(_(spec.title) for spec in kind.fields)]  # fmt: skip
    lines = (_cells(kind, item, now) for item in rows.iterator(chunk_size=2000))
    title = _(kind.title)
    sheet = SheetOut(title, heads, lines, [8, 36, 18, 24, 24, 8, 10, 17, 10, 17, 14, 17, *(24 for _one in kind.fields)])
    return excel_answer([sheet], f"{title}_{local_day(now):%Y%m%d}.xlsx")


def _cells(kind: ItemKind, item: WorkItem, now: datetime) -> list[Any]:
    finding: Any = item.finding
    own = [said(spec, item.values[spec.id]) if item.values.get(spec.id) is not None else "" for spec in kind.fields]
    return [
        item.pk, item.title, finding.area.name if finding.area else "", item.place, item.body.name,
        finding.get_grade_display(), item.raised_by.name, _local(item.raised_at),
        item.owner.name if item.owner else "", _local(item.due_at), line_of(item, now).word, _local(item.closed_at),
        *own,
    ]  # fmt: skip


def _figures(request: HttpRequest, kind: ItemKind, template: str) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    period = request.GET.get("period", "year")
    since = now - timedelta(days=PERIODS.get(period, PERIODS["year"]))
    found = statistics_of(
        kind, actor, now, since=since, until=now + timedelta(seconds=1), title=_("合计"), nowhere=_("没写区域")
    )
    context = {
        "found": found,
        "periods": [("month", _("近 30 天")), ("quarter", _("近 90 天")), ("year", _("近一年"))],
    }
    return render(request, template, context)


def _report(request: HttpRequest, form: Any, act: Callable[[], WorkItem], kind: ItemKind, done: str) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    if not _may_report(actor, now):
        raise NotAllowed
    if request.method == "POST" and form.is_valid():
        try:
            item = act()
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, done)
            return redirect("web:item_detail", item.pk)
    context = {"form": form, "kind": kind, "is_violation": kind is VIOLATION, "list_name": f"web:{LISTS[kind.id]}"}
    return render(request, "hazards/report_form.html", context, status=422 if form.errors else 200)


def _settle(
    request: HttpRequest, item: WorkItem, form: Any, act: Callable[[Person, datetime], None], done: str
) -> HttpResponse:
    """Settle a finding; what stands against it is said beside the form, with what was typed."""
    if form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, done)
            return redirect("web:item_detail", item.pk)
    setattr(request, REFUSED, form)
    item.refresh_from_db()
    return show_item(request, item, status=422)


def _assess_form(request: HttpRequest, item: WorkItem, data: Any = None) -> AssessForm:
    people = people_to_ask(item, actor_of(request), timezone.now())
    initial = {"grade": item.finding.grade, "money": None}
    return AssessForm(data, people=people, risks=risks_to_name(item), initial=initial, auto_id="assess_%s")


def _confirm_form(request: HttpRequest, item: WorkItem, data: Any = None) -> ConfirmForm:
    people = people_to_ask(item, actor_of(request), timezone.now())
    finding: Any = item.finding
    return ConfirmForm(
        data, people=people, risks=risks_to_name(item), is_named=finding.person_id is not None,
        initial={"grade": finding.grade}, auto_id="confirm_%s",
    )  # fmt: skip


def _finding(item: WorkItem) -> Any:
    return item.finding


def _places(request: HttpRequest, actor: Person, now: datetime) -> dict[str, Any]:
    initial = {"area": request.GET.get("area"), "title": request.GET.get("title", "")[:120]}
    return {
        "areas": areas_seen_by(actor, now), "bodies": bodies_to_report_to(actor, now), "initial": initial,
    }  # fmt: skip


def _may_report(actor: Person, now: datetime) -> bool:
    return bodies_to_report_to(actor, now).exists() or areas_seen_by(actor, now).exists()


def _filters(request: HttpRequest, actor: Person, now: datetime, kind: ItemKind) -> Q:
    found = filters_of(request, actor, now, kind)
    grade = request.GET.get("grade", "")
    if grade in FindingGrade.values:
        found &= Q(finding__grade=grade)
    area = number_of(request.GET.get("area"))
    return found & Q(finding__area=area) if area is not None else found


def _seen(request: HttpRequest, kind: ItemKind, pk: int) -> WorkItem:
    rows = findings_seen_by(kind, actor_of(request), timezone.now())
    return get_object_or_404(rows.select_related("project", "force", "unit", "settled_by", *_JOINED), pk=pk)


_JOINED = ("owner", "body", "zone", "raised_by", "part_of", "merged_into", "finding__area", "finding__risk",
           "finding__person")  # fmt: skip


def _local(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else ""
