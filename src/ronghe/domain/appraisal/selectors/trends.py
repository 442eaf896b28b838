"""A year's trend: one subject in the final runs of one sheet, period after period (H5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ronghe.domain.appraisal.calc.keeping import RESULTS
from ronghe.domain.appraisal.calc.peers import Among, band_of, places_among
from ronghe.domain.appraisal.calc.results import EVERYTHING, ResultRow, cut_rows
from ronghe.domain.appraisal.enums import Level, RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.rules import SEE_RUN
from ronghe.domain.appraisal.selectors.boards import dimensions_of
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.peers import MOST, band_words, sizes_of
from ronghe.domain.appraisal.selectors.results import cut_for, result_seen_by, row_of_run
from ronghe.domain.appraisal.selectors.sheets import grade_titles, sheet_of_run
from ronghe.domain.org.models import Person
from ronghe.kernel.language import in_language
from ronghe.scoring.exact import text

PERIODS = 8
"""So many periods at most: two years of quarters."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One period: the result, its grade's title, the place among peers, each dimension's (points, full mark) in units."""

    run: Run
    row: ResultRow
    grade: str
    among: Among | None
    peers: str
    dimensions: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Trend:
    """The periods, the oldest first; `titles` of all dimensions that there were, by id."""

    name: str
    points: tuple[TrendPoint, ...]
    titles: Mapping[str, str]


def trend_for(actor: Person, run: Run, subject: int, at: datetime, *, periods: int = PERIODS) -> Trend:
    """Return a subject's way to this run: the final runs of the sheet before it, and itself; statements by period alone.

    A member's trend is seen by whoever sees the member's results, and knows no places (PI-05).

    :raises NotFound: the actor may not see the subject's result in this run
    """
    name = result_seen_by(actor, run, subject, at).name
    earlier = Run.objects.filter(
        body_id=run.body_id, playbook_id=run.playbook_id, sheet_id=run.sheet_id, level=run.level,
        state=RunState.FINAL, period_until__lt=run.period_until,
    ).exclude(replacements__state=RunState.FINAL)  # fmt: skip
    rows = SEE_RUN.narrow(actor, earlier, at=at).order_by("-period_until", "-pk")
    runs = [run, *rows[: max(periods, 1) - 1]]
    points: list[TrendPoint] = []
    titles: dict[str, str] = {}
    for one in reversed(runs):
        row = row_of_run(one, subject)
        if row is None or not cut_for(actor, one, at).allows(row.subject, row.body):
            continue
        sheet = sheet_of_run(one)
        full = dimensions_of(sheet, one.period)
        titles |= {node.id: in_language(node.title) for node in sheet.nodes if node.id in full}
        among, peers = _among(one, row)
        dimensions = {
            item.id: (item.score or 0, full[item.id]) for item in row.items if item.id in full and item.applicable
        }
        points.append(TrendPoint(one, row, grade_titles(sheet).get(row.grade or "", ""), among, peers, dimensions))
    return Trend(name, tuple(points), titles)


def _among(run: Run, row: ResultRow) -> tuple[Among | None, str]:
    if run.level == Level.MEMBER or row.rank is None or (run.subject_count or 0) > MOST:
        return None, ""
    starts = sheet_of_run(run).peer_sizes
    results, _count = cut_rows(kept_of(run).path(RESULTS), EVERYTHING, limit=MOST)
    ranked = [one for one in results if one.rank is not None and one.score is not None]
    sizes = sizes_of(run, [one.subject for one in ranked]) if starts else {}
    bands = {subject: band_of(size, starts) for subject, size in sizes.items()}
    totals = {one.subject: one.score for one in ranked if one.score is not None}
    places = places_among(totals, {one.subject: bands.get(one.subject, one.category) for one in ranked})
    return places[row.subject], band_words(bands.get(row.subject))


def trend_as_data(found: Trend) -> dict[str, Any]:
    """Return it for programs, numbers as exact decimal texts."""
    return {
        "name": found.name,
        "dimensions": dict(found.titles),
        "periods": [
            {
                "run": one.run.pk, "period": one.run.period, "state": one.run.state,
                "total": None if one.row.score is None else text(one.row.score), "rank": one.row.rank,
                "count": one.run.subject_count, "grade": one.row.grade, "peers": one.peers,
                "place": one.among.place if one.among else None, "among": one.among.count if one.among else None,
                "dimensions": {
                    name: {"value": text(value), "full": text(full)} for name, (value, full) in one.dimensions.items()
                },
            }
            for one in found.points
        ],
    }  # fmt: skip
