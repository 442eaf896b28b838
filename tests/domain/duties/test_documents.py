"""The sheet on paper: four columns of sides, what changed since, and who signed for whom."""

from __future__ import annotations

import pytest

from ronghe.domain.duties.documents import sheet_document, table_heads, table_rows
from ronghe.domain.duties.enums import Part
from ronghe.domain.duties.selectors.sheets import view_of
from ronghe.domain.duties.services.rows import SideShare
from ronghe.domain.zones.services.sheet import change_line
from ronghe.kernel.documents import Signatures, Table
from tests.factories.duties import make_duties, make_issued, put_row

pytestmark = pytest.mark.django_db


def paper(story, person, at):
    return sheet_document(view_of(story.sheet, person, at), printed_on=at.date())


def signed(document):
    block = next(block for block in document.blocks if isinstance(block, Signatures))
    return [(line.role, line.name) for line in block.lines]


def test_it_names_the_four_sides_and_who_signed_over_the_rows_as_they_are(morning):
    story = make_issued(morning)
    story.agree("builder", morning)
    document = paper(story, story.lead, morning)
    [table] = [block for block in document.blocks if isinstance(block, Table)]

    assert [column.head for column in table.columns][3:7] == ["属地方", "施工方", "监理方", "管理方"]
    assert table.rows[0][:8] == ("1", "QHSE", "第1条责任：全程监护", "—", "主责\n李江", "配合", "—", "每月")
    unit = story.unit("builder").name
    assert signed(document) == [(f"施工方（{unit}）", "李江"), (f"监理方（{story.unit('supervision').name}）", "")]
    line = story.rows(morning)[1].row.line
    line.zone = story.zone
    change_line(line=line, duty="巡视", actor=story.lead, at=morning)
    document = paper(story, story.lead, morning)
    assert signed(document)[0] == (f"施工方（{unit}）", "")
    assert "发布后又改了 1 条" in str(document.blocks)


def test_a_draft_has_no_signatures_and_a_side_gets_its_part_and_is_told_so(morning):
    story = make_duties(morning)
    put_row(story, morning, matter="交底", lead="territory")
    document = paper(story, story.people["builder"], morning)

    assert "起草中，未发布" in str(document.blocks)
    assert "施工方的条目和各方共担的条目" in str(document.blocks)
    assert "交底" not in str(document.blocks)
    assert not [block for block in document.blocks if isinstance(block, Signatures)]


def test_the_workbook_has_the_cells_that_are_read_again(morning):
    story = make_duties(morning, rows=0)
    put_row(story, morning, shares={"management": SideShare(Part.INFORM)}, basis="PC-06")
    view = view_of(story.sheet, story.lead, morning)

    assert dict(zip(table_heads(), table_rows(view, view.rows)[0], strict=True)) == {
        "类别": "安全", "事项": "动火监护", "职责": "全程监护", "属地": "", "施工": "主责 李江", "监理": "", "管理": "知会",
        "期限": "", "频次": "每月", "依据": "PC-06", "来处": "责任清单", "状态": "没有记录",
    }  # fmt: skip
