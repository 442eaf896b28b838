"""Needs on the page: raised on a phone with three fields, joined, helped with, rated; the board; what others may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.items.models import WorkItem
from ronghe.domain.needs.models import HelpMoment, NeedTargets
from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from tests.factories.needs import answered, make_need, rated, triaged, worker_of
from tests.factories.org import make_post
from tests.factories.rhythm import make_meeting

pytestmark = pytest.mark.django_db
HOME = "/work/needs/"
GIVEN = {"title": "抄表要跑三个站", "place": "南I-1联合站", "tags": ["efficiency", "data"]}


@pytest.fixture
def person(story):
    return worker_of(story, "王海")


@pytest.fixture
def worker(person, as_person):
    return as_person(person)


@pytest.fixture
def clerk(story, as_person):
    return as_person(story.clerk)


def test_a_worker_raises_a_need_and_rates_the_help(worker, clerk, lead, story, person, now):
    shown = worker.get(f"{HOME}new/").content.decode()
    assert "采油一厂党委" in shown
    assert worker.post(f"{HOME}new/", {**GIVEN, "tags": [], "body": story.committee.pk}).status_code == 422
    answer = worker.post(f"{HOME}new/", {**GIVEN, "body": story.committee.pk})
    item = WorkItem.objects.get()
    assert (answer.status_code, item.values) == (302, {"tags": ["efficiency", "data"]})
    page = f"/work/items/{item.pk}/"
    due = (now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    given = {"way": "on_site", "owner": story.lead.pk, "due_at": due}
    assert clerk.post(f"{page}steps/triage/", given).status_code == 302
    assert lead.post(f"{page}steps/answer/", {"note": "改远传", "gain_kind": "hours"}).status_code == 422
    gain = {"note": "改远传", "gain_kind": "hours", "gain_before": "40", "gain_after": "10"}
    assert lead.post(f"{page}steps/answer/", gain).status_code == 302
    assert "已解决，评价" in worker.get(page).content.decode()
    assert worker.post(f"{page}steps/rate/", {"score": "5"}).status_code == 302
    assert clerk.post(f"{page}steps/close/", {"gain_holds": "on"}).status_code == 302
    item.refresh_from_db()
    assert item.state == "closed"
    shown = worker.get(page).content.decode()
    assert "帮扶效果" in shown
    assert "已核实" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 1), ("?state=all", 1), ("?state=closed", 0), ("?tag=efficiency", 1), ("?tag=management", 0), ("?tag=\x00", 1),
     ("?q=抄表", 1), ("?q=没有", 0), ("?mine=1", 0), ("?overdue=1", 0), ("?sort=due", 1), ("?page=99", 1)],
)  # fmt: skip
def test_filters_of_the_list(clerk, story, person, now, query, found):
    make_need(story, now, person)

    assert clerk.get(f"{HOME}{query}").content.decode().count("抄表要跑三个站") == found
    assert clerk.get(f"{HOME}export/{query}").getvalue().startswith(b"PK")


def test_a_stranger_sees_nothing_and_raises_nothing(stranger, story, person, now):
    item = make_need(story, now, person)

    assert "抄表" not in stranger.get(HOME).content.decode()
    assert stranger.get(f"{HOME}board/").status_code == 403
    assert stranger.get(f"{HOME}{item.pk}/print.pdf").status_code == 404
    assert stranger.post(f"{HOME}{item.pk}/merge/", {"into": item.pk}).status_code == 404
    assert stranger.post(f"{HOME}{item.pk}/moments/", {}).status_code == 404


def test_a_likely_double_is_offered_and_joined(clerk, story, person, now):
    first = make_need(story, now, person)
    second = make_need(story, now, worker_of(story), title="抄表来回跑三个站太费时")
    assert "可能说的是同一件事" in clerk.get(f"/work/items/{second.pk}/").content.decode()
    assert clerk.post(f"{HOME}{second.pk}/merge/", {"into": first.pk}).status_code == 302
    second.refresh_from_db()

    assert second.merged_into == first
    assert clerk.post(f"{HOME}{second.pk}/merge/", {"into": "x"}).status_code == 404


def test_a_time_is_agreed_stands_in_the_helpers_day_and_is_called_off(lead, story, person, now):
    item = triaged(story, now, person)
    begins = (now + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    refused = lead.post(f"{HOME}{item.pk}/moments/", {"way": "remote", "starts_at": begins})
    assert refused.status_code == 422
    assert "远程要写电话或会议链接" in refused.content.decode()
    assert lead.post(f"{HOME}{item.pk}/moments/", {"way": "on_site", "starts_at": begins}).status_code == 302
    assert "今天约好您去帮扶" in lead.get("/").content.decode()
    assert item.title in lead.get(f"{HOME}moments/").content.decode()
    moment = HelpMoment.objects.get()
    assert lead.post(f"{HOME}moments/{moment.pk}/off/").status_code == 302
    assert "已取消" in lead.get(f"/work/items/{item.pk}/").content.decode()


def test_a_topic_of_a_seminar_is_one_tap_from_a_need(lead, story, now):
    seminar = make_meeting(story, now, activity_type=ActivityType.NEEDS_SEMINAR)
    topic = add_agenda_item(activity=seminar, topic="倒班车赶不上交接班", actor=story.lead, at=now)
    assert topic.topic in lead.get(f"{HOME}take/").content.decode()
    assert lead.post(f"{HOME}take/topics/{topic.pk}/", {"tag": "nonsense"}).status_code == 302
    assert not WorkItem.objects.exists()
    assert lead.post(f"{HOME}take/topics/{topic.pk}/", {"tag": "management"}).status_code == 302
    item = WorkItem.objects.get()
    assert (item.title, item.source_type, item.source_id, item.zone) == (
        topic.topic, "rhythm.activity", seminar.pk, story.zone,
    )  # fmt: skip
    assert "已转为需求" in lead.get(f"{HOME}take/").content.decode()
    lead.post(f"{HOME}take/topics/{topic.pk}/", {"tag": "management"})
    assert WorkItem.objects.count() == 1
    assert "看来源" in lead.get(f"/work/items/{item.pk}/").content.decode()


def test_the_board_shows_satisfaction_from_three_on_and_sets_targets(clerk, story, person, now, as_person):
    for _ in range(2):
        rated(story, now, person)
    assert "满 3 件评价才显示" in clerk.get(f"{HOME}board/").content.decode()
    rated(story, now, person, score="3")
    assert "100.00" in clerk.get(f"{HOME}board/?period=month").content.decode()
    body = story.committee.pk
    assert clerk.post(f"{HOME}board/{body}/targets/", {"triage_days": 5, "answer_days": 2}).status_code == 422
    assert clerk.post(f"{HOME}board/{body}/targets/", {"triage_days": 1, "answer_days": 5}).status_code == 302
    assert NeedTargets.objects.get().answer_days == 5
    auditor = worker_of(story, "费清和")
    make_post(auditor, PostRole.AUDITOR, body=story.committee)
    watching = as_person(auditor)
    assert "设定办理时限" not in watching.get(f"{HOME}board/").content.decode()
    assert watching.post(f"{HOME}board/{body}/targets/", {"triage_days": 1, "answer_days": 9}).status_code == 403


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_sheet_of_a_need_is_printed(clerk, story, person, now, form):
    item = answered(story, now, person)

    assert len(clerk.get(f"{HOME}{item.pk}/print.{form}").content) > 1000


def test_many_needs_cost_as_many_statements_as_one(clerk, story, person, now, statements):
    make_need(story, now, person)
    pages = (HOME, f"{HOME}board/", f"{HOME}take/")
    few = [statements(clerk, page) for page in pages]
    for number in range(5):
        rated(story, now, person, title=f"第{number}件")

    assert [statements(clerk, page) for page in pages] == few
    assert few[0] <= 12
    assert max(few) <= 16


def test_nasty_values_break_nothing(worker, story, person, now):
    item = triaged(story, now, person)
    nasty = {"title": "\x00" * 300, "tags": ["\x00"], "body": "9" * 40, "starts_at": "x", "way": "\x00", "into": "-1"}
    assert worker.post(f"{HOME}new/", nasty).status_code == 422
    assert worker.post(f"{HOME}{item.pk}/moments/", nasty).status_code in (302, 422)
    assert worker.post(f"{HOME}{item.pk}/merge/", nasty).status_code == 404
    assert worker.get(f"{HOME}new/?title={'x' * 900}&body=abc&source=rhythm.activity:x").status_code == 200
