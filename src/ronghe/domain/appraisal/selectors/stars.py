"""Stars quarter by quarter, from final runs: members, branches, general branches, teams with their Party groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from ronghe.domain.appraisal.enums import Level, RunState
from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.rules import SEE_RUN
from ronghe.domain.appraisal.selectors.results import cut_for
from ronghe.domain.appraisal.selectors.sheets import grade_titles, score_shown, sheet_of_run, title_of
from ronghe.domain.appraisal.selectors.subjects import names_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pairing.models import GroupTeamLink
from ronghe.kernel.db.tree import on_day

STAR_LEVELS = (Level.MEMBER, Level.TEAM, Level.BRANCH, Level.GENERAL_BRANCH)
MOST_PERIODS = 6
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class StarCell:
    """One result: which run, which grade, how many points."""

    run: Run
    grade: str | None
    grade_title: str
    score: int | None
    shown: str


@dataclass(frozen=True, slots=True)
class StarRow:
    """One subject over time; a team carries the Party group that is bound to it (PP-11)."""

    subject: int
    name: str
    partner: str
    cells: Mapping[str, StarCell]
    """By period."""

    def scores(self, periods: tuple[str, ...]) -> list[StarCell]:
        """The results there are, the oldest first."""
        return [self.cells[period] for period in periods if period in self.cells]


@dataclass(frozen=True)
class StarBoard:
    level: Level
    sheet: str
    sheets: tuple[tuple[str, str], ...]
    """Those that have final runs: key and title."""
    periods: tuple[str, ...] = ()
    """The oldest first."""
    rows: tuple[StarRow, ...] = ()
    bands: tuple[tuple[str, int], ...] = field(default=())
    """How many of those shown have each grade in the latest period."""
    is_cut: bool = False


def star_board(actor: Person, level: Level, at: datetime, *, sheet: str = "") -> StarBoard:
    """Return the stars of a level that the actor may see; of members, each their own and leaders those below them.

    A constant number of statements for each of the few runs shown, however many subjects there are.
    """
    rows = Run.objects.filter(level=level, state=RunState.FINAL).exclude(replacements__state=RunState.FINAL)
    runs = list(SEE_RUN.narrow(actor, rows, at=at).order_by("-period_until", "-pk").distinct()[: MOST_PERIODS * 8])
    sheets: dict[str, str] = {}
    for run in runs:
        sheets.setdefault(_key(run), title_of(run))
    wanted = sheet if sheet in sheets else next(iter(sheets), "")
    runs = [run for run in runs if _key(run) == wanted]
    periods = list(dict.fromkeys(run.period for run in runs))[:MOST_PERIODS]
    cells: defaultdict[int, dict[str, StarCell]] = defaultdict(dict)
    titles: dict[str, str] = {}
    for run in runs:
        if run.period in periods:
            found = grade_titles(sheet_of_run(run))
            titles = titles or found
            for subject, cell in _cells(run, actor, at, found):
                cells[subject].setdefault(run.period, cell)
    names = names_of(level, cells)
    partners = groups_of_teams(list(cells), local_day(at)) if level == Level.TEAM else {}
    order = list(titles)
    shown = sorted(cells, key=lambda one: _place(cells[one].get(periods[0]), order, level, names.get(one, "")))
    counts: defaultdict[str, int] = defaultdict(int)
    for subject in shown:
        if periods[0] in cells[subject]:
            counts[cells[subject][periods[0]].grade_title] += 1
    return StarBoard(
        level, wanted, tuple(sheets.items()), tuple(reversed(periods)),
        tuple(
            StarRow(one, names.get(one, "—"), partners.get(one, ""), cells[one]) for one in shown[:MOST_ROWS]
        ),
        tuple((title, counts[title]) for title in titles.values()), is_cut=len(shown) > MOST_ROWS,
    )  # fmt: skip


def latest_star(token: int) -> StarCell | None:
    """Return a member's result of the latest final run that was not corrected; whoever asks has the member's consent."""
    rows = Result.objects.filter(subject=token, run__level=Level.MEMBER, run__state=RunState.FINAL)
    rows = rows.exclude(run__replacements__state=RunState.FINAL).select_related("run__body")
    found = rows.order_by("-run__period_until", "-pk").first()
    if found is None:
        return None
    sheet = sheet_of_run(found.run)
    title = grade_titles(sheet).get(found.grade or "", "")
    return StarCell(found.run, found.grade, title, found.score, score_shown(sheet, found.score))


def groups_of_teams(units: list[int], day: date) -> dict[int, str]:
    """Return the name of the Party group that is built on each team, where there is one (PP-11: one to one)."""
    rows = GroupTeamLink.objects.filter(on_day(day), team__in=units).order_by("valid_from")
    return dict(rows.values_list("team_id", "group__name"))


def _cells(run: Run, actor: Person, at: datetime, titles: Mapping[str, str]) -> list[tuple[int, StarCell]]:
    cut = cut_for(actor, run, at)
    if cut.is_empty:
        return []
    rows = Result.objects.filter(run=run)
    if not cut.everything:
        rows = rows.filter(Q(subject__in=cut.subjects) | Q(body__in=cut.bodies))
    sheet = sheet_of_run(run)
    columns = rows.order_by("pk").values_list("subject", "grade", "score")
    return [
        (subject, StarCell(run, grade, titles.get(grade or "", ""), score, score_shown(sheet, score)))
        for subject, grade, score in columns
    ]


def _place(cell: StarCell | None, order: list[str], level: Level, name: str) -> tuple[int, str]:
    """Bodies by grade and then by name; people by name alone, for they are not ranked."""
    if level == Level.MEMBER:
        return (0, name)
    place = order.index(cell.grade) if cell is not None and cell.grade in order else len(order)
    return (place, name)


def _key(run: Run) -> str:
    return f"{run.playbook_id}:{run.sheet_id}"
