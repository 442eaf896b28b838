"""Files that prove a review of a gate (PC-06): pictures or PDF, handed over by the room of files, which stands above this one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction

from ronghe.domain.contractors.facts import GATE_FILES_ADDED
from ronghe.domain.contractors.models import GateFile, GateReview
from ronghe.domain.contractors.rules import KEEP_CONTRACTOR
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

MOST_FILES = 10


class TooManyFiles(DomainError):
    code = "too_many_gate_files"
    sentence = N_("一次评审最多附 %(most)s 个文件，已有 %(there)s 个，这次又传了 %(more)s 个。请合成一个 PDF 再传。")
    status = 422


class KeptFile(Protocol):
    """A checked file that whoever hands it over keeps."""

    @property
    def name(self) -> str: ...

    def keep(self, *, at: datetime) -> int:
        """Make the file known and return its id."""
        ...


@transaction.atomic
def add_gate_files(*, review: GateReview, files: Sequence[KeptFile], actor: Person, at: datetime) -> list[GateFile]:
    """Attach files to a review; the same bytes once, and no more than `MOST_FILES` in all.

    :raises TooManyFiles: they would be more
    """
    KEEP_CONTRACTOR.require(actor, review.contractor, at=at)
    there = review.files.count()
    if there + len(files) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES, there=there, more=len(files))
    made = []
    for file in files:
        row, is_new = GateFile.objects.get_or_create(
            review=review, file_id=file.keep(at=at), defaults={"name": file.name, "added_by": actor, "added_at": at}
        )
        made += [row] if is_new else []
    if made:
        contractor = review.contractor
        said = {"contractor": contractor.pk, "gate": review.gate, "files": len(made)}
        record(
            Draft(GATE_FILES_ADDED, at, actor, body=contractor.body_id, unit=contractor.unit_id, attributes=said,
                  source=contractor)
        )  # fmt: skip
    return made
