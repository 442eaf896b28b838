"""What another sheet would make of a run, and how firm its places are: for those who see the whole of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from ronghe.domain.appraisal.calc.scoring import what_if_over
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.rules import SEE_WHOLE_RUN
from ronghe.domain.appraisal.selectors.kept import RULES, kept_of, runs_folder
from ronghe.domain.appraisal.selectors.subjects import names_of
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_
from ronghe.scoring.knobs import Knob, knobs_of, really_changed
from ronghe.scoring.sensitivity import Reach, Sensitivity, sensitivity
from ronghe.scoring.what_if import Move, Moves, WhatIf

AT_HAND = 3
"""So many runs stay measured in memory; 100,000 branches take some 20 MB."""


class NotComputedYet(DomainError):
    code = "not_computed_yet"
    sentence = N_("这次考评还没有算出结果，算完再试。")


@dataclass(frozen=True, slots=True)
class NamedMove:
    move: Move
    name: str


@dataclass(frozen=True, slots=True)
class NamedReach:
    reach: Reach
    name: str


@dataclass(frozen=True)
class Trial:
    """A run's sheet with some numbers turned, and who moves by it."""

    changes: Mapping[str, str]
    moves: Moves
    rows: tuple[NamedMove, ...]


def sheet_doc(run: Run) -> dict[str, Any]:
    """Return the document of the sheet as it was when the run was started."""
    sheets = kept_of(run).json(RULES)["playbook"]["sheets"]
    return dict(next(sheet for sheet in sheets if sheet["id"] == run.sheet_id))


def require_whole(actor: Person, run: Run, at: datetime) -> None:
    """Return where the actor may see everybody's result.

    :raises NotFound: they may not; whoever sees a part would learn the rest from who moves
    :raises NotComputedYet: there are no results
    """
    if not SEE_WHOLE_RUN.allows(actor, run, at=at):
        raise NotFound
    if not run.results_digest:
        raise NotComputedYet


def knobs_seen_by(actor: Person, run: Run, at: datetime) -> list[Knob]:
    """Return the numbers of the run's sheet that can be turned."""
    require_whole(actor, run, at)
    return knobs_of(sheet_doc(run))


def trial_for(
    actor: Person, run: Run, values: Mapping[str, str], at: datetime, *, start: int = 0, limit: int = 50
) -> Trial:
    """Return who would move if the numbers of the sheet were `values` (by `Knob.name`); the farthest first.

    :raises NotFound: the actor does not see the whole run
    :raises KnobUnknown: the sheet has no such number
    :raises KnobNoNumber: a value is no number
    :raises KnobsTooFar: the sheet would not be sound any more
    """
    require_whole(actor, run, at)
    what_if = measured(run)
    known = {knob.name for knob in knobs_of(what_if.doc)}
    strange = {name: value for name, value in values.items() if name not in known}
    changes = really_changed(what_if.doc, values) | strange
    moves = what_if.turned(changes)
    part = moves.part(start, limit)
    names = names_of(run.level, [move.subject for move in part])
    return Trial(changes, moves, tuple(NamedMove(move, names.get(move.subject, "—")) for move in part))


def firmness_for(
    actor: Person, run: Run, at: datetime, *, step: str = "0.1", start: int = 0, limit: int = 50
) -> tuple[Sensitivity, list[NamedReach]]:
    """Return how far places could move when each weight in turn is `step` larger or smaller.

    :raises NotFound: the actor does not see the whole run
    :raises NothingToWeigh: nobody is ranked, or there are no weights beside each other
    :raises KnobNoNumber: the step is no share between 0 and a half
    """
    require_whole(actor, run, at)
    found = sensitivity(measured(run), step)
    part: Sequence[Reach] = found.part(start, limit)
    names = names_of(run.level, [reach.subject for reach in part])
    return found, [NamedReach(reach, names.get(reach.subject, "—")) for reach in part]


def measured(run: Run) -> WhatIf:
    """Return what was measured of everybody in a run; the last few runs asked about stay in memory."""
    return _measured(str(runs_folder() / run.folder), run.sheet_id, run.period)


@lru_cache(maxsize=AT_HAND)
def _measured(folder: str, sheet_id: str, period: str) -> WhatIf:
    """Folders of computations are never written twice, so what was measured once stays right."""
    from pathlib import Path

    from ronghe.domain.appraisal.calc.keeping import kept_in

    return what_if_over(kept_in(Path(folder)), sheet_id, period)
