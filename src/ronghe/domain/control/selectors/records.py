"""The record of a process, and who may open a file of it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch

from ronghe.domain.control.enums import ProcessAct
from ronghe.domain.control.models import ProcessRecord, RecordPicture, ReviewFile, WorkProcess
from ronghe.domain.control.rules import SEE_CONTROL
from ronghe.domain.control.selectors.reviews import reviews_seen_by
from ronghe.domain.org.models import Person
from ronghe.domain.projects.models import Project
from ronghe.domain.work.models import StoredFile


def record_of(process: WorkProcess) -> list[ProcessRecord]:
    """Return the acts on a process with their pictures, the latest first; two statements."""
    pictures = Prefetch("pictures", RecordPicture.objects.select_related("file").order_by("pk"))
    rows = ProcessRecord.objects.filter(process=process).select_related("by", "undone_by")
    return list(rows.prefetch_related(pictures).order_by("-at", "-pk"))


def last_act(process: WorkProcess) -> ProcessRecord | None:
    """Return the last act that stands: neither taken back nor a taking back."""
    rows = ProcessRecord.objects.filter(process=process, undone_by=None).exclude(act=ProcessAct.UNDO)
    return rows.order_by("-at", "-pk").first()


def shows_file(actor: Person, file: StoredFile, at: datetime) -> bool:
    """Tell whether a kept file belongs to a process or a design review that `actor` may see."""
    projects = SEE_CONTROL.narrow(actor, Project.objects.all(), at=at).order_by().values("pk")
    if RecordPicture.objects.filter(file=file, record__process__project__in=projects).exists():
        return True
    return ReviewFile.objects.filter(file=file, review__in=reviews_seen_by(actor, at).order_by().values("pk")).exists()
