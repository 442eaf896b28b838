"""揭榜挂帅 on the page: from terms to the chosen bid, who sees what, and what bad input meets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.challenges.models import Bid, Panelist
from ronghe.domain.challenges.selectors import terms_of
from tests.factories.challenges import POINTS, bid, judge, make_judging, make_posted, make_proposed, make_running

pytestmark = pytest.mark.django_db
HOME = "/work/challenges/"
TERMS = {
    "bids_until": "2026-09-28T18:00", "reward": "50000", "reward_text": "", "acceptance": "连续 30 天不卡泵", "tolerance": "",
    "weight_plan": "40", "weight_ability": "25", "weight_time": "20", "weight_price": "15",
}  # fmt: skip
NASTY = {
    "bids_until": "x", "reward": "1e99", "plan": "\x00", "days": "-1", "cost": "NaN", "people": ["9" * 40], "note": "\x00",
    "amount": "0.001", "paid_on": "0000-00-00", "finding": "x", "title_1": "\x00", "until": "x", "team": ["9" * 40],
}  # fmt: skip
ACTS = ("terms", "publish", "bid", "judge", "panel", "interests", "repost", "pledge", "hand-in", "pay", "settle", "fail",
        "bids/999999/select", "bids/999999/withdraw", "milestones/999999/reach", "milestones/999999/check")  # fmt: skip


def page(item, act=""):
    return f"{HOME}{item.pk}/{act}"


def shown(browser, item):
    return browser.get(f"/work/items/{item.pk}/").content.decode()


def test_from_terms_to_a_bid(now, as_person):
    story = make_proposed(now)
    poster, member = as_person(story.poster), as_person(story.zone.members[0])
    assert poster.post(page(story.item, "terms/"), {**TERMS, "weight_plan": "39"}).status_code == 422
    assert poster.post(page(story.item, "terms/"), TERMS).status_code == 302
    assert terms_of(story.item).reward == 50_000
    poster.post(page(story.item, "publish/"))
    assert "我来揭榜" in shown(member, story.item)
    assert "我来揭榜" in shown(as_person(story.experts[0]), story.item)
    offer = {"plan": "空心杆电热", "days": "60", "cost": "12000", "team": []}
    assert member.post(page(story.item, "bid/"), {**offer, "days": "0"}).status_code == 422
    assert member.post(page(story.item, "bid/"), offer).status_code == 302
    made = Bid.objects.get()
    assert "空心杆电热" in shown(member, story.item)
    assert "空心杆电热" not in shown(poster, story.item)
    assert member.post(page(story.item, f"bids/{made.pk}/withdraw/")).status_code == 302
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_the_panel_declares_and_scores(now, as_person):
    story = make_judging(now)
    expert = as_person(story.experts[0])
    assert "申报利益关系" in shown(expert, story.item)
    assert "请评榜" in expert.get(HOME).content.decode()
    assert expert.post(page(story.item, "interests/"), {f"interest_{story.bids[1].pk}": "师徒"}).status_code == 302
    mine = Panelist.objects.get(person=story.experts[0])
    assert mine.conflicts.get().bid == story.bids[1]
    path = page(story.item, f"bids/{story.bids[0].pk}/score/")
    assert expert.post(path, {**POINTS, "plan": "101"}).status_code == 422
    assert expert.post(path, POINTS).status_code == 302
    assert "请评榜" not in expert.get(HOME).content.decode()


def test_selected_signed_reached_and_paid(now, as_person):
    story = make_judging(now)
    later = now + timedelta(days=11)
    judge(story, later)
    poster, leader = as_person(story.poster), as_person(story.zone.members[0])
    poster.post(page(story.item, f"bids/{story.bids[0].pk}/select/"), {"note": ""})
    lines = {
        "title_1": "样机",
        "due_1": "2026-10-01",
        "share_1": "40",
        "title_2": "运行",
        "due_2": "2026-11-01",
        "share_2": "60",
    }
    assert leader.post(page(story.item, "pledge/"), {**lines, "share_2": "59"}).status_code == 422
    assert leader.post(page(story.item, "pledge/"), lines).status_code == 302
    first, _second = story.item.milestones.order_by("number")
    leader.post(page(story.item, f"milestones/{first.pk}/reach/"), {"note": "已下井"})
    poster.post(page(story.item, f"milestones/{first.pk}/check/"), {"is_reached": "1"})
    first.refresh_from_db()
    assert first.checked_by == story.poster
    assert poster.post(page(story.item, "pay/"), {"amount": "20000", "paid_on": "2026-09-14"}).status_code == 302
    assert "已付 20000.00 元，还剩 30000.00 元" in shown(poster, story.item)


@pytest.mark.parametrize("make", [make_proposed, make_posted, make_judging, make_running])
@pytest.mark.parametrize("act", ACTS)
def test_nothing_posted_breaks_a_challenge(now, as_person, make, act):
    story = make(now)
    state = story.item.state
    for person in (story.poster, story.zone.members[0], story.zone.members[3]):
        browser = as_person(person)
        if not (act in ("publish", "judge", "settle") and person == story.poster):
            assert browser.post(page(story.item, f"{act}/"), NASTY).status_code in (302, 403, 404, 422)
    story.item.refresh_from_db()
    assert story.item.state == state
    assert as_person(story.poster).post(f"{HOME}999999/{act}/", NASTY).status_code == 404


def test_a_page_of_many_bids_costs_the_same(now, as_person, statements):
    story = make_posted(now)
    poster = as_person(story.poster)
    bid(story, story.zone.members[0], now)
    one = statements(poster, f"/work/items/{story.item.pk}/")
    for member in story.zone.members[1:]:
        bid(story, member, now)

    assert statements(poster, f"/work/items/{story.item.pk}/") == one <= 40
    assert statements(poster, HOME) <= 14


def test_a_bid_of_another_challenge_is_not_found(now, as_person):
    story = make_posted(now)
    made = bid(story, story.zone.members[0], now)

    assert as_person(story.poster).post(f"{HOME}999999/bids/{made.pk}/select/").status_code == 404
