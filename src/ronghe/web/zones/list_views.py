"""共建: the list of zones with its figures, proposing one, and the figures behind the advice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.enums import PARTY_KINDS, WORKING_KINDS, PartyOrgKind
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day, posts_of
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.zones.calc.advice import Point
from ronghe.domain.zones.enums import AdviceParameter, ZoneMode, ZoneState
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.rules import PROPOSE_ZONE, SEE_ZONE, SET_PARAMETER
from ronghe.domain.zones.selectors.advice import advice_for, parameter_rows
from ronghe.domain.zones.selectors.figures import zone_figures, zone_groups
from ronghe.domain.zones.selectors.zones import list_zones
from ronghe.domain.zones.services.founding import propose_zone
from ronghe.domain.zones.services.parameters import set_parameter
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_, listed
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.zones.forms import ParameterForm, ProposeForm

SIZE = 20
SPONSORS = PARTY_KINDS - WORKING_KINDS
STATE_SHAPES = {
    ZoneState.PROPOSED: "upcoming", ZoneState.AGREED: "due", ZoneState.APPROVED: "due", ZoneState.RUNNING: "running",
    ZoneState.EVALUATED: "done", ZoneState.DISSOLVED: "waived", ZoneState.WITHDRAWN: "waived",
}  # fmt: skip
POINTS = {
    Point.NUMBER: N_("项目 %(number)s 个，%(threshold)s 个起算多个"),
    Point.SIZE: N_("最大投资 %(number)s 万元，%(threshold)s 万元起算大型"),
    Point.LENGTH_AND_DIFFICULTY: N_("难度较大的项目最长工期 %(number)s 天，%(threshold)s 天起算长"),
    Point.KIND: N_("老区改造、隐患治理 %(number)s 个，%(threshold)s 个起按区域建"),
    Point.MEMBERS: N_("项目单位现有正式党员 %(number)s 名，%(threshold)s 名起能建联合党支部"),
}


@login_required
def zone_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    asked = {name: request.GET.get(name, "").strip() for name in ("state", "mode")}
    text = request.GET.get("q", "").strip()[:80]
    page = page_of(
        list_zones(
            actor, now, words=text, state=asked["state"], mode=asked["mode"],
            sponsor=number_of(request.GET.get("sponsor")), order=request.GET.get("sort", "name"),
            page=asked_page(request), size=SIZE,
        )
    )  # fmt: skip
    groups = zone_groups(actor, now)
    context = {
        "page": page,
        "rows": [(zone, STATE_SHAPES[ZoneState(zone.state)]) for zone in page.object_list],
        "states": ZoneState.choices,
        "modes": ZoneMode.choices,
        "sponsors": [(str(pk), name) for pk, name in groups.sponsors[:200]],
        "asked_text": text,
        "export_query": asked_filters(request),
        "may_propose": PROPOSE_ZONE.narrow(actor, _sponsoring(), at=now).exists(),
    }
    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, "zones/zone_list.html#rows", context)
    else:
        growth = groups.growth
        context |= {
            "figures": zone_figures(actor, now, local_day(now), groups),
            "growth": [count for _month, count in growth],
            "growth_months": [f"{month:%Y-%m}" for month, _count in growth],
        }
        answer = render(request, "zones/zone_list.html", context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def zone_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows: Any = SEE_ZONE.narrow(actor, CollaborationZone.objects.all(), at=now).select_related("sponsor", "body")
    for name in ("state", "mode"):
        if value := request.GET.get(name, "").strip():
            rows = rows.filter(**{name: value})
    if (sponsor := number_of(request.GET.get("sponsor"))) is not None:
        rows = rows.filter(sponsor_id=sponsor)
    if text := request.GET.get("q", "").strip()[:80]:
        rows = rows.filter(name__icontains=text)
    lines: Iterator[Sequence[Any]] = (
        [zone.name, str(zone.get_mode_display()), str(zone.get_state_display()), zone.sponsor.name,
         listed(project.name for project in zone.projects.all()), zone.started_on, zone.dissolved_on,
         zone.approval_ref or ""]
        for zone in rows.prefetch_related("projects").order_by("name", "pk")[:20_000]
    )  # fmt: skip
    heads = [_("协作区"), _("建法"), _("状态"), _("主管党组织"), _("项目"), _("启动"), _("解散"), _("批复文号")]
    sheet = SheetOut(title=_("协作区"), head=heads, rows=lines, widths=[34, 12, 12, 26, 40, 12, 12, 24])
    return excel_answer([sheet], _("协作区") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def zone_create(request: HttpRequest) -> HttpResponse:
    """Propose a zone; `?projects=` ticks projects, and the advice follows what is ticked (SD-15)."""
    actor, now = actor_of(request), timezone.now()
    sponsors = PROPOSE_ZONE.narrow(actor, _sponsoring(), at=now).order_by("name", "pk")
    if not sponsors.exists():
        raise Http404
    projects = projects_seen_by(actor, now).filter(state__in=[ProjectState.PLANNED, ProjectState.UNDER_WAY])
    source = request.POST if request.method == "POST" else request.GET
    ticked = list(projects.filter(pk__in=[pk for text in source.getlist("projects")[:50] if (pk := number_of(text))]))
    sponsor = sponsors.filter(pk=number_of(source.get("sponsor"))).first() or _likely(actor, now, sponsors, ticked)
    advice = advice_for(ticked, sponsor, local_day(now)) if ticked else None
    initial = {
        "projects": [project.pk for project in ticked], "sponsor": sponsor.pk, "mode": advice.mode if advice else None,
        "name": _("%(project)s党建协作区") % {"project": ticked[0].name[:70]} if ticked else "",
        "place": ticked[0].place if ticked else "",
    }  # fmt: skip
    form = ProposeForm(
        request.POST if request.method == "POST" and "advise" not in request.POST else None, projects=projects,
        sponsors=sponsors, initial=initial,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        given = {**form.cleaned_data, "projects": list(form.cleaned_data["projects"])}
        try:
            zone = propose_zone(actor=actor, at=now, **{**given, "mode": ZoneMode(given["mode"])})
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已提出。下一步：让各方单位加入。"))
            return redirect("web:zone_detail", zone.pk)
    context = {
        "form": form, "advice": advice, "reasons": reasons_of(advice) if advice else [],
        "advised": ZoneMode(advice.mode).label if advice else "",
        "other": ZoneMode(advice.alternative).label if advice else "",
        "parameters_of": sponsor,
    }  # fmt: skip
    fragment = "#advice" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"zones/zone_form.html{fragment}", context, status=422 if form.errors else 200)


@login_required
def zone_parameters(request: HttpRequest, pk: int) -> HttpResponse:
    body = _committee(request, pk)
    return _parameters(request, body, None, "")


@login_required
@require_POST
def zone_parameter_set(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    body, form = _committee(request, pk), ParameterForm(request.POST)
    if name not in AdviceParameter.values:
        raise Http404
    if form.is_valid():
        try:
            set_parameter(
                body=body, name=AdviceParameter(name), value=form.cleaned_data["value"], actor=actor_of(request),
                at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已改，以后的建议按新数。"))
            return redirect("web:zone_parameters", pk)
    return _parameters(request, body, form, name)


def _parameters(request: HttpRequest, body: PartyOrg, failed: ParameterForm | None, name: str) -> HttpResponse:
    rows = [
        (row, failed if failed is not None and row.name == name else ParameterForm(initial={"value": row.value}))
        for row in parameter_rows(body)
    ]
    may_set = SET_PARAMETER.allows(actor_of(request), body, at=timezone.now())
    context = {"body": body, "rows": rows, "may_set": may_set}
    return render(request, "zones/zone_parameters.html", context, status=422 if failed is not None else 200)


def _committee(request: HttpRequest, pk: int) -> PartyOrg:
    return get_object_or_404(bodies_seen_by(actor_of(request), timezone.now()).filter(kind__in=SPONSORS), pk=pk)


def _sponsoring() -> Any:
    return PartyOrg.objects.filter(valid_until=None, kind__in=SPONSORS)


def _likely(actor: Person, now: Any, sponsors: Any, ticked: list[Any]) -> PartyOrg:
    """Return who sponsors most likely: the committee nearest above the project, else where the actor holds a post."""
    if ticked:
        above = PartyOrg.links().filter(descendant=ticked[0].body_id, valid_until=None).order_by("depth")
        for pk in above.values_list("ancestor_id", flat=True):
            if (found := sponsors.filter(pk=pk, kind=PartyOrgKind.COMMITTEE).first()) is not None:
                return found  # type: ignore[no-any-return]
    own = [post.body_id for post in posts_of(actor, local_day(now)) if post.body_id is not None]
    return sponsors.filter(pk__in=own).first() or sponsors[0]  # type: ignore[no-any-return]


def reasons_of(advice: Any) -> list[tuple[str, str, bool]]:
    """Return each reason in words, the mode it speaks for, and whether that is the advised one."""
    return [
        (
            _(POINTS[reason.point]) % {"number": reason.number, "threshold": reason.threshold},
            str(ZoneMode(reason.speaks_for).label),
            reason.speaks_for == advice.mode,
        )
        for reason in advice.reasons
    ]
