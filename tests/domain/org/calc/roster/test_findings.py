"""Each finding, on, just below and just above its boundary."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.org.calc.roster.checks import certificates_expired
from ronghe.domain.org.calc.roster.problems import KINDS, Severity
from ronghe.domain.org.calc.roster.reading import SourceFile, read_roster
from tests.domain.org.calc.roster.sheets import HE, HEAD, MA, codes, number, read
from tests.kernel.tabular.files import sheet_xml, with_part, xlsx


def row(**changes):
    return [changes.get(column, value) for column, value in zip(HEAD, MA, strict=True)]


def found(tmp_path, *rows, **options):
    return [code for _row, _column, code in codes(read(tmp_path, [HEAD, *rows], **options))]


def test_wrong_check_digit_is_a_warning_id_03(tmp_path):
    right = number()
    wrong = right[:17] + ("0" if right[17] != "0" else "1")

    roster = read(tmp_path, [HEAD, row(身份证号=wrong)])

    assert codes(roster) == [(2, "身份证号", "id_check_digit")]
    assert (roster.problems[0].severity, roster.people.identity_number) == ("warning", [wrong])


@pytest.mark.parametrize("cell", [990161198302044353, 9.90161198302044e17, "9.90161E+17", "990161198302044000"])
def test_number_cut_by_excel_is_an_error_id_01(tmp_path, cell):
    roster = read(tmp_path, [HEAD, row(身份证号=cell)])

    assert (codes(roster), roster.people.identity_number) == ([(2, "身份证号", "id_truncated")], [""])


def test_whole_number_that_ends_in_zeros_is_right_id_01(tmp_path):
    whole = next(n for area in range(990100, 990200) if (n := number(serial=100, area=str(area))).endswith("000"))

    assert found(tmp_path, row(身份证号=whole, 性别="女")) == []


@pytest.mark.parametrize(("cell", "code"), [("99016119830204435", "id_length"), ("9901611983020443531", "id_length"),
                                            ("E12345678", "id_not_resident"), ("H1234567890", "id_not_resident"),
                                            ("990161830204435", "id_length"), ("无", "id_length")])  # fmt: skip
def test_number_of_another_length_or_kind_is_told_id_01(tmp_path, cell, code):
    assert found(tmp_path, row(身份证号=cell)) == [code]


def test_number_with_a_day_that_does_not_exist_is_an_error_id_01(tmp_path):
    assert found(tmp_path, row(身份证号=number("19830230"))) == ["id_birth_date"]


def test_lower_case_x_is_the_check_sign_x_id_01(tmp_path):
    with_x = next(n for s in range(1, 999, 2) if (n := number(serial=s)).endswith("X"))

    roster = read(tmp_path, [HEAD, row(身份证号=with_x.lower())])

    assert (codes(roster), roster.people.identity_number) == ([], [with_x])


def test_same_number_and_name_is_a_duplicate_told_at_the_later_row(tmp_path):
    roster = read(tmp_path, [HEAD, MA, HE, row(序号=3, 姓名="马 春杰")])

    assert codes(roster) == [(4, "身份证号", "duplicate_row")]
    assert roster.problems[0].message == "与第 2 行是同一人，这一行不再计入。"
    assert (roster.counts["rows"], roster.counts["people"], roster.people.person) == (3, 2, [0, 1, 0])


def test_same_number_and_another_name_is_a_conflict(tmp_path):
    roster = read(tmp_path, [HEAD, MA, row(序号=2, 姓名="彭兰")])

    assert (codes(roster), roster.counts["people"]) == ([(3, "身份证号", "id_conflict")], 2)
    assert roster.problems[0].severity == "error"


def test_same_name_birth_month_and_unit_without_a_number_is_a_duplicate(tmp_path):
    head = ["姓名", "出生年月", "单位"]

    roster = read(
        tmp_path, [head, ["马春杰", "1983.02", "站"], ["马春杰", "1983年2月", "站"], ["马春杰", "1983.02", "厂"]]
    )

    assert (codes(roster), roster.counts["people"]) == ([(3, "姓名", "duplicate_row")], 2)


def test_same_name_alone_is_never_the_same_person(tmp_path):
    roster = read(tmp_path, [["姓名", "单位"], ["马春杰", "站"], ["马春杰", "站"]])

    assert (codes(roster), roster.counts["people"]) == ([], 2)


def test_same_name_and_day_of_birth_with_another_number_is_asked(tmp_path):
    assert found(tmp_path, MA, row(身份证号=number(serial=437), 班站="马鞍站")) == ["same_name_and_birth"]


def test_same_staff_number_for_two_people_is_a_conflict(tmp_path):
    roster = read(tmp_path, [["工号", "姓名", "单位"], ["10086", "马春杰", "站"], ["10086", "贺红", "站"]])

    assert codes(roster) == [(3, "工号", "staff_number_conflict")]


@pytest.mark.parametrize(
    ("joined", "expected"),
    [("2001-02-03", ["joined_under_18"]), ("2001-02-04", []), ("2001-02-05", []), ("2001.01", ["joined_under_18"]),
     ("2001.02", []), (date(2001, 2, 1), []), ("2001-02-01", ["joined_under_18"])],
)  # fmt: skip
def test_joining_before_the_eighteenth_birthday_is_a_warning_pd_01(tmp_path, joined, expected):
    """Born on 4 February 1983: of age from 4 February 2001; a month counts by its last day."""
    assert found(tmp_path, row(入党时间=joined)) == expected


@pytest.mark.parametrize(
    ("joined", "expected"),
    [("2025-03-01", []), ("2025-02-28", ["probation_overrun"]), ("2025-03-02", []), ("2025.03", []),
     ("2025.02", ["probation_overrun"]), ("2019-07-01", ["probation_overrun"])],
)  # fmt: skip
def test_probation_of_more_than_a_year_is_a_warning_pd_08(tmp_path, joined, expected):
    """The roster stands for March 2026, so for its first day at least."""
    rows = [["填报时间：2026年3月"], HEAD, row(政治面貌="预备党员", 入党时间=joined)]

    assert [code for _r, _c, code in codes(read(tmp_path, rows))] == expected


def test_probation_without_a_date_on_the_sheet_is_judged_today_pd_08(tmp_path):
    rows = [HEAD, row(政治面貌="中共预备党员", 入党时间="2025-09-14")]

    assert codes(read(tmp_path, rows, today=date(2026, 9, 14))) == []
    assert [c for _r, _c, c in codes(read(tmp_path, rows, today=date(2026, 9, 15)))] == ["probation_overrun"]


def test_full_member_is_never_on_probation_pd_08(tmp_path):
    assert found(tmp_path, row(政治面貌="正式党员", 入党时间="2019-07-01")) == []


@pytest.mark.parametrize(
    ("word", "code"),
    [("中共党员", "01"), ("党员", "01"), ("中国共产党党员", "01"), ("中国共产党", "01"), ("中共正式党员", "01"), ("01", "01"),
     ("中共预备党员", "02"), ("预备党员", "02"), ("共青团员", "03"), ("团 员", "03"), ("民盟盟员", "05"), ("九三学社", "10"),
     ("无党派人士", "12"), ("群众", "13"), ("入党积极分子", "13"), ("", ""), ("无", "")],
)  # fmt: skip
def test_political_status_is_known_in_the_words_people_use_id_04(tmp_path, word, code):
    rows = [["姓名", "单位", "政治面貌"], ["马春杰", "站", word]]

    assert read(tmp_path, rows).people.political_status == [code]


def test_unknown_political_status_is_asked_id_04(tmp_path):
    assert found(tmp_path, row(政治面貌="先进", 入党时间=None)) == ["status_unknown"]


@pytest.mark.parametrize(
    ("word", "posts"),
    [("书记", ("secretary",)), ("党支部副书记", ("deputy_secretary",)), ("书记、纪检委员", ("secretary", "discipline_member")),
     ("组织委员兼宣传委员", ("org_member", "publicity_member")), ("党小组长", ("group_leader",)), ("无", ()), (None, ())],
)  # fmt: skip
def test_party_posts_are_known_in_the_words_people_use(tmp_path, word, posts):
    rows = [["姓名", "政治面貌", "党内职务"], ["马春杰", "党员", word]]

    assert read(tmp_path, rows).people.party_posts == [posts]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"姓名": None}, ["name_missing"]),
        ({"姓名": "马春杰2"}, ["name_odd"]),
        ({"姓名": "马" * 40}, []),
        ({"姓名": "马" * 41}, ["text_too_long"]),
        ({"性别": "女"}, ["gender_differs"]),
        ({"性别": "其他"}, ["gender_unknown"]),
        ({"入党时间": "去年"}, ["date_unreadable", "joined_missing"]),
        ({"入党时间": "2021-13"}, ["date_unreadable", "joined_missing"]),
        ({"入党时间": "2026-09-14"}, []),
        ({"入党时间": "2026-09-15"}, ["date_in_future"]),
        ({"入党时间": None}, ["joined_missing"]),
        ({"政治面貌": "群众"}, ["joined_without_status"]),
        ({"班站": None}, ["unit_missing"]),
    ],
)
def test_row_is_found_wrong(tmp_path, changes, expected):
    assert sorted(found(tmp_path, row(**changes))) == sorted(expected)


def test_birth_month_that_differs_is_a_notice_and_the_number_counts(tmp_path):
    roster = read(tmp_path, [["姓名", "身份证号", "出生年月"], ["马春杰", number(), "1983.03"]])

    assert [(p.code, p.severity) for p in roster.problems] == [("birth_differs", "notice")]
    assert roster.people.born[0].first == date(1983, 2, 4)
    assert roster.open_problems() == []


def test_phone_that_is_none_is_a_notice(tmp_path):
    rows = [
        ["姓名", "电话"],
        ["马春杰", "13976497003"],
        ["贺红", "0817-6222333"],
        ["彭兰", "139"],
        ["董亮", "13976497003/13976497004"],
    ]

    roster = read(tmp_path, rows)

    assert codes(roster) == [(4, "电话", "phone_unreadable")]


def test_formula_without_a_value_is_an_error_where_the_column_is_used(tmp_path):
    rows = [["姓名", "单位", "年龄"], ["马春杰", "=B9", "=2026-1983"], ["贺红", "站", 3]]

    roster = read(tmp_path, rows)

    assert [p for p in codes(roster) if p[2] == "formula_without_value"] == [(2, "单位", "formula_without_value")]


def test_formula_error_saved_as_text_is_an_error(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("姓名,单位\n马春杰,#REF!\n", "utf-8")

    roster = read_roster([SourceFile(path, "a.csv")], today=date(2026, 9, 14))

    assert codes(roster) == [(2, "单位", "cell_error"), (2, "单位", "unit_missing")]


def test_formula_with_a_value_is_read(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [["x"]])
    line = "".join(f'<c r="{c}1" t="str"><v>{t}</v></c>' for c, t in zip("AB", ("姓名", "单位"), strict=True))
    cells = '<c r="A2" t="str"><f>C2</f><v>马春杰</v></c><c r="B2" t="str"><v>站</v></c>'
    with_part(path, "xl/worksheets/sheet1.xml", sheet_xml(f'<row r="1">{line}</row><row r="2">{cells}</row>'))

    roster = read_roster([SourceFile(path, "a.xlsx")], today=date(2026, 9, 14))

    assert (roster.people.name, codes(roster)) == (["马春杰"], [])


@pytest.mark.parametrize(("day", "expired"), [(date(2026, 3, 1), 0), (date(2026, 3, 2), 1), (date(2026, 2, 28), 0)])
def test_certificate_is_valid_on_its_last_day(tmp_path, day, expired):
    rows = [["姓名", "证书名称", "有效期至"], ["马春杰", "司索信号", "2026-03-01"]]

    assert certificates_expired(read(tmp_path, rows).people, day) == expired


def test_warnings_stay_open_until_their_code_is_accepted(tmp_path):
    roster = read(tmp_path, [HEAD, MA, row(序号=2)])

    assert [p.code for p in roster.open_problems()] == ["duplicate_row"]
    assert roster.open_problems(frozenset({"duplicate_row"})) == []


def test_errors_cannot_be_accepted(tmp_path):
    roster = read(tmp_path, [HEAD, row(身份证号=9.9e17)])

    assert [p.code for p in roster.open_problems(frozenset({"id_truncated"}))] == ["id_truncated"]


def test_severities_fixed_for_scripts_stay():
    fixed = {"id_check_digit": "warning", "id_truncated": "error", "duplicate_row": "warning", "id_conflict": "error",
             "joined_under_18": "warning", "probation_overrun": "warning"}  # fmt: skip

    assert {code: KINDS[code][0].value for code in fixed} == fixed
    assert {severity for severity, _sentence in KINDS.values()} == set(Severity)
