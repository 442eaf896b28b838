"""Files that show something: told by their bytes, cleaned of place and camera, kept once under their digest."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from ronghe.domain.work.enums import MediaType
from ronghe.domain.work.models import StoredFile
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

_MAGIC = ((b"\xff\xd8\xff", MediaType.JPEG), (b"\x89PNG\r\n\x1a\n", MediaType.PNG), (b"%PDF-", MediaType.PDF))
_FORMATS = {MediaType.JPEG: ("JPEG", "MPO"), MediaType.PNG: ("PNG",), MediaType.WEBP: ("WEBP",)}
_JPEG_QUALITY = 88
_MEGABYTE = 1_048_576


class FileTypeRefused(DomainError):
    code = "file_type_refused"
    sentence = N_("“%(name)s”不是 JPEG、PNG、WebP 照片或 PDF，请换一个文件。")
    status = 422


class FileTooLarge(DomainError):
    code = "file_too_large"
    sentence = N_(
        "“%(name)s”有 %(size)s MB，超过上限 %(limit)s MB。照片请压缩或裁剪后再传；视频不收，请截取要紧的画面，或在说明里写明存放的地方。"
    )
    status = 422


class PictureTooLarge(DomainError):
    code = "picture_too_large"
    sentence = N_("“%(name)s”的像素超过 %(limit)s 百万，请缩小后再传。")
    status = 422


class FileDamaged(DomainError):
    code = "file_damaged"
    sentence = N_("“%(name)s”读不出来，可能没有传完整，请重新拍照或再传一次。")
    status = 422


class FileEmpty(DomainError):
    code = "file_empty"
    sentence = N_("“%(name)s”是空文件，请重新选择。")
    status = 422


class Readable(Protocol):
    """Whatever bytes are read from: a file, a buffer, an upload of a page."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives: the name that its sender gave it, and its bytes to be read."""

    name: str
    content: Readable


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A checked file whose bytes lie on disk already; nothing in the database knows it yet."""

    name: str
    uploaded_sha256: str
    sha256: str
    media_type: MediaType
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """A checked file that an act of a room below this one takes up."""

    file: PreparedFile

    @property
    def name(self) -> str:
        return self.file.name

    def keep(self, *, at: datetime) -> int:
        """Make the file known and return its id."""
        return int(keep_file(self.file, at=at).pk)


def arrived_file(upload: Upload) -> ArrivedFile:
    """Check an upload and lay its bytes on disk, as `prepare_file` does.

    :raises DomainError: it is empty, too large, damaged, or neither picture nor PDF
    """
    return ArrivedFile(prepare_file(upload))


def prepare_file(upload: Upload, *, is_private: bool = False) -> PreparedFile:
    """Check one upload, take place and camera out of a picture, and lay the bytes on disk.

    A unit may keep place and camera (`EVIDENCE_KEEPS_EXIF`), but not those of something private: a picture may have been
    taken in somebody's home. Runs outside any transaction: decoding a picture would hold the write lock. A file that no
    act takes up in the end stays on disk unnamed and does no harm.

    :raises FileEmpty: no bytes
    :raises FileTooLarge: more bytes than `EVIDENCE_MAX_BYTES`
    :raises FileTypeRefused: the bytes are of another type, whatever the name says
    :raises PictureTooLarge: more pixels than `EVIDENCE_MAX_PIXELS`; it is not decoded
    :raises FileDamaged: the type is right, the rest is not
    """
    name = Path(upload.name.replace("\\", "/")).name[:120] or "file"
    content = _read(upload.content, name)
    media_type = _media_type(content, name)
    keeps_exif = settings.EVIDENCE_KEEPS_EXIF and not is_private
    is_paper = media_type == MediaType.PDF
    kept, size = (content, (None, None)) if is_paper else _cleaned(content, media_type, name, keeps_exif=keeps_exif)
    digest = hashlib.sha256(kept).hexdigest()
    _lay_down(digest, kept)
    uploaded = hashlib.sha256(content).hexdigest()
    return PreparedFile(name, uploaded, digest, media_type, len(kept), *size)


def keep_file(file: PreparedFile, *, at: datetime) -> StoredFile:
    """Make the prepared bytes known to the database; the same bytes are known once."""
    stored, _is_new = StoredFile.objects.get_or_create(
        sha256=file.sha256,
        defaults={
            "media_type": file.media_type, "size": file.size, "width": file.width, "height": file.height,
            "stored_at": at,
        },
    )  # fmt: skip
    return stored


def shown_elsewhere(asks: Callable[[PreparedFile], bool]) -> None:
    """Let a room above say whether the same bytes show something of its own; said once, when it is loaded."""
    _SHOWN_ELSEWHERE.append(asks)


def is_shown_elsewhere(file: PreparedFile) -> bool:
    """Tell whether a room above this one has the bytes as evidence."""
    return any(asks(file) for asks in _SHOWN_ELSEWHERE)


_SHOWN_ELSEWHERE: list[Callable[[PreparedFile], bool]] = []


def path_of(sha256: str) -> Path:
    """Return where the bytes of a digest lie."""
    return settings.HOME.files / sha256[:2] / sha256


def _read(content: Readable, name: str) -> bytes:
    """Return the bytes of what is small enough; of what says that it is not, none is read."""
    limit = settings.EVIDENCE_MAX_BYTES
    declared = getattr(content, "size", None)
    data = content.read(limit + 1) if declared is None or declared <= limit else b""
    if (size := declared or len(data)) > limit:
        raise FileTooLarge(name=name, size=-(-size // _MEGABYTE), limit=limit // _MEGABYTE)
    if not data:
        raise FileEmpty(name=name)
    return data


def _media_type(content: bytes, name: str) -> MediaType:
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return MediaType.WEBP
    raise FileTypeRefused(name=name)


def _cleaned(content: bytes, media_type: MediaType, name: str, *, keeps_exif: bool) -> tuple[bytes, tuple[int, int]]:
    """Return the picture written anew, upright, at most `EVIDENCE_LONG_SIDE` long, with nothing but its pixels."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS[media_type]) as picture:
            if picture.width * picture.height > settings.EVIDENCE_MAX_PIXELS:
                raise PictureTooLarge(name=name, limit=settings.EVIDENCE_MAX_PIXELS // 1_000_000)
            if keeps_exif:
                picture.load()
                return content, picture.size
            # A JPEG is decoded small at once, so that a large photo costs no more memory than the kept one.
            long_side = settings.EVIDENCE_LONG_SIDE
            picture.thumbnail((long_side, long_side))
            upright = ImageOps.exif_transpose(picture)
            return _written(upright, media_type), upright.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge(name=name, limit=settings.EVIDENCE_MAX_PIXELS // 1_000_000) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise FileDamaged(name=name) from error


def _written(picture: Image.Image, media_type: MediaType) -> bytes:
    bare = picture if media_type != MediaType.JPEG or picture.mode in ("RGB", "L") else picture.convert("RGB")
    bare.info = {}
    out = io.BytesIO()
    if media_type == MediaType.JPEG:
        bare.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    elif media_type == MediaType.PNG:
        bare.save(out, "PNG")
    else:
        bare.save(out, "WEBP", quality=_JPEG_QUALITY)
    return out.getvalue()


def _lay_down(sha256: str, content: bytes) -> None:
    """Write under the digest's name, whole or not at all; bytes that lie there already are left."""
    path = path_of(sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{sha256}.{secrets.token_hex(4)}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
