"""What is done about a board: findings of the doing side beside the figures of the deriving one, and what became of them.

Neither side knows the other; this page reads both and hands on what it shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from ronghe.domain.appraisal.calc.boards import Board
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.subjects import KINDS_OF_LEVEL
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.inspections.selectors.findings import bodies_to_find_in, findings_on_boards
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.kernel.words import _
from ronghe.scoring.exact import shown, units
from ronghe.web.items.presenting import line_of

Measures = Mapping[tuple[int, str], list[WorkItem]]


def measures_for(actor: Person, run: Run, subjects: Collection[int], now: datetime) -> tuple[Measures, frozenset[int]]:
    """Return the findings on these subjects' boards, and in which of them the actor may raise one.

    Only what is scored as a body carries findings; two statements.
    """
    if run.level not in KINDS_OF_LEVEL:
        return {}, frozenset()
    allowed = bodies_to_find_in(actor, now).filter(pk__in=list(subjects)).order_by().values_list("pk", flat=True)
    return findings_on_boards(actor, now, subjects), frozenset(allowed)


def told(items: list[WorkItem], run: Run, board: Board, now: datetime) -> list[dict[str, Any]]:
    """Return what is done about one board: who, until when, how it stands, and the board's figure then and now."""
    return [{"line": line_of(item, now), "effect": _effect(item, run, board)} for item in items]


def raise_href(run: Run, subject: int, board: Board, title: str, causes: str = "") -> str:
    """Return the address of the form with body, board, period and cause filled in."""
    said = {"name": title, "gap": shown(board.gap), "period": period_title(run.period)}
    given = {
        "body": subject, "subject": subject, "run": run.pk, "board": board.id, "about": title, "period": run.period,
        "figure": shown(board.gap), "title": _("补短板：%(name)s") % said,
        "text": causes or _("%(period)s 与同类中位数相差 %(gap)s。") % said,
    }  # fmt: skip
    return f"{reverse('web:finding_new')}?{urlencode(given)}"


def _effect(item: WorkItem, run: Run, board: Board) -> str:
    """Return what became of the board since the finding was raised, where this run is another period's."""
    own: Any = item.inspection_finding
    if own.figure_then is None or own.run == run.pk or own.period >= run.period:
        return ""
    said = {"period": period_title(own.period), "before": shown(units(own.figure_then)), "after": shown(board.gap)}
    return _("%(period)s 定措施时差 %(before)s，这一期差 %(after)s。") % said
