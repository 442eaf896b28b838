"""The same people, however the sheet is laid out."""

from __future__ import annotations

import pytest

from ronghe.domain.org.calc.roster.reading import NoRoster, SourceFile, read_roster
from tests.domain.org.calc.roster.sheets import HE, HEAD, MA, TODAY, codes, number, read
from tests.kernel.tabular.files import xls, xlsx

NAMES = ["马春杰", "贺红"]


def test_head_in_the_first_row_is_found(tmp_path):
    roster = read(tmp_path, [HEAD, MA, HE])

    assert (roster.people.name, [p.row for p in roster.people.place], codes(roster)) == (NAMES, [2, 3], [])


@pytest.mark.parametrize("titles", [1, 3, 7])
def test_head_below_any_number_of_titles_is_found(tmp_path, titles):
    rows = [["仪陇输气作业区人员花名册"], ["填报单位：仪陇输气作业区"], ["填报人：马春杰", None, "电话：123"]]

    roster = read(tmp_path, [*(rows * 3)[:titles], [None], HEAD, MA, HE], merged=["A1:G1"])

    assert ([p.row for p in roster.people.place], roster.people.name) == ([titles + 3, titles + 4], NAMES)


def test_columns_in_another_order_are_found(tmp_path):
    order = [6, 3, 1, 5, 0, 4, 2]

    roster = read(tmp_path, [[row[at] for at in order] for row in (HEAD, MA, HE)])

    assert (roster.people.name, roster.people.identity_number, codes(roster)) == (NAMES, [MA[3], HE[3]], [])


@pytest.mark.parametrize("name", ["姓  名", "姓\n名", " 姓　名 ", "*姓名", "姓名（必填）", "员工姓名", "姓名："])
@pytest.mark.parametrize("id_head", ["身份证号码", "公民身份号码", "身 份 证 号", "身份证号（18位）", "证件号码"])
def test_head_words_are_known_as_people_write_them(tmp_path, name, id_head):
    roster = read(tmp_path, [["序号", name, "性别", id_head], [1, "马春杰", "男", number()]])

    assert (roster.people.name, roster.people.identity_number) == (["马春杰"], [number()])


def test_two_row_head_with_merged_groups_is_read(tmp_path):
    rows = [
        ["序号", "姓名", "党员信息", None, None, "紧急联系人", None],
        [None, None, "政治面貌", "时间", "职务", "姓名", "电话"],
        [1, "马春杰", "中共党员", "2006.06", "书记", "贺红", "13900000000"],
    ]

    roster = read(tmp_path, rows, merged=["A1:A2", "B1:B2", "C1:E1", "F1:G1"])

    assert [c.column for c in roster.sheets[0].columns] == [
        "serial", "name", "political_status", "joined_on", "party_post", None, None,
    ]  # fmt: skip
    assert (roster.people.name, roster.people.party_posts) == (["马春杰"], [("secretary",)])


def test_two_row_head_that_lost_its_merging_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("序号,姓名,党员信息,,\n,,政治面貌,时间,职务\n1,马春杰,中共党员,2006.06,书记\n", "utf-8")

    roster = read_roster([SourceFile(path, "a.csv")], today=TODAY)

    assert (roster.counts["full_members"], roster.people.party_posts) == (1, [("secretary",)])


def test_three_row_head_is_read(tmp_path):
    rows = [
        ["基本情况", None, "党员情况", None],
        ["姓名", "单位", "组织情况", None],
        [None, None, "政治面貌", "党支部"],
        ["马春杰", "仪陇中心站", "中共党员", "中心站党支部"],
    ]

    roster = read(tmp_path, rows, merged=["A1:B1", "C1:D1", "C2:D2", "A2:A3", "B2:B3"])

    assert (roster.people.name, roster.people.party_path) == (["马春杰"], [("", "中心站党支部", "")])


def test_unit_merged_down_counts_for_each_row(tmp_path):
    rows = [["单位", "姓名", "性别"], ["仪陇中心站", "马春杰", "男"], [None, "贺红", "女"], ["马鞍站", "彭兰", "女"]]

    roster = read(tmp_path, rows, merged=["A2:A3"])

    assert roster.people.unit_path == [("仪陇中心站",), ("仪陇中心站",), ("马鞍站",)]


def test_team_left_blank_is_not_filled_from_above(tmp_path):
    roster = read(tmp_path, [["姓名", "部门", "班组"], ["马春杰", "机关", "一班"], ["贺红", "机关", None]])

    assert roster.people.unit_path == [("机关", "一班"), ("机关",)]
    assert roster.counts["units"] == 1


def test_titles_footers_sections_blanks_and_repeated_heads_are_nobody(tmp_path):
    rows = [
        HEAD, ["一、仪陇中心站"], MA, [], HEAD, ["二、马鞍站"], HE, [3], ["合计", "2人"],
        ["小计", None, None, 2], ["填表人：张三", None, None, "审核人：李四"], ["负责人（签字）："],
        ["注：身份证号请设为文本格式，入党时间填写支部大会通过之日。"], ["填报时间：2026年3月"],
    ]  # fmt: skip

    roster = read(tmp_path, rows)

    assert (roster.people.name, codes(roster)) == (NAMES, [])
    assert roster.sheets[0].as_of.first.isoformat() == "2026-03-01"


def test_column_numbers_below_the_head_are_nobody(tmp_path):
    roster = read(tmp_path, [HEAD, [1, 2, 3, 4, 5, 6, 7], MA, HE])

    assert roster.people.name == NAMES


def test_note_sheet_is_passed_over_and_said(tmp_path):
    sheets = {"填表说明": [["1. 身份证号请设为文本格式"], ["2. 姓名不留空格"]], "在册": [HEAD, MA]}

    roster = read(tmp_path, [], sheets=sheets)

    assert [(s.sheet, s.rows, s.skipped) for s in roster.sheets] == [
        ("填表说明", 0, "没有找到表头，按说明页略过。"),
        ("在册", 1, ""),
    ]


def test_file_without_a_roster_is_refused(tmp_path):
    with pytest.raises(NoRoster) as caught:
        read(tmp_path, [["材料", "数量"], ["钢管", 3]])

    assert str(caught.value) == "“花名册.xlsx”里没有找到花名册。表头至少要有“姓名”和另外一列，例如“身份证号”。"


def test_names_lose_their_blanks_and_numbers_their_tabs(tmp_path):
    row = [1, "张　 三", "男", f"\t{number()} ", "仪陇中心站 ", " 群众", None]

    people = read(tmp_path, [HEAD, row]).people

    assert (people.name, people.identity_number, people.unit_path) == (["张三"], [number()], [("仪陇中心站",)])


@pytest.mark.parametrize("dot", "·•・．")
def test_name_of_a_minority_has_one_kind_of_dot(tmp_path, dot):
    people = read(tmp_path, [["姓名", "单位"], [f"买买提{dot}艾力", "中心站"]]).people

    assert people.name == ["买买提·艾力"]


def test_full_width_digits_are_digits(tmp_path):
    wide = number().translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789X"})

    people = read(tmp_path, [["姓名", "身份证号", "联系电话"], ["马春杰", wide, "１３９２６６５８４２７"]]).people

    assert (people.identity_number, people.phone) == ([number()], ["13926658427"])


def test_numbers_stored_as_numbers_are_read(tmp_path):
    rows = [
        ["序号", "工号", "姓名", "联系电话", "入党时间", "政治面貌"],
        [1.0, 10086.0, "马春杰", 13976497003.0, 200606, "党员"],
    ]

    people = read(tmp_path, rows).people

    assert (people.staff_number, people.phone, people.joined[0].first.isoformat()) == (
        ["10086"],
        ["13976497003"],
        "2006-06-01",
    )


def test_identity_numbers_without_a_head_word_are_known_by_content(tmp_path):
    rows = [["姓名", "号码", "单位"]] + [
        [f"马{c}", number(serial=s), "站"] for c, s in zip("甲乙丙丁", (1, 3, 5, 7), strict=True)
    ]

    about = read(tmp_path, rows).sheets[0].columns[1]

    assert (about.column, about.by) == ("identity_number", "content")


def test_several_levels_of_units_make_a_path(tmp_path):
    rows = [["单位", "作业区", "部门", "班组", "姓名"], ["第一采油厂", "北一作业区", "生产组", "一班", "马春杰"]]

    assert read(tmp_path, rows).people.unit_path == [("第一采油厂", "北一作业区", "生产组", "一班")]


def test_several_certificates_of_one_row_are_kept(tmp_path):
    rows = [
        ["姓名", "单位", "证书名称", "有效期至", "证书名称", "有效期至"],
        ["马春杰", "站", "低压电工作业", "2027-03-01", "司索信号", "长期"],
    ]

    (certificates,) = read(tmp_path, rows).people.certificates

    assert [(c.kind, c.expires.last.isoformat() if c.expires else None) for c in certificates] == [
        ("低压电工作业", "2027-03-01"),
        ("司索信号", None),
    ]


def test_row_that_only_adds_a_certificate_is_not_a_duplicate(tmp_path):
    rows = [
        ["姓名", "身份证号", "证书名称", "有效期至"],
        ["马春杰", number(), "低压电工作业", "2027-03-01"],
        [None, None, "司索信号", "2028-03-01"],
    ]

    roster = read(tmp_path, rows, merged=["A2:A3", "B2:B3"])

    assert (roster.counts["people"], roster.counts["certificates"], codes(roster)) == (1, 2, [])


def test_unit_of_the_title_is_taken_where_no_column_names_one(tmp_path):
    roster = read(tmp_path, [["马鞍站党员花名册"], ["姓名", "政治面貌"], ["马春杰", "中共党员"]])

    assert roster.people.unit_path == [("马鞍站",)]


@pytest.mark.parametrize("unit_column", ["单位", "所属单位", "工作单位"])
def test_branch_of_another_place_makes_a_hired_member_floating(tmp_path, unit_column):
    rows = [
        ["姓名", unit_column, "用工形式", "政治面貌", "组织关系所在党支部"],
        ["马春杰", "油建二公司（劳务）", "劳务派遣", "中共党员", "江苏省沛县某村党支部"],
        ["贺红", "油建二公司（劳务）", "外雇工", "中共党员", "油建二公司党支部"],
        ["彭兰", "油建二公司（劳务）", "合同化", "中共党员", "江苏省沛县某村党支部"],
        ["董亮", "油建二公司（劳务）", "外雇工", "群众", "江苏省沛县某村党支部"],
    ]

    assert read(tmp_path, rows).people.is_floating == [True, False, False, False]


def test_old_workbook_and_page_give_the_same_people(tmp_path):
    old = xls(tmp_path / "a.xls", [HEAD, [str(v or "") for v in MA], [str(v or "") for v in HE]])
    page = tmp_path / "b.xls"
    cells = "".join("<tr>" + "".join(f"<td>{v or ''}</td>" for v in row) + "</tr>" for row in (HEAD, MA, HE))
    page.write_bytes(f"<html><table>{cells}</table></html>".encode("gbk"))

    first, second = (read_roster([SourceFile(path, path.name)], today=TODAY) for path in (old, page))

    assert first.people.name == second.people.name == NAMES
    assert first.people.identity_number == second.people.identity_number


def test_two_files_are_one_import(tmp_path):
    one, two = xlsx(tmp_path / "一.xlsx", [HEAD, MA, HE]), xlsx(tmp_path / "二.xlsx", [HEAD, MA])

    roster = read_roster([SourceFile(one, "一.xlsx"), SourceFile(two, "二.xlsx")], today=TODAY)

    assert (roster.counts["rows"], roster.counts["people"]) == (3, 2)
    assert [(p.file, p.row, p.message) for p in roster.problems] == [
        ("二.xlsx", 2, "与第 Sheet1 2 行是同一人，这一行不再计入。"),
    ]


@pytest.mark.slow
def test_two_hundred_thousand_rows_are_read(tmp_path):
    path = tmp_path / "大.csv"
    with path.open("w", encoding="gb18030") as file:
        file.write("姓名,身份证号,单位,政治面貌,入党时间\n")
        for at in range(200_000):
            born = f"19{60 + at % 40}{1 + at % 12:02d}{1 + at % 28:02d}"
            file.write(f"马春杰,{number(born, at % 1000, f'99{at // 1000:04d}')},中心站{at % 900},群众,\n")

    roster = read_roster([SourceFile(path, "大.csv")], today=TODAY)

    assert (roster.counts["rows"], roster.counts["units"]) == (200_000, 900)
