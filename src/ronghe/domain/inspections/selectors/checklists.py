"""The checklists that a group may go by: the house's own in its home folder, before the shipped ones of the same id."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from ronghe.domain.inspections.calc.checklists import Checklist, checklists_in, shipped_checklists
from ronghe.kernel.errors import NotFound


def checklists(form: str = "") -> Mapping[str, Checklist]:
    """Return the checklists by id, those made for `form` where one is given.

    :raises ChecklistUnfit: a file of the house does not fit; its sentence names file and line
    """
    own: Path = settings.HOME.root / "checklists"
    found = {**shipped_checklists(), **(checklists_in(own) if own.is_dir() else {})}
    return {key: one for key, one in found.items() if not form or form in one.forms}


def checklist_called(checklist_id: str) -> Checklist:
    """Return one checklist.

    :raises NotFound: there is none of this id
    """
    found = checklists().get(checklist_id)
    if found is None:
        raise NotFound
    return found
