"""Figures: whose, which period, from where, who vouches; twice is refused by name and place; a correction reverses."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.appraisal.models import Figure
from ronghe.domain.appraisal.selectors.figure_checks import FigureHeadsMissing, FigureTableEmpty, look_through
from ronghe.domain.appraisal.selectors.figures import figure_seen_by, figure_titles, list_figures
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.results import rows_in
from ronghe.domain.appraisal.services.figures import FiguresRefused, enter_figures, import_table, try_table
from ronghe.domain.org.enums import PostRole
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.verify import verify
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories import appraisal as story
from tests.factories.appraisal import OCTOBER, adopt, computed_run, make_field
from tests.factories.org import make_person, make_post, make_unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEAD = ["指标", "单位", "期间", "数值", "数据来源", "担保人", "更正编号"]
ROW = {
    "item": "story_output", "whose": "南一联合站党支部", "period": "2026Q3", "value": "98.5", "source": "生产日报",
    "vouched_by": "生产运行科 王工",
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    field = make_field()
    adopt(field.north)
    return field


def entered(field, *rows, actor=None, **more):
    lines = [(f"第 {number} 条", ROW | row) for number, row in enumerate(rows or [{}], start=1)]
    return enter_figures(lines=lines, actor=actor or field.clerk, at=OCTOBER, **more)[1]


def table(folder: Path, *rows) -> Path:
    path = folder / "三季度.xlsx"
    write_workbook(path, [SheetOut("指标", HEAD, rows)])
    return path


def said(error) -> str:
    return str(error.value)


def test_a_figure_becomes_a_fact_of_its_period_that_the_sheet_reads(field):
    [figure] = entered(field)
    run = computed_run(field, sheet="brought_in")

    fact = Fact.objects.get(kind="figure.value")
    assert (fact.body, fact.quantity, fact.values) == (field.south.pk, 985_000, {"item": "story_output"})
    assert (figure.value, figure.source, figure.vouched_by) == (Decimal("98.5"), "生产日报", "生产运行科 王工")
    assert {row.subject: row.score for row in rows_in(kept_of(run))} == {field.south.pk: 985_000, field.north.pk: None}


def test_indicators_are_what_sheets_take_and_may_be_named_by_their_title(field):
    assert figure_titles()["story_output"] == "产量完成率"
    assert entered(field, {"item": "产量完成率"})[0].item == "story_output"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"item": "steps"}, "第 1 条 指标没有评分表取用“steps”"),
        ({"whose": "不存在的党支部"}, "第 1 条 对象没有找到“不存在的党支部”，或您不能替它填"),
        ({"whose": "采油二厂党支部"}, "第 1 条 对象没有找到“采油二厂党支部”，或您不能替它填"),
        ({"period": "三季度"}, "第 1 条 期间“三季度”不是期间，请写 2026、2026Q3 或 2026-08"),
        ({"period": "2026Q4"}, "第 1 条 期间2026Q4 到 2026-12-31 才结束"),
        ({"value": "很多"}, "第 1 条 数值“很多”不是数"),
        ({"value": "NaN"}, "第 1 条 数值“NaN”不是数"),
        ({"value": "0.00001"}, "第 1 条 数值至多 4 位小数"),
        ({"value": "1e12"}, "第 1 条 数值太大，请换大一些的计量单位"),
        ({"source": ""}, "第 1 条 数据来源没有填"),
        ({"vouched_by": ""}, "第 1 条 担保人没有填"),
        ({"corrects": "7"}, "第 1 条 更正编号没有编号 7 的数"),
    ],
)
def test_what_does_not_hold_together_is_refused_by_name_and_place(field, row, words):
    with pytest.raises(FiguresRefused) as refused:
        entered(field, row)

    assert words in said(refused)
    assert Figure.objects.count() == 0


def test_a_figure_twice_is_refused_by_name_and_place(field):
    [first] = entered(field)

    with pytest.raises(FiguresRefused) as refused:
        entered(field, {"period": "2026-08"}, {})

    assert f"第 2 条 指标南一联合站党支部 2026Q3 的“story_output”已经有了（编号 {first.pk}，来自生产日报）" in said(
        refused
    )
    with pytest.raises(FiguresRefused) as refused:
        entered(field, {"period": "2026-07"}, {"period": "2026-07"})
    assert "第 2 条 指标和 第 1 条 重复" in said(refused)
    assert Figure.objects.count() == 1


def test_a_correction_reverses_the_fact_and_names_what_it_corrects(field):
    [first] = entered(field)
    [second] = entered(field, {"value": "80", "corrects": f"#{first.pk}"})
    run = computed_run(field, sheet="brought_in")

    first.refresh_from_db()
    assert (first.is_current, second.corrects) == (False, first)
    assert next(row.score for row in rows_in(kept_of(run)) if row.subject == field.south.pk) == 800_000
    assert [row.pk for row in list_figures(field.clerk, OCTOBER)] == [second.pk]
    assert verify().ok
    with pytest.raises(FiguresRefused, match="已经更正过"):
        entered(field, {"value": "81", "corrects": str(first.pk)})
    with pytest.raises(FiguresRefused, match="对不上"):
        entered(field, {"period": "2026-08", "corrects": str(second.pk)})


def test_a_table_is_tried_or_written_whole(field, tmp_path):
    good = ["产量完成率", "南一联合站党支部", "2026Q3", 98.5, "生产日报", "王工", ""]
    path = table(tmp_path, good, [*good[:3], "许多", *good[4:]])

    tried = try_table(path=path, name="三季度.xlsx", actor=field.clerk, at=OCTOBER)
    with pytest.raises(FiguresRefused):
        import_table(path=path, name="三季度.xlsx", actor=field.clerk, at=OCTOBER)

    assert ("A3", "数值", "“许多”不是数") in tried.problems
    assert Figure.objects.count() == 0
    sound = table(tmp_path, good, ["产量完成率", "北二采油队党支部", "2026Q3", "1,001", "生产日报", "王工", ""])
    import_table(path=sound, name="三季度.xlsx", actor=field.clerk, at=OCTOBER)
    assert list(Figure.objects.order_by("pk").values_list("value", "file_name")) == [
        (Decimal("98.5"), "三季度.xlsx"), (Decimal(1001), "三季度.xlsx"),
    ]  # fmt: skip


def test_a_table_without_heads_or_rows_is_refused(field, tmp_path):
    path = tmp_path / "空.xlsx"
    write_workbook(path, [SheetOut("表", ["甲", "乙"], [["1", "2"]])])
    with pytest.raises(FigureHeadsMissing):
        try_table(path=path, name="空.xlsx", actor=field.clerk, at=OCTOBER)
    with pytest.raises(FigureTableEmpty):
        try_table(path=table(tmp_path), name="三季度.xlsx", actor=field.clerk, at=OCTOBER)


def test_who_enters_and_who_sees_is_the_same_asked_both_ways(field):
    [figure] = entered(field)
    unit = make_unit("作业一区")
    field.north.unit = unit
    field.north.save()
    [of_unit] = entered(field, {"whose": "作业一区"})
    make_post(field.north_member, PostRole.SECRETARY, body=field.north)

    assert (of_unit.unit, Fact.objects.get(pk=of_unit.fact).unit) == (unit, unit.pk)
    assert figure_seen_by(field.south_secretary, figure.pk, OCTOBER) == figure
    assert figure_seen_by(field.north_member, of_unit.pk, OCTOBER) == of_unit
    for who, row in ((field.north_member, figure), (field.stranger, figure), (field.south_secretary, of_unit)):
        assert row.pk not in {one.pk for one in list_figures(who, OCTOBER)}
        with pytest.raises(NotFound):
            figure_seen_by(who, row.pk, OCTOBER)
    with pytest.raises(FiguresRefused):
        entered(field, {"period": "2026-08"}, actor=field.south_member)


MEMBER_SHEET = """
  - id: member_figure
    title: {zh: 党员产量, en: Output of members}
    level: member
    root: {id: total, title: {zh: 个人产量率, en: Own output}, kind: ratio, of: {figure: own_output}, target: 100, full: 10}
"""


@pytest.fixture
def with_members(field, monkeypatch):
    """The story's playbook with a sheet that takes a figure of members, adopted."""
    monkeypatch.setattr(story, "PLAYBOOK", story.PLAYBOOK.replace("id: story_book", "id: member_book") + MEMBER_SHEET)
    adopt(field.south)
    return field


def test_a_figure_of_a_member_counts_for_the_member_alone(with_members):
    field = with_members
    said = {"item": "own_output", "value": "80"}
    [made] = entered(field, said | {"whose": "罗一鸣"})
    with pytest.raises(FiguresRefused, match="已经有了"):
        entered(field, said | {"whose": f"member#{field.south_member.token}"})

    fact = Fact.objects.get(pk=made.fact)
    assert (made.person, made.body, made.whose) == (field.south_member, field.south, "罗一鸣")
    assert (fact.subject, fact.body, fact.values) == (field.south_member.token, None, {"item": "own_output"})
    run = computed_run(field, sheet="member_figure")
    scores = {row.subject: row.score for row in rows_in(kept_of(run))}
    assert scores[field.south_member.token] == 80_000
    assert scores[field.north_member.token] is None


def test_members_are_found_only_where_a_sheet_scores_them_and_by_number_where_two_are_called_the_same(with_members):
    field = with_members
    twin = make_person("罗一鸣", home=field.north)
    said = {"item": "own_output", "value": "80"}

    with pytest.raises(FiguresRefused, match="没有找到“罗一鸣”"):
        entered(field, {"whose": "罗一鸣"})  # the branches' indicator
    with pytest.raises(FiguresRefused, match="没有找到“南一联合站党支部”"):
        entered(field, said)  # the members' indicator
    with pytest.raises(FiguresRefused, match="同名的不止一个"):
        entered(field, said | {"whose": "罗一鸣"})
    assert entered(field, said | {"whose": f"member#{twin.token}"})[0].person == twin


def test_a_members_figure_is_seen_by_the_member_and_those_who_answer_for_the_branch(with_members):
    field = with_members
    [made] = entered(field, {"item": "own_output", "whose": "罗一鸣"})

    for who in (field.south_member, field.south_secretary, field.clerk, field.auditor):
        assert figure_seen_by(who, made.pk, OCTOBER) == made
    for who in (field.north_member, field.stranger):
        with pytest.raises(NotFound):
            figure_seen_by(who, made.pk, OCTOBER)
    with pytest.raises(FiguresRefused, match="您不能替它填"):
        entered(field, {"item": "own_output", "whose": "罗一鸣", "period": "2026-08"}, actor=field.south_member)


@pytest.mark.parametrize("count", [1, 20])
def test_looking_through_takes_the_same_statements_for_one_row_and_for_twenty(
    with_members, count, django_assert_max_num_queries
):
    people = [make_person(f"党员{number}", home=with_members.south) for number in range(count)]
    lines = [
        (str(number), ROW | {"item": "own_output", "whose": one.name}) for number, one in enumerate(people)
    ]  # fmt: skip
    with django_assert_max_num_queries(16):
        preview = look_through(lines, with_members.clerk, OCTOBER)
    assert preview.problems == []


def test_a_table_with_the_old_head_is_still_read(field, tmp_path):
    path = tmp_path / "旧表.xlsx"
    old = ["指标", "单位", "期间", "数值", "数据来源", "担保人", "更正编号"]
    new = [*old[:1], "对象", *old[2:]]
    row = ["产量完成率", "南一联合站党支部", "2026Q3", 98.5, "生产日报", "王工", ""]
    for head in (old, new):
        write_workbook(path, [SheetOut("指标", head, [row])])
        assert try_table(path=path, name="旧表.xlsx", actor=field.clerk, at=OCTOBER).problems == []
