"""What the playbooks' room keeps: versions and adoptions, drafts of a unit's own, governing documents."""

from ronghe.domain.playbooks.models.documents import DocumentCheck, GoverningDocument
from ronghe.domain.playbooks.models.drafts import DraftRevision, PlaybookDraft
from ronghe.domain.playbooks.models.versions import (
    Adoption,
    AdoptionBatch,
    PlaybookText,
    PlaybookVersion,
    read_together,
)

__all__ = [
    "Adoption",
    "AdoptionBatch",
    "DocumentCheck",
    "DraftRevision",
    "GoverningDocument",
    "PlaybookDraft",
    "PlaybookText",
    "PlaybookVersion",
    "read_together",
]
