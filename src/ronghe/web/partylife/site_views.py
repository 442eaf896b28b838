"""红色资源: the register, how far each is, going there, rating, bringing a table in and out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.enums import SiteKind
from ronghe.domain.partylife.models import RedSite, SiteRating
from ronghe.domain.partylife.rules import CHANGE_SITE, SEE_SITE
from ronghe.domain.partylife.selectors.sites import (
    LEAST_RATINGS,
    bodies_going,
    bodies_keeping_sites,
    filtered_sites,
    list_sites,
    may_rate,
    may_set_point,
    nearby,
    origins_of,
    shown_stars,
    sites_seen_by,
    visits_of,
    zone_or_project,
)
from ronghe.domain.partylife.services.sites import (
    HEADS,
    close_site,
    import_sites,
    keep_site,
    open_site_again,
    plan_visit,
    rate_site,
    set_point,
)
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.members.acting import laid_out
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.partylife.acting import FormPage, asked_body, asked_text, button, form_page
from ronghe.web.partylife.forms import NewSiteForm, PointForm, ReasonForm, SiteForm, SiteTableForm, SiteVisitForm
from ronghe.web.requests import actor_of

FIELDS = ("name", "kind", "address", "latitude", "longitude", "about", "opening", "phone", "capacity")


@login_required
def site_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    words, kind, order = _asked(request)
    page = page_of(list_sites(actor, now, words=words, kind=kind, order=order, page=asked_page(request)))
    context = {
        "page": page,
        "lines": [(site, shown_stars(site)) for site in page],
        "kinds": SiteKind.choices,
        "is_filtered": bool(words or kind),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["can_keep"] = bodies_keeping_sites(actor, now).exists()
    template = "partylife/sites.html#rows" if request.htmx else "partylife/sites.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def site_export(request: HttpRequest) -> FileResponse:
    """The table that can be filled in and brought in again, with how each is used behind it."""
    actor, now = actor_of(request), timezone.now()
    words, kind, _order = _asked(request)
    rows = SEE_SITE.narrow(actor, filtered_sites(words=words, kind=kind), at=now).order_by("name", "pk")
    heads = [*(_(HEADS[key]) for key in FIELDS), _("去过几次"), _("评分")]
    lines: Iterator[Sequence[Any]] = (
        [site.name, site.get_kind_display(), site.address, site.latitude, site.longitude, site.about, site.opening,
         site.phone, site.capacity, site.visit_count, shown_stars(site)]
        for site in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(_("红色资源"), heads, lines, [26, 14, 30, 11, 11, 30, 20, 16, 10, 10, 8])
    return excel_answer([sheet], _("红色资源") + f"_{timezone.localdate(now):%Y%m%d}.xlsx")


@login_required
def site_import(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_keeping_sites(actor, now)
    if not bodies.exists():
        raise Http404
    form = SiteTableForm(request.POST or None, request.FILES or None, bodies=bodies)
    page = FormPage(
        _("导入红色资源"), _("导入"), reverse("web:red_sites"), _("红色资源"),
        _("一行一处，表头按导出的表。同名的更新，其余新增；有一行不对就一行也不导入。"),
    )  # fmt: skip

    def act(given: dict[str, Any]) -> tuple[str, str]:
        with laid_out(given["table"]) as path:
            count = import_sites(body=given["body"], path=path, name=given["table"].name, actor=actor, at=now)
        return _("已导入 %(count)s 处。") % {"count": count}, reverse("web:red_sites")

    return form_page(request, form, page, act)


@login_required
def site_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_keeping_sites(actor, now)
    if not bodies.exists():
        raise Http404
    nearest = asked_body(request, bodies)
    form = NewSiteForm(request.POST or None, bodies=bodies, initial={"body": nearest.pk if nearest else None})
    page = FormPage(
        _("登记红色资源"), _("登记"), reverse("web:red_sites"), _("红色资源"), _("填名称和类别就行；有经纬度才能算距离")
    )

    def act(given: dict[str, Any]) -> tuple[str, str]:
        site = keep_site(text=form.text(), body=given["body"], actor=actor, at=now)
        return _("已登记。"), reverse("web:red_site", args=[site.pk])

    return form_page(request, form, page, act)


@login_required
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    site = _seen(request, pk)
    CHANGE_SITE.require(actor, site, at=now)
    form = SiteForm(request.POST or None, initial={name: getattr(site, name) for name in FIELDS})
    back = reverse("web:red_site", args=[pk])
    page = FormPage(_("修改红色资源"), _("存下"), back, site.name)

    def act(_given: dict[str, Any]) -> tuple[str, str]:
        keep_site(text=form.text(), site=site, actor=actor, at=now)
        return _("已修改。"), back

    return form_page(request, form, page, act)


@login_required
def site_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def site_close(request: HttpRequest, pk: int) -> HttpResponse:
    site, form = _seen(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, site, failed=form)
    reason = form.cleaned_data["reason"]
    return button(
        request, lambda actor, at: close_site(site=site, reason=reason, actor=actor, at=at), _("已停用。"), "web:red_site",
        pk, undo=reverse("web:red_site_open", args=[pk]),
    )  # fmt: skip


@login_required
@require_POST
def site_open(request: HttpRequest, pk: int) -> HttpResponse:
    site = _seen(request, pk)
    return button(
        request, lambda actor, at: open_site_again(site=site, actor=actor, at=at), _("已恢复使用。"), "web:red_site", pk
    )


@login_required
@require_POST
def site_rate(request: HttpRequest, pk: int) -> HttpResponse:
    site, stars = _seen(request, pk), number_of(request.POST.get("stars")) or 0
    return button(
        request, lambda actor, at: rate_site(site=site, stars=stars, actor=actor, at=at), _("谢谢，已记下您的评分。"),
        "web:red_site", pk,
    )  # fmt: skip


@login_required
def site_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a theme day there: body, from and until; the place is the site."""
    actor, now = actor_of(request), timezone.now()
    site, bodies = _seen(request, pk), bodies_going(actor, now)
    nearest = asked_body(request, bodies)
    if nearest is None:
        raise Http404
    begins = timezone.make_aware(datetime.combine(local_day(now) + timedelta(days=7), time(9, 0)))
    initial = {
        "body": nearest.pk, "scheduled_from": timezone.localtime(begins),
        "scheduled_until": timezone.localtime(begins + timedelta(hours=3)),
    }  # fmt: skip
    form = SiteVisitForm(request.POST or None, bodies=bodies, initial=initial)
    note = _("地点已填好：%(site)s。安排好的会显示在参加人的今日") % {"site": site.name}
    page = FormPage(_("安排主题党日"), _("安排"), reverse("web:red_site", args=[pk]), site.name, note)

    def act(given: dict[str, Any]) -> tuple[str, str]:
        activity = plan_visit(site=site, actor=actor, at=now, **given)
        return _("主题党日已安排。"), reverse("web:activity_detail", args=[activity.pk])

    return form_page(request, form, page, act)


@login_required
def site_near(request: HttpRequest) -> HttpResponse:
    """The sites by distance from the site of a zone or project (`?from=zone-3`)."""
    actor, now = actor_of(request), timezone.now()
    origins = origins_of(actor, now)
    wanted = request.GET.get("from", "")
    origin = next((one for one in origins if one.key == wanted), None) if wanted else next(iter(origins), None)
    if wanted and origin is None:
        raise Http404
    place = zone_or_project(origin.key, actor, now) if origin is not None else None
    sites = list(sites_seen_by(actor, now).filter(closed_at=None))
    lines = nearby(origin.point, sites) if origin is not None and origin.point is not None else []
    context = {
        "origin": origin,
        "origins": [(one.key, one.name) for one in origins],
        "lines": [(one, shown_stars(one.site)) for one in lines],
        "unplaced": sum(not site.has_point for site in sites),
        "may_set": place is not None and may_set_point(place, actor, now),
        "can_plan": bodies_going(actor, now).exists(),
    }
    return render(request, "partylife/near.html", context)


@login_required
def site_point(request: HttpRequest, place: str) -> HttpResponse:
    """Say where the site of a zone or project lies."""
    actor, now = actor_of(request), timezone.now()
    found = zone_or_project(place, actor, now)
    if found is None or not may_set_point(found, actor, now):
        raise Http404
    known = getattr(found, "point", None)
    initial = {"latitude": known.latitude, "longitude": known.longitude} if known is not None else {}
    form = PointForm(request.POST or None, initial=initial)
    back = f"{reverse('web:red_sites_near')}?from={place}"
    page = FormPage(_("标明现场位置"), _("存下"), back, _("附近的红色资源"), found.name)

    def act(given: dict[str, Any]) -> tuple[str, str]:
        set_point(place=found, actor=actor, at=now, **given)
        return _("位置已标明，距离已算好。"), back

    return form_page(request, form, page, act)


def _asked(request: HttpRequest) -> tuple[str, str, str]:
    kind = request.GET.get("kind", "")
    return asked_text(request), kind if kind in SiteKind.values else "", request.GET.get("sort", "name")


def _seen(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(sites_seen_by(actor_of(request), timezone.now()), pk=pk)


def _show(request: HttpRequest, site: RedSite, *, failed: ReasonForm | None = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rated = SiteRating.objects.filter(site=site, person=actor).first()
    visits = list(visits_of(site)[:20])
    context = {
        "site": site,
        "stars": shown_stars(site),
        "least": LEAST_RATINGS,
        "visits": [(row, SEE_ACTIVITY.allows(actor, row.activity, at=now)) for row in visits],
        "changes": CHANGE_SITE.allows(actor, site, at=now),
        "can_go": site.closed_at is None and bodies_going(actor, now).exists(),
        "may_rate": may_rate(actor, site, now),
        "mine": rated.stars if rated is not None else 0,
        "scale": range(1, 6),
        "reason_form": failed or ReasonForm(),
        "failed": failed is not None,
    }
    if failed is not None:
        toasts.refused(request, _("请写明为什么停用。"))
    return render(request, "partylife/site.html", context, status=422 if failed is not None else 200)
