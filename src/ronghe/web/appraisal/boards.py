"""短板: the bodies of a run by their shortest board."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.appraisal.calc.boards import KEPT, LEADING, SHORT, Board
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.boards import Barrel, NoBoards, barrel_for, shortest_boards
from ronghe.domain.appraisal.selectors.explaining import Explanation
from ronghe.domain.appraisal.selectors.runs import run_seen_by
from ronghe.domain.appraisal.selectors.sheets import title_of
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.kernel.access.listing import Listed
from ronghe.kernel.words import N_, listed
from ronghe.scoring.exact import UNIT, shown
from ronghe.web.appraisal.measures import measures_for, raise_href, told
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

A_PAGE = 20

KIND_WORDS = {SHORT: N_("补短板"), KEPT: N_("固底板"), LEADING: N_("锻新板")}
KIND_STATES = {SHORT: "attention", KEPT: "done", LEADING: "running"}


@login_required
def run_boards(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    board, number = request.GET.get("board", ""), asked_page(request)
    context: dict[str, Any] = {"run": run, "title": title_of(run), "period": period_title(run.period)}
    try:
        found = shortest_boards(actor, run, now, board=board, start=(number - 1) * A_PAGE, limit=A_PAGE)
    except NoBoards as error:
        return render(request, "appraisal/boards.html", {**context, "refused": str(error)})
    measures, raisable = measures_for(actor, run, [row.subject for row in found.rows], now)
    lines = [
        {
            "name": row.name,
            "href": reverse("web:run_explain", args=[run.pk, row.subject]),
            "title": found.titles.get(row.board.id, row.board.id),
            "share": max(row.board.score, 0) * 100 // row.board.full,
            "causes": [(title, shown(missing)) for title, missing in row.causes],
            "way": [(period_title(one.period), _signed(gap)) for one, gap in row.way] if len(row.way) > 1 else [],
            "gaps": [Decimal(gap) / UNIT for _run, gap in row.way] if len(row.way) > 1 else [],
            "measures": told(measures.get((row.subject, row.board.id), []), run, row.board, now),
            "raise_href": raise_href(run, row.subject, row.board, found.titles.get(row.board.id, row.board.id))
            if row.subject in raisable
            else "",
            **_points(row.board),
        }
        for row in found.rows
    ]
    counts = [(found.titles.get(name, name), count) for name, count in sorted(found.by_board.items())]
    context |= {
        "lines": lines,
        "page": page_of(Listed(lines, found.count, number, A_PAGE)),
        "boards": [("", _("全部")), *found.titles.items()],
        "counts": counts,
        "most": max([1, *found.by_board.values()]),
    }
    template = "appraisal/boards.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


def barrel_card(actor: Any, run: Run, explanation: Explanation, now: Any) -> dict[str, Any] | None:
    """Return what the explanation's page shows of a body's boards; nothing where there are none."""
    try:
        found = barrel_for(actor, run, explanation, now)
    except NoBoards:
        return None
    if not found.boards:
        return None
    subject, shortest = explanation.result.row.subject, found.shortest
    measures, raisable = measures_for(actor, run, [subject], now)
    causes = listed(cause.title for cause in found.causes)
    return {
        "measures": told(measures.get((subject, shortest.id), []), run, shortest, now) if shortest else [],
        "raise_href": raise_href(run, subject, shortest, found.titles.get(shortest.id, shortest.id), causes)
        if shortest and subject in raisable
        else "",
        "boards": [
            {
                "title": found.titles.get(board.id, board.id),
                "kind": str(_(KIND_WORDS[board.kind])),
                "state": KIND_STATES[board.kind],
                **_points(board),
            }
            for board in found.boards
        ],
        "peers": max(board.peers for board in found.boards),
        "shortest": found.titles.get(found.shortest.id, "") if found.shortest else "",
        "causes": [
            {"title": cause.title, "measured": cause.measured, "missing": shown(cause.missing)}
            for cause in found.causes
        ],
        "missed": len(found.missed),
        "effect": _effect(found),
    }


def _effect(found: Barrel) -> str:
    """What became of the same board since the run before."""
    if found.shortest is None or found.before is None or found.run_before is None:
        return ""
    said = {
        "period": period_title(found.run_before.period),
        "before": _signed(found.before.gap),
        "after": _signed(found.shortest.gap),
    }
    if found.shortest.gap > found.before.gap:
        return _("比 %(period)s 好转：与同类中位数之差由 %(before)s 到 %(after)s。") % said
    if found.shortest.gap < found.before.gap:
        return _("比 %(period)s 又低了：与同类中位数之差由 %(before)s 到 %(after)s。") % said
    return _("与 %(period)s 相比没有变化。") % said


def _signed(points: int) -> str:
    return shown(points).replace("-", "−")


def _points(board: Board) -> dict[str, str]:
    return {
        "score": shown(board.score),
        "full": shown(board.full).removesuffix(".00"),
        "median": shown(board.median),
        "gap": _signed(board.gap),
    }
