"""`ronghe need` and `ronghe survey`: answering asks for every answer and the password."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.cli.survey import AnswererNotYourself, NoSuchTemplate
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.services.people import open_account
from ronghe.domain.surveys.models import Survey, SurveyPerson
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.needs import make_need, triaged, worker_of
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import make_zone
from tests.factories.surveys import make_asked

pytestmark = pytest.mark.django_db
PASSWORD = "Shan-Shui-2026"


@pytest.fixture(autouse=True)
def now(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return morning


def run(*arguments, typed=""):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments], input=typed)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_needs_from_the_command_line(now):
    story = make_zone()
    worker = worker_of(story, "王海")
    for login, person in (("wang", worker), ("clerk", story.clerk), ("lead", story.lead), ("far", make_person())):
        make_account(person, login)
    made = json.loads(
        run("--as", "wang", "need", "raise", "抄表要跑三个站", "--tag", "data", "--place", "北站", "--json")
    )
    double = make_need(story, now, worker_of(story), title="抄表来回跑三个站")
    assert str(made["id"]) in run("--as", "clerk", "need", "doubles", double.pk)
    run("--as", "clerk", "need", "merge", double.pk, made["id"])
    assert "没有找到像的。" in run("--as", "clerk", "need", "doubles", made["id"])
    assert WorkItem.objects.get(pk=double.pk).state == "merged"
    item = triaged(story, now, worker, title="对讲机盲区")
    assert "刘丽萍" in run("--as", "lead", "need", "agree", item.pk, "2026-09-15 09:00", "--link", "6543210")
    assert "对讲机盲区" in run("--as", "lead", "need", "list", "--mine")
    assert json.loads(run("--as", "clerk", "need", "list", "--tag", "data", "--json"))["count"] == 1
    run("--as", "clerk", "need", "targets", "--body", story.committee.pk, 2, 6)
    assert "3 件" in run("--as", "clerk", "need", "board", "--body", story.committee.pk)
    assert json.loads(run("--as", "clerk", "need", "board", "--body", story.committee.pk, "--json"))[0]["total"] == 3
    with pytest.raises(NotFound):
        run("--as", "far", "need", "doubles", made["id"])
    with pytest.raises(NotAllowed):
        run("--as", "far", "need", "raise", "甲", "--tag", "data")


def test_a_survey_from_the_command_line(now):
    story = make_asked(5)
    for login, person in (("owner", story.owner), *((f"p{n}", one) for n, one in enumerate(story.people))):
        open_account(person=person, login=login, password=PASSWORD, actor=None, at=now, must_change_password=False)
    assert "satisfaction" in run("--as", "owner", "survey", "templates")
    with pytest.raises(NoSuchTemplate):
        run("--as", "owner", "survey", "new", "--body", story.body.pk, "--template", "nothing")
    made = json.loads(
        run("--as", "owner", "survey", "new", "--body", story.body.pk, "--template", "satisfaction", "--json")
    )
    number = made["id"]
    assert "5 人" in run("--as", "owner", "survey", "open", number, "2026-09-20 18:00")
    assert "等您答" in run("--as", "p0", "survey", "list", "--mine")
    sheet = "5\n5,4，3,4\n1\n多来现场\n"
    with pytest.raises(AnswererNotYourself):
        run("--as", "p0", "survey", "answer", number, typed=f"{sheet}wrong\n")
    assert not SurveyPerson.objects.filter(has_answered=True).exists()
    for n in range(5):
        said = run("--as", f"p{n}", "survey", "answer", number, typed=f"{sheet}{PASSWORD}\n")
        assert "已交" in said
        assert "多来现场" not in said
    run("--as", "owner", "survey", "extend", number, "2026-09-25 18:00")
    assert "5 人答题" in run("--as", "owner", "survey", "close", number)
    shown = run("--as", "owner", "survey", "results", number)
    assert "5.00" in shown
    assert "多来现场" in shown
    assert json.loads(run("--as", "owner", "survey", "results", number, "--json"))["answered"] == 5
    assert "总体满意吗" in run("--as", "p0", "survey", "show", number)
    with pytest.raises(NotAllowed):
        run("--as", "p0", "survey", "results", number)
    run("--as", "owner", "survey", "copy", number)
    run("--as", "owner", "survey", "drop", Survey.objects.latest("pk").pk)
    assert Survey.objects.latest("pk").state == "dropped"


def test_a_draft_is_changed(now):
    story = make_zone()
    for login, person in (("owner", story.clerk), ("p0", story.members[0])):
        make_account(person, login)
    made = run("--as", "owner", "survey", "new", "--body", story.committee.pk, "--template", "satisfaction", "--json")
    number = json.loads(made)["id"]
    with pytest.raises((NotAllowed, NotFound)):
        run("--as", "p0", "survey", "change", number, "--title", "改名")
    run(
        "--as",
        "owner",
        "survey",
        "change",
        number,
        "--title",
        "秋季满意度",
        "--named",
        "--person",
        story.members[0].name,
    )
    draft = Survey.objects.get(pk=number)
    assert (draft.title, draft.is_named, draft.questions.count() > 0) == ("秋季满意度", True, True)
    assert [row.person for row in SurveyPerson.objects.filter(survey=draft)] == [story.members[0]]


def test_pp_06_a_draft_judges_somebody_from_the_command_line(now):
    story = make_asked(6)
    make_account(story.owner, "owner")
    made = run("--as", "owner", "survey", "new", "--body", story.body.pk, "--template", "satisfaction", "--json")
    number = json.loads(made)["id"]

    offered = run("--as", "owner", "survey", "items")
    told = run(
        "--as", "owner", "survey", "judge", number, "--item", "branch_judged_by_staff:body", "--about", story.body.name,
        "--period", "2026Q3", "--json",
    )  # fmt: skip

    assert "branch_judged_by_staff:body" in offered
    assert json.loads(told) == {
        "id": number, "item": "branch_judged_by_staff", "about": story.body.name, "period": "2026Q3",
    }  # fmt: skip
