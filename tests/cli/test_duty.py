"""`ronghe duty`: the same acts as the pages."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone
from openpyxl import Workbook

from ronghe.cli.duty import ShareUnreadable
from ronghe.cli.main import cli
from ronghe.domain.duties.models import DutySheet
from ronghe.domain.duties.selectors.tables import TableRefused
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.duties import make_duties
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_duties(morning)
    make_account(story.lead, "keeper")
    make_account(story.outsider, "outsider")
    for side, person in story.people.items():
        make_account(person, side)
    return story


def by(login, *arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in ("--as", login, "duty", *arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(login, *arguments):
    return json.loads(by(login, *arguments, "--json"))


def test_a_sheet_on_the_command_line(story, tmp_path):
    story.sheet.rows.all().delete()
    story.sheet.delete()
    number = told("keeper", "open", story.zone.pk)["id"]
    assert DutySheet.objects.get().pk == number
    by("keeper", "add", number, "--topic", "safety", "--matter", "动火监护", "--duty", "全程", "--share", "builder:lead:李江",
       "--share", "management:inform", "--rhythm", "month", "--basis", "PC-06")  # fmt: skip
    row = told("keeper", "show", number)["rows"][-1]
    assert row["shares"] == {"builder": ["lead", "李江"], "management": ["inform", ""]}
    by("keeper", "fix", number, row["id"], "--share", "builder:lead:李江")
    by("keeper", "drop", number, row["id"])
    [key] = told("keeper", "gather", number)
    assert key["title"] == "动火监护"
    by("keeper", "gather", number, "--all")
    assert "第 1 版" in by("keeper", "issue", number, "--note", "首次")
    assert "确认" in by("builder", "agree", number)
    assert "异议" in by("supervision", "agree", number, "--object", "人手不够")
    states = {one["side"]: one["state"] for one in told("keeper", "show", number)["units"]}
    assert (states["builder"], states["supervision"]) == ("agreed", "objected")
    assert len(told("keeper", "changes", number, 1)) == 3
    assert "动火监护" in by("keeper", "show", number)
    by("keeper", "print", number, tmp_path / "清单.pdf")
    assert (tmp_path / "清单.pdf").read_bytes().startswith(b"%PDF")
    assert [one["id"] for one in told("keeper", "list")] == [number]


def test_import_tells_each_cell_and_a_dry_run_writes_nothing(story, tmp_path):
    def table(*rows):
        book = Workbook()
        book.active.append(["类别", "事项", "职责", "属地", "施工", "监理", "管理"])
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "责任表.xlsx")
        return tmp_path / "责任表.xlsx"

    number = story.sheet.pk
    with pytest.raises(TableRefused, match="B2"):
        by("keeper", "import", number, table(["安全", "", "d", "主责", "", "", ""]))
    right = table(["安全", "受限空间", "专人监护", "主责 王玉珍", "", "", ""])
    assert "1 条都可以导入" in by("keeper", "import", number, right, "--dry-run")
    assert len(told("keeper", "show", number)["rows"]) == 2
    by("keeper", "import", number, right)
    assert len(told("keeper", "show", number)["rows"]) == 3


def test_who_may_not_is_told_so(story):
    number = story.sheet.pk
    for arguments in (("gather", number), ("issue", number)):
        with pytest.raises(NotAllowed):
            by("builder", *arguments)
    with pytest.raises(NotAllowed):
        by("keeper", "agree", number)
    for arguments in (("show", number), ("open", story.zone.pk)):
        with pytest.raises(NotFound):
            by("outsider", *arguments)
    with pytest.raises(ShareUnreadable, match="builder:boss"):
        by("keeper", "fix", number, story.sheet.rows.first().pk, "--share", "builder:boss")
    with pytest.raises(NotFound):
        by("keeper", "changes", number, 9)
