"""`ronghe campaign`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.campaigns.models import ThemedActivity
from ronghe.domain.campaigns.services.stages import GateMissing
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.kernel.errors import NotFound
from tests.factories.campaigns import carry_out, fresh, make_story, run_campaign
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
LEAD, CLERK = ("--as", "lead", "campaign"), ("--as", "clerk", "campaign")


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    made = make_story()
    for login, person in (("lead", made.secretary), ("clerk", made.field.clerk), ("plain", made.members[0])):
        make_account(person, login)
    return made


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_campaign_is_shown_summed_up_and_reported(story):
    campaign = run_campaign(story.branch)
    assert told(*LEAD, "list", "--state", "running")["items"][0]["id"] == campaign.pk
    assert "对标年" in run(*LEAD, "list")
    assert told(*LEAD, "show", campaign.pk)["stages"][0]["missing"] == ["动员会"]
    assert "- 动员会" in run(*LEAD, "show", campaign.pk)
    with pytest.raises(GateMissing):
        run(*LEAD, "stage", campaign.pk, "mobilize", "--text", "写了")
    with pytest.raises(NotFound):
        run(*LEAD, "stage", campaign.pk, "nothing", "--text", "写了")
    for code in ("mobilize", "measure", "accept"):
        assert told(*LEAD, "stage", campaign.pk, code, "--text", "写了", "--reason", "缺会")["number"] == 1
    assert told(*LEAD, "stage", campaign.pk, "accept", "--text", "改", "--reason", "笔误", "--correct")["number"] == 2
    with pytest.raises(NotFound):
        run(*CLERK, "report", campaign.pk)
    sections = ("--section", "done=一", "--section", "figures=二")
    assert told(*LEAD, "report", campaign.pk, *sections)["state"] == "draft"
    assert told(*LEAD, "report", campaign.pk, "--hand-in")["state"] == "handed_in"
    assert told(*LEAD, "report", campaign.pk, "--take-back")["state"] == "draft"
    told(*LEAD, "report", campaign.pk, "--hand-in")
    assert told(*CLERK, "report", campaign.pk, "--return", "补")["state"] == "returned"
    told(*LEAD, "report", campaign.pk, "--hand-in")
    assert "已审阅" in run(*CLERK, "report", campaign.pk, "--accept")
    assert run("--as", "plain", "campaign", "report", campaign.pk).startswith("对标年")


def test_a_themed_activity_is_planned_and_its_figures_entered(story, morning):
    planned = (
        "activity", "--body", story.branch.pk, "--theme", "production", "--title", "立功赛", "--from", "2026-09-14 08:00",
        "--until", "2026-09-14 09:00",
    )  # fmt: skip
    made = told(*LEAD, *planned)
    themed = fresh(ThemedActivity.objects.get(pk=made["id"]))
    carry_out(themed.activity, story.secretary, story.members, morning)
    done = told(*LEAD, "result", themed.pk, "--figure", "solved=2", "--note", "两项")
    assert done["figures"] == {"solved": "2"}
    assert "solved=2" in run(*LEAD, "activities")
    assert told(*LEAD, "activities")["items"][0]["figures"] == {"solved": "2"}
    year = told(*LEAD, "year", "--year", "2026")
    assert [row["sums"] for row in year["themes"] if row["held"]] == [
        [{"title": "解决生产问题", "value": "2", "unit": "个"}]
    ]
    assert "解决生产问题 2 个" in run(*LEAD, "year")


def test_what_cannot_be_read_is_said(story):
    for wrong in (
        ("result", 1, "--figure", "solved"), ("result", 1, "--figure", "=2"), ("activity", "--theme", "learning"),
    ):  # fmt: skip
        done = CliRunner().invoke(cli, [str(one) for one in (*LEAD, *wrong)])
        assert done.exit_code == 2 or isinstance(done.exception, NotFound), wrong


def test_a_planned_activity_is_given_its_theme(story, morning):
    activity = plan_activity(
        activity_type=ActivityType.THEMED_ACTIVITY, body=story.branch, place="会议室", scheduled_from=morning,
        scheduled_until=morning + timedelta(hours=1), actor=story.secretary, at=morning,
    )  # fmt: skip
    with pytest.raises(NotFound):
        run("--as", "plain", "campaign", "activity", "--theme", "learning", "--for", activity.pk)
    assert told(*LEAD, "activity", "--theme", "integrity", "--for", activity.pk)["theme"] == "integrity"
