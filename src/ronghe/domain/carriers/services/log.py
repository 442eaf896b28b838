"""The log of a call-up: lines with their time and pictures, only added; a mistake is corrected by another line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from ronghe.domain.carriers.facts import LOGGED
from ronghe.domain.carriers.models import CallUp, LogLine, LogPicture
from ronghe.domain.carriers.rules import TAKE_PART
from ronghe.domain.carriers.services.calling import CallOver
from ronghe.domain.carriers.services.telling import tell_of
from ronghe.domain.org.models import Person
from ronghe.domain.work.services.files import Upload, keep_file, prepare_file
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_

BEFORE_THE_CALL = timedelta(days=1)
"""What led to the call is part of its log."""


class LineEmpty(DomainError):
    code = "call_line_empty"
    sentence = N_("请写明发生了什么，或附上照片。")
    status = 422


class LineTimeWrong(DomainError):
    code = "call_line_time"
    sentence = N_("发生的时间不能晚于现在，也不能早于集结前一天。")
    status = 422


def write_line(
    *, call: CallUp, text: str, actor: Person, at: datetime, happened_at: datetime | None = None,
    corrects: LogLine | None = None, uploads: Sequence[Upload] = (),
) -> LogLine:  # fmt: skip
    """Write a line of the log, with pictures; `corrects` names the line that it puts right, which stays.

    :raises NotAllowed: the actor takes no part in it
    :raises CallOver: it was called off, or its result verified
    :raises LineEmpty: neither words nor pictures
    :raises LineTimeWrong: a time to come, or long before
    :raises NotFound: the corrected line is of another log
    """
    TAKE_PART.require(actor, call, at=at)
    if not call.is_writable:
        raise CallOver(state=call.get_state_display())
    if not text.strip() and not uploads:
        raise LineEmpty
    moment = happened_at or at
    if not call.called_at - BEFORE_THE_CALL <= moment <= at:
        raise LineTimeWrong
    if corrects is not None and corrects.call_id != call.pk:
        raise NotFound
    files = [prepare_file(upload) for upload in uploads]
    with transaction.atomic():
        line = LogLine.objects.create(
            call=call, happened_at=moment, text=text.strip()[:400], corrects=corrects, by=actor, at=at
        )
        kept = {stored.pk: (stored, file) for file in files for stored in [keep_file(file, at=at)]}
        LogPicture.objects.bulk_create(
            LogPicture(line=line, file=stored, name=file.name[:120]) for stored, file in kept.values()
        )
        tell_of(call, LOGGED, actor, at, source=line, pictures=len(kept), is_correction=corrects is not None)
    return line
