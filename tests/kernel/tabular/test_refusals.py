"""Every file that cannot be read says what it is and what to do, and nothing of it is used."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile

import pytest

from ronghe.kernel.errors import Unreadable
from ronghe.kernel.tabular.limits import Limits
from ronghe.kernel.tabular.reading import open_tables
from tests.kernel.tabular.files import ole, sheet_xml, with_part, xls, xlsx

ROWS = [["姓名", "单位"], ["马春杰", "仪陇中心站"], ["贺红", "马鞍站"]]


def refusal(path, limits=None):
    with pytest.raises(Unreadable) as caught:
        read_all(path, limits or Limits())
    return caught.value


def read_all(path, limits):
    return [list(sheet.rows()) for sheet in open_tables(path, limits=limits).sheets]


@pytest.mark.parametrize("body", [b"", b"   \r\n", b"\xef\xbb\xbf", b"\x00" * 300])
def test_empty_file_is_told(tmp_path, body):
    path = tmp_path / "空.xlsx"
    path.write_bytes(body)

    assert str(refusal(path)) == "“空.xlsx”是空文件，请重新导出后再选。"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF 文件"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "图片"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "图片"),
        (b"Rar!\x1a\x07\x01\x00", "压缩包"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "压缩包"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "程序"),
        (b"\x01\x02\x03\x00" * 50 + b"\x07\x07\x07", "二进制文件"),
        (b"<?xml version='1.0'?><note>hi</note>", "XML 文件"),
    ],
)
def test_other_type_named_xlsx_is_named(tmp_path, body, found):
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(body)

    assert str(refusal(path)) == f"“花名册.xlsx”是{found}，不是能读的表格。请另存为 .xlsx 或 .csv 后再选。"


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("word/document.xml", "Word 文档"),
        ("xl/workbook.bin", "Excel 二进制工作簿（.xlsb）"),
        ("content.xml", "OpenDocument 文件（.ods）"),
        ("照片/1.jpg", "压缩包"),
    ],
)
def test_other_archive_is_named(tmp_path, part, found):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "x")

    assert refusal(path).details["found"] == found


def test_word_document_of_old_format_is_named(tmp_path):
    path = ole(tmp_path / "a.xls", {"WordDocument": b"x"})

    assert refusal(path).details["found"] == "Word 文档"


def test_workbook_with_password_is_told(tmp_path):
    path = ole(tmp_path / "花名册.xlsx", {"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 5000})

    assert str(refusal(path)) == "“花名册.xlsx”设了打开密码。请在 Excel 或 WPS 中取消密码，另存后再选。"


def test_old_workbook_with_password_is_told(tmp_path):
    path = xls(tmp_path / "a.xls", ROWS, filepass=True)

    assert refusal(path).code == "password_protected"


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.99])
def test_workbook_cut_off_is_damaged(tmp_path, keep):
    path = xlsx(tmp_path / "a.xlsx", ROWS)
    body = path.read_bytes()
    path.write_bytes(body[: int(len(body) * keep)])

    assert refusal(path).code == "damaged_file"


def test_old_workbook_cut_off_is_damaged(tmp_path):
    path = xls(tmp_path / "a.xls", ROWS)
    path.write_bytes(path.read_bytes()[:900])

    assert refusal(path).code == "damaged_file"


def test_workbook_with_flipped_bytes_is_damaged(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    body = bytearray(path.read_bytes())
    body[at : at + 40] = bytes(40)
    path.write_bytes(body)

    assert refusal(path).code == "damaged_file"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_workbook_with_broken_markup_is_damaged(tmp_path, part):
    path = with_part(xlsx(tmp_path / "a.xlsx", ROWS), part, b"<worksheet><sheetData><row")

    assert refusal(path).code == "damaged_file"


def test_page_without_a_table_is_told(tmp_path):
    path = tmp_path / "导出.xls"
    path.write_text("<html><body><p>会话已超时，请重新登录。</p></body></html>", "utf-8")

    assert str(refusal(path)) == "“导出.xls”是网页文件，里面没有表格。请从原系统重新导出，或另存为 .xlsx 后再选。"


def test_text_in_no_known_encoding_is_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"name,unit\n\xff\xff\xfe\x81\x20,\x80\x80\n")

    assert refusal(path).code == "unknown_encoding"


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ROWS)
    with_part(path, "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (80 << 20))
    tracemalloc.start()

    error = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (error.code, path.stat().st_size < 200_000, peak < 8 << 20) == ("suspicious_archive", True, True)


def test_zip_bomb_that_lies_about_its_size_is_refused(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ROWS)
    with_part(path, "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (8 << 20))
    body = bytearray(path.read_bytes())
    size = struct.pack("<I", (8 << 20) + len(b"<worksheet>"))
    while (at := body.find(size)) >= 0:
        body[at : at + 4] = struct.pack("<I", 1_000)
    path.write_bytes(body)

    assert refusal(path).code == "suspicious_archive"


def test_more_parts_than_allowed_are_refused(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ROWS)

    assert refusal(path, Limits(parts=3)).code == "suspicious_archive"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>', "too_many_rows"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>', "too_many_columns"),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A1048576"><v>1</v></c></row>', "too_many_rows"),
        ("<row r='1'><c r = 'xfd1'><v>1</v></c></row>", "too_many_columns"),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="250000"><c r="SA250000"><v>1</v></c></row>', "too_many_cells"),
    ],
)
def test_one_value_far_away_does_not_fill_the_memory(tmp_path, cells, code):
    path = with_part(xlsx(tmp_path / "a.xlsx", ROWS), "xl/worksheets/sheet1.xml", sheet_xml(cells))

    assert refusal(path).code == code


def test_rows_past_the_limit_are_refused(tmp_path):
    assert refusal(xlsx(tmp_path / "a.xlsx", [["甲"]] * 12), Limits(rows=11)).code == "too_many_rows"


def test_text_rows_past_the_limit_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("甲,乙\n" * 12, "utf-8")

    assert refusal(path, Limits(rows=11)).code == "too_many_rows"


def test_columns_past_the_limit_are_refused(tmp_path):
    assert refusal(xlsx(tmp_path / "a.xlsx", [["甲"] * 40]), Limits(columns=39)).code == "too_many_columns"


def test_file_past_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 2_000_000)

    assert str(refusal(path, Limits(file_bytes=1 << 20))) == "“a.csv”有 2 MB，超过上限 1 MB。请按单位拆成几个文件。"


def test_old_workbook_with_a_cell_outside_its_grid_is_damaged(tmp_path):
    path = xls(tmp_path / "a.xls", [["甲"] * 3])
    body = path.read_bytes().replace(
        struct.pack("<HHHH", 0x0204, 9 + 2, 0, 2), struct.pack("<HHHH", 0x0204, 9 + 2, 0, 0xFFFF)
    )
    path.write_bytes(body)

    assert refusal(path).code == "damaged_file"


def test_html_span_wider_than_allowed_is_refused(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text("<table><tr><td colspan='60000'>甲</td></tr></table>", "utf-8")

    assert refusal(path).code == "too_many_columns"
