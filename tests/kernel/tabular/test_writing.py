from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ronghe.kernel.tabular.reading import open_tables
from ronghe.kernel.tabular.writing import Marked, SheetOut, write_csv, write_workbook

DANGEROUS = ["=1+1", "+8613900000000", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_text_is_stored_as_quoted_text(tmp_path, text):
    path = tmp_path / "out.xlsx"

    write_workbook(path, [SheetOut("表", ["值"], [[text]])])
    cell = load_workbook(path).active["A2"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_dangerous_head_is_quoted(tmp_path):
    path = tmp_path / "out.xlsx"

    write_workbook(path, [SheetOut("表", ["=1+1"], [])])

    assert load_workbook(path).active["A1"].data_type == "s"


def test_dangerous_marked_value_is_quoted_and_keeps_its_remark(tmp_path):
    path = tmp_path / "out.xlsx"

    write_workbook(path, [SheetOut("表", ["值"], [[Marked("=1", "error", "请核对。")]])])
    cell = load_workbook(path).active["A2"]

    assert (cell.data_type, cell.comment.text, cell.fill.fgColor.rgb) == ("s", "请核对。", "00FBD5D0")


def test_dangerous_text_in_csv_stands_behind_an_apostrophe():
    target = io.StringIO()

    write_csv(target, [["=1+1", "甲", -5, None]])

    assert target.getvalue() == "'=1+1,甲,-5,\r\n"


def test_what_is_written_reads_back(tmp_path):
    path = tmp_path / "out.xlsx"

    write_workbook(
        path, [SheetOut("在册/人员", ["姓名", "入党", "数"], [["马春杰", date(2006, 6, 1), 3], ["贺红", None, 1.5]])]
    )
    (sheet,) = open_tables(path).sheets

    assert sheet.name == "在册_人员"
    assert list(sheet.rows()) == [
        (1, ["姓名", "入党", "数"]),
        (2, ["马春杰", date(2006, 6, 1), 3.0]),
        (3, ["贺红", "", 1.5]),
    ]


@given(st.text(max_size=20))
def test_any_text_is_written_and_never_a_formula(text):
    target = io.BytesIO()

    write_workbook(target, [SheetOut("表", ["值"], [[text]])])
    target.seek(0)

    assert load_workbook(target).active["A2"].data_type != "f"
