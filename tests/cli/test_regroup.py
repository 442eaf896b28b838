from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.cli.regroup import NoGrouping, NothingToSolve, QuestionUnreadable
from ronghe.cli.regroup_drafting import WeightUnreadable
from ronghe.demo import REGROUPING_EXAMPLE as EXAMPLE
from ronghe.domain.regrouping.calc.judging import judge
from ronghe.domain.regrouping.calc.model import Problem
from ronghe.domain.regrouping.calc.plain import from_plain
from ronghe.domain.regrouping.calc.proposals import Proposal
from ronghe.domain.regrouping.models import Regrouping, TravelTime
from ronghe.domain.regrouping.services.solving import ask_proposal
from ronghe.kernel.errors import DomainError, NotFound
from tests.factories.org import make_account
from tests.factories.regrouping import STATIONS, make_area, make_proposal, make_regrouping


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


@pytest.fixture
def area(db):
    area = make_area()
    make_account(area.secretary, "yilong")
    return area


def test_a_branch_is_regrouped_from_the_command_line(area, tmp_path):
    number = told("--as", "yilong", "regroup", "new", area.branch.name, "--groups", 2)["id"]
    solved = told("--as", "yilong", "regroup", "solve", number)
    assert (solved["letter"], solved["broken"]) == ("A", [])
    where = solved["assignment"]["where"]
    person = area.crew[1]
    moved = told("--as", "yilong", "regroup", "move", number, "A", person.name, 2 - where[str(person.pk)])
    assert moved["letter"] == "B"
    assert person.name in run("--as", "yilong", "regroup", "compare", number, "A", "B")
    day = timezone.localdate().isoformat()
    run("--as", "yilong", "regroup", "submit", number, "A")
    run("--as", "yilong", "regroup", "approve", number, "--decided", day)
    assert told("--as", "yilong", "regroup", "carry-out", number)["state"] == "carried_out"
    for name in ("记录.pdf", "记录.docx"):
        run("--as", "yilong", "regroup", "print", number, "--out", tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000
    assert told("--as", "yilong", "regroup", "carry-out", number, "--undo")["state"] == "undone"
    assert told("--as", "yilong", "regroup", "list")["count"] == 1


def test_pins_pairs_and_showing(area):
    now = timezone.now()
    regrouping = make_regrouping(area, now)
    number = regrouping.pk
    run("--as", "yilong", "regroup", "pin", number, "职工1", "--group", "第二党小组")
    run("--as", "yilong", "regroup", "pin", number, "职工2", "--hub", "立山站")
    run("--as", "yilong", "regroup", "apart", number, "职工3", "职工4")
    regrouping.refresh_from_db()
    assert (len(regrouping.pins), len(regrouping.apart)) == (2, 1)
    run("--as", "yilong", "regroup", "pin", number, "职工1")
    run("--as", "yilong", "regroup", "apart", number, "职工3", "职工4", "--free")
    with pytest.raises(NotFound):
        run("--as", "yilong", "regroup", "pin", number, "职工1", "--hub", "没有的站")
    regrouping.refresh_from_db()
    assert (len(regrouping.pins), regrouping.apart) == (1, [])

    make_proposal(regrouping, area, now)

    shown = run("--as", "yilong", "regroup", "show", number, "--explain")
    assert "方案 A" in shown
    assert "能单独管一片" in shown
    assert "代价合计" in shown
    assert "现状" in run("--as", "yilong", "regroup", "show", number, "0")


def test_the_example_is_solved_without_a_database(tmp_path):
    """SD-07: three groups of the gas area, each able to run its region alone."""
    environment = {**os.environ, "RONGHE_HOME": str(tmp_path / "nowhere")}
    done = subprocess.run(
        [sys.executable, "-m", "ronghe", "regroup", "solve", "--file", str(EXAMPLE), "--json"], env=environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    found = Proposal.from_json(json.loads(done.stdout))
    problem = from_plain(Problem, json.loads(EXAMPLE.read_text(encoding="utf-8"))["problem"])
    judged = judge(problem, found.assignment)
    assert judged.broken == ()
    assert judged.alone == 3
    assert judged.objective == found.objective
    assert not (tmp_path / "nowhere" / "ronghe.sqlite3").exists()


def test_the_example_is_printed_as_it_is_shipped(tmp_path):
    """In a process of its own: nobody has set up Django there."""
    environment = {**os.environ, "RONGHE_HOME": str(tmp_path / "nowhere")}
    command = [sys.executable, "-m", "ronghe", "regroup", "example"]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert done.stdout == EXAMPLE.read_text(encoding="utf-8")


def test_an_impossible_question_names_the_rules(tmp_path):
    asked = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    asked["problem"]["requirements"]["needs"] = [{"kind": "trade", "name": "运行", "minimum": 9}]
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(asked), encoding="utf-8")

    with pytest.raises(NoGrouping) as refused:
        run("regroup", "solve", "--file", file)
    assert "大工种“运行”每组至少 9 人" in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"groups": 2, "problem": {"members": [{"id": "x"}]}}', "\udcff"])
def test_a_file_that_is_no_question_is_refused(tmp_path, text):
    file = tmp_path / "problem.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(QuestionUnreadable):
        run("regroup", "solve", "--file", file)


def test_solving_wants_a_number_or_a_file():
    with pytest.raises(NothingToSolve):
        run("regroup", "solve")


def test_what_is_asked_who_leads_and_the_ways_between_stations(area, tmp_path):
    number = told("--as", "yilong", "regroup", "new", area.branch.name, "--groups", 2)["id"]
    asked = told("--as", "yilong", "regroup", "question", number, "--groups", 3, "--weight", "size=90")
    assert (asked["groups"], asked["weights"]["size"], asked["weights"]["party"]) == (3, 90, 20)
    for text in ("mood=1", "size=viel"):
        with pytest.raises(WeightUnreadable):
            run("--as", "yilong", "regroup", "question", number, "--weight", text)
    who = area.crew[1].name
    assert told("--as", "yilong", "regroup", "lead", number, who, "no") == {"person": who, "may_lead": False}
    assert Regrouping.objects.get(pk=number).leading[str(area.crew[1].pk)] is False
    here, there, beyond = STATIONS[:3]
    assert told("--as", "yilong", "regroup", "way", number, here, there, 25) == {"ways": 1}
    assert TravelTime.objects.filter(minutes=25, source="typed").count() == 1
    table = tmp_path / "路程.csv"
    table.write_text(f"{here},{there},26\n", encoding="utf-8")
    assert told("--as", "yilong", "regroup", "import-ways", number, table) == {"ways": 1}
    TravelTime.objects.filter(minutes=40).delete()
    assert told("--as", "yilong", "regroup", "line", number, here, there, beyond) == {"ways": 1}
    with pytest.raises(NotFound):
        run("--as", "yilong", "regroup", "line", number, here, "没有这个站")


def test_people_change_places_and_come_back(area):
    proposal = make_proposal(make_regrouping(area, timezone.now()), area, timezone.now())
    number, where = proposal.regrouping_id, proposal.assignment["where"]
    first = area.crew[1]
    other = next(one for one in area.crew if where[str(one.pk)] != where[str(first.pk)])
    made = told("--as", "yilong", "regroup", "swap", number, "A", first.name, other.name)
    assert (made["letter"], made["source"]) == ("B", "hand")
    assert told("--as", "yilong", "regroup", "back", number, "B")["letter"] == "B"
    with pytest.raises(DomainError):
        run("--as", "yilong", "regroup", "back", number, "B")
    with pytest.raises(NotFound):
        run("--as", "yilong", "regroup", "stop", number, "Z")


def test_a_search_is_stopped_and_a_regrouping_given_up(area):
    now = timezone.now()
    regrouping = make_regrouping(area, now)
    ask_proposal(regrouping=regrouping, actor=area.secretary, at=now)
    assert told("--as", "yilong", "regroup", "stop", regrouping.pk, "A")["solving"] == "failed"
    with pytest.raises(DomainError):
        run("--as", "yilong", "regroup", "return", regrouping.pk, "--reason", "再议")
    assert told("--as", "yilong", "regroup", "drop", regrouping.pk, "--reason", "不划了")["state"] == "dropped"
