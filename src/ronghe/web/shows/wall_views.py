"""承诺墙: promises by state with who judges them, as a list, a table, paper and a screen on a wall."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.carriers.models import Carrier
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.shows.documents import wall_document
from ronghe.domain.shows.enums import PromiseState, WallOrder
from ronghe.domain.shows.selectors.wall import MOST_PRINTED, WallAsked, WallLine, sums, wall
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.documents.layout import GBT_9704_A3, GBT_9704_LANDSCAPE
from ronghe.kernel.errors import NotFound
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.shows.card_views import SHAPES

LONGEST_SEARCH = 40
SCREEN_ROWS = 24
MOST_EXPORTED = 5000
MOST_CHOICES = 60


@login_required
def promise_wall(request: HttpRequest) -> HttpResponse:
    context = _context(request, asked_page(request))
    template = "shows/wall.html#rows" if request.htmx else "shows/wall.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def wall_screen(request: HttpRequest) -> HttpResponse:
    """The board for a screen on a wall; it fetches itself each minute."""
    context = _context(request, 1, size=SCREEN_ROWS) | {"now": timezone.now()}
    template = "shows/wall_screen.html#board" if request.htmx else "shows/wall_screen.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def wall_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    _listed, lines = wall(actor, now, _asked(request), size=MOST_EXPORTED)
    heads = [_("承诺"), _("怎样算兑现"), _("承诺人"), _("载体"), _("组织"), _("期限"), _("评定人"), _("兑现情况")]
    rows = [
        [one.line.item.title, one.line.item.text, _owner(one), one.line.carrier.name, one.line.carrier.body.name,
         day_of(one.line.item.due_at) if one.line.item.due_at is not None else "", one.judge, str(one.state.label)]
        for one in lines
    ]  # fmt: skip
    sheet = SheetOut(_("承诺墙"), heads, rows, [36, 36, 10, 24, 24, 12, 10, 12])
    return excel_answer([sheet], _("承诺墙") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def wall_print(request: HttpRequest, form: str) -> HttpResponse:
    """The board on A4, or on A3 (`paper=a3`), lying on its side."""
    actor, now = actor_of(request), timezone.now()
    asked = _asked(request)
    listed, lines = wall(actor, now, asked, size=MOST_PRINTED)
    if not lines:
        raise NotFound
    bodies = {one.line.carrier.body_id: one.line.carrier.body.name for one in lines}
    whose = next(iter(bodies.values())) if len(bodies) == 1 else _name_of(asked)
    document = wall_document(
        lines, sums(actor, now, asked), whose=whose, printed_on=local_day(now), is_cut=listed.count > len(lines)
    )
    layout = GBT_9704_A3 if request.GET.get("paper") == "a3" else GBT_9704_LANDSCAPE
    return paper_answer(request, document, form, source=lines[0].line.carrier, layout=layout)


def _context(request: HttpRequest, page: int, **size: int) -> dict[str, Any]:
    actor, now, asked = actor_of(request), timezone.now(), _asked(request)
    listed, lines = wall(actor, now, asked, page=page, **size)
    query = asked_filters(request)
    return {
        "page": page_of(listed),
        "lines": [(one, SHAPES[one.state]) for one in lines],
        "sums": sums(actor, now, asked),
        "whose": _name_of(asked),
        "states": PromiseState.choices,
        "orders": WallOrder.choices,
        "bodies": _choices(PartyOrg.objects.filter(carriers__isnull=False)),
        "zones": _choices(CollaborationZone.objects.filter(carriers__isnull=False)),
        "teams": _choices(AdminUnit.objects.filter(people__owned_items__kind="promise")),
        "export_query": query,
        "and_query": f"&{query[1:]}" if query else "",
        "is_filtered": bool(query),
    }


def _choices(rows: Any) -> list[tuple[str, str]]:
    found = rows.order_by("name", "pk").distinct().values_list("pk", "name")[:MOST_CHOICES]
    return [(f"{pk}", name) for pk, name in found]


def _asked(request: HttpRequest) -> WallAsked:
    given = request.GET
    state, order = given.get("state", ""), given.get("order", "")
    return WallAsked(
        given.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        state if state in PromiseState.values else "",
        number_of(given.get("body")), number_of(given.get("zone")), number_of(given.get("unit")),
        number_of(given.get("carrier")), order if order in WallOrder.values else WallOrder.DUE.value,
    )  # fmt: skip


def _name_of(asked: WallAsked) -> str:
    """What the board is of, by name: the carrier, else the team, else the zone, else the body."""
    for model, pk in (
        (Carrier, asked.carrier), (AdminUnit, asked.unit), (CollaborationZone, asked.zone), (PartyOrg, asked.body),
    ):  # fmt: skip
        if pk is not None:
            rows: Any = model
            return rows.objects.filter(pk=pk).values_list("name", flat=True).first() or ""
    return ""


def _owner(one: WallLine) -> str:
    return one.line.item.owner.name if one.line.item.owner is not None else ""
