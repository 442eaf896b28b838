"""The shipped models that the demonstration works by."""

from __future__ import annotations

from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.shipped import shipped_playbook


def playbook_named(playbook_id: str) -> Playbook:
    """Return a shipped playbook; the demonstration cannot do without it.

    :raises LookupError: it is not among the shipped ones
    """
    found = shipped_playbook(playbook_id)
    if found is None:
        raise LookupError(playbook_id)
    return found
