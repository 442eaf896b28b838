from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ronghe.cli.main import cli
from ronghe.cli.playbook import NoSuchPlaybook, playbook
from ronghe.domain.playbooks.calc.library import SHIPPED, shipped_files

BROKEN = """\
schema: 1
id: mine
version: 1
title: {zh: 我的}
mechanisms:
  - id: a
    titel: {zh: 甲, en: A}
    dimension: x
    for: [branch]
    answers: y
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def run(*arguments: object):
    return CliRunner().invoke(playbook, [str(argument) for argument in arguments])


def test_check_of_the_shipped_playbooks_is_clean():
    result = run("check", *shipped_files(), "--json")
    report = json.loads(result.stdout)

    assert (result.exit_code, report["ok"]) == (0, True)
    assert [(one["playbook"]["id"], one["problems"]) for one in report["files"]] == [
        (path.stem, []) for path in shipped_files()
    ]


def test_check_names_line_column_path_and_code(broken: Path):
    result = run("check", broken, "--json")

    (report,) = json.loads(result.stdout)["files"]
    assert result.exit_code == 1
    assert [(p["line"], p["column"], p["path"], p["code"], p["severity"]) for p in report["problems"]] == [
        (4, 1, "title", "missing_words", "error"),
        (6, 5, "mechanisms[0]", "missing", "error"),
        (7, 5, "mechanisms[0].titel", "unknown_key", "error"),
    ]


def test_check_tells_people_where_and_what(broken: Path):
    result = run("check", broken)

    assert f"{broken}:4:1 错误 title\n    缺少英文：请补 en。（missing_words）" in result.stdout


def test_check_of_an_unreadable_file_exits_2_and_still_checks_the_others(broken: Path, tmp_path: Path):
    result = run("check", tmp_path / "nowhere.yaml", broken, "--json")

    report = json.loads(result.stdout)
    assert (result.exit_code, report["ok"]) == (2, False)
    assert [one.get("code") for one in report["files"]] == ["unreadable", None]
    assert len(report["files"][1]["problems"]) == 3


def test_list_shows_every_shipped_playbook():
    found = json.loads(run("list", "--json").stdout)["playbooks"]

    assert [book["id"] for book in found] == [path.stem for path in shipped_files()]
    assert [line.split()[0] for line in run("list").stdout.splitlines()] == [book["id"] for book in found]


def test_show_of_the_daqing_model_has_its_six_institutions():
    """SD-14."""
    data = json.loads(run("show", "daqing_zone", "--json").stdout)

    six = [m["title"]["zh"] for m in data["content"]["mechanisms"] if "six_institutions" in m.get("counts_for", ())]
    assert six == [
        "联席会议",
        "早晚碰头",
        "协作区主题党日",
        "“2+1”考核",
        "分包商及外雇工安全管理",
        "承包商安全管理",
    ]


def test_show_says_cadence_who_answers_and_the_clause():
    result = run("show", "daqing_zone")

    assert "    每天，2 次，现场日历　协作区负责人　《基层党建协作区管理办法》\n" in result.stdout
    assert (
        "    每季，法定工作日历，宽限 5 个工作日　支部书记　《中国共产党支部工作条例（试行）》第十一条" in result.stdout
    )


def test_show_only_one_mechanism_lists_every_field():
    """SD-05: the safety briefing comes after the group meeting and everyone present signs."""
    lines = run("show", "yilong_4plus1", "--only", "safety_briefing").stdout.splitlines()

    assert lines[0] == "名称：安全交底会"
    assert "签字：到会人员都签字" in lines
    assert "先后次序：现场党小组会" in lines
    assert json.loads(run("show", "yilong_4plus1", "--only", "safety_briefing", "--json").stdout)["form"]["signs"] == (
        "everyone"
    )


def test_show_only_refuses_a_mechanism_that_is_not_there():
    result = run("show", "daqing_zone", "--only", "nothing")

    assert result.exception.code == "no_such_mechanism"
    assert str(result.exception) == "范本“一区两部三化”没有制度“nothing”。"


def test_show_tells_the_agreement_the_campaign_and_the_parameters():
    zone, campaign = run("show", "daqing_zone").stdout, run("show", "benchmark_year").stdout

    assert "\n合作协议\n  名称：党建协作区共建协议\n" in zone
    assert "\n参数\n" in zone
    assert "  动员部署（2026-01-01 起，2026-04-01 前）\n" in campaign


def test_compare_says_what_only_one_has_and_the_duties_a_year():
    """B1: two models side by side."""
    result = run("compare", "branch_base", "daqing_zone")

    assert result.stdout.startswith(
        "甲 党支部基础制度（branch_base@2），乙 一区两部三化（daqing_zone@3）\n\n只有乙有\n"
    )
    assert "  联席会议（joint_conference）　每月，法定工作日历，宽限 5 个工作日\n" in result.stdout
    assert "    只有乙：一体化组织\n" in result.stdout
    assert "  党支部：35 → 39（+4）\n" in result.stdout


def test_compare_of_two_files_gives_programs_every_difference(tmp_path: Path):
    base = (SHIPPED / "branch_base.yaml").read_text(encoding="utf-8")
    new = tmp_path / "new.yaml"
    new.write_text(
        base.replace("version: 2\n", "version: 3\n", 1).replace(
            "FREQ=YEARLY, window: year}   # 一般", "FREQ=MONTHLY, window: month}   # 一般"
        ),
        encoding="utf-8",
    )

    found = json.loads(run("compare", "branch_base", new, "--json").stdout)

    assert (found["a"], found["b"], found["same"], found["only_in_b"]) == ("branch_base@2", "branch_base@3", False, [])
    assert [(one["b"], [d["field"] for d in one["differences"]]) for one in found["changed"]] == [
        ("org_life_meeting", ["cadence", "window"])
    ]
    assert {"kind": "branch", "a": 35, "b": 46, "gained": 11} in found["duties_a_year"]


def test_compare_of_the_same_says_so():
    assert run("compare", "daqing_zone", "daqing_zone").stdout.endswith("两份内容相同。\n")


def test_show_takes_a_file_and_refuses_a_broken_one(broken: Path):
    assert run("show", SHIPPED / "branch_base.yaml").stdout.startswith("党支部基础制度  branch_base@2\n")
    assert run("show", broken).exit_code == 1


def test_show_of_an_unknown_playbook_names_the_known_ones():
    result = run("show", "nobody")

    assert isinstance(result.exception, NoSuchPlaybook)
    assert str(result.exception) == "没有范本“nobody”。现有：" + "、".join(p.stem for p in shipped_files()) + "。"


def test_check_needs_neither_database_nor_settings(tmp_path: Path):
    """The shortest road for somebody else's playbook: nothing but the file."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "RONGHE"))}

    result = subprocess.run(
        [sys.executable, "-m", "ronghe", "playbook", "check", str(SHIPPED / "daqing_zone.yaml")],
        env=environment | {"RONGHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def secretary(db):
    from ronghe.domain.org.enums import PostRole
    from tests.factories.org import make_account, make_body, make_person, make_post

    north = make_body("南I-1联合站党支部")
    person = make_person("刘丽", home=north)
    make_post(person, PostRole.SECRETARY, body=north)
    make_account(person, "liu")
    return north


def adopt(*arguments: str):
    return CliRunner().invoke(cli, ["--as", "liu", "playbook", "adopt", *arguments])


def test_adopt_creates_the_obligations_of_the_body(secretary):
    result = adopt("branch_base", "--body", secretary.name, "--from", "2026-01-01", "--json")

    assert json.loads(result.stdout) == {
        "body": {"id": secretary.pk, "name": "南I-1联合站党支部"},
        "playbook": "branch_base@2",
        "from": "2026-01-01",
        "obligations": secretary.obligations.count(),
    }
    assert secretary.obligations.filter(mechanism="general_meeting", due_on__year=2026).count() == 4


def test_adopt_takes_the_bodys_number_and_refuses_the_same_twice(secretary):
    first = adopt("branch_base", "--body", str(secretary.pk), "--from", "2026-01-01")
    second = adopt("branch_base", "--body", str(secretary.pk), "--from", "2026-02-01")

    assert first.stdout.startswith("南I-1联合站党支部自 2026-01-01 起执行 branch_base@2，应办事项 ")
    assert second.exception.code == "already_adopted"


def test_adopt_refuses_a_body_that_the_person_cannot_see(secretary):
    from tests.factories.org import make_body

    make_body("外单位党支部")

    assert adopt("branch_base", "--body", "外单位党支部", "--from", "2026-01-01").exception.code == "no_such_body"
