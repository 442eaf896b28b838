"""风险台账: the list, the areas, one risk with its versions, entering and changing, raised and put back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.risks.enums import GRADE_BY_CODE, RiskGrade, VersionKind
from ronghe.domain.risks.models import Risk, RiskArea, RiskVersion
from ronghe.domain.risks.rules import KEEP_AREA, KEEP_RISK, RAISE_RISK, REVIEW_RISK, SEE_RISK
from ronghe.domain.risks.selectors import (
    areas_counted,
    areas_seen_by,
    areas_to_keep,
    bodies_to_open_for,
    list_risks,
    people_for,
    risks_filtered,
    risks_seen_by,
    versions_of,
)
from ronghe.domain.risks.services.areas import change_area, close_area, open_area
from ronghe.domain.risks.services.raising import raise_risk, review_risk
from ronghe.domain.risks.services.registering import add_risk, change_risk, close_risk
from ronghe.domain.zones.selectors import zones_seen_by
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.risks.forms import AreaForm, CloseForm, RaiseForm, ReviewForm, RiskForm, area_initial, initial_of
from ronghe.web.sources import href_of

ORDERS: dict[str, list[Any]] = {
    "-grade": ["-grade"], "grade": ["grade"], "review": ["review_on"], "-review": ["-review_on"], "title": ["title"],
    "-title": ["-title"],
}  # fmt: skip
AREA_ORDERS: dict[str, list[Any]] = {
    "name": ["name"], "-name": ["-name"], "count": ["count"], "-count": ["-count"],
    "-worst": [F("worst").desc(nulls_last=True)], "worst": [F("worst").asc(nulls_last=True)],
}  # fmt: skip
A_PAGE = 20
KIND_SHAPES = {VersionKind.RAISED: "attention"}


@login_required
def risks(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "-grade")
    listed = list_risks(actor, now, _filtered(request, actor, now), order_by=order, page=asked_page(request))
    context = {
        "page": page_of(listed),
        "lines": [(risk, *_shape(risk, now)) for risk in listed.rows],
        "grades": [(grade.code, grade.label) for grade in sorted(RiskGrade, reverse=True)],
        "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
        "can_keep": areas_to_keep(actor, now).exists(),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["area"] = _area_asked(request, actor, now)
    template = "risks/risk_list.html#rows" if request.htmx else "risks/risk_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def risks_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_RISK.narrow(actor, _filtered(request, actor, now), at=now).order_by("area__name", "-grade", "pk")
    heads = [_("编号"), _("区域"), _("组织"), _("协作区"), _("危害"), _("可能后果"), _("风险等级"), _("管控措施"), _("责任人"),
             _("从哪天起"), _("下次复评"), _("状态")]  # fmt: skip
    lines = (
        [one.pk, one.area.name, one.area.body.name, one.area.zone.name if one.area.zone else "", one.title, one.harm,
         one.get_grade_display(), one.measures, one.owner.name, one.valid_from, one.review_on, _shape(one, now)[1]]
        for one in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(_("风险台账"), heads, lines, [8, 18, 24, 22, 30, 30, 16, 50, 10, 12, 12, 10])
    return excel_answer([sheet], _("风险台账") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def areas(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows = areas_counted(actor, now, request.GET.get("q", "").strip())
    page = Paginator(rows.order_by(*asked_order(request, AREA_ORDERS, "-worst"), "pk"), A_PAGE).get_page(
        asked_page(request)
    )
    context = {
        "page": page,
        "lines": [(area, RiskGrade(area.worst).label if area.worst else "") for area in page],
        "can_open": bodies_to_open_for(actor, now).exists(),
        "is_filtered": bool(request.GET.get("q")),
    }
    template = "risks/area_list.html#rows" if request.htmx else "risks/area_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def area_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_open_for(actor, now)
    if not bodies.exists():
        raise NotAllowed
    form = AreaForm(request.POST or None, bodies=bodies, zones=zones_seen_by(actor, now))
    if request.method == "POST" and form.is_valid():
        try:
            area = open_area(text=form.text(), body=form.cleaned_data["body"], actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("“%(name)s”已划定，接着登记里面的风险。") % {"name": area.name})
            return redirect("web:risk_create", area.pk)
    return render(request, "risks/area_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def area_edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    area = _area(request, pk)
    KEEP_AREA.require(actor, area, at=now)
    form = AreaForm(request.POST or None, bodies=None, zones=zones_seen_by(actor, now), initial=area_initial(area))
    if request.method == "POST" and form.is_valid():
        try:
            change_area(area=area, text=form.text(), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已存下。"))
            return redirect("web:risk_areas")
    context = {"form": form, "area": area}
    return render(request, "risks/area_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def area_close(request: HttpRequest, pk: int) -> HttpResponse:
    area = _area(request, pk)
    try:
        close_area(area=area, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:risk_area_edit", pk)
    toasts.done(request, _("“%(name)s”已撤销，记录留着。") % {"name": area.name})
    return redirect("web:risk_areas")


@login_required
def risk_create(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    area = _area(request, pk)
    KEEP_AREA.require(actor, area, at=now)
    form = RiskForm(
        request.POST or None, people=people_for(area, now), is_new=True, initial={"grade": RiskGrade.YELLOW}
    )
    if request.method == "POST" and form.is_valid():
        try:
            risk = add_risk(area=area, text=form.text(), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("“%(title)s”已登记。") % {"title": risk.title})
            return redirect("web:risk_detail", risk.pk)
    context = {"form": form, "area": area}
    return render(request, "risks/risk_form.html", context, status=422 if form.errors else 200)


@login_required
def risk_edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    risk = _risk(request, pk)
    KEEP_RISK.require(actor, risk, at=now)
    form = RiskForm(request.POST or None, people=people_for(risk.area, now), is_new=False, initial=initial_of(risk))
    if request.method == "POST" and form.is_valid():
        try:
            change_risk(risk=risk, text=form.text(), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已存下，原来的版本留着。"))
            return redirect("web:risk_detail", pk)
    context = {"form": form, "area": risk.area, "risk": risk}
    return render(request, "risks/risk_form.html", context, status=422 if form.errors else 200)


@login_required
def risk_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _risk(request, pk))


@login_required
@require_POST
def risk_raise(request: HttpRequest, pk: int) -> HttpResponse:
    risk, form = _risk(request, pk), RaiseForm(request.POST, auto_id="raise_%s")

    def act(actor: Person, now: datetime) -> None:
        raise_risk(risk=risk, actor=actor, at=now, **form.cleaned_data)

    return _act(request, risk, form, act, _("已升级，等别人复评。"))


@login_required
@require_POST
def risk_review(request: HttpRequest, pk: int) -> HttpResponse:
    risk, form = _risk(request, pk), ReviewForm(request.POST, auto_id="review_%s")

    def act(actor: Person, now: datetime) -> None:
        review_risk(risk=risk, actor=actor, at=now, **form.cleaned_data)

    return _act(request, risk, form, act, _("复评已记下。"))


@login_required
@require_POST
def risk_close(request: HttpRequest, pk: int) -> HttpResponse:
    risk, form = _risk(request, pk), CloseForm(request.POST, auto_id="close_%s")

    def act(actor: Person, now: datetime) -> None:
        close_risk(risk=risk, actor=actor, at=now, **form.cleaned_data)

    return _act(request, risk, form, act, _("已销去，记录留着。"))


def _act(
    request: HttpRequest, risk: Risk, form: Any, act: Callable[[Person, datetime], None], done: str
) -> HttpResponse:
    """Do one act; what stands against it is said beside the form, with what was typed."""
    if form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, done)
            return redirect("web:risk_detail", risk.pk)
    risk.refresh_from_db()
    return _shown(request, risk, failed=form)


def _shown(request: HttpRequest, risk: Risk, *, failed: Any = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    stands = risk.closed_at is None
    forms: dict[str, Any] = {}
    if stands and RAISE_RISK.allows(actor, risk, at=now):
        forms["raise_form"] = RaiseForm(auto_id="raise_%s")
    if stands and REVIEW_RISK.allows(actor, risk, at=now):
        forms["review_form"] = ReviewForm(auto_id="review_%s", initial={"grade": risk.usual_grade})
    keeps = stands and KEEP_RISK.allows(actor, risk, at=now)
    if keeps and not risk.is_raised:
        forms["close_form"] = CloseForm(auto_id="close_%s")
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    shape, word = _shape(risk, now)
    context = {
        **forms, "risk": risk, "shape": shape, "word": word, "can_edit": keeps,
        "usual": RiskGrade(risk.usual_grade).label,
        "versions": [_told(row) for row in versions_of(risk)], "failed": type(failed).__name__ if failed else "",
    }  # fmt: skip
    return render(request, "risks/risk_detail.html", context, status=422 if failed is not None else 200)


def _told(row: RiskVersion) -> tuple[RiskVersion, str, str]:
    """Return a version, how it is drawn, and the page of the record that raised it."""
    return row, KIND_SHAPES.get(VersionKind(row.kind), "done"), href_of(row.source_type, row.source_id)


def _shape(risk: Risk, now: datetime) -> tuple[str, str]:
    """Return how a risk stands: the shape and the word."""
    if risk.closed_at is not None:
        return "waived", _("已销去")
    if risk.is_raised:
        return "attention", _("已升级，待复评")
    if risk.review_on <= local_day(now):
        return "due", _("该复评了")
    return "running", _("在控")


def _filtered(request: HttpRequest, actor: Person, now: datetime) -> Any:
    asked = request.GET
    return risks_filtered(
        actor, now, words=asked.get("q", "").replace("\x00", "").strip(), area=number_of(asked.get("area")),
        zone=number_of(asked.get("zone")), grade=GRADE_BY_CODE.get(asked.get("grade", "")),
        mine=bool(asked.get("mine")), raised=bool(asked.get("raised")), due=bool(asked.get("due")),
        closed=bool(asked.get("closed")),
    )  # fmt: skip


def _area_asked(request: HttpRequest, actor: Person, now: datetime) -> RiskArea | None:
    asked = number_of(request.GET.get("area"))
    return areas_seen_by(actor, now).filter(pk=asked).first() if asked is not None else None


def _area(request: HttpRequest, pk: int) -> RiskArea:
    return get_object_or_404(areas_seen_by(actor_of(request), timezone.now()), pk=pk)


def _risk(request: HttpRequest, pk: int) -> Risk:
    found: Risk = get_object_or_404(risks_seen_by(actor_of(request), timezone.now()), pk=pk)
    return found
