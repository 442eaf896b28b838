"""从申请到签发: all sites beside each other as a distribution, with the old baseline, on the page and as a workbook."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.calc.clock import EDGES_H
from ronghe.domain.permits.models import PermitSite
from ronghe.domain.permits.selectors.clocks import Clocks, KindClock, clocks_of
from ronghe.domain.permits.selectors.sites import sites_seen_by
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.web.files import excel_answer
from ronghe.web.requests import actor_of

SPANS = (30, 90, 365)
MOST_SITES = 500


@login_required
def permit_clocks(request: HttpRequest) -> HttpResponse:
    """How long it takes at every site that the reader sees: medians and nine of ten, the bars of all together."""
    now, days = timezone.now(), _days(request)
    sites, told = _told(request, now, days)
    most = max((count for bars in told.whole for count in bars.counts), default=0) or 1
    context = {
        "days_said": str(days), "spans": [(one, one == days) for one in SPANS],
        "lines": [(site, one, told.by_site[site.pk].aim_h) for site in sites for one in _worth(told, site)],
        "most": most,
        "bars": [
            (bars, list(zip(bar_words(), bars.counts, strict=True))) for bars in told.whole if bars.spread is not None
        ],
    }  # fmt: skip
    return render(request, "permits/clocks.html", context)


@login_required
def permit_clocks_export(request: HttpRequest) -> FileResponse:
    now, days = timezone.now(), _days(request)
    sites, told = _told(request, now, days)
    head = [_("现场"), _("种类"), _("签发"), _("中位数（小时）"), _("九成（小时）"), _("最长（小时）"), _("达标（%）"),
            _("过去（小时）"), _("缩短（%）"), _("在办")]  # fmt: skip
    rows = [[site.name, *_cells(one)] for site in sites for one in _worth(told, site)]
    sheet = SheetOut(title=_("审批用时"), head=head, rows=rows, widths=[24, 18, 8, 14, 14, 14, 10, 12, 10, 8])
    return excel_answer([sheet], _("审批用时") + f"_{local_day(now):%Y%m%d}.xlsx")


def bar_words() -> list[str]:
    """Return how the bars of the distribution are called."""
    found = [_("%(hours)s 小时内") % {"hours": hours} for hours in EDGES_H]
    return [*found, _("超过 %(hours)s 小时") % {"hours": EDGES_H[-1]}]


def _told(request: HttpRequest, now: datetime, days: int) -> tuple[list[PermitSite], Clocks]:
    sites = list(sites_seen_by(actor_of(request), now)[:MOST_SITES])
    return sites, clocks_of(sites, now - timedelta(days=days), now + timedelta(seconds=1))


def _worth(told: Clocks, site: PermitSite) -> list[KindClock]:
    """Return the kinds of which a site has something to say."""
    return [one for one in told.by_site[site.pk].kinds if one.spread is not None or one.open_now]


def _cells(one: KindClock) -> list[Any]:
    spread = one.spread
    took = [0, "", "", "", ""] if spread is None else [
        spread.count, spread.median, spread.p90, spread.longest, spread.within if spread.within is not None else ""
    ]  # fmt: skip
    return [one.title, *took, one.baseline_h or "", one.saved if one.saved is not None else "", one.open_now]


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(one) for one in SPANS} else SPANS[1]
