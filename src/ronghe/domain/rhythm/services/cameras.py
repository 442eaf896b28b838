"""When a picture was taken, as the camera wrote it into the file; where it was taken is never read."""

from __future__ import annotations

import io
import struct
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from ronghe.domain.work.services.files import Upload

_EXIF, _TAKEN, _CHANGED = 0x8769, 0x9003, 0x0132
_NONSENSE = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, TypeError, struct.error,
    Image.DecompressionBombError,
)  # fmt: skip
"""What a damaged or unusual file meets while only its moment is looked for; whether it is a picture is asked later."""
_LONG_AGO = timedelta(days=30)
"""An older picture is none of this activity, or the camera's clock is wrong."""


def with_moment(upload: Upload, *, before: datetime) -> tuple[Upload, datetime | None]:
    """Return the upload to be read anew, and when its picture was taken; `None` where it does not say, or says nonsense.

    Cameras write the local time without a zone: it is read as the platform's.
    """
    limit = settings.EVIDENCE_MAX_BYTES + 1
    content = upload.content.read(limit)
    taken = _taken(content)
    moment = taken.replace(tzinfo=ZoneInfo(settings.TIME_ZONE)) if taken is not None else None
    if moment is not None and not before - _LONG_AGO <= moment <= before + timedelta(minutes=10):
        moment = None
    return Upload(upload.name, io.BytesIO(content)), moment


def _taken(content: bytes) -> datetime | None:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            exif: Any = picture.getexif()
            said = exif.get_ifd(_EXIF).get(_TAKEN) or exif.get(_CHANGED)
        return datetime.strptime(str(said)[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone is added by the caller
    except _NONSENSE:
        return None
