from __future__ import annotations

from datetime import date

import pytest

from ronghe.kernel.tabular.limits import Limits
from ronghe.kernel.tabular.reading import open_tables
from ronghe.kernel.tabular.sheets import FileKind, Span, column_letter, column_number
from tests.kernel.tabular.files import ole, sheet_xml, with_part, xls, xlsx

ROWS = [["姓名", "单位"], ["马春杰", "仪陇中心站"], ["贺红", "马鞍站"]]


def all_rows(path, **options):
    return [list(sheet.rows()) for sheet in open_tables(path, **options).sheets]


def numbered(rows, start=1):
    return list(enumerate(rows, start=start))


def test_xlsx_gives_rows_numbered_as_in_excel(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [[], [], [None, None, "姓名"], [None, None, "贺红"]])

    assert all_rows(path) == [[(1, ["", "", ""]), (2, ["", "", ""]), (3, ["", "", "姓名"]), (4, ["", "", "贺红"])]]


def test_xlsx_gives_dates_and_numbers(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [["马春杰", date(2006, 6, 1), 13, 1.5]])

    assert all_rows(path) == [[(1, ["马春杰", date(2006, 6, 1), 13.0, 1.5])]]


def test_xlsx_gives_merged_areas_from_one(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ROWS, merged=["A2:A3"])

    (sheet,) = open_tables(path).sheets

    assert sheet.merged == (Span(2, 1, 3, 1),)


def test_hidden_sheet_comes_without_rows(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [], sheets={"在册": ROWS, "选项": [["群众"]]}, hidden=["选项"])

    assert [(s.name, s.is_hidden, len(list(s.rows()))) for s in open_tables(path).sheets] == [
        ("在册", False, 3),
        ("选项", True, 0),
    ]


def test_formula_without_stored_value_is_named(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [["姓名", "年龄"], ["贺红", "=2026-1979"]])

    (sheet,) = open_tables(path).sheets

    assert sheet.uncomputed == frozenset({(2, 2)})


def test_formula_with_stored_value_gives_the_value(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ROWS)
    cells = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"甲"</f><v>甲</v></c></row>'
    with_part(path, "xl/worksheets/sheet1.xml", sheet_xml(cells))

    (sheet,) = open_tables(path).sheets

    assert (list(sheet.rows()), sheet.uncomputed) == ([(1, [2.0, "甲"])], frozenset())


def test_xls_of_old_excel_is_read(tmp_path):
    path = xls(tmp_path / "a.xls", [["姓名", "工号"], ["马春杰", 10086]])

    tables = open_tables(path)

    assert tables.kind is FileKind.XLS
    assert [list(s.rows()) for s in tables.sheets] == [[(1, ["姓名", "工号"]), (2, ["马春杰", 10086.0])]]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_html_table_named_xls_is_read_in_any_encoding(tmp_path, encoding):
    path = tmp_path / "导出.xls"
    path.write_bytes(
        "<html><head><meta charset='gb2312'></head><body><table>"
        "<tr><td colspan=2>花名册</td></tr><tr><th>姓名</th><th>单位</th></tr>"
        "<tr><td>马春杰</td><td rowspan='2'> 仪陇&nbsp;中心站 </td></tr><tr><td>贺红</td></tr>"
        "</table></body></html>".encode(encoding),
    )

    tables = open_tables(path)
    (sheet,) = tables.sheets

    assert tables.kind is FileKind.HTML
    assert list(sheet.rows()) == numbered([["花名册", ""], ["姓名", "单位"], ["马春杰", "仪陇 中心站"], ["贺红"]])
    assert sheet.merged == (Span(1, 1, 1, 2), Span(3, 2, 4, 2))


def test_html_cell_below_a_tall_one_moves_right(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text("<table><tr><td rowspan=2>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>", "utf-8")

    assert all_rows(path) == [[(1, ["甲", "乙"]), (2, ["", "丙"])]]


def test_excel_2003_xml_is_read(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="在册"><Table>'
        '<Row><Cell><Data ss:Type="String">姓名</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">5</Data></Cell></Row>'
        '<Row ss:Index="4"><Cell><Data ss:Type="DateTime">2021-07-01T00:00:00.000</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>",
        "utf-8",
    )

    (sheet,) = open_tables(path).sheets

    assert (sheet.name, list(sheet.rows())) == ("在册", [(1, ["姓名", "", 5.0]), (4, ["2021-07-01"])])


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_table_is_read_in_any_encoding(tmp_path, encoding, found, delimiter):
    path = tmp_path / "a.csv"
    path.write_bytes(
        "\r\n".join(delimiter.join(row) for row in [["name", "单位"], ["马春杰", "中心站"]]).encode(encoding)
    )

    tables = open_tables(path)

    assert tables.encoding == found
    assert [list(s.rows()) for s in tables.sheets] == [numbered([["name", "单位"], ["马春杰", "中心站"]])]


def test_text_table_keeps_quoted_delimiters_and_rare_characters(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes('姓名,备注\n𠮷野,"借调,信息站"\n'.encode("gb18030"))

    assert all_rows(path) == [[(1, ["姓名", "备注"]), (2, ["𠮷野", "借调,信息站"])]]


def test_name_given_by_the_owner_is_kept(tmp_path):
    path = xlsx(tmp_path / "upload-7", ROWS)

    assert open_tables(path, name="花名册.xlsx").name == "花名册.xlsx"


def test_empty_formatted_cells_far_away_do_not_count(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ROWS)
    with_part(
        path,
        "xl/worksheets/sheet1.xml",
        sheet_xml('<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'),
    )

    assert all_rows(path) == [[(1, [7.0])]]


def test_workbook_stream_in_a_container_made_elsewhere_is_old_excel(tmp_path):
    path = ole(tmp_path / "a.et", {"Other": b"x", "Workbook": b"\x09\x08"})

    assert open_tables(path).kind is FileKind.XLS


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")]
)
def test_column_letters_and_numbers_are_inverse(number, letters):
    assert (column_letter(number), column_number(letters)) == (letters, number)


@pytest.mark.parametrize("rows", [10, 11])
def test_rows_up_to_the_limit_are_read(tmp_path, rows):
    path = xlsx(tmp_path / "a.xlsx", [["马春杰"]] * rows)

    assert len(all_rows(path, limits=Limits(rows=11))[0]) == rows
