from __future__ import annotations

from openpyxl import load_workbook

from ronghe.domain.org.calc.roster.reading import SourceFile, read_roster
from ronghe.domain.org.calc.roster.report import write_report
from tests.domain.org.calc.roster.sheets import HE, HEAD, MA, TODAY, number
from tests.kernel.tabular.files import xlsx


def test_report_lists_findings_and_shows_the_rows_marked(tmp_path):
    wrong = [3, "=彭兰", "男", number()[:17] + "0", "马鞍站", "群众", None]
    source = SourceFile(xlsx(tmp_path / "a.xlsx", [["花名册"], HEAD, MA, HE, wrong], title="在册"), "a.xlsx")
    with_text = load_workbook(source.path)
    with_text.active["B5"].value, with_text.active["B5"].data_type = "=彭兰", "s"
    with_text.save(source.path)
    target = tmp_path / "问题.xlsx"

    write_report(target, read_roster([source], today=TODAY), [source])
    listed, marked = load_workbook(target).worksheets

    assert [c.value for c in listed[1]] == ["文件", "工作表", "行", "列", "程度", "问题", "代码"]
    assert [[c.value for c in row][:5] for row in listed.iter_rows(min_row=2)] == [
        ["a.xlsx", "在册", 5, "姓名", "供参考"],
        ["a.xlsx", "在册", 5, "身份证号", "须核对"],
    ]
    assert [c.value for c in marked[1]] == ["原表行号", *HEAD, "问题"]
    assert marked.max_row == 2
    assert (marked["A2"].value, marked["C2"].value, marked["C2"].data_type) == (5, "=彭兰", "s")
    assert (marked["E2"].fill.fgColor.rgb, marked["E2"].comment.text[:4]) == ("00FCE8B8", "身份证号")
