"""Files that go with a group: checked here, kept by the act; shown to whoever sees the group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from ronghe.domain.work.services.files import PreparedFile, Upload, keep_file, prepare_file


@dataclass(frozen=True, slots=True)
class Arrived:
    """A checked file that an act takes up."""

    file: PreparedFile

    @property
    def name(self) -> str:
        return self.file.name

    def keep(self, *, at: datetime) -> int:
        return int(keep_file(self.file, at=at).pk)


def arrived(upload: UploadedFile[Any]) -> Arrived:
    """Check an upload and lay its bytes on disk.

    :raises DomainError: it is empty, too large, damaged, or neither picture nor PDF
    """
    return Arrived(prepare_file(Upload(upload.name or "", upload)))
