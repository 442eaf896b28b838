"""The sheet of a run as it was when the run was started, and its words."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.kept import RULES, kept_of
from ronghe.kernel.language import in_language
from ronghe.scoring.exact import shown
from ronghe.scoring.measures.marks import Figure
from ronghe.scoring.sheets import Sheet, read_sheet


def sheet_of_run(run: Run) -> Sheet:
    """Return the sheet that the run is computed by."""
    return _read(str(kept_of(run).path(RULES)), run.sheet_id)


@lru_cache(maxsize=64)
def _read(path: str, sheet_id: str) -> Sheet:
    """Folders of computations are never written twice, so what was read once stays right."""
    playbook = json.loads(Path(path).read_text(encoding="utf-8"))["playbook"]
    return read_sheet(next(sheet for sheet in playbook["sheets"] if sheet["id"] == sheet_id))


def title_of(run: Run) -> str:
    return in_language({"zh": run.title_zh, "en": run.title_en})


def note_of(sheet: Sheet) -> str:
    """Return what readers of a result are to know of the sheet, in the reader's language."""
    return in_language(sheet.note) if sheet.note else ""


def figures_of(sheet: Sheet) -> dict[str, str]:
    """Return the figures that the sheet takes from outside, by name, each with the title of the node that asks first."""
    found: dict[str, str] = {}
    for node in sheet.nodes:
        for measure in (part for whole in node.measures for part in whole.parts):
            if isinstance(measure, Figure):
                found.setdefault(measure.item, in_language(node.title))
    return found


def grade_titles(sheet: Sheet) -> dict[str, str]:
    """Return the titles of grades by id, best first, in the reader's language."""
    return {band.id: in_language(band.title) for band in sheet.grades.bands} if sheet.grades else {}


def veto_titles(sheet: Sheet) -> dict[str, str]:
    return {veto.id: in_language(veto.title) for veto in sheet.vetoes}


def score_shown(sheet: Sheet, score: int | None) -> str:
    """Return a score as people see it: two places, four where two would hide the side of a band's edge."""
    return "—" if score is None else shown(score, sheet.grades.edges if sheet.grades else ())
