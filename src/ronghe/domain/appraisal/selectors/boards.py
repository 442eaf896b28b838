"""固底板、补短板、锻新板: where each body lies below its peers, why, and whether it got better since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ronghe.domain.appraisal.calc.boards import Board, Shortest, boards_in, boards_of, shortest_in
from ronghe.domain.appraisal.calc.keeping import RESULTS
from ronghe.domain.appraisal.calc.results import ItemScore, each_row
from ronghe.domain.appraisal.enums import Level, RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.differences import comparable_runs
from ronghe.domain.appraisal.selectors.explaining import Explanation, FaultLine, faults_behind
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.results import cut_for
from ronghe.domain.appraisal.selectors.sheets import sheet_of_run
from ronghe.domain.appraisal.selectors.subjects import names_of
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.language import in_language
from ronghe.kernel.words import N_
from ronghe.scoring.exact import units
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.period import Period
from ronghe.scoring.sheets import Sheet

MOST_CAUSES = 3
WAY = 5
"""So many runs before this one show what became of a board."""


class NoBoards(DomainError):
    code = "no_boards"
    sentence = N_("这张评分表不分几个方面，看不出短板；党员个人也不比短板。")
    status = 422


@dataclass(frozen=True, slots=True)
class Cause:
    """An indicator of the shortest board where points are missing: what was measured, what is missing, what was missed."""

    id: str
    title: str
    measured: str | None
    missing: int
    formula: str


@dataclass(frozen=True)
class Barrel:
    """One body's boards, the shortest with its causes, and how deep the same board lay the time before."""

    boards: tuple[Board, ...]
    titles: Mapping[str, str]
    shortest: Board | None
    causes: tuple[Cause, ...]
    missed: tuple[FaultLine, ...]
    before: Board | None
    run_before: Run | None


@dataclass(frozen=True, slots=True)
class ShortLine:
    subject: int
    """One body by its shortest board: (title, missing points) of its dearest causes, and the gap of the same board before."""

    name: str
    board: Board
    causes: tuple[tuple[str, int], ...]
    way: tuple[tuple[Run, int], ...]
    """Earlier runs with the points above or below the peers' median then, the oldest first; this run at the end."""


@dataclass(frozen=True)
class ShortPage:
    rows: tuple[ShortLine, ...]
    count: int
    titles: Mapping[str, str]
    by_board: Mapping[str, int]


def dimensions_of(sheet: Sheet, period: str) -> dict[str, int]:
    """Return the full marks of the sheet's dimensions by id: what weighs right below the total."""
    root = sheet.root.piece if isinstance(sheet.root, Fold) else sheet.root
    window = Period.parse(period)
    parts = sheet.root.below(window) if isinstance(sheet.root, Fold) else [(root, window)]
    times = len(parts) if isinstance(sheet.root, Fold) and sheet.root.fold == "sum" else 1
    piece = parts[0][1]
    return {item.id: item.full(piece) * times for item in root.items if not item.extra and item.full(piece) > 0}


def shortest_boards(
    actor: Person, run: Run, at: datetime, *, board: str = "", start: int = 0, limit: int = 50
) -> ShortPage:
    """Return the bodies that lie below their peers, each by its shortest board, the deepest first.

    :raises NotFound: the actor sees no results of the run
    :raises NoBoards: the sheet has no dimensions, or scores people
    """
    sheet, dimensions = _boards_for(actor, run, at)
    found = shortest_in(kept_of(run).path(RESULTS), dimensions, board=board, start=start, limit=limit)
    subjects = [one.subject for one in found.rows]
    names, items = names_of(run.level, subjects), _items(run, subjects)
    ways = _ways(actor, run, at, subjects)
    rows = tuple(
        ShortLine(
            one.subject, names.get(one.subject, "—"), one.board, _missing(sheet, run, one, items),
            (*((earlier, boards[one.subject, one.board.id].gap) for earlier, boards in ways
               if (one.subject, one.board.id) in boards), (run, one.board.gap)),
        )
        for one in found.rows
    )  # fmt: skip
    return ShortPage(rows, found.count, _titles(sheet, dimensions), found.by_board)


def barrel_for(actor: Person, run: Run, explanation: Explanation, at: datetime) -> Barrel:
    """Return one body's boards with the causes of the shortest, and the same board in the run before.

    :raises NoBoards: the sheet has no dimensions, or scores people
    """
    sheet, dimensions = _boards_for(actor, run, at)
    subject = explanation.result.row.subject
    boards = boards_of(kept_of(run).path(RESULTS), dimensions, subject)
    short = [board for board in boards if board.gap < 0]
    shortest = min(short, key=lambda one: one.gap * 1_000_000 // one.full) if short else None
    causes: tuple[Cause, ...] = ()
    missed: tuple[FaultLine, ...] = ()
    before, run_before = None, None
    if shortest is not None:
        tree = next((node for node in _every(explanation.tree) if node["id"].partition("@")[0] == shortest.id), None)
        causes = tuple(_causes(tree))[:MOST_CAUSES] if tree else ()
        asked = {name for node in sheet.nodes if node.id == shortest.id for name in _mechanisms(node)}
        faults = faults_behind(run, subject)
        missed = tuple(line for name in sorted(asked) for line in faults.get(name, ()))
        run_before = comparable_runs(actor, run, at).filter(period_until__lt=run.period_until).first()
        if run_before is not None:
            old = dimensions_of(sheet_of_run(run_before), run_before.period)
            found = boards_of(kept_of(run_before).path(RESULTS), old, subject)
            before = next((board for board in found if board.id == shortest.id), None)
    return Barrel(tuple(boards), _titles(sheet, dimensions), shortest, causes, missed, before, run_before)


def _boards_for(actor: Person, run: Run, at: datetime) -> tuple[Sheet, dict[str, int]]:
    if not run.results_digest or cut_for(actor, run, at).is_empty:
        raise NotFound
    sheet = sheet_of_run(run)
    dimensions = dimensions_of(sheet, run.period)
    if run.level == Level.MEMBER or len(dimensions) < 2:
        raise NoBoards
    return sheet, dimensions


def _items(run: Run, subjects: Collection[int]) -> dict[int, dict[str, ItemScore]]:
    """Return the points of these subjects' items; one reading of the file."""
    return {
        row.subject: {item.id: item for item in row.items}
        for row in each_row(kept_of(run).path(RESULTS))
        if row.subject in subjects
    }


def _missing(
    sheet: Sheet, run: Run, one: Shortest, items: Mapping[int, Mapping[str, ItemScore]]
) -> tuple[tuple[str, int], ...]:
    """Return the indicators of the board where points are missing, the dearest first."""
    window = Period.parse(run.period)
    board = next(node for node in sheet.nodes if node.id == one.board.id)
    found = []
    for node in board.walk():
        item = items.get(one.subject, {}).get(node.id)
        if item is not None and item.applicable and not node.items:
            missing = node.full(window) - (item.score or 0)
            found += [(in_language(node.title), missing)] if missing > 0 else []
    return tuple(sorted(found, key=lambda cause: -cause[1])[:MOST_CAUSES])


def _ways(
    actor: Person, run: Run, at: datetime, subjects: Collection[int]
) -> list[tuple[Run, dict[tuple[int, str], Board]]]:
    """Return the boards of these subjects in the final runs before, the oldest first; one statement, a file a run."""
    runs = comparable_runs(actor, run, at).filter(period_until__lt=run.period_until, state=RunState.FINAL)
    found = []
    for one in runs.exclude(replacements__state=RunState.FINAL)[:WAY]:
        dimensions = dimensions_of(sheet_of_run(one), one.period)
        found.append((one, boards_in(kept_of(one).path(RESULTS), dimensions, subjects)))
    return found[::-1]


def _titles(sheet: Sheet, dimensions: Mapping[str, int]) -> dict[str, str]:
    return {node.id: in_language(node.title) for node in sheet.nodes if node.id in dimensions}


def _causes(tree: Mapping[str, Any]) -> list[Cause]:
    found = [
        Cause(
            leaf["id"].partition("@")[0],
            in_language(leaf["title"]),
            leaf["measured"],
            units(leaf["full"]) - units(leaf["value"]),
            leaf["formula"],
        )
        for leaf in _every(tree)
        if not leaf["children"] and leaf["applicable"] and units(leaf["full"]) > units(leaf["value"])
    ]
    return sorted(found, key=lambda cause: -cause.missing)


def _every(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for child in node["children"]:
        yield from _every(child)


def _mechanisms(node: Any) -> Iterator[str]:
    for one in node.walk():
        inner = one.piece if isinstance(one, Fold) else one
        for part in inner.of.parts if inner.of else ():
            yield from getattr(part, "mechanisms", ())
