"""专项活动: the list, one campaign, and one over all bodies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.campaigns.enums import RunState, StageState
from ronghe.domain.campaigns.selectors.board import ORDERS, Board, BoardRow, board_of, not_joined, sort_board
from ronghe.domain.campaigns.selectors.campaigns import (
    kinds_seen_by,
    list_campaigns,
    reports_to_settle,
    summaries_waiting,
)
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.campaigns.presenting import (
    REPORT_SHAPES,
    RUN_SHAPES,
    STAGE_SHAPES,
    campaign_context,
    seen_campaign,
)
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40
WAITING = 5
"""Lines of what waits on top of the list."""
ON_A_PAGE = 50
KINDS = 12


@login_required
def campaigns(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    found = Q()
    if text := _searched(request):
        found &= Q(title__contains=text) | Q(body__name__contains=text)
    state = request.GET.get("state", "")
    state = state if state in RunState.values else ""
    page = page_of(list_campaigns(actor, now, filters=found, state=state, page=asked_page(request)))
    context: dict[str, Any] = {
        "page": page,
        "lines": [_line(row, day) for row in page.object_list],
        "states": RunState.choices,
        "is_filtered": bool(found) or bool(state),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["kinds"] = [
            (kind, "running" if kind.starts <= day < kind.ends else "done" if kind.ends <= day else "upcoming")
            for kind in kinds_seen_by(actor, now)[:KINDS]
        ]
        context["summaries"] = list(summaries_waiting(actor, now).select_related("campaign__body")[:WAITING])
        waiting = reports_to_settle(actor, now).select_related("campaign__body")
        context["reports"] = list(waiting.order_by("handed_in_at", "pk")[:WAITING])
    template = "campaigns/campaigns.html#rows" if request.htmx else "campaigns/campaigns.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "campaigns/campaign_detail.html", campaign_context(request, seen_campaign(request, pk)))


@login_required
def campaign_board(request: HttpRequest, playbook: str, starts: str) -> HttpResponse:
    """One campaign over its bodies: stages, duties, reports, who is behind, before and after."""
    board, rows, context = _board(request, playbook, starts)
    # The whole is read for its order and its sums; a page of it is shown.
    pages = max(1, -(-len(rows) // ON_A_PAGE))
    number = min(max(asked_page(request), 1), pages)
    shown = rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    day = local_day(timezone.now())
    context |= {
        "board": board,
        "lines": [_board_line(row, board, day) for row in shown],
        "page": page_of(Listed(shown, len(rows), number, ON_A_PAGE)),
        "query": asked_filters(request),
        "sorts": [("behind", _("落后在前")), ("name", _("按名称")), ("duties", _("办结少在前")),
                  *([("gain", _("进步大在前"))] if board.compares else [])],
        "only": request.GET.get("behind") == "1",
    }  # fmt: skip
    if board.rows:
        book = board.rows[0].campaign.version.playbook
        context["missing"] = not_joined(actor_of(request), timezone.now(), book, board.starts)
    return render(request, "campaigns/board.html", context)


@login_required
def campaign_board_export(request: HttpRequest, playbook: str, starts: str) -> FileResponse:
    board, rows, _context = _board(request, playbook, starts)
    heads = [_("组织"), *(title for _code, title in board.stages), _("应办"), _("办结"), _("漏办"), _("报告")]
    heads += [_("小结逾期"), _("谁负责")]
    if board.compares:
        heads += [
            _("按期办结率（前）"),
            _("按期办结率（后）"),
            _("增减（百分点）"),
            _("到会率（前）"),
            _("到会率（后）"),
        ]
    lines: Iterator[Sequence[Any]] = (_sheet_line(row, board) for row in rows)
    widths = [30, *([12] * len(board.stages)), 8, 8, 8, 10, 10, 16, *([16] * 5 if board.compares else [])]
    sheet = SheetOut(title=board.title[:31], head=heads, rows=lines, widths=widths)
    return excel_answer([sheet], f"{board.title}_{local_day(timezone.now()):%Y%m%d}.xlsx")


def _searched(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH]


def _line(row: Any, day: date) -> dict[str, Any]:
    state = row.state_on(day)
    stages = list(row.stages.all())
    standings = [StageState(stage.standing_on(day).value) for stage in stages]
    now = next(
        (
            (stage, standing)
            for stage, standing in zip(stages, standings, strict=True)
            if standing in (StageState.LATE, StageState.OWED, StageState.RUNNING)
        ),
        None,
    )
    return {
        "row": row,
        "state": state,
        "shape": RUN_SHAPES[state],
        "strip": [STAGE_SHAPES[one] for one in standings],
        "now": now,
        "report": row.report_state,
        "report_shape": REPORT_SHAPES.get(row.report_state),
    }


def _board(request: HttpRequest, playbook: str, starts: str) -> tuple[Board, list[BoardRow], dict[str, Any]]:
    try:
        begins = date.fromisoformat(starts)
    except ValueError as error:
        raise Http404 from error
    below = number_of(request.GET.get("below"))
    board = board_of(actor_of(request), timezone.now(), playbook[:60], begins, below=below, text=_searched(request))
    if board is None:
        raise Http404
    order = request.GET.get("sort", "")
    rows = sort_board(board.rows, order if order in ORDERS else "behind")
    if request.GET.get("behind") == "1":
        rows = [row for row in rows if row.is_behind]
    parents = {row.campaign.body.parent_id: row.campaign.body.parent for row in board.rows if row.campaign.body.parent}
    chosen = sorted(((str(pk), one.name) for pk, one in parents.items() if one is not None), key=lambda one: one[1])
    return board, rows, {"parents": chosen, "is_filtered": bool(below or _searched(request))}


def _board_line(row: BoardRow, board: Board, day: date) -> dict[str, Any]:
    cells = []
    for code, title in board.stages:
        state = row.standing(code)
        cells.append(
            {"title": title, "code": code, "word": str(state.label) if state else "—",
             "shape": STAGE_SHAPES[state] if state else "waived"}
        )  # fmt: skip
    return {
        "row": row,
        "cells": cells,
        "report": row.report_state,
        "report_shape": REPORT_SHAPES[row.report_state] if row.report_state else "",
        "leads": row.leads,
        "state": row.campaign.state_on(day),
    }


def _sheet_line(row: BoardRow, board: Board) -> list[Any]:
    stages = [row.standing(code) for code, _title in board.stages]
    line: list[Any] = [row.campaign.body.name, *(str(state.label) if state else "" for state in stages)]
    line += [row.owed, row.met, row.missed, str(row.report_state.label) if row.report_state else ""]
    line += [row.late, " ".join(row.leads)]
    if board.compares:
        changes = row.changes
        line += (
            [changes.on_time.before, changes.on_time.after, changes.on_time.gain, changes.present.before,
             changes.present.after] if changes is not None else [None] * 5
        )  # fmt: skip
    return line
