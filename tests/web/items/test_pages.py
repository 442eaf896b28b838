"""Items on the page: from raised to accepted by one tap each, who sees what, and what bad input meets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.items.models import WorkItem
from tests.factories.items import DUTIES, claimed, handed_in, make_claim

pytestmark = pytest.mark.django_db
HOME = "/work/items/"
NASTY = {
    "title": "\x00", "text": "\x00", "note": "\x00", "due_at": "9999-12-31T23:59", "owner": "9" * 40, "percent": "1e99",
    "score": "1e99", "person": "9" * 40, "part": "\x00", "qhse_duty": "\x00" * 4000, "body": "-1",
}  # fmt: skip
ACTS = ("steps/publish", "steps/claim", "steps/submit", "steps/accept", "steps/nowhere", "notes", "change", "people")


def page(item, act=""):
    return f"{HOME}{item.pk}/{act}"


def test_a_task_goes_from_the_form_to_accepted(lead, member, story, now):
    given = {
        "body": story.body.pk, "title": "视频与周界联动", "text": "12 路联动", "due_at": "2026-09-20T18:00", "place": "北门",
        **DUTIES,
    }  # fmt: skip
    assert lead.post(f"{HOME}new/claim/", {**given, "qhse_duty": ""}).status_code == 422
    answer = lead.post(f"{HOME}new/claim/?zone={story.zone.pk}", given)
    item = WorkItem.objects.get()
    assert answer["Location"] == page(item)
    assert item.zone == story.zone

    assert lead.post(page(item, "steps/publish/")).status_code == 302
    assert "领办" in member.get(page(item)).content.decode()
    member.post(page(item, "steps/claim/"))
    member.post(page(item, "steps/sign/"))
    assert member.post(page(item, "steps/submit/"), {"note": ""}).status_code == 422
    item.refresh_from_db()
    assert (item.state, item.owner) == ("running", story.members[0])
    member.post(page(item, "notes/"), {"text": "通了五路", "percent": "40"})
    shown = member.get(page(item)).content.decode()
    assert "通了五路" in shown
    assert "完成 40%" in shown


def test_a_list_shows_what_one_may_see_and_exports_it(lead, stranger, story, now):
    claimed(story, now, story.members[0])

    assert "视频与周界联动" in lead.get(HOME).content.decode()
    assert "视频与周界联动" in lead.get("/work/claims/tasks/").content.decode()
    assert "视频与周界联动" not in stranger.get(HOME).content.decode()
    for path in (f"{HOME}export/", f"{HOME}export/claim/?state=claimed"):
        assert lead.get(path).getvalue().startswith(b"PK")


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 1), ("?state=closed", 0), ("?state=all", 1), ("?q=周界", 1), ("?q=没有", 0), ("?kind=claim", 1),
     ("?overdue=1", 0), ("?mine=1", 1), ("?zone=1x", 1)],
)  # fmt: skip
def test_filters_of_the_list(lead, story, now, query, found):
    make_claim(story, now)

    assert lead.get(f"{HOME}{query}").content.decode().count("视频与周界联动") == found


def test_a_stranger_finds_nothing(stranger, story, now):
    item = claimed(story, now, story.members[0])

    assert stranger.get(page(item)).status_code == 404
    assert stranger.post(page(item, "steps/sign/")).status_code == 404
    assert stranger.get(f"{HOME}new/claim/").status_code == 403
    assert stranger.get(f"{HOME}new/nothing/").status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_nothing_posted_breaks_an_item(lead, member, story, now, act):
    item = handed_in(story, now, story.members[0])
    for browser in (lead, member):
        assert browser.post(page(item, f"{act}/"), NASTY).status_code in (302, 403, 404, 422)
        assert browser.post(f"{HOME}999999/{act}/", NASTY).status_code == 404
    item.refresh_from_db()
    assert item.state == "submitted"
    assert lead.post(f"{HOME}new/claim/", NASTY).status_code == 422


def test_people_are_let_in_and_out(lead, story, now):
    item = claimed(story, now, story.members[0])
    lead.post(page(item, "people/"), {"person": story.members[1].pk, "part": "helper", "duty": "拉线"})
    row = item.people.get()

    assert "拉线" in lead.get(page(item)).content.decode()
    assert lead.post(page(item, f"people/{row.pk}/leave/")).status_code == 302
    row.refresh_from_db()
    assert row.until is not None


def test_many_items_cost_as_many_statements_as_one(lead, story, now, statements):
    make_claim(story, now)
    one = statements(lead, HOME)
    for number in range(5):
        make_claim(story, now, title=f"第{number}项")

    assert statements(lead, HOME) == one <= 9


def test_a_page_costs_the_same_however_long_its_history(lead, story, now, statements):
    item = handed_in(story, now, story.members[0])
    short = statements(lead, page(item))
    for number in range(6):
        lead.post(page(item, "notes/"), {"text": f"第{number}条"})

    assert statements(lead, page(item)) == short <= 16


def test_the_deadline_and_words_are_changed_on_the_page(lead, story, now):
    item = make_claim(story, now)
    due = (now + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    given = {"title": "视频联动", "text": "16 路", "place": "", "due_at": due, "reason": "加路", **DUTIES}
    assert lead.post(page(item, "change/"), given).status_code == 302

    item.refresh_from_db()
    assert (item.title, item.text) == ("视频联动", "16 路")


def test_what_waits_stands_on_pages_of_its_own(lead, member, story, now):
    item = claimed(story, now, story.members[0])
    assert item.title in member.get(f"{HOME}mine/").content.decode()
    assert item.title not in lead.get(f"{HOME}waiting/").content.decode()

    done = handed_in(story, now, story.members[1], title="阀室远控逻辑验证")
    assert done.title in lead.get(f"{HOME}waiting/").content.decode()
    assert done.title not in member.get(f"{HOME}mine/").content.decode()
