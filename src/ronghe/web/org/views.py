"""组织: the people, one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import SEE_IDENTITY, SEE_PERSON
from ronghe.domain.org.selectors.people import person_seen_by, places_to_enrol, units_to_choose
from ronghe.domain.org.selectors.records import looks_about, own_facts, posts_held
from ronghe.domain.org.services.looks import open_identity
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.files import excel_answer
from ronghe.web.members.person_page import person_extras
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.sources import held_as, href_of

UNITS_OFFERED = 60
ORDERS = {
    "name": ["name"],
    "-name": ["-name"],
    "unit": ["unit__name", "name"],
    "-unit": ["-unit__name", "name"],
    "joined": ["joined_party_on", "name"],
    "-joined": ["-joined_party_on", "name"],
}


@login_required
def person_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "name")
    rows = _filtered(request).select_related("unit")
    page = page_of(list_seen(SEE_PERSON, actor, rows, order_by=order, at=now, page=asked_page(request)))
    template = "org/person_list.html#rows" if request.htmx else "org/person_list.html"  # type: ignore[attr-defined]
    context = {
        "page": page,
        "export_query": asked_filters(request),
        "asked_text": request.GET.get("q", ""),
        "can_place": places_to_enrol(actor, now).exists(),
        "statuses": [(status.value, str(status.label)) for status in PoliticalStatus if status.value in _COMMON],
        "units": lambda: units_to_choose(actor, now, UNITS_OFFERED),
    }
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def person_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    rows = SEE_PERSON.narrow(actor, _filtered(request), at=now).select_related("unit").order_by("name", "pk")
    heads = [_("姓名"), _("单位"), _("岗位"), _("工种"), _("政治面貌"), _("入党时间"), _("工号")]
    lines = (
        [p.name, p.unit.name if p.unit else "", p.job_title or "", p.trade or "",
         str(p.get_political_status_display() or ""), p.joined_party_on, p.staff_number or ""]
        for p in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(title=_("人员"), head=heads, rows=lines, widths=[10, 24, 14, 14, 14, 14, 14])
    return excel_answer([sheet], _("人员") + f"_{timezone.localtime(now):%Y%m%d}.xlsx")


@login_required
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "org/person_detail.html", _person_context(request, pk, timezone.now()))


@login_required
@require_POST
def person_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the identity number and phone; a POST, since the look is recorded."""
    now = timezone.now()
    context = _person_context(request, pk, now)
    context["identity"] = open_identity(person=context["person"], actor=actor_of(request), at=now)
    answer = render(request, "org/person_detail.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


_COMMON = {PoliticalStatus.FULL_MEMBER, PoliticalStatus.PROBATIONARY_MEMBER, PoliticalStatus.LEAGUE_MEMBER,
           PoliticalStatus.MASSES}  # fmt: skip


def _filtered(request: HttpRequest) -> Any:
    """The filters of the query string, as they stand for page and export alike."""
    rows: Any = Person.objects.filter(valid_until=None)
    if text := request.GET.get("q", "").strip():
        rows = rows.matching(text)
    if (status := request.GET.get("status", "")) in PoliticalStatus.values:
        rows = rows.filter(political_status=status)
    if (unit := number_of(request.GET.get("unit"))) is not None:
        rows = rows.filter(unit_id=unit)
    return rows


def _person_context(request: HttpRequest, pk: int, now: datetime) -> dict[str, Any]:
    actor = actor_of(request)
    person = get_object_or_404(person_seen_by(actor, now), pk=pk)
    return {
        "person": person,
        "status": str(person.get_political_status_display()) if person.political_status else "",
        "posts": posts_held(person),
        "facts": [
            (fact, " · ".join(filter(None, (fact.title, held_as(fact.attributes)))),
             href_of(fact.source_type, fact.source_id))
            for fact in own_facts(person)
        ],
        "looks": looks_about(person) if actor.pk == person.pk else None,
        "can_see_identity": SEE_IDENTITY.allows(actor, person, at=now) and bool(person.id_sealed),
        **person_extras(actor, person, now),
    }  # fmt: skip
