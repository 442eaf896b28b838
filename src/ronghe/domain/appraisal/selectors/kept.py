"""The files that a run was computed from."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings

from ronghe.domain.appraisal.calc.keeping import RESULTS, InputsAltered, Kept, kept_in
from ronghe.domain.appraisal.models import Run
from ronghe.domain.playbooks.calc.loading import playbook_of
from ronghe.domain.playbooks.calc.model import Playbook

RULES = "rules.json"


def runs_folder() -> Path:
    folder: Path = settings.HOME.files / "runs"
    return folder


def new_folder(run: Run) -> str:
    """Return a name below `files/runs` that no computation has used yet."""
    return f"{run.pk}/{secrets.token_hex(6)}"


def kept_of(run: Run) -> Kept:
    """Return the files of the computation that counts.

    :raises InputsAltered: they are not there
    """
    return kept_in(runs_folder() / run.folder)


def sound_files_of(run: Run) -> Kept:
    """Return the files after reading each of them against its digest and the run's.

    :raises InputsAltered: one is missing or changed
    """
    kept = kept_of(run)
    kept.require_unaltered()
    if kept.inputs_digest != run.inputs_digest or kept.results_digest != run.results_digest:
        raise InputsAltered(files=RESULTS)
    return kept


def playbook_kept(run: Run) -> Playbook:
    """Return the playbook as it was when the run was started."""
    return playbook_of(kept_of(run).json(RULES)["playbook"])
