"""同类和把握: places among all and among peers of the same size, and which of them nobody can tell apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.explaining import Explanation
from ronghe.domain.appraisal.selectors.peers import (
    NoPeers,
    PeerLine,
    TooManyPeers,
    band_words,
    leaf_words,
    peers_for,
    reach_words,
)
from ronghe.domain.appraisal.selectors.runs import run_seen_by
from ronghe.domain.appraisal.selectors.sheets import title_of
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.org.models import Person
from ronghe.kernel.access.listing import Listed
from ronghe.kernel.errors import NotFound
from ronghe.kernel.language import in_language
from ronghe.kernel.words import _
from ronghe.scoring.exact import shown
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

A_PAGE = 50


@login_required
def run_peers(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    context: dict[str, Any] = {"run": run, "title": title_of(run), "period": period_title(run.period)}
    try:
        found = peers_for(actor, run, now)
    except (NoPeers, TooManyPeers) as error:
        return render(request, "appraisal/peers.html", {**context, "refused": str(error)})
    bands = list(
        dict.fromkeys(row.band for row in sorted(found.rows, key=lambda row: row.band.since if row.band else 0))
    )
    asked = request.GET.get("band", "")
    rows = [row for row in found.rows if asked in {"", _key(row)}]
    number = asked_page(request)
    lines = [_line(run, row) for row in rows[(number - 1) * A_PAGE : number * A_PAGE]]
    context |= {
        "lines": lines,
        "page": page_of(Listed(lines, len(rows), number, A_PAGE)),
        "bands": [("", _("全部")), *((str(band.since) if band else "-", band_words(band)) for band in bands)],
        "unsure": found.unsure,
        "count": len(found.rows),
    }
    template = "appraisal/peers.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


def peer_card(actor: Person, run: Run, explanation: Explanation, now: datetime) -> dict[str, Any] | None:
    """Return what the explanation's page shows of peers and of how sure the total is; nothing for people."""
    try:
        row = peers_for(actor, run, now).of(explanation.result.row.subject)
    except (NoPeers, TooManyPeers, NotFound):
        return None
    if row is None:
        return None
    titles = {node.id: in_language(node.title) for node in explanation.sheet.nodes}
    return {
        **_line(run, row),
        "leaves": [(titles.get(leaf.id, leaf.id), leaf_words(leaf)) for leaf in row.sure.leaves],
    }


def _key(row: PeerLine) -> str:
    return str(row.band.since) if row.band else "-"


def _line(run: Run, row: PeerLine) -> dict[str, Any]:
    return {
        "name": row.name,
        "href": reverse("web:run_explain", args=[run.pk, row.subject]),
        "rank": row.rank,
        "total": shown(row.total),
        "band": band_words(row.band),
        "size": row.size,
        "place": row.among.place,
        "among": row.among.count,
        "low": shown(row.sure.low),
        "high": shown(row.sure.high),
        "has_span": bool(row.sure.leaves),
        "reach": reach_words(row),
    }
