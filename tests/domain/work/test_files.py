from __future__ import annotations

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image

from ronghe.domain.work.enums import MediaType
from ronghe.domain.work.models import StoredFile
from ronghe.domain.work.services import files
from ronghe.domain.work.services.files import Upload, keep_file, path_of, prepare_file
from tests.factories.rhythm import photo

GPS = 0x8825


def upload(content: bytes, name: str = "a.jpg") -> Upload:
    return Upload(name, io.BytesIO(content))


def exif(*, orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[0x010F] = "Camera Maker"
    tags[0x0112] = orientation
    tags.get_ifd(GPS)[1] = "N"
    return tags.tobytes()


def bomb() -> bytes:
    """A PNG of a few dozen bytes that claims 60,000 × 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("form", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_picture_is_known_by_its_bytes_whatever_its_name(form, media_type):
    prepared = prepare_file(photo(form=form, name="报告.docx"))

    assert (prepared.media_type, prepared.width, prepared.height) == (media_type, 64, 48)
    assert hashlib.sha256(path_of(prepared.sha256).read_bytes()).hexdigest() == prepared.sha256


def test_pdf_is_kept_as_it_is():
    content = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

    prepared = prepare_file(upload(content, "签字.pdf"))

    assert (prepared.media_type, prepared.sha256) == (MediaType.PDF, prepared.uploaded_sha256)
    assert path_of(prepared.sha256).read_bytes() == content


def test_place_and_camera_are_taken_out():
    arrived = photo(exif=exif())
    assert dict(Image.open(arrived.content).getexif()) != {}
    arrived.content.seek(0)

    prepared = prepare_file(arrived)

    with Image.open(path_of(prepared.sha256)) as kept:
        assert dict(kept.getexif()) == {}
    assert b"Camera Maker" not in path_of(prepared.sha256).read_bytes()
    assert prepared.sha256 != prepared.uploaded_sha256


def test_unit_may_keep_place_and_camera(settings):
    settings.EVIDENCE_KEEPS_EXIF = True

    prepared = prepare_file(photo(exif=exif()))

    assert prepared.sha256 == prepared.uploaded_sha256


def test_picture_held_sideways_is_turned_upright():
    prepared = prepare_file(photo(size=(64, 48), exif=exif(orientation=6)))

    assert (prepared.width, prepared.height) == (48, 64)


def test_large_photo_is_kept_at_the_long_side(settings):
    settings.EVIDENCE_LONG_SIDE = 100

    prepared = prepare_file(photo(size=(400, 200)))

    assert (prepared.width, prepared.height) == (100, 50)


@pytest.mark.parametrize(
    "content", [b"MZ\x90\x00", b"PK\x03\x04docx", b"GIF89a", b"<svg xmlns='x'/>", b"<html>", b"RIFF....WAVE", b"x"]
)
def test_other_types_are_refused_by_name(content):
    with pytest.raises(files.FileTypeRefused, match="现场"):
        prepare_file(upload(content, "现场.jpg"))


def test_empty_file_is_refused():
    with pytest.raises(files.FileEmpty):
        prepare_file(upload(b""))


@pytest.mark.parametrize(("more", "refused"), [(-1, False), (0, False), (1, True)])
def test_file_size_up_to_the_limit(settings, more, refused):
    settings.EVIDENCE_MAX_BYTES = 1_048_576
    content = b"%PDF-" + b"0" * (1_048_576 - 5 + more)

    if refused:
        with pytest.raises(files.FileTooLarge, match="1 MB"):
            prepare_file(upload(content))
    else:
        assert prepare_file(upload(content)).size == len(content)


@pytest.mark.parametrize(("pixels", "refused"), [(64 * 48, False), (64 * 48 - 1, True)])
def test_pixels_up_to_the_limit(settings, pixels, refused):
    settings.EVIDENCE_MAX_PIXELS = pixels

    if refused:
        with pytest.raises(files.PictureTooLarge):
            prepare_file(photo())
    else:
        assert prepare_file(photo()).width == 64


def test_decompression_bomb_is_refused_without_being_decoded():
    with pytest.raises(files.PictureTooLarge, match="64"):
        prepare_file(upload(bomb(), "bomb.png"))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_damaged_picture_is_refused(form):
    whole = photo(form=form, size=(400, 300)).content.read()

    with pytest.raises(files.FileDamaged, match="没有传完整"):
        prepare_file(upload(whole[: len(whole) // 2]))


def test_name_of_a_file_cannot_lead_out_of_the_folder():
    assert prepare_file(photo(name="../../etc/passwd")).name == "passwd"
    assert prepare_file(photo(name="C:\\照片\\现场.jpg")).name == "现场.jpg"


@pytest.mark.django_db
def test_same_bytes_are_kept_once(morning):
    first = keep_file(prepare_file(photo()), at=morning)

    again = keep_file(prepare_file(photo(name="另一个名字.jpg")), at=morning)

    assert (again, StoredFile.objects.count()) == (first, 1)
