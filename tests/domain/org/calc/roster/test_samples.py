"""The sample rosters, read as `expected.json` says."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ronghe.domain.org.calc.roster.checks import certificates_expired
from ronghe.domain.org.calc.roster.reading import SourceFile, read_roster
from ronghe.kernel.tabular.sheets import FileKind

FOLDER = Path(__file__).parents[4] / "data" / "rosters"
EXPECTED = {about["file"]: about for about in json.loads((FOLDER / "expected.json").read_text("utf-8"))}


def read(name, **options):
    return read_roster([SourceFile(FOLDER / name, name)], today=date(2026, 3, 20), **options)


@pytest.mark.parametrize("name", EXPECTED)
def test_sample_gives_the_counts_expected(name):
    expected = {key: value for key, value in EXPECTED[name].items() if key in read(name).counts}

    assert {key: read(name).counts[key] for key in expected} == expected


@pytest.mark.parametrize("name", [name for name, about in EXPECTED.items() if "codes" in about])
def test_sample_gives_the_problems_expected_and_no_others(name):
    assert Counter(p.code for p in read(name).problems) == EXPECTED[name]["codes"]


def test_samples_read_as_one_import_add_up():
    together = read_roster([SourceFile(FOLDER / name, name) for name in EXPECTED], today=date(2026, 3, 20))

    assert together.counts["rows"] == 65 + 157 + 120
    assert together.counts["people"] == 64 + 157 + 120


def test_station_roster_is_understood():
    about, note, choices = read("yilong_area.xlsx").sheets

    assert (about.head.first_row, about.head.last_row, about.reported_by) == (3, 4, "仪陇输气作业区")
    assert about.as_of.first == date(2026, 3, 1)
    assert [c.column for c in about.columns] == [
        "serial", "name", "gender", "identity_number", "born_on", "ethnicity", "education", "team", "job", "trade",
        "skill_level", "political_status", "joined_on", "branch", "party_group", "party_post", "phone", "remark",
    ]  # fmt: skip
    assert [note.skipped, choices.skipped] == ["没有找到表头，按说明页略过。", "隐藏的工作表，没有读取。"]


def test_station_roster_names_rows_as_in_excel():
    assert [(p.row, p.column, p.code) for p in read("yilong_area.xlsx").problems] == [
        (10, "身份证号", "id_check_digit"),
        (14, "身份证号", "id_truncated"),
        (21, "入党时间", "joined_under_18"),
        (22, "身份证号", "id_check_digit"),
        (27, "身份证号", "id_truncated"),
        (34, "入党时间", "probation_overrun"),
        (39, "身份证号", "id_check_digit"),
        (71, "身份证号", "duplicate_row"),
    ]


def test_station_roster_gives_people_as_meant():
    people = read("yilong_area.xlsx").people

    assert people.name[14] == "方宏"
    assert people.phone[3] == "13926658427"
    assert people.unit_path[0] == ("仪陇输气作业区", "仪陇中心站")
    assert people.party_path[0] == ("", "仪陇输气作业区党支部", "第一党小组")
    assert people.party_posts[:4] == [("secretary",), ("deputy_secretary",), (), ("org_member",)]


def test_zone_roster_counts_certificates_of_that_day():
    people = read("nanyi1_zone.xlsx").people
    day = EXPECTED["nanyi1_zone.xlsx"]

    assert certificates_expired(people, date(2026, 3, 1)) == day["certificates_expired_on_2026_03_01"]
    assert sum(people.is_floating) == day["floating_members"]
    assert len(read("nanyi1_zone.xlsx").sheets) == day["sheets"]


def test_zone_roster_knows_roles_and_employment():
    people = read("nanyi1_zone.xlsx").people

    assert Counter(people.participant_role) == {"constructor": 119, "host_site": 22, "supervisor": 9, "owner": 7}
    assert Counter(people.employment) == {"market": 70, "hired": 58, "contract": 29}


def test_power_roster_encoding_is_told():
    roster = read("clean_power.csv")

    assert roster.encodings == {"clean_power.csv": EXPECTED["clean_power.csv"]["encoding"].lower()}
    assert FileKind.CSV.value == "csv"


def test_report_has_the_keys_others_rely_on():
    report = read("yilong_area.xlsx").as_json()

    assert {"files", "rows", "people", "full_members", "probationary_members", "units", "problems"} <= set(report)
    assert report["files"] == ["yilong_area.xlsx"]
    assert list(report["problems"][0]) == ["file", "sheet", "row", "column", "code", "severity", "message"]
    json.dumps(report)


def test_message_shows_numbers_masked_only():
    """PI-09: first three and last four."""
    message = read("yilong_area.xlsx").problems[0].message

    assert message == "身份证号 990***********4210 最后一位校验不符。请核对；号码确实如此的，写明理由后可以接收。"
