"""What a file really is, told by its content: the ending of a name proves nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

import olefile

from ronghe.kernel.tabular.refusals import DamagedFile, EmptyFile, PasswordProtected, WrongFileType
from ronghe.kernel.tabular.sheets import FileKind
from ronghe.kernel.words import N_, _

HEAD_BYTES = 4096
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")

SIGNATURES = (
    (b"%PDF", N_("PDF 文件")),
    (b"\x89PNG", N_("图片")),
    (b"\xff\xd8\xff", N_("图片")),
    (b"GIF8", N_("图片")),
    (b"BM", N_("图片")),
    (b"Rar!", N_("压缩包")),
    (b"7z\xbc\xaf\x27\x1c", N_("压缩包")),
    (b"\x1f\x8b", N_("压缩包")),
    (b"PK\x05\x06", N_("压缩包")),
    (b"{\\rtf", N_("Word 文档")),
    (b"MZ", N_("程序")),
    (b"\x7fELF", N_("程序")),
)

ARCHIVES = (
    ("xl/workbook.bin", N_("Excel 二进制工作簿（.xlsb）")),
    ("word/document.xml", N_("Word 文档")),
    ("ppt/presentation.xml", N_("演示文稿")),
    ("content.xml", N_("OpenDocument 文件（.ods）")),
    ("Index/Document.iwa", N_("Numbers 文件")),
)


def kind_of(path: Path, *, name: str) -> FileKind:
    """Return what the file at `path` is.

    :raises EmptyFile: nothing in it, or only blanks
    :raises WrongFileType: something else than a table; the sentence names it
    :raises PasswordProtected: an encrypted workbook
    :raises DamagedFile: starts like a workbook and cannot be opened as one
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise EmptyFile(name=name)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(path, name)
    if head.startswith(OLE_MAGIC):
        return _kind_of_ole(path, name)
    for signature, found in SIGNATURES:
        if head.startswith(signature) and not _looks_like_text(head):
            raise WrongFileType(name=name, found=_(found))
    return _kind_of_text(head, name)


def _kind_of_archive(path: Path, name: str) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DamagedFile(name=name) from error
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    for part, found in ARCHIVES:
        if part in names:
            raise WrongFileType(name=name, found=_(found))
    if "[Content_Types].xml" in names:
        raise DamagedFile(name=name)
    raise WrongFileType(name=name, found=_(N_("压缩包")))


def _kind_of_ole(path: Path, name: str) -> FileKind:
    try:
        with olefile.OleFileIO(path) as container:
            streams = {"/".join(entry) for entry in container.listdir()}
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise DamagedFile(name=name) from error
    if "EncryptedPackage" in streams:
        raise PasswordProtected(name=name)
    if streams & {"Workbook", "Book", "WORKBOOK", "BOOK"}:
        return FileKind.XLS
    if "WordDocument" in streams:
        raise WrongFileType(name=name, found=_(N_("Word 文档")))
    if "PowerPoint Document" in streams:
        raise WrongFileType(name=name, found=_(N_("演示文稿")))
    raise DamagedFile(name=name)


def _kind_of_text(head: bytes, name: str) -> FileKind:
    if _is_binary(head):
        raise WrongFileType(name=name, found=_(N_("二进制文件")))
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<workbook" in start:
        return FileKind.XML_SPREADSHEET
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<body", b"<style", b"<div")):
        return FileKind.HTML
    if start.startswith((b"<?xml", b"<!--")) and (b"<html" in start or b"<table" in start):
        return FileKind.HTML
    if start.startswith(b"<?xml"):
        raise WrongFileType(name=name, found=_(N_("XML 文件")))
    return FileKind.CSV


def _is_binary(head: bytes) -> bool:
    """Are there signs that no text has? Zero bytes are half of each Latin letter in UTF-16, and only there."""
    text = head.decode("latin-1")
    if b"\x00" in head:
        is_big = head.startswith(b"\xfe\xff") or head[0::2].count(0) > head[1::2].count(0)
        text = head.decode("utf-16-be" if is_big else "utf-16-le", errors="ignore")
    return any(sign < " " and sign not in "\t\r\n\f\x1a" for sign in text)


def _looks_like_text(head: bytes) -> bool:
    """A CSV may begin with the letters BM or MZ; pictures and programs carry zero bytes."""
    return b"\x00" not in head and head[:2] in {b"BM", b"MZ"}
