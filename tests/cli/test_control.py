"""`ronghe control`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import io
import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.control_register import NumberUnreadable
from ronghe.cli.control_structure import LineUnreadable
from ronghe.cli.finding import NoSuchBody
from ronghe.cli.main import cli
from ronghe.domain.control.models import IdleClaim, OutsideApproval, WorkPart, WorkProcess
from ronghe.domain.control.services.losing import NoOtherSide
from ronghe.domain.control.services.moving import BeforeNotAccepted
from ronghe.domain.control.services.structure import PartInUse, PartMisplaced
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed, NotFound, Stale
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.control import accept, make_site
from tests.factories.org import make_account, make_body, make_person
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    site = make_site()
    people = {"a": site.builders[0], "b": site.builders[1], "c": site.builders[2], "sup": site.supervisor, "own": site.owner,
              "lead": site.manager, "design": site.designer, "rev": site.reviewers[0], "safe": site.safety,
              "clerk": site.zone.clerk}  # fmt: skip
    for login, person in people.items():
        make_account(person, login)
    return site


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "现场.jpg"
    path.write_bytes(photo().content.read())
    return path


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_process_from_the_own_check_to_excellent(site, picture):
    first, second = (process.pk for process in site.processes[:2])
    assert [one["id"] for one in told("--as", "a", "control", "todo")] == [first]
    with pytest.raises(BeforeNotAccepted):
        run("--as", "a", "control", "act", second, "start")
    run("--as", "a", "control", "act", first, "self", "--note", "坡度合格", "--photo", picture)
    run("--as", "b", "control", "act", first, "mutual")
    run("--as", "c", "control", "act", first, "special", "--measured", 20, "--passed", 20)
    with pytest.raises(NotAllowed):
        run("--as", "own", "control", "act", first, "accept")
    assert "已验收" in run("--as", "sup", "control", "act", first, "accept")
    assert told("--as", "own", "control", "rate", site.project.pk) == {"done": 1, "refused": []}
    [row] = told("--as", "lead", "control", "processes", site.project.pk, "--rating", "excellent")
    assert (row["name"], row["code"]) == ("管沟开挖", "accepted")
    assert "优质 1 / 4" in run("--as", "lead", "control", "show", site.project.pk)
    assert told("--as", "lead", "control", "list", "--zone", site.zone.zone.pk)[0]["accepted"] == 1
    assert "1/4" in run("--as", "lead", "control", "list")
    assert "待验收" not in run("--as", "sup", "control", "todo")
    run("--as", "lead", "control", "act", first, "rate-plain")
    run("--as", "sup", "control", "act", first, "reopen", "--note", "渗水")
    assert WorkProcess.objects.get(pk=first).reworks == 1


def test_a_sheet_and_a_copy(site, tmp_path):
    def sheet(point):
        out = io.BytesIO()
        head = ["单位工程", "分部工程", "分项工程", "检验批", "工序", "控制点"]
        rows = [["变电所", "电气", "盘柜", "1号", "就位", point]]
        write_workbook(out, [SheetOut(title="工序", head=head, rows=rows, widths=[10] * 6)])
        path = tmp_path / "工序.xlsx"
        path.write_bytes(out.getvalue())
        return path

    base = ("--as", "lead", "control", "import", site.project.pk)
    assert "F2" in run(*base, sheet("X"), "--check")
    assert told(*base, sheet("H"), "--check") == {"rows": 1, "problems": []}
    assert not WorkProcess.objects.filter(name="就位").exists()
    assert told(*base, sheet("H")) == {"processes": 1}


def test_a_review_with_a_deputy(site, morning):
    review = told("--as", "design", "control", "submit", site.project.pk, "--title", "总图", "--discipline", "civil",
                  "--reviewer", f"{site.reviewers[0].name}:{site.owner.name}")["id"]  # fmt: skip
    run("--as", "own", "control", "opinion", review, "--comment", "缺标高")
    item = WorkItem.objects.get(kind="design_comment")
    said = Said(note="已补", values={"answer": "adopted"})
    take_step(item=item, step="answer", actor=site.designer, at=morning, said=said)
    take_step(item=item, step="accept", actor=site.owner, at=morning)
    assert told("--as", "design", "control", "resubmit", review)["code"] == "agreed"
    assert "计时停止" in run("--as", "lead", "control", "issue", review)
    assert "已签发 1 份" in run("--as", "lead", "control", "reviews", site.project.pk)
    other = told("--as", "design", "control", "submit", site.project.pk, "--title", "总图二", "--discipline", "civil",
                 "--reviewer", site.owner.name)["id"]  # fmt: skip
    assert told("--as", "design", "control", "withdraw", other, "--reason", "重出")["code"] == "withdrawn"
    run("--as", "clerk", "control", "pace", "--body", site.project.body.name, "--old", "8", "--target", "1.5")
    with pytest.raises(NumberUnreadable):
        run("--as", "clerk", "control", "pace", "--body", site.project.body.name, "--old", "八", "--target", "1")


def test_before_commissioning(site, morning, picture):
    base = site.project.pk
    for aspect in ("design", "quality", "unfinished"):
        run("--as", "sup", "control", "aspect", base, aspect, "--on", "2026-09-14")
    point = told("--as", "sup", "control", "point", base, "--aspect", "quality", "--title", "露丝不足", "--owner",
                 site.builders[0].name, "--due", "2026-09-16 18:00", "--measure", "更换", "--photo", picture)["item"]  # fmt: skip
    item = WorkItem.objects.get(pk=point)
    take_step(item=item, step="dismiss", actor=site.manager, at=morning, said=Said(note="已符合"))
    for process in site.processes:
        accept(site, process, morning)
    assert told("--as", "own", "control", "ready", base) == {"is_ready": True, "gaps": []}
    assert "已撤回确认" in run("--as", "own", "control", "ready", base, "--take-back", "漏查")
    with pytest.raises(NotFound):
        run("--as", "own", "control", "ready", base, "--take-back", "漏查")


def test_losses_approvals_and_incidents(site, morning, picture):
    base = site.project.pk
    given = ("--cause", "drawings", "--on", "2026-09-11", "--crew", "一班", "--people", 6, "--hours", "36.5", "--cost", "4380",
             "--basis", "120 元", "--answerer", site.owner.name)  # fmt: skip
    with pytest.raises(NoOtherSide):
        run("--as", "a", "control", "loss", base, *given, "--answers", "别家")
    made = told("--as", "a", "control", "loss", base, *given, "--answers", site.units["owner"].name)
    assert (made["yuan"], made["hours"]) == ("4380", "36.5")
    item = IdleClaim.objects.get().item
    take_step(item=item, step="contest", actor=site.owner, at=morning, said=Said(note="少"))
    run("--as", "a", "control", "loss-again", item.pk, "--hours", "18", "--note", "一天")
    item.refresh_from_db()
    take_step(item=item, step="confirm", actor=site.owner, at=morning)
    assert told("--as", "lead", "control", "losses", base)["hours"] == "18.00"
    assert "合计 4380" in run("--as", "lead", "control", "losses", base)
    number = told("--as", "lead", "control", "approval", base, "--kind", "grid", "--title", "并网", "--authority", "供电公司",
                  "--owner", site.owner.name, "--expected", "2026-10-01")["item"]  # fmt: skip
    run("--as", "own", "control", "approval-step", number, "submit", "--on", "2026-08-22")
    assert told("--as", "lead", "control", "approvals", base)[0]["all_days"] == 23
    run(
        "--as",
        "own",
        "control",
        "approval-step",
        number,
        "get",
        "--on",
        "2026-09-14",
        "--document",
        "88",
        "--photo",
        picture,
    )
    assert OutsideApproval.objects.get().document_number == "88"
    row = told("--as", "safe", "control", "incident", base, "accident", "--on", "2026-09-02")["id"]
    assert told("--as", "lead", "control", "list")[0]["free_of_accidents"] == 12
    run("--as", "lead", "control", "incident-withdraw", row, "--reason", "误报")
    assert told("--as", "lead", "control", "list")[0]["free_of_accidents"] == 197
    body = site.project.body.name
    run("--as", "clerk", "control", "rule", "--body", body, "--percent", "95.5", "--measured")
    assert "own:" in run("--as", "clerk", "control", "cause", "--body", body, "等吊车")


def test_a_stranger_finds_nothing(site):
    make_account(make_person("倪春梅", home=make_body()), "stranger")
    assert told("--as", "stranger", "control", "list") == []
    with pytest.raises(NotFound):
        run("--as", "stranger", "control", "show", site.project.pk)


def test_parts_and_processes_one_by_one(site):
    base = site.project.pk
    above = told("--as", "lead", "control", "part", base, "unit_work", "变电所", "--lot", "二标段")["id"]
    with pytest.raises(PartMisplaced):
        run("--as", "lead", "control", "part", base, "section", "盘柜", "--below", above)
    below = told("--as", "lead", "control", "part", base, "division", "电气", "--below", above)["id"]
    with pytest.raises(PartInUse):
        run("--as", "lead", "control", "part-drop", above)
    renamed = told("--as", "lead", "control", "part-rename", above, "变电站")
    assert (renamed["name"], renamed["lot"]) == ("变电站", "二标段")
    with pytest.raises(NotAllowed):
        run("--as", "a", "control", "part-drop", below)
    run("--as", "lead", "control", "part-drop", below)
    assert not WorkPart.objects.filter(pk=below).exists()

    first, second = (process.pk for process in site.processes[:2])
    kept = WorkProcess.objects.get(pk=second).name
    changed = told("--as", "lead", "control", "process-change", second, "--point", "hold", "--no-before")
    assert (changed["name"], changed["point"]) == (kept, "hold")
    assert not WorkProcess.objects.get(pk=second).links.exists()
    run("--as", "lead", "control", "process-change", second, "--before", first)
    assert WorkProcess.objects.get(pk=second).links.get().before_id == first
    run("--as", "lead", "control", "process-drop", first)
    with pytest.raises(NotFound):
        run("--as", "lead", "control", "process-drop", first)


def test_templates_are_written_used_and_withdrawn(site):
    body = site.project.body.name
    for text in ("验电|see", "验电|hold|标准|二十四", "验电|hold|标准|24|多"):
        with pytest.raises(LineUnreadable):
            run("--as", "clerk", "control", "template", "盘柜", "--body", body, "--line", text)
    with pytest.raises(NoSuchBody):
        run("--as", "a", "control", "template", "盘柜", "--body", body, "--line", "验电")
    lines = ("--line", "验电|hold|GB 50171|12", "--line", "送电")
    made = told("--as", "clerk", "control", "template", "盘柜", "--body", body, *lines)
    assert [line["point"] for line in made["lines"]] == ["hold", "ordinary"]
    run(
        "--as", "clerk", "control", "template", "盘柜二", "--body", body, "--line", "验电|hold", "--replace", made["id"]
    )
    assert [row["name"] for row in told("--as", "clerk", "control", "templates", "--body", body)] == ["盘柜二"]
    lot = site.processes[0].part_id
    assert [one["name"] for one in told("--as", "lead", "control", "template-use", made["id"], lot)] == ["验电"]
    run("--as", "clerk", "control", "template-withdraw", made["id"])
    assert told("--as", "clerk", "control", "templates", "--body", body) == []
    with pytest.raises(NotFound):
        run("--as", "lead", "control", "template-use", made["id"], lot)


def test_what_is_next_with_an_office_and_its_number(site):
    number = told("--as", "lead", "control", "approval", site.project.pk, "--kind", "grid", "--title", "并网", "--authority",
                  "供电公司", "--owner", site.owner.name, "--expected", "2026-10-01")["item"]  # fmt: skip
    run("--as", "own", "control", "approval-next", number, "--phone", "0459-1", "--contact", "周工")
    changed = told("--as", "own", "control", "approval-next", number, "--step", "催一次")
    assert changed == {"id": number, "next_step": "催一次", "expected_on": "2026-10-01"}
    looks = Look.objects.count()
    assert told("--as", "own", "control", "approval-phone", number) == {"phone": "0459-1"}
    assert Look.objects.count() == looks + 1
    with pytest.raises(NotAllowed):
        run("--as", "a", "control", "approval-phone", number)


def test_a_cause_is_offered_no_more(site):
    body = site.project.body.name
    own = run("--as", "clerk", "control", "cause", "--body", body, "等吊车").strip().rpartition("own:")[2]
    run("--as", "clerk", "control", "cause-end", "--body", body, own)
    with pytest.raises(Stale):
        run("--as", "clerk", "control", "cause-end", "--body", body, own)
