"""责任清单: one sheet in four views, its changes, and its workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.duties.selectors.sheets import sheets_seen_by
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.enums import FOUNDING, LIVING, SheetSide, SheetTopic
from ronghe.domain.zones.models import CollaborationZone, ResponsibilityLine
from ronghe.domain.zones.rules import KEEP_SHEET
from ronghe.domain.zones.selectors import people_of
from ronghe.domain.zones.selectors.sheet import changes_seen_by, lines_seen_by, said_in, side_counts, units_by_side
from ronghe.domain.zones.services.sheet import add_line, change_line, draft_sheet, end_line
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import listed
from ronghe.web.files import excel_answer
from ronghe.web.requests import actor_of
from ronghe.web.zones.acting import do, seen
from ronghe.web.zones.forms import LineForm

HERE = "web:zone_sheet"
CHANGES = 60


@login_required
def zone_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)
    actor, now = actor_of(request), timezone.now()
    lines = lines_seen_by(actor, zone, now)
    side = request.GET.get("side", "")
    shown = [line for line in lines if side not in SheetSide.values or side in line.sides]
    counts = side_counts(lines)
    units = units_by_side(zone, local_day(now))
    context = {
        "zone": zone,
        "topics": [(topic, [line for line in shown if line.topic == topic]) for topic in SheetTopic],
        "sides": SheetSide.choices,
        "views": [(side_, *counts[side_], units[side_]) for side_ in SheetSide],
        "side": side if side in SheetSide.values else "",
        "side_name": SheetSide(side).label if side in SheetSide.values else "",
        "count": len(shown),
        "duty_sheet": sheets_seen_by(actor, now).filter(zone=zone).first(),
        "may_keep": KEEP_SHEET.allows(actor, zone, at=now) and zone.state in FOUNDING | LIVING,
    }
    template = "zones/zone_sheet.html#lines" if request.htmx else "zones/zone_sheet.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def sheet_history(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)
    changes = said_in(changes_seen_by(actor_of(request), zone, timezone.now())[:CHANGES])
    return render(request, "zones/zone_sheet_history.html", {"zone": zone, "changes": changes, "most": CHANGES})


@login_required
def sheet_export(request: HttpRequest, pk: int) -> FileResponse:
    zone = seen(request, pk)
    side = request.GET.get("side", "")
    lines: Iterator[Sequence[Any]] = (
        [str(line.get_topic_display()), line.matter, line.duty, str(line.get_lead_display()),
         listed(SheetSide(one).label for one in line.assists), line.person.name if line.person else "", line.due_on,
         line.cadence]
        for line in lines_seen_by(actor_of(request), zone, timezone.now(), side if side in SheetSide.values else "")
    )  # fmt: skip
    heads = [_("类别"), _("事项"), _("职责"), _("牵头"), _("配合"), _("责任人"), _("期限"), _("频次")]
    sheet = SheetOut(title=_("责任清单"), head=heads, rows=lines, widths=[8, 20, 50, 8, 20, 10, 12, 12])
    return excel_answer([sheet], _("责任清单") + f"_{local_day(timezone.now()):%Y%m%d}.xlsx")


@login_required
@require_POST
def sheet_draft(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)

    def act(actor: Person, at: datetime) -> None:
        draft_sheet(zone=zone, actor=actor, at=at)

    return do(
        request, None, act, lambda _form: redirect(HERE, pk), said=_("已按范本写入，请逐条核对。"), to=HERE, pk=pk
    )


@login_required
def line_add(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)
    _require(request, zone)
    form = LineForm(request.POST or None, people=_people(zone), initial={"topic": request.GET.get("topic", "")})

    def act(actor: Person, at: datetime) -> None:
        add_line(zone=zone, actor=actor, at=at, **_given(form))

    if request.method != "POST":
        return _form(request, zone, form, None)
    return do(request, form, act, lambda failed: _form(request, zone, failed, None), said=_("已写入。"), to=HERE, pk=pk)


@login_required
def line_edit(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    zone = seen(request, pk)
    _require(request, zone)
    found = _line(zone, line)
    initial = {name: getattr(found, name) for name in LineForm.base_fields}
    form = LineForm(request.POST or None, people=_people(zone), initial=initial)

    def act(actor: Person, at: datetime) -> None:
        change_line(line=found, actor=actor, at=at, **_given(form))

    if request.method != "POST":
        return _form(request, zone, form, found)
    return do(request, form, act, lambda failed: _form(request, zone, failed, found), said=_("已改，原来的写法留在记录里。"),
              to=HERE, pk=pk)  # fmt: skip


@login_required
@require_POST
def line_end(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    zone = seen(request, pk)
    found = _line(zone, line)

    def act(actor: Person, at: datetime) -> None:
        end_line(line=found, actor=actor, at=at)

    return do(request, None, act, lambda _form: redirect(HERE, pk), said=_("已停用。"), to=HERE, pk=pk)


def _form(
    request: HttpRequest, zone: CollaborationZone, form: LineForm, line: ResponsibilityLine | None
) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "zones/zone_line_form.html", {"zone": zone, "form": form, "line": line}, status=status)


def _given(form: LineForm) -> dict[str, Any]:
    given = dict(form.cleaned_data)
    return {**given, "topic": SheetTopic(given["topic"]), "lead": SheetSide(given["lead"])}


def _require(request: HttpRequest, zone: CollaborationZone) -> None:
    KEEP_SHEET.require(actor_of(request), zone, at=timezone.now())


def _line(zone: CollaborationZone, pk: int) -> ResponsibilityLine:
    rows = ResponsibilityLine.objects.select_related("zone__sponsor", "zone__body", "person")
    return get_object_or_404(rows, pk=pk, zone=zone, ended_on=None)


def _people(zone: CollaborationZone) -> Any:
    """Who takes part; before the start, whom the units named as contacts."""
    if zone.body is not None:
        return people_of(zone, local_day(timezone.now()))
    named = zone.participating_units.filter(contact__isnull=False).order_by().values("contact_id")
    return Person.objects.filter(pk__in=named).select_related("unit").order_by("name", "pk")
