"""走势: one subject over the last periods, the paper of its explanation, and both as files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ronghe.domain.appraisal.documents import explanation_document
from ronghe.domain.appraisal.enums import Level, RunState
from ronghe.domain.appraisal.selectors.runs import run_seen_by
from ronghe.domain.appraisal.selectors.sheets import score_shown, sheet_of_run, title_of
from ronghe.domain.appraisal.selectors.trends import Trend, TrendPoint, trend_for
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.kernel.printing import PaperForm
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.scoring.exact import UNIT, shown
from ronghe.web.appraisal.presenting import period_short, stars_of
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.requests import actor_of


@login_required
def run_trend(request: HttpRequest, pk: int, subject: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    found = trend_for(actor, run, subject, now)
    scored = [one for one in found.points if one.row.score is not None]
    context = {
        "run": run, "subject": subject, "name": found.name, "title": title_of(run),
        "is_personal": run.level == Level.MEMBER, "lines": _lines(found, subject),
        "values": [Decimal(one.row.score or 0) / UNIT for one in scored],
        "labels": [_label(one, number) for number, one in enumerate(scored)],
        "boards": _boards(found), "heads": [period_title(one.run.period) for one in found.points],
        "is_alone": len(found.points) < 2,
    }  # fmt: skip
    return render(request, "appraisal/trend.html", context)


@login_required
def run_trend_export(request: HttpRequest, pk: int, subject: int) -> HttpResponseBase:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    found = trend_for(actor, run, subject, now)
    head = [_("期间"), _("状态"), _("总分"), _("等次"), _("位次"), _("同类"), _("同类中位次"), *found.titles.values()]
    rows = [
        [
            period_title(one.run.period), str(one.run.get_state_display()), _number(one.row.score), one.grade,
            one.row.rank or "", one.peers, f"{one.among.place} / {one.among.count}" if one.among else "",
            *(_number(one.dimensions[name][0]) if name in one.dimensions else "" for name in found.titles),
        ]
        for one in found.points
    ]  # fmt: skip
    name = f"{found.name} {title_of(run)} {_('走势')}.xlsx"
    return excel_answer([SheetOut(_("走势"), head, rows, [16, 10, 10, 12, 8, 14, 12])], name)


@login_required
def run_explain_paper(request: HttpRequest, pk: int, subject: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    document = explanation_document(actor, run, subject, now)
    return paper_answer(request, document, PaperForm.PDF, source=run)


def _lines(found: Trend, subject: int) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    before: TrendPoint | None = None
    for one in found.points:
        line: dict[str, Any] = {
            "period": period_title(one.run.period),
            "href": reverse("web:run_explain", args=[one.run.pk, subject]),
            "state": "" if one.run.state == RunState.FINAL else str(one.run.get_state_display()),
            "total": score_shown(sheet_of_run(one.run), one.row.score),
            "grade": one.grade,
            "stars": stars_of(one.row.grade),
            "rank": one.row.rank,
            "count": one.run.subject_count,
            "among": one.among,
            "peers": one.peers,
            "change": None,
            "difference": "",
        }
        if before is not None:
            line["difference"] = f"{reverse('web:run_difference', args=[one.run.pk, subject])}?with={before.run.pk}"
            if before.row.score is not None and one.row.score is not None:
                line["change"] = Decimal(one.row.score - before.row.score) / UNIT
        lines.append(line)
        before = one
    return lines[::-1]


def _boards(found: Trend) -> list[dict[str, Any]]:
    """Each dimension over the periods: its line, and what stands in the table."""
    boards = []
    for name, title in found.titles.items():
        known = [one.dimensions[name] for one in found.points if name in one.dimensions]
        boards.append(
            {
                "title": title,
                "values": [Decimal(value) * 100 / full for value, full in known] if len(known) > 1 else [],
                "cells": [
                    (
                        period_title(one.run.period),
                        f"{shown(one.dimensions[name][0])} / {shown(one.dimensions[name][1]).removesuffix('.00')}"
                        if name in one.dimensions
                        else _("不适用"),
                    )
                    for one in found.points
                ],
            }
        )
    return boards


def _label(one: TrendPoint, number: int) -> str:
    """The year stands once at the left end and again wherever it begins."""
    period = one.run.period
    is_first = number == 0 or period.endswith(("Q1", "H1", "-01"))
    return f"{period[2:4]}{_('年')}{period_short(period)}" if is_first and len(period) > 4 else period_short(period)


def _number(score: int | None) -> float | str:
    return "" if score is None else float(Decimal(score) / UNIT)
