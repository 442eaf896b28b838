"""Acts of the playbooks' room; adopting is asked for from many places and offered here."""

from ronghe.domain.playbooks.services.adopting import (
    AdoptedLater,
    AdoptionOutOfReach,
    AdoptionOver,
    AlreadyAdopted,
    EndsBeforeItBegins,
    NothingForThisBody,
    adopt_playbook,
    end_adoption,
)
from ronghe.domain.playbooks.services.keeping import VersionSaysOtherwise

__all__ = [
    "AdoptedLater",
    "AdoptionOutOfReach",
    "AdoptionOver",
    "AlreadyAdopted",
    "EndsBeforeItBegins",
    "NothingForThisBody",
    "VersionSaysOtherwise",
    "adopt_playbook",
    "end_adoption",
]
