"""谁手上有多少: the people one leads side by side, and what lies on one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.selectors.people import bodies_seen_by, bodies_to_choose
from ronghe.domain.today.rules import SEE_LOAD
from ronghe.domain.today.selectors.load import (
    MOST,
    Load,
    items_on,
    kind_title,
    kinds_on_hand,
    loads_of,
    people_led_by,
    tasks_on,
)
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.web.files import excel_answer
from ronghe.web.items.presenting import line_of
from ronghe.web.paging import asked_filters, asked_page, number_of
from ronghe.web.requests import actor_of

SIZE = 30
BODIES_OFFERED = 60
SHOWN = 100
ORDERS: dict[str, Callable[[Load], Any]] = {
    "name": lambda load: load.person.name,
    "open": lambda load: load.open,
    "overdue": lambda load: load.overdue,
    "week": lambda load: load.week,
    "weight": lambda load: load.weight,
}


HELD: dict[str, Callable[[Load], bool]] = {
    "": lambda load: bool(load.open),
    "free": lambda load: not load.open,
    "all": lambda _load: True,
}
HANDS = [("", gettext_lazy("手上有事")), ("free", gettext_lazy("手上没有")), ("all", gettext_lazy("全部"))]


@login_required
def load(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    people = _people(request, actor, now)
    loads = _sorted(request, loads_of(people[:MOST], now).values())
    page = Paginator(loads, SIZE).get_page(asked_page(request))
    context = {
        "page": page,
        "loads": [(one, _kinds(one)) for one in page.object_list],
        "bodies": bodies_to_choose(actor, now, BODIES_OFFERED),
        "hands": HANDS,
        "is_cut": len(people) > MOST,
        "most": MOST,
        "total": {
            "people": len(loads), "open": sum(one.open for one in loads), "overdue": sum(one.overdue for one in loads),
            "week": sum(one.week for one in loads),
        },
        "export_query": asked_filters(request),
    }  # fmt: skip
    template = "today/load.html#rows" if request.htmx else "today/load.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def load_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows with these filters, whole, as a workbook; a column for each kind."""
    actor, now = actor_of(request), timezone.now()
    loads = _sorted(request, loads_of(_people(request, actor, now)[:MOST], now).values())
    kinds = [kind for kind in kinds_on_hand() if any(kind in one.by_kind for one in loads)]
    heads = [
        _("姓名"),
        _("单位"),
        _("在办"),
        _("超期"),
        _("本周到期"),
        _("本周分量"),
        *(kind_title(kind) for kind in kinds),
    ]
    lines: list[list[Any]] = [
        [one.person.name, one.person.unit.name if one.person.unit else "", one.open, one.overdue, one.week, one.weight,
         *(one.by_kind.get(kind, 0) for kind in kinds)]
        for one in loads
    ]  # fmt: skip
    widths = [10, 28, 8, 8, 10, 10, *(12 for _kind in kinds)]
    title = _("谁手上有多少")
    sheet = SheetOut(title=title, head=heads, rows=lines, widths=widths)
    return excel_answer([sheet], f"{title}_{timezone.localtime(now):%Y%m%d}.xlsx")


@login_required
def load_of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """What lies on one person, as far as the reader may read it; of the rest the number."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_LOAD.narrow(actor, Person.objects.filter(pk=pk, valid_until=None), at=now, walk=True)
    person = rows.select_related("unit").first()
    if person is None:
        raise Http404
    found = loads_of([person], now)[person.pk]
    tasks, items = list(tasks_on(person, actor, now)[:SHOWN]), list(items_on(person, actor, now)[:SHOWN])
    meetings = found.by_kind.get("meeting", 0)
    context = {
        "person": person,
        "load": found,
        "kinds": _kinds(found),
        "tasks": [(task, "failed" if task.is_overdue(now) else "due") for task in tasks],
        "lines": [line_of(item, now) for item in items],
        "hidden": max(found.open - meetings - len(tasks) - len(items), 0),
    }
    return render(request, "today/load_of_person.html", context)


def _people(request: HttpRequest, actor: Person, now: datetime) -> list[Person]:
    """Return the people of the filters, one more than are shown where there are more."""
    body: PartyOrg | None = None
    if request.GET.get("body"):
        body = bodies_seen_by(actor, now).filter(pk=number_of(request.GET["body"]) or 0).first()
        if body is None:
            raise Http404
    rows = people_led_by(actor, now, body=body, text=request.GET.get("q", "").strip())
    return list(rows[: MOST + 1])


def _sorted(request: HttpRequest, loads: Any) -> list[Load]:
    """Sort as asked, by name unless told: nobody is put at the top of a list by the platform itself."""
    asked = request.GET.get("sort", "name")
    order = ORDERS.get(asked.removeprefix("-"), ORDERS["name"])
    fits = HELD.get(request.GET.get("hands", ""), HELD[""])
    found = [one for one in loads if fits(one) and (one.overdue or not request.GET.get("overdue"))]
    return sorted(sorted(found, key=ORDERS["name"]), key=order, reverse=asked.startswith("-"))


def _kinds(one: Load) -> list[tuple[str, int]]:
    return [(kind_title(kind), count) for kind, count in sorted(one.by_kind.items(), key=lambda pair: -pair[1])]
