"""`ronghe decision`: lists, rules of procedure, charters and responsibility sheets; papers and avoidances of a matter."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.finding import NoSuchBody
from ronghe.cli.main import cli
from ronghe.domain.decisions.models import ListEntry, ProcedureRules
from ronghe.domain.decisions.services.editions import NotADraft
from ronghe.kernel.errors import NotFound
from tests.factories.decisions import make_committee, make_list, make_matter, make_matter_before
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    made = make_committee()
    for login, person in (("clerk", made.clerk), ("plain", made.member), ("leader", made.members[0])):
        make_account(person, login)
    return made


def run(*arguments, actor="clerk"):
    given = ["--as", actor, "decision", *(str(argument) for argument in arguments)]
    done = CliRunner().invoke(cli, given, standalone_mode=False)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments, actor="clerk"):
    return json.loads(run(*arguments, "--json", actor=actor))


def test_a_list_is_drafted_edited_and_put_in_force(story):
    draft = told("draft-list", "采油一厂党委")["id"]
    entry = told("set-entry", draft, "--title", "年度综合计划", "--study", "--quorum", "2/3")["id"]
    told("set-entry", draft, "--entry", entry, "--basis", "议事规则第八条")
    changed = ListEntry.objects.get()
    assert (changed.needs_study, changed.quorum, changed.basis) == (True, "2/3", "议事规则第八条")
    wrong = told("set-entry", draft, "--title", "错加的", "--forum", "leading_group")["id"]
    run("drop-entry", draft, wrong)
    assert [row["title"] for row in told("list-show", draft)] == ["年度综合计划"]
    assert told("adopt-list", draft, "--document", "党委会〔2026〕3号")["state"] == "in_force"
    assert "现行" in run("lists")
    with pytest.raises(NotADraft):
        run("set-entry", draft, "--title", "晚了")
    with pytest.raises(NotFound):
        run("set-entry", draft, "--entry", 999, "--title", "没有的")


def test_new_rules_of_procedure_keep_what_is_not_said(story):
    told("adopt-rules", "采油一厂党委", "--document", "党委会〔2026〕1号", "--notice-days", 5, "--no-urgent")
    made = told("adopt-rules", "采油一厂党委", "--document", "党委会〔2026〕9号", "--quorum", "2/3")
    rules = ProcedureRules.objects.get(pk=made["id"])
    assert (made["number"], rules.notice_days, rules.allows_urgent, rules.quorum) == (2, 5, False, "2/3")


def test_whoever_does_not_keep_the_rules_drafts_none(story):
    for command in (["draft-list"], ["draft-charter"], ["adopt-rules", "--document", "抄来的"]):
        with pytest.raises(NoSuchBody):
            run(*command, "采油一厂党委", actor="plain")


def test_clauses_of_a_charter_are_written_linked_and_adopted(story, morning):
    entries = make_list(story, morning)
    draft = told("draft-charter", "采油一厂党委", "--title", "公司章程")["id"]
    clause = told("set-clause", draft, "--label", "第三十一条", "--text", "前置研究")["id"]
    told("set-clause", draft, "--clause", clause, "--label", "第三十二条", "--text", "党委研究讨论是前置程序")
    key = entries["年度综合计划"].key
    link = told("link-clause", draft, clause, "matter", "--reference", key)["id"]
    assert "年度综合计划" in run("charter", draft)
    run("unlink-clause", draft, link)
    assert told("charter", draft)["clauses"][0]["governed"] == []
    spare = told("set-clause", draft, "--label", "第四十条", "--text", "多写的")["id"]
    run("drop-clause", draft, spare)
    assert told("adopt-charter", draft, "--document", "股东会决议")["state"] == "in_force"
    assert [row["state"] for row in told("charters")] == ["in_force"]


def test_a_sheet_is_edited_published_done_and_undone(story):
    sheet = told("draft-sheet", "采油一厂党委", "--year", 2026)
    with pytest.raises(click.UsageError):
        run("set-line", sheet["id"], "--title", "没有写责任人")
    line = told("set-line", sheet["id"], "--layer", "member", "--person", "常有福", "--title", "每月下站",
                "--rhythm", "month")["id"]  # fmt: skip
    told("set-line", sheet["id"], "--line", line, "--field", "安全")
    spare = next(row["id"] for row in told("sheet", sheet["id"]) if row["id"] != line)
    assert told("drop-line", sheet["id"], spare)["lines"] == sheet["lines"]
    assert told("adopt-sheet", sheet["id"])["state"] == "in_force"
    record = told("done", line, "--text", "到了南I-1联合站", actor="leader")["id"]
    mine = next(row for row in told("mine", actor="leader") if row["id"] == line)
    assert [row["id"] for row in mine["records"]] == [record]
    with pytest.raises(NotFound):
        run("undone", line, record, actor="plain")
    run("undone", line, record, actor="leader")
    assert next(row for row in told("mine", actor="leader") if row["id"] == line)["records"] == []


def test_papers_avoidances_and_taking_off_the_agenda(story, morning, tmp_path):
    entries = make_list(story, morning)
    matter = make_matter(story, entries["年度综合计划"], morning)
    paper = tmp_path / "计划草案.pdf"
    paper.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")
    run("paper", matter.pk, paper)
    run("avoid", matter.pk, "常有福", "--reason", "亲属任职")
    assert (matter.papers.count(), matter.avoidances.count()) == (1, 1)
    run("avoid-back", matter.pk, "常有福")
    assert matter.avoidances.count() == 0
    before = make_matter_before(story, entries["中层干部任免"], morning)
    assert told("defer", before.pk)["state"] == "prepared"
