"""两次之间: one subject in two runs, item by item."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.appraisal.selectors.differences import (
    OFFERED,
    NothingToCompare,
    comparable_runs,
    difference_for,
)
from ronghe.domain.appraisal.selectors.results import result_seen_by
from ronghe.domain.appraisal.selectors.runs import run_seen_by
from ronghe.domain.appraisal.selectors.sheets import score_shown, title_of
from ronghe.domain.appraisal.selectors.wording import period_title, words_of
from ronghe.kernel.language import in_language
from ronghe.kernel.words import N_
from ronghe.scoring.difference import APPLIES, GONE, MEASURED, NEW, RULE, Change, Side
from ronghe.scoring.exact import UNIT, shown
from ronghe.web.requests import actor_of

LONGEST_ID = 19

WHY = {
    MEASURED: N_("量出来的数变了"),
    RULE: N_("评分规则变了"),
    APPLIES: N_("适用与否变了"),
    NEW: N_("新加的项目"),
    GONE: N_("去掉的项目"),
}


@login_required
def run_difference(request: HttpRequest, pk: int, subject: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    named = result_seen_by(actor, run, subject, now)
    asked = request.GET.get("with", "")
    others = list(comparable_runs(actor, run, now)[:OFFERED])
    context: dict[str, Any] = {
        "run": run,
        "subject": subject,
        "name": named.name,
        "title": title_of(run),
        "period": period_title(run.period),
    }
    try:
        found = difference_for(
            actor, run, subject, now, other=int(asked) if asked.isdecimal() and len(asked) < LONGEST_ID else None
        )
    except NothingToCompare as error:
        return render(request, "appraisal/difference.html", {**context, "refused": str(error)})
    chosen = found.run_before if found.run_after.pk == run.pk else found.run_after
    words = words_of(found.after, found.run_after)
    context |= {
        "others": [(str(one.pk), _run_words(one)) for one in others],
        "chosen": str(chosen.pk),
        "before_words": _run_words(found.run_before),
        "after_words": _run_words(found.run_after),
        "before": score_shown(found.before.sheet, found.before.result.row.score),
        "after": score_shown(found.after.sheet, found.after.result.row.score),
        "points": Decimal(found.found.points) / UNIT,
        "lines": [_line(change, words) for change in found.found.moving],
        "same": len(found.found.changes) - len(found.found.moving),
    }
    return render(request, "appraisal/difference.html", context)


def _run_words(run: Any) -> str:
    words = {"period": period_title(run.period), "state": run.get_state_display(), "id": run.pk}
    return _("%(period)s（%(state)s，第 %(id)s 号）") % words


def _line(change: Change, words: Any) -> dict[str, Any]:
    title = in_language(change.title)
    return {
        "title": _("%(title)s：封顶、折算或不适用项目的分值") % {"title": title} if change.is_rest else title,
        "points": Decimal(change.points) / UNIT,
        "why": [str(_(WHY[one])) for one in change.why],
        "before": _side(change.before, words, rest=change.is_rest),
        "after": _side(change.after, words, rest=change.is_rest),
        "rule_changed": RULE in change.why,
    }


def _side(side: Side | None, words: Any, *, rest: bool) -> dict[str, str]:
    if side is None:
        return {"value": "—", "measured": "", "rule": ""}
    if not side.applicable:
        return {"value": "—", "measured": _("不适用"), "rule": words(side.formula)}
    return {
        "value": shown(side.value) if rest else f"{shown(side.value)} / {shown(side.full).removesuffix('.00')}",
        "measured": side.measured or "",
        "rule": words(side.formula),
    }
