"""Which playbooks a run may be started from: what bodies adopted, and what is shipped."""

from __future__ import annotations

from ronghe.domain.playbooks.calc.library import SHIPPED, Library
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.shipped import shipped_playbooks
from ronghe.domain.playbooks.selectors import versions_kept
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class PlaybookUnknown(DomainError):
    code = "playbook_unknown"
    sentence = N_("没有范本“%(name)s”。用 ronghe playbook list 看现有的。")
    status = 422


def playbook_named(name: str) -> Playbook:
    """Return the latest version of a playbook that some body adopted, else the shipped one.

    :raises PlaybookUnknown: neither adopted nor shipped, or the shipped one has mistakes
    """
    kept = versions_kept().filter(playbook_id=name).order_by("-version").first()
    if kept is not None:
        return kept.playbook
    shipped = Library((SHIPPED,)).find(name)
    loaded = load_playbook(shipped[1]).playbook if shipped else None
    if loaded is None:
        raise PlaybookUnknown(name=name)
    return loaded


def playbooks_with_sheets() -> list[Playbook]:
    """Return the playbooks that have a sheet, adopted ones first, each id once."""
    found: dict[str, Playbook] = {}
    for version in versions_kept():
        found.setdefault(version.playbook_id, version.playbook)
    for shipped in shipped_playbooks():
        found.setdefault(shipped.id, shipped)
    return [playbook for playbook in found.values() if playbook.sheets]
