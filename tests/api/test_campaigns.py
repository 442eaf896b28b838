"""专项活动 and 主题活动 through the API: the same acts as the pages, the same refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.campaign_shapes import (
    CampaignAnswer,
    CampaignBoardRow,
    CampaignReportAnswer,
    CampaignRow,
    ThemedRow,
    ThemedYearRow,
)
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import plan_activity
from tests.factories.campaigns import carry_out, fresh, make_held, make_story, run_campaign
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
HOME = "/api/v1/rhythm/campaigns"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    return make_story()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def get(actor, path):
    return client_of(actor).get(path)


def send(actor, path, *, put=False, **body):
    client = client_of(actor)
    return (client.put if put else client.post)(path, body, content_type="application/json")


def test_a_campaign_goes_from_the_stage_to_the_accepted_report(story):
    campaign = run_campaign(story.branch)
    row = CampaignRow(**get(story.secretary, f"{HOME}?state=running").json()["items"][0])
    assert (row.id, row.stages, row.stages_done) == (campaign.pk, 3, 0)
    path = f"{HOME}/{campaign.pk}"
    refused = send(story.secretary, f"{path}/stages/mobilize/summary", text="写了")
    assert (refused.status_code, refused.json()["code"]) == (422, "stage_gate_missing")
    assert send(story.members[0], f"{path}/stages/mobilize/summary", text="我写", reason="x").status_code == 403
    for code in ("mobilize", "measure", "accept"):
        made = send(story.secretary, f"{path}/stages/{code}/summary", text="写了", reason="缺会")
        assert made.status_code == 201
    send(story.secretary, f"{path}/stages/accept/correction", text="改了", reason="笔误")
    whole = CampaignAnswer(**get(story.secretary, path).json())
    assert [(stage.state.value, stage.summary) for stage in whole.stages] == [
        ("done", "写了"), ("done", "写了"), ("done", "改了"),
    ]  # fmt: skip
    assert get(story.field.clerk, f"{path}/report").status_code == 404
    sections = {"done": "一", "figures": "二"}
    saved = send(story.secretary, f"{path}/report", put=True, sections=sections, hand_in=True)
    assert CampaignReportAnswer(**saved.json()).state.value == "handed_in"
    assert send(story.secretary, f"{path}/report/take-back").json()["state"] == "draft"
    send(story.secretary, f"{path}/report", put=True, sections={}, hand_in=True)
    assert send(story.field.clerk, f"{path}/report/return", reason="补").json()["state"] == "returned"
    send(story.secretary, f"{path}/report", put=True, sections=sections, hand_in=True)
    assert send(story.field.clerk, f"{path}/report/accept", note="同意").json()["state"] == "accepted"
    assert get(story.members[0], f"{path}/report").json()["sections"] == sections
    board = get(story.field.clerk, f"{HOME}/board/benchmarks/2026-07-01").json()
    assert CampaignBoardRow(**board[0]).report.value == "accepted"
    assert get(story.secretaries[1], path).status_code == 404
    assert get(story.secretaries[1], f"{HOME}/board/benchmarks/2026-07-01").status_code == 404


def test_a_themed_activity_goes_from_the_plan_to_its_year(story, morning):
    themes = get(story.secretary, f"{HOME}/themes?body={story.branch.pk}").json()
    assert [(theme["code"], theme["figures"]) for theme in themes][1] == ("production", ["solved"])
    given = {
        "body": story.branch.pk, "title": "立功赛", "starts_at": morning.isoformat(),
        "ends_at": (morning + timedelta(hours=2)).isoformat(),
    }  # fmt: skip
    assert send(story.secretary, f"{HOME}/themed", theme="cooking", **given).json()["code"] == "no_such_theme"
    made = send(story.secretary, f"{HOME}/themed", theme="production", **given)
    assert made.status_code == 201
    path = f"{HOME}/themed/{made.json()['id']}"
    early = send(story.secretary, f"{path}/result", put=True, figures={"solved": 1})
    assert early.json()["code"] == "themed_not_over"
    themed = fresh(type("Row", (), {"pk": made.json()["id"]}))
    carry_out(themed.activity, story.secretary, story.members, morning)
    done = send(story.secretary, f"{path}/result", put=True, figures={"solved": "2"}, note="两项")
    assert ThemedRow(**done.json()).figures == {"solved": 2}
    assert ThemedRow(**get(story.members[0], path).json()).figures == {"solved": 2}
    year = [ThemedYearRow(**row) for row in get(story.field.clerk, f"{HOME}/themed/year?year=2026").json()]
    assert [(row.theme, row.quarter, row.held, row.figures) for row in year] == [("production", 3, 1, {"solved": 2})]
    assert get(story.secretaries[1], path).status_code == 404


def test_a_planned_activity_is_given_its_theme(story, morning):
    activity = plan_activity(
        activity_type=ActivityType.THEMED_ACTIVITY, body=story.branch, place="会议室", scheduled_from=morning,
        scheduled_until=morning + timedelta(hours=1), actor=story.secretary, at=morning,
    )  # fmt: skip
    assert send(story.members[0], f"{HOME}/themed/theme", activity=activity.pk, theme="learning").status_code == 404
    made = send(story.secretary, f"{HOME}/themed/theme", activity=activity.pk, theme="integrity")
    assert (made.status_code, made.json()["theme"]) == (201, "integrity")


def test_themed_activities_are_listed_with_their_figures(story, morning):
    make_held(story, morning, figure="learners")
    listed = get(story.secretary, f"{HOME}/themed").json()
    assert ThemedRow(**listed["items"][0]).figures == {"learners": 4}
