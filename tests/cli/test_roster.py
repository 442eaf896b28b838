"""`ronghe roster import`, run as people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from ronghe.cli.main import cli
from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import Person, RosterImport
from tests.domain.org.calc.roster.sheets import HE, HEAD, MA
from tests.factories.org import make_account, make_body, make_person, make_post, make_unit
from tests.kernel.tabular.files import xlsx

SAMPLES = Path(__file__).parents[1] / "data" / "rosters"
YILONG = str(SAMPLES / "yilong_area.xlsx")


def run(*arguments):
    return CliRunner().invoke(cli, ["roster", "import", *map(str, arguments)])


def test_dry_run_reports_what_is_wrong_and_exits_with_one():
    answer = run(YILONG, "--dry-run", "--json")
    said = json.loads(answer.output)

    assert answer.exit_code == 1
    assert {key: said[key] for key in ("files", "rows", "people", "full_members", "probationary_members", "units")} == {
        "files": ["yilong_area.xlsx"], "rows": 65, "people": 64, "full_members": 29, "probationary_members": 2, "units": 6,
    }  # fmt: skip
    assert said["problems"][1] == {
        "file": "yilong_area.xlsx", "sheet": "在册人员", "row": 14, "column": "身份证号", "code": "id_truncated",
        "severity": "error", "message": "身份证号存成了数字，后几位已丢失。请把该列设为文本格式，重新填写完整号码。",
    }  # fmt: skip


def test_dry_run_of_a_clean_roster_exits_with_zero():
    answer = run(SAMPLES / "clean_power.csv", "--dry-run")

    assert answer.exit_code == 0
    assert answer.output.splitlines()[-1] == "没有未决问题，可以导入。这次只核对，没有写入。"


def test_dry_run_needs_no_django_no_database_and_an_empty_home(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    code = (
        "import sys\nfrom ronghe.cli.main import cli\n"
        f"code = cli(['roster', 'import', {YILONG!r}, '--dry-run', '--json'], standalone_mode=False)\n"
        "assert code == 1, code\nfrom django.apps import apps\nassert not apps.ready\n"
        "assert 'django.db' not in sys.modules\n"
    )

    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "RONGHE"))}
    subprocess.run(
        [sys.executable, "-c", code], env=environment | {"RONGHE_HOME": str(home)}, check=True, capture_output=True
    )

    assert list(home.iterdir()) == []


def test_accepted_warnings_exit_with_zero(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [HEAD, MA, [9, *MA[1:]]])

    assert run(path, "--dry-run").exit_code == 1
    assert run(path, "--dry-run", "--accept", "duplicate_row=两次登记").exit_code == 0


def test_errors_are_not_accepted_by_a_reason(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [HEAD, [*MA[:3], 9.9e17, *MA[4:]]])

    assert run(path, "--dry-run", "--accept", "id_truncated=无妨").exit_code == 1


@pytest.mark.parametrize("value", ["duplicate_row", "duplicate_row=", "duplicate_row= ", "no_such_code=理由"])
def test_acceptance_without_a_reason_or_of_an_unknown_code_is_a_usage_error(value):
    assert run(YILONG, "--dry-run", "--accept", value).exit_code == 2


@pytest.mark.parametrize("is_json", [True, False])
def test_unreadable_file_exits_with_two_and_says_why(tmp_path, is_json):
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(b"%PDF-1.7")

    answer = run(path, "--dry-run", *(["--json"] if is_json else []))

    sentence = "“花名册.xlsx”是PDF 文件，不是能读的表格。请另存为 .xlsx 或 .csv 后再选。"
    assert (answer.exit_code, answer.stderr.strip()) == (2, sentence)
    if is_json:
        assert json.loads(answer.stdout) == {
            "files": ["花名册.xlsx"], "code": "wrong_file_type", "detail": sentence, "file": "花名册.xlsx",
        }  # fmt: skip


def test_one_unreadable_file_refuses_all_of_them(tmp_path):
    bad = tmp_path / "a.xlsx"
    bad.write_bytes(b"")

    assert run(YILONG, bad, "--dry-run").exit_code == 2


def test_several_files_are_one_report():
    said = json.loads(run(YILONG, SAMPLES / "clean_power.csv", "--dry-run", "--json").output)

    assert (said["files"], said["rows"]) == (["yilong_area.xlsx", "clean_power.csv"], 185)


def test_report_is_written_as_a_workbook(tmp_path):
    target = tmp_path / "问题.xlsx"

    run(YILONG, "--dry-run", "--report", target)

    assert [(s.title, s.max_row) for s in load_workbook(target)] == [("问题清单", 9), ("在册人员", 9)]


def test_day_to_judge_by_may_be_given():
    said = json.loads(run(SAMPLES / "nanyi1_zone.xlsx", "--dry-run", "--json", "--as-of", "2026-03-01").output)

    assert (said["certificates_expired"], said["floating_members"]) == (21, 8)


def test_help_shows_examples_and_exit_codes():
    said = run("--help").output

    assert ("ronghe roster import 花名册.xlsx --dry-run" in said, "退出码：0" in said) == (True, True)


@pytest.fixture
def clerk(db):
    area = make_unit("仪陇输气作业区", kind=UnitKind.OPERATION_AREA)
    committee = make_body("仪陇输气作业区党委", kind=PartyOrgKind.COMMITTEE, unit=area)
    make_body("仪陇中心站党支部", parent=committee, unit=make_unit("仪陇中心站", parent=area))
    person = make_person("何芳", unit=area)
    make_post(person, PostRole.COMMITTEE_CLERK, body=committee)
    make_account(person, "clerk")
    return person


def import_as(who, path, *further):
    return CliRunner().invoke(cli, ["--as", who, "roster", "import", str(path), "--declare-unclassified", *further])


def test_import_writes_and_the_second_time_says_that_nothing_changed(tmp_path, clerk):
    path = xlsx(tmp_path / "a.xlsx", [HEAD, MA, HE])

    first, second = import_as("clerk", path), import_as("clerk", path, "--json")

    assert first.exit_code == 0, first.output
    assert first.output.splitlines()[-1] == (
        "已导入：新增 2 人，更新 0 人，未变 0 人；单位 1 个，党组织 0 个，编入党组织 0 人次，任职 0 项，证书 0 本。"
    )
    written = json.loads(second.output)["written"]
    assert (written["added"], written["changed"], written["unchanged"]) == (0, 0, 2)
    assert Person.objects.get(name="马春杰").born_on == date(1983, 2, 4)
    assert import_as("clerk", path).output.splitlines()[-1] == "与已有记录完全相同，没有改动（2 人）。"


def test_import_with_open_problems_writes_nothing(clerk):
    answer = import_as("clerk", YILONG)

    assert (answer.exit_code, RosterImport.objects.count()) == (1, 0)


def test_import_without_the_declaration_is_refused_pi_06(tmp_path, clerk):
    path = xlsx(tmp_path / "a.xlsx", [HEAD, MA])

    answer = CliRunner().invoke(cli, ["--as", "clerk", "roster", "import", str(path)])

    assert (answer.exit_code, answer.exception.code) == (1, "not_declared")
    assert not RosterImport.objects.exists()


def test_import_into_a_body_that_is_not_one_s_own_is_refused(tmp_path, clerk):
    path = xlsx(tmp_path / "a.xlsx", [HEAD, MA])

    answer = import_as("clerk", path, "--body", "平昌党支部")

    assert (answer.exit_code, answer.exception.code) == (1, "which_body")
