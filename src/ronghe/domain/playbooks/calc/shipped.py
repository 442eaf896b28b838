"""The playbooks that come with the platform, read once a process: the files of a release do not change under it."""

from __future__ import annotations

from functools import cache

from ronghe.domain.playbooks.calc.library import shipped_files
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.model import Playbook


@cache
def shipped_playbooks() -> tuple[Playbook, ...]:
    """Return every shipped playbook that is sound, by file name."""
    loaded = (load_playbook(path).playbook for path in shipped_files())
    return tuple(book for book in loaded if book is not None)


def shipped_playbook(playbook_id: str) -> Playbook | None:
    """Return the shipped playbook of this id, if there is one."""
    return next((book for book in shipped_playbooks() if book.id == playbook_id), None)
