"""作业许可: the list, one permit, asking for one, changing one, its code and paper; a site with its clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.calc.profiles import Operation, profile_called, shipped_profiles
from ronghe.domain.permits.documents import permit_document
from ronghe.domain.permits.enums import OPEN_TO_CHANGE, OVER, PermitKind, PermitState
from ronghe.domain.permits.models import Permit, PermitSite
from ronghe.domain.permits.rules import EDIT_PERMIT, KEEP_SITE, SEE_PERMIT, WATCH_SITE
from ronghe.domain.permits.selectors.areas import areas_of
from ronghe.domain.permits.selectors.clocks import clock_of
from ronghe.domain.permits.selectors.permits import list_permits, permits_filtered, permits_seen_by, view_of
from ronghe.domain.permits.selectors.sites import (
    activities_of,
    air_of,
    bodies_to_make_site_for,
    notices_of,
    numbers_of,
    offices_of,
    people_offered,
    sites_seen_by,
    sites_to_request_at,
    units_offered,
)
from ronghe.domain.permits.services.codes import pass_for, permit_code, permit_of_code
from ronghe.domain.permits.services.requesting import change_permit, request_permit
from ronghe.domain.permits.services.sites import make_site
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.permits.forms import (
    ActivityForm,
    AlarmForm,
    BaselineForm,
    NumberForm,
    OfficeForm,
    PermitForm,
    SiteForm,
    WindForm,
    initial_of,
)
from ronghe.web.permits.presenting import SHAPES, grade_shown, permit_context, waited_for
from ronghe.web.requests import actor_of

ORDERS: dict[str, list[Any]] = {
    "-requested": ["-requested_at"], "requested": ["requested_at"], "starts": ["starts_at"], "-starts": ["-starts_at"],
}  # fmt: skip
CLOCK_DAYS = 90
PLAN_ROWS, NOTICES, GRID_M = 200, 12, 100


@login_required
def permits(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_permits(
        actor,
        now,
        _filtered(request, actor),
        order_by=asked_order(request, ORDERS, "-requested"),
        page=asked_page(request),
    )
    context = {
        "page": page_of(listed),
        "lines": [(one, SHAPES[one.state], operation_of(one).title, grade_shown(one)) for one in listed.rows],
        "kinds": PermitKind.choices, "states": PermitState.choices, "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
    }  # fmt: skip
    if not request.htmx:  # type: ignore[attr-defined]
        sites = list(sites_seen_by(actor, now))
        context |= {"sites": sites, "can_request": sites_to_request_at(actor, now).exists(),
                    "can_make": bodies_to_make_site_for(actor, now).exists()}  # fmt: skip
    template = "permits/permits.html#rows" if request.htmx else "permits/permits.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def permits_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows: Any = SEE_PERMIT.narrow(actor, _filtered(request, actor), at=now).order_by("-requested_at", "-pk")
    heads = [
        _("票号"),
        _("作业"),
        _("级别"),
        _("做什么"),
        _("地点"),
        _("现场"),
        _("申请人"),
        _("从"),
        _("到"),
        _("状态"),
        _("签发"),
    ]
    lines: Iterator[Sequence[Any]] = (
        [one.number, operation_of(one).title, grade_shown(one), one.what, one.place, one.site.name, one.applicant.name,
         one.starts_at, one.valid_until, one.get_state_display(), one.issued_at or ""]
        for one in rows
    )  # fmt: skip
    sheet = SheetOut(title=_("作业票"), head=heads, rows=lines, widths=[12, 18, 8, 26, 26, 20, 10, 18, 18, 14, 18])
    return excel_answer([sheet], _("作业票") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def permit_create(request: HttpRequest) -> HttpResponse:
    """Which site and which work, then what that work asks; grade, approver and measures follow."""
    actor, now = actor_of(request), timezone.now()
    sites = sites_to_request_at(actor, now)
    asked = number_of(request.GET.get("site"))
    chosen = sites.filter(pk=asked) if asked is not None else sites
    site: PermitSite | None = chosen.first() if asked is not None or sites.count() == 1 else None
    operation = None if site is None else profile_called(site.profile).operations.get(request.GET.get("operation", ""))
    if site is None or operation is None:
        operations = list(profile_called(site.profile).operations.values()) if site is not None else []
        if site is None and not sites.exists():
            raise Http404
        return render(request, "permits/permit_choose.html", {"sites": sites, "site": site, "operations": operations})
    form = _form(request, site, operation, actor, now, initial={"starts_at": now, "ends_at": now + timedelta(hours=6)})
    if request.method == "POST" and form.is_valid():
        try:
            permit = request_permit(
                site=site, operation=operation.id, text=form.text(), parts=form.parts(), risks=form.risk_lines(),
                isolations=form.isolation_lines(), links=list(form.cleaned_data.get("links") or ()), actor=actor, at=now,
            )  # fmt: skip
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已申请，级别和审批人已算出。双方签了危害分析就能提交。"))
            return redirect("web:permit_detail", permit.pk)
    context = {"form": form, "site": site, "operation": operation, "areas": areas_of(site)}
    return render(request, "permits/permit_form.html", context, status=422 if request.method == "POST" else 200)


@login_required
def permit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    permit = seen_permit(request, pk)
    EDIT_PERMIT.require(actor, permit, at=now)
    if permit.state not in OPEN_TO_CHANGE:
        raise Http404
    operation = operation_of(permit)
    parts, risks = list(permit.parts.order_by("pk")), list(permit.risks.order_by("place"))
    initial = initial_of(permit, parts, risks, list(permit.isolations.order_by("place")))
    form = _form(request, permit.site, operation, actor, now, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_permit(
                permit=permit, text=form.text(), parts=form.parts(), risks=form.risk_lines(),
                isolations=form.isolation_lines(), links=list(form.cleaned_data.get("links") or ()), actor=actor, at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已存下。内容有变的，原来的签字作废，请重新签。"))
            return redirect("web:permit_detail", pk)
    context = {
        "form": form,
        "site": permit.site,
        "operation": operation,
        "permit": permit,
        "areas": areas_of(permit.site),
    }
    return render(request, "permits/permit_form.html", context, status=422 if form.errors else 200)


@login_required
def permit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "permits/permit_detail.html", permit_context(request, seen_permit(request, pk)))


@login_required
def permit_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    permit, now = seen_permit(request, pk), timezone.now()
    return paper_answer(request, permit_document(view_of(permit, now), printed_on=local_day(now)), form, source=permit)


@login_required
def permit_show_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code of this half minute on the leader's screen: others read it with their own phones."""
    permit, now = seen_permit(request, pk), timezone.now()
    code = permit_code(permit, at=now)
    context = {"permit": permit, "address": request.build_absolute_uri(reverse("web:permit_enter", args=[code])),
               "signed": permit.signatures.filter(digest=permit.digest, voiding=None).count()}  # fmt: skip
    template = "permits/permit_code.html#code" if request.htmx else "permits/permit_code.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def permit_enter(request: HttpRequest, code: str) -> HttpResponse:
    """Own phone: the code was read on site; there is half an hour to read the permit and sign it."""
    actor, now = actor_of(request), timezone.now()
    try:
        permit = permit_of_code(code, actor=actor, at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:permits")
    request.session["permit_here"] = (pass_for(permit, actor, at=now), now.timestamp())
    return redirect("web:permit_detail", permit.pk)


@login_required
def site_enter(request: HttpRequest, code: str) -> HttpResponse:
    """The code that stands at the site: whoever reads it is there, and finds what goes on."""
    now = timezone.now()
    site = get_object_or_404(sites_seen_by(actor_of(request), now), code=code)
    request.session["permit_here"] = (site.code, now.timestamp())
    return redirect(f"{reverse('web:permits')}?site={site.pk}&live=1")


@login_required
def site_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_make_site_for(actor, now)
    if not bodies.exists():
        raise NotAllowed(permission="permits.make_site")
    form = SiteForm(request.POST if request.method == "POST" else None, bodies=bodies, profiles=shipped_profiles())
    if request.method == "POST" and form.is_valid():
        try:
            site = make_site(actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("现场已登记，请定签字岗位，把作业码贴到现场。"))
            return redirect("web:permit_site", site.pk)
    return render(request, "permits/site_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def site_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "permits/site_detail.html", site_context(request, seen_site(request, pk)))


@login_required
@require_POST
def permit_forget_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The phone goes to the next person: what it read on site is forgotten."""
    request.session.pop("permit_here", None)
    return redirect("web:permit_detail", pk)


def site_context(request: HttpRequest, site: PermitSite, *, failed: Any = None) -> dict[str, Any]:
    """Return the page of a site: what goes on, the clock, and for those who keep it its offices and numbers."""
    actor, now = actor_of(request), timezone.now()
    keeps, watches = KEEP_SITE.allows(actor, site, at=now), WATCH_SITE.allows(actor, site, at=now)
    profile = profile_called(site.profile)
    live = Permit.objects.filter(site=site, kind=PermitKind.SPECIAL).exclude(state__in=sorted(OVER)).order_by("pk")
    clock = clock_of(site, now - timedelta(days=CLOCK_DAYS), now + timedelta(seconds=1))
    dots = [
        {"permit": one, "x": one.x_dm // 10, "y": one.y_dm // 10, "r": max(3, one.reach_dm // 10), "shape": SHAPES[one.state]}
        for one in live[:PLAN_ROWS] if one.x_dm is not None and one.y_dm is not None
    ]  # fmt: skip
    goings_on = list(activities_of(site, now))
    context: dict[str, Any] = {
        "site": site, "profile": profile, "air": air_of([site.pk])[site.pk], "notices": notices_of(site)[:NOTICES],
        "activities": goings_on, "dots": dots, "others": [
            {"what": one.get_kind_display(), "x": one.x_dm // 10, "y": one.y_dm // 10}
            for one in goings_on[:PLAN_ROWS] if one.x_dm is not None and one.y_dm is not None
        ], "across": range(GRID_M, site.width_m, GRID_M), "down": range(GRID_M, site.depth_m, GRID_M), "clock": clock, "days": CLOCK_DAYS,
        "whom": [(waited_for(name, profile), one) for name, one in clock.whom.items()],
        "offices": [(row, profile.offices.get(row.office, row.office)) for row in offices_of(site, now)],
        "numbers": numbers_of(site), "can_keep": keeps, "can_watch": watches,
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip
    if watches:
        context |= {"areas": areas_of(site), "wind_form": WindForm(), "alarm_form": AlarmForm(),
                    "activity_form": ActivityForm(initial={"starts_at": now, "ends_at": now + timedelta(hours=1)})}  # fmt: skip
    if keeps:
        context |= {
            "office_form": OfficeForm(profile=profile, people=people_offered(site, now)), "number_form": NumberForm(numbers=numbers_of(site)),
            "baseline_form": BaselineForm(),
            "address": request.build_absolute_uri(reverse("web:permit_site_enter", args=[site.code])),
        }  # fmt: skip
    if failed is not None:
        names: dict[Any, str] = {WindForm: "wind_form", AlarmForm: "alarm_form", ActivityForm: "activity_form", OfficeForm: "office_form",
                 NumberForm: "number_form", BaselineForm: "baseline_form"}  # fmt: skip
        context[names[type(failed)]] = failed
    return context


def seen_permit(request: HttpRequest, pk: int) -> Permit:
    """Return the permit, as far as the reader sees it."""
    found: Permit = get_object_or_404(permits_seen_by(actor_of(request), timezone.now()), pk=pk)
    return found


def seen_site(request: HttpRequest, pk: int) -> PermitSite:
    """Return the site, as far as the reader sees it."""
    found: PermitSite = get_object_or_404(sites_seen_by(actor_of(request), timezone.now()), pk=pk)
    return found


def operation_of(permit: Permit) -> Operation:
    return profile_called(permit.profile).operation(permit.operation)


def _filtered(request: HttpRequest, actor: Person) -> Any:
    asked = request.GET
    return permits_filtered(
        actor, words=asked.get("q", "").strip(), state=_among(asked.get("state"), PermitState.values),
        kind=_among(asked.get("kind"), PermitKind.values), site=number_of(asked.get("site")),
        mine=bool(asked.get("mine")), live=bool(asked.get("live")),
    )  # fmt: skip


def _among(word: str | None, known: Sequence[str]) -> str:
    return word if word is not None and word in known else ""


def _form(
    request: HttpRequest,
    site: PermitSite,
    operation: Operation,
    actor: Person,
    now: datetime,
    *,
    initial: dict[str, Any],
) -> PermitForm:
    permits = permits_seen_by(actor, now).filter(site=site).exclude(state__in=sorted(OVER))
    return PermitForm(
        request.POST if request.method == "POST" else None, operation=operation, people=people_offered(site, now),
        permits=permits, units=units_offered(site, now), initial=initial,
    )  # fmt: skip
