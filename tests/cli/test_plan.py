"""`ronghe plan`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone
from openpyxl import Workbook

from ronghe.cli.main import cli
from ronghe.domain.planning.models import PlanItem
from ronghe.kernel.errors import DomainError, NotFound
from tests.factories.org import make_account, make_person
from tests.factories.planning import QUARTER, STUDY, WELDING, make_agreed, make_field, make_gathering

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def field(db):
    story = make_field()
    for login, person in (("shuji", story.secretary), ("jingli", story.manager), ("plain", story.member)):
        make_account(person, login)
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_plan_goes_from_draft_to_the_closed_quarter(field, morning, tmp_path):
    ours, theirs = ("--as", "shuji", "plan"), ("--as", "jingli", "plan")
    number = told(*ours, "draft", "--body", field.branch.pk, "--period", QUARTER, "--head", "马会军")["id"]
    table = tmp_path / "计划.xlsx"
    book = Workbook()
    book.active.append(["计划内容", "类别", "目标", "生产负责人", "党建负责人", "完成时限"])
    book.active.append([WELDING, "生产", "焊完", "杜秀英", "常有福", "2026-09-25"])
    book.active.append([STUDY, "党建", "挂牌", "杜秀英", "谁", "2026-09-25"])
    book.save(table)
    assert "E3  党建负责人" in run(*ours, "import", number, table, "--dry-run")
    with pytest.raises(DomainError):
        run(*ours, "import", number, table)
    assert PlanItem.objects.count() == 0
    told(
        *ours, "item", number, "--title", WELDING, "--figure", 12, "--unit", "道", "--production", "杜秀英", "--party", "常有福",
        "--due", "2026-09-25",
    )  # fmt: skip
    run(*ours, "agree", number, "--offer", "--side", "party")
    assert told(*theirs, "agree", number, "--side", "production")["state"] == "agreed"

    make_gathering(field, morning)
    run(*ours, "check", number, QUARTER)
    (line,) = told(*ours, "show", number)["lines"]
    checks = {aspect: one["id"] for aspect, one in line["checks"].items()}
    assert told(*ours, "confirm", checks["planned"])["state"] == "confirmed"
    told(*ours, "gap", checks["assigned"])
    for aspect in ("assigned", "carried_out"):
        run(*ours, "confirm", checks[aspect], "--waive", "--reason", "随生产")
    assert [row["aspect"] for row in told(*ours, "gap")] == ["appraised"]
    assert "同考核" in run(*ours, "gap")
    assert "短板 1 处" in run(*ours, "check", number, QUARTER, "--close")
    assert "同谋划√" in run(*ours, "show", number)
    assert QUARTER in run(*ours, "list")
    for kind in ("xlsx", "pdf", "docx"):
        run(*ours, "export", number, tmp_path / f"表.{kind}")
        assert (tmp_path / f"表.{kind}").stat().st_size > 1_000
    run(*ours, "item", line["item"], "--done", "2026-09-14", "--result", "焊完")
    run(*ours, "item", line["item"], "--drop", "--reason", "并入")


def test_who_may_not_see_gets_nothing(field, morning):
    plan = make_agreed(field, morning)
    make_account(make_person("外人"), "waibu")
    assert told("--as", "plain", "plan", "list")["count"] == 1
    assert told("--as", "waibu", "plan", "list")["items"] == []
    for arguments in (("show", plan.pk), ("agree", plan.pk, "--offer"), ("confirm", 1), ("item", 1, "--drop")):
        with pytest.raises(NotFound):
            run("--as", "waibu", "plan", *arguments)
