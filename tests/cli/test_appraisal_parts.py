"""`ronghe run|figure|veto|panel`: self-check and objections, figures, vetoes, panels, what follows."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.appraisal.models import Figure, Panel, Remark, Run, VetoCase
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.appraisal import a_quarter, adopt, computed_run, final_run, make_field, published_run, study
from tests.factories.org import make_account, make_person

SHANGHAI = ZoneInfo("Asia/Shanghai")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 14, 9, 0, tzinfo=SHANGHAI))


@pytest.fixture
def field():
    made = make_field()
    a_quarter(made)
    adopt(made.north)
    for name in ("clerk", "auditor", "south_secretary"):
        make_account(getattr(made, name), name)
    return made


def ronghe(account: str, *arguments: object):
    return CliRunner().invoke(cli, ["--as", account, *(str(argument) for argument in arguments)])


def test_self_check_remark_and_taking_back(field):
    run = computed_run(field)
    assert "2026-10-19" in ronghe("clerk", "run", "check", run.pk).stdout
    [late] = study(field.south)
    assert str(late.pk) in ronghe("south_secretary", "run", "missing", run.pk, field.south.pk).stdout
    said = ("run", "remark", run.pk, field.south.pk, "--text", "漏了", "--node", "study", "--fact", late.pk)
    assert ronghe("south_secretary", *said).exit_code == 0
    assert ronghe("auditor", "run", "review", run.pk).exit_code == 1
    assert json.loads(ronghe("auditor", "run", "remarks", "--json").stdout)[0]["fact"] == late.pk
    assert ronghe("south_secretary", "run", "take-back", Remark.objects.get().pk).exit_code == 0


def test_an_objection_that_holds_is_computed_again(field):
    run = published_run(field)
    assert ronghe("south_secretary", "run", "object", run.pk, field.south.pk, "--text", "漏了").exit_code == 0

    done = ronghe("auditor", "run", "answer", Remark.objects.get().pk, "--upheld", "--text", "是漏了")

    assert (done.exit_code, Run.objects.get(pk=run.pk).state) == (0, "draft")


def test_what_follows_is_written_to_a_file(field, tmp_path):
    run = final_run(field)
    for name in ("a.xlsx", "a.csv"):
        assert ronghe("clerk", "run", "consequences", run.pk, "--out", tmp_path / name).exit_code == 0

    assert "1.1" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")


def test_figures_are_entered_tried_imported_and_listed(field, tmp_path):
    assert "story_output" in ronghe("clerk", "figure", "items").stdout
    line = ("story_output", "南一联合站党支部", "2026Q3", "98.5", "--source", "日报", "--vouched-by", "王工")
    assert ronghe("clerk", "figure", "enter", *line).exit_code == 0
    twice = ronghe("clerk", "figure", "enter", *line)
    assert twice.exit_code == 1
    path = tmp_path / "指标.xlsx"
    head = ["指标", "单位", "期间", "数值", "数据来源", "担保人", "更正编号"]
    rows = [["story_output", "北二采油队党支部", "2026Q3", 97, "日报", "王工", ""]]
    write_workbook(path, [SheetOut("指标", head, rows)])
    assert ronghe("clerk", "figure", "import", path, "--try").exit_code == 0
    assert Figure.objects.count() == 1
    assert ronghe("clerk", "figure", "import", path).exit_code == 0
    assert ronghe("clerk", "figure", "import", path, "--try").exit_code == 1
    assert len(json.loads(ronghe("clerk", "figure", "list", "--json").stdout)) == 2


def test_a_veto_is_raised_reviewed_and_lifted_rt_07(field, tmp_path):
    assert "accident" in ronghe("clerk", "veto", "kinds").stdout
    said = ("--on", "2026-08-20", "--until", "2027-08-19", "--evidence", "通报 8 号")
    assert ronghe("clerk", "veto", "raise", "accident", "南一联合站党支部", *said).exit_code == 0
    case = VetoCase.objects.get()
    paper = tmp_path / "通报.pdf"
    paper.write_bytes(b"%PDF-1.7 nothing")
    assert ronghe("clerk", "veto", "attach", case.pk, "--file", paper).exit_code == 0
    assert case.files.get().name == "通报.pdf"
    assert ronghe("clerk", "veto", "review", case.pk, "--holds", "--text", "属实").exit_code == 1
    assert ronghe("auditor", "veto", "review", case.pk, "--holds", "--text", "属实").exit_code == 0
    assert json.loads(ronghe("auditor", "veto", "list", "--json").stdout)[0]["state"] == "in_force"
    assert ronghe("auditor", "veto", "lift", case.pk, "--text", "撤销", "--from", "2026-08-20").exit_code == 0


def test_a_panel_is_opened_marked_and_counted(field):
    for number in (1, 2, 3):
        make_account(make_person(f"评委{number}", home=field.north), f"judge{number}")
    wanted = (
        "panel", "open", "采油一厂党委", "story_visit", "--title", "督导", "--period", "2026Q3", "--criterion",
        "完成任务 0.6", "--criterion", "服务群众 0.4", "--of", "南一联合站党支部", "--of", "北二采油队党支部", "--by", "评委1",
        "--by", "评委2", "--by", "评委3", "--until", "2026-10-20", "--least", "2", "--trim", "0",
    )  # fmt: skip
    assert ronghe("clerk", *wanted).exit_code == 0
    panel = Panel.objects.get()
    assert ronghe("judge1", "panel", "keep-out", panel.pk, 2, "--reason", "亲属").exit_code == 0
    assert ronghe("judge1", "panel", "mark", panel.pk, "1=90,80").exit_code == 0
    assert ronghe("judge2", "panel", "mark", panel.pk, "1=90,x").exit_code == 2
    for judge in ("judge2", "judge3"):
        assert ronghe(judge, "panel", "mark", panel.pk, "1=90,80", "2=60,60").exit_code == 0
    assert ronghe("clerk", "panel", "count", panel.pk).exit_code == 0
    shown = json.loads(ronghe("clerk", "panel", "show", panel.pk, "--json").stdout)
    assert [one["score"] for one in shown["subjects"]] == ["86.0000", "60.0000"]
    assert "督导" in ronghe("judge1", "panel", "list").stdout
    assert ronghe("clerk", "panel", "void", panel.pk, "--reason", "重来").exit_code == 0
