"""试算: turn the numbers of a run's sheet, see who moves, make it a draft; how firm the places are."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.appraisal.enums import Level
from ronghe.domain.appraisal.selectors.runs import run_seen_by
from ronghe.domain.appraisal.selectors.sheets import grade_titles, score_shown, sheet_of_run, title_of
from ronghe.domain.appraisal.selectors.what_if import Trial, firmness_for, knobs_seen_by, trial_for
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.appraisal.services.drafting import draft_from_what_if
from ronghe.domain.playbooks.rules import WRITE_PLAYBOOK
from ronghe.kernel.errors import DomainError
from ronghe.kernel.language import in_language
from ronghe.scoring.exact import UNIT
from ronghe.scoring.knobs import KNOB_WORDS, Knob
from ronghe.ui import toasts
from ronghe.web.appraisal.presenting import stars_of
from ronghe.web.requests import actor_of

FARTHEST = 50
FIELD = "knob:"
STEPS = ("0.05", "0.1", "0.2")


@login_required
def run_what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with all numbers; with values in the query, who moves by them."""
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    knobs = knobs_seen_by(actor, run, now)
    values = _values(request.GET)
    refused = ""
    try:
        trial = trial_for(actor, run, values, now, limit=FARTHEST)
    except DomainError as error:
        refused, trial = str(error), trial_for(actor, run, {}, now, limit=FARTHEST)
    context = {
        "run": run,
        "title": title_of(run),
        "period": period_title(run.period),
        "refused": refused,
        "groups": _groups(knobs, values),
        "can_draft": WRITE_PLAYBOOK.allows(actor, run.body, at=now),
        "is_ranked": sheet_of_run(run).rank != "off",
        "is_personal": run.level == Level.MEMBER,
        **_moves(trial),
    }
    template = "appraisal/what_if.html"
    answer = render(request, f"{template}#moves" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def run_firmness(request: HttpRequest, pk: int) -> HttpResponse:
    """How far places could move when every weight in turn is a little larger or smaller."""
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    step = request.GET.get("step", "0.1")
    context: dict[str, Any] = {"run": run, "title": title_of(run), "period": period_title(run.period), "step": step}
    context["steps"] = [(value, f"±{Decimal(value) * 100:.0f}%") for value in STEPS]
    try:
        found, rows = firmness_for(actor, run, now, step=step if step in STEPS else "0.1", limit=FARTHEST * 4)
    except DomainError as error:
        if error.status == 404:
            raise
        context["refused"] = str(error)
    else:
        sheet = sheet_of_run(run)
        context |= {
            "found": found,
            "count": len(found),
            "rows": [
                {"name": one.name, "total": score_shown(sheet, one.reach.total), "reach": one.reach,
                 "subject": one.reach.subject}
                for one in rows
            ],
        }  # fmt: skip
    return render(request, "appraisal/firmness.html", context)


@login_required
@require_POST
def run_what_if_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the turned sheet a draft of the body's own playbook and go on in the editor."""
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    try:
        draft = draft_from_what_if(run=run, values=_values(request.POST), actor=actor, at=now)
    except DomainError as error:
        if error.status == 404:
            raise
        toasts.refused(request, str(error))
        return redirect("web:run_what_if", pk)
    toasts.done(request, _("已起草。检查无误后定为新的一版。"))
    return redirect("web:playbook_draft", draft.pk)


def _values(sent: Any) -> dict[str, str]:
    return {name.removeprefix(FIELD): str(sent[name]) for name in sent if name.startswith(FIELD)}


def _groups(knobs: list[Knob], values: dict[str, str]) -> list[dict[str, Any]]:
    """Fields by node, in the order of the sheet."""
    groups = []
    for (owner, depth, title), found in groupby(knobs, key=lambda one: (one.owner, one.depth, in_language(one.title))):
        fields = [
            {
                "name": FIELD + knob.name,
                "label": str(_(KNOB_WORDS[knob.word])),
                "value": values.get(knob.name, knob.value),
                "own": knob.value,
            }
            for knob in found
        ]
        groups.append({"title": title, "depth": depth, "owner": owner, "fields": fields})
    return groups


def _moves(trial: Trial) -> dict[str, Any]:
    sheet = trial.moves.sheet
    titles = grade_titles(sheet)
    lines = [
        {
            "name": one.name,
            "subject": one.move.subject,
            "before": score_shown(sheet, one.move.before.total),
            "after": score_shown(sheet, one.move.after.total),
            "points": Decimal(one.move.points) / UNIT,
            "rank_before": one.move.before.rank,
            "rank_after": one.move.after.rank,
            "places": one.move.places,
            "grade_before": titles.get(one.move.before.grade or "", "—"),
            "grade_after": titles.get(one.move.after.grade or "", "—"),
            "grade_moves": one.move.before.grade != one.move.after.grade,
            "stars": stars_of(one.move.after.grade),
        }
        for one in trial.rows
        if one.move.before != one.move.after
    ]
    moves = trial.moves
    return {
        "lines": lines,
        "more": moves.moved - len(lines),
        "moves": moves,
        "count": len(moves),
        "changes": [(FIELD + name, value) for name, value in trial.changes.items()],
        "grade_moves": [
            (titles.get(before or "", "—"), titles.get(after or "", "—"), times)
            for (before, after), times in moves.grades.items()
        ],
    }
