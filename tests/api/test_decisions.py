"""议事决策 and 述职评议 through the API: the same acts as the pages, the same refusals."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.decision_shapes import MatterAnswer, MatterRow, SheetLineRow
from ronghe.api.v1.hearings import HearingAnswer, HearingResultAnswer, HearingRow
from ronghe.domain.decisions.services.sheets import LineText, adopt_sheet, draft_sheet, set_line
from ronghe.domain.hearings.enums import GroupKind
from ronghe.domain.hearings.models import Hearing
from tests.factories.decisions import begin, make_committee, make_list, make_matter, make_sitting
from tests.factories.hearings import make_counted, make_field, make_hearing, mark, reporter_of
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
DECISIONS, HEARINGS = "/api/v1/decisions", "/api/v1/hearings"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def get(actor, path):
    return client_of(actor).get(path)


def send(actor, path, **body):
    return client_of(actor).post(path, body, content_type="application/json")


def test_a_matter_goes_from_list_to_report(morning):
    story = make_committee()
    entries = make_list(story, morning)
    offered = get(story.clerk, f"{DECISIONS}/lists/entries").json()
    assert {row["title"] for row in offered} == set(entries)
    entry = entries["年度综合计划"].pk
    made = send(story.clerk, f"{DECISIONS}/matters", body=story.committee.pk, entry=entry, summary="见附件")
    assert made.status_code == 201
    path = f"{DECISIONS}/matters/{made.json()['id']}"
    send(story.clerk, f"{path}/checks", consulted_note="没有不同意见")
    assert send(story.clerk, f"{path}/prepare").json()["state"] == "prepared"
    sitting = make_sitting(story, morning)
    assert send(story.clerk, f"{path}/schedule", activity=sitting.pk).json()["state"] == "scheduled"
    begin(story, sitting, morning)
    settled = send(
        story.clerk, f"{path}/settle", decision="同意", votes_for=4, votes_against=1,
        dissents=[{"person": story.members[0].pk, "text": "指标偏高"}],
    )  # fmt: skip
    assert MatterAnswer(**settled.json()).sittings[0].outcome == "carried"
    part = send(
        story.clerk, f"{path}/parts", title="分解", assignee=story.members[0].pk, due_at="2026-09-20T18:00:00+08:00"
    )
    assert len(part.json()["parts"]) == 1
    assert send(story.clerk, f"{path}/reports", progress="running", text="已下发").status_code == 201
    refused = send(story.clerk, f"{path}/reports", progress="done", text="办完了")
    assert (refused.status_code, refused.json()["code"]) == (409, "lines_unfinished")

    rows = get(story.clerk, f"{DECISIONS}/matters?state=following").json()["items"]
    assert [MatterRow(**row).parts for row in rows] == [1]


def test_others_find_nothing_and_bad_input_is_said(morning):
    story = make_committee()
    entries = make_list(story, morning)
    matter = make_matter(story, entries["年度综合计划"], morning)
    path = f"{DECISIONS}/matters/{matter.pk}"
    assert get(story.member, path).status_code == 404
    assert get(story.member, f"{DECISIONS}/matters").json()["items"] == []
    assert send(story.auditor, f"{path}/withdraw").status_code == 403
    assert send(story.clerk, f"{path}/schedule", activity=999999).status_code == 404
    assert send(story.clerk, f"{path}/settle", decision="好", votes_for=-1).status_code == 422
    assert send(story.clerk, f"{DECISIONS}/matters", body=story.committee.pk, entry=999999).status_code == 404
    outside = send(story.clerk, f"{DECISIONS}/matters", body=story.committee.pk, title="临时事项")
    assert (outside.status_code, outside.json()["code"]) == (422, "outside_the_list")
    assert send(story.clerk, f"{path}/withdraw").json()["state"] == "withdrawn"


def test_lines_leaders_and_lists_are_read_and_done(morning):
    story = make_committee()
    make_list(story, morning)
    sheet = draft_sheet(body=story.committee, year=2026, actor=story.clerk, at=morning)
    text = LineText("member", story.members[0], "联系三区")
    line = set_line(sheet=sheet, text=text, actor=story.clerk, at=morning)
    adopt_sheet(sheet=sheet, actor=story.clerk, at=morning)

    mine = get(story.members[0], f"{DECISIONS}/sheets/mine").json()
    assert line.pk in [SheetLineRow(**row).id for row in mine]
    done = send(story.members[0], f"{DECISIONS}/lines/{line.pk}/done", done_on="2026-09-14", text="到三区")
    assert (done.status_code, done.json()["done"]) == (201, 1)
    assert send(story.member, f"{DECISIONS}/lines/{line.pk}/done", done_on="2026-09-14", text="x").status_code == 404
    assert len(get(story.clerk, f"{DECISIONS}/sheets/{sheet.pk}").json()) == sheet.lines.count()
    assert len(get(story.clerk, f"{DECISIONS}/sheets").json()) == 1
    assert len(get(story.auditor, f"{DECISIONS}/lists").json()) == 1
    assert len(get(story.clerk, f"{DECISIONS}/leaders/{story.committee.pk}").json()) == 5
    assert get(story.member, f"{DECISIONS}/leaders/{story.committee.pk}").status_code == 404
    assert get(story.clerk, f"{DECISIONS}/charters/1/coverage").status_code == 404


def test_a_hearing_goes_from_plan_to_result(morning):
    story = make_field()
    clerk, secretary = story.field.clerk, story.secretaries[0]
    planned = send(
        clerk, HEARINGS, body=story.committee.pk, title="述职评议会", year=2026, chair=story.field.deputy.pk,
        starts_at="2026-09-28T09:00:00+08:00", ends_at="2026-09-28T12:00:00+08:00", place="二楼",
        reports_due_on="2026-09-20",
    )  # fmt: skip
    assert planned.status_code == 201
    hearing = planned.json()["id"]
    for kind, people in (("members", story.delegates), ("employees", story.workers)):
        body = {"people": [person.pk for person in people], "weight": "20"}
        path = f"{HEARINGS}/{hearing}/groups/{kind}"
        assert client_of(clerk).put(path, body, content_type="application/json").status_code == 200
    mine = next(row for row in get(secretary, f"{HEARINGS}/{hearing}").json()["reporters"] if row["is_seen"])
    assert send(secretary, f"{HEARINGS}/reporters/{mine['id']}/report", text="三件事").status_code == 200
    send(clerk, f"{HEARINGS}/{hearing}/open")
    for kind in GroupKind:
        mark(Hearing.objects.get(), kind, [(1, 1, 1)] * 3, morning)
    counted = HearingAnswer(**send(clerk, f"{HEARINGS}/{hearing}/count").json())
    assert {row.grade for row in counted.reporters} == {"good"}
    said = {"kind": "comment", "said_by": story.field.deputy.pk, "text": "再抓班组"}
    send(clerk, f"{HEARINGS}/reporters/{mine['id']}/remarks", **said)
    due = {"problem": "记录不全", "due_at": "2026-10-30T18:00:00+08:00"}
    assert send(clerk, f"{HEARINGS}/reporters/{mine['id']}/problems", **due).status_code == 201
    own = HearingResultAnswer(**send(secretary, f"{HEARINGS}/reporters/{mine['id']}/objection", text="请复核").json())
    assert own.remarks == ["再抓班组"]
    assert send(clerk, f"{HEARINGS}/{hearing}/close").json()["code"] == "objection_time_running"
    assert [HearingRow(**row).state for row in get(secretary, HEARINGS).json()["items"]] == ["counted"]


def test_reporters_read_nothing_of_each_other_and_markers_nothing_at_all(morning):
    story = make_field()
    hearing = make_counted(story, morning)
    other = reporter_of(hearing, story.secretaries[1])
    assert get(story.secretaries[0], f"{HEARINGS}/reporters/{other.pk}").status_code == 404
    seen = get(story.secretaries[0], f"{HEARINGS}/{hearing.pk}").json()
    assert (seen["groups"], [row["score"] for row in seen["reporters"]].count(None)) == ([], 2)
    assert get(story.workers[0], f"{HEARINGS}/{hearing.pk}").status_code == 404
    fresh = make_hearing(story, morning, title="又一场")
    assert send(story.field.auditor, f"{HEARINGS}/{fresh.pk}/open").status_code == 403
