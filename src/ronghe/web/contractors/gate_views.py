"""门岗: the camera at the gate, in and out, who is on site now, and the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from ronghe.domain.contractors.enums import Direction
from ronghe.domain.contractors.models import GatePassage
from ronghe.domain.contractors.selectors.people import on_site, passages_at, sites_of
from ronghe.domain.contractors.services.gate import pass_gate
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _, listed
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_page, number_of
from ronghe.web.requests import actor_of

DIRECTIONS = [("in", gettext_lazy("进场")), ("out", gettext_lazy("出场"))]
INSIDE, LAST, EXPORTED = 200, 10, 20_000


@login_required
def gate(request: HttpRequest) -> HttpResponse:
    """One scan after another; a refusal says why and by which rule, and stays on record."""
    actor, now = actor_of(request), timezone.now()
    sites = list(sites_of(actor, now))
    wanted = number_of(request.GET.get("site"))
    site = next((one for one in sites if one.pk == wanted), sites[0] if sites else None)
    direction = Direction.OUT if request.GET.get("direction") == Direction.OUT else Direction.IN
    passage: GatePassage | None = None
    refusal = ""
    if request.method == "POST" and site is not None:
        try:
            code = request.POST.get("code", "")
            passage = pass_gate(code=code, body=site, direction=direction, actor=actor, at=now)
        except DomainError as error:
            refusal = str(error)
    context = {
        "sites": [(str(one.pk), one.name) for one in sites],
        "site": site,
        "directions": DIRECTIONS,
        "direction": direction.label,
        "passage": passage,
        "code": request.GET.get("code", "")[:200] if request.method == "GET" else "",
        "refusal": refusal,
        "inside": list(on_site(site)[:INSIDE]) if site is not None else [],
        "last": list(passages_at(site)[:LAST]) if site is not None else [],
    }
    return render(request, "contractors/gate.html", context, status=422 if refusal else 200)


@login_required
def gate_log(request: HttpRequest, pk: int) -> HttpResponse:
    site = _site(request, pk)
    page = Paginator(_rows(request, site), 20).get_page(asked_page(request))
    context = {"site": site, "page": page, "outcomes": [("refused", _("没让进的"))]}
    template = "contractors/gate_log.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def gate_export(request: HttpRequest, pk: int) -> FileResponse:
    site = _site(request, pk)
    lines: Iterator[Sequence[Any]] = (
        [timezone.localtime(row.happened_at), row.worker.person.name, row.worker.contractor.name,
         row.get_direction_display(), row.get_way_display(), _("放行") if row.passed else _("没放行"),
         listed(row.reasons), row.kept_by.name]
        for row in _rows(request, site)[:EXPORTED]
    )  # fmt: skip
    heads = [_("时间"), _("姓名"), _("单位名称"), _("进出"), _("方式"), _("结果"), _("原因"), _("门岗")]
    sheet = SheetOut(_("门岗记录"), heads, lines, [18, 10, 26, 8, 10, 10, 60, 10])
    return excel_answer([sheet], _("门岗记录") + f"_{local_day(timezone.now()):%Y%m%d}.xlsx")


def _site(request: HttpRequest, pk: int) -> PartyOrg:
    return get_object_or_404(sites_of(actor_of(request), timezone.now()), pk=pk)


def _rows(request: HttpRequest, site: PartyOrg) -> Any:
    rows = passages_at(site)
    if request.GET.get("state") == "refused":
        rows = rows.filter(passed=False)
    if words := request.GET.get("q", "").strip():
        rows = rows.filter(worker__person__name__contains=words)
    return rows
