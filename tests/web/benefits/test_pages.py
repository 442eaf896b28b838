"""效益点 on the page: from the form to the book and back, who sees what, and what bad input meets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.benefits.models import BenefitLimit, BookEntry, MeritShare, ScheduleGain
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from tests.factories.benefits import WAYS, estimated, make_idea, realised, verified
from tests.web.making import picture

pytestmark = pytest.mark.django_db
HOME = "/work/benefits/"
BOOK = f"{HOME}book/"
LINE = {
    "rows": "2", "what_1": "墙体维修", "unit_1": "㎡", "before_quantity_1": "7000", "before_price_1": "100",
    "after_quantity_1": "1500", "after_price_1": "100", "days_before": "90", "days_after": "30", "basis": "结算单",
}  # fmt: skip
NASTY = {
    "rows": "9" * 40, "what_1": "\x00", "before_quantity_1": "1e99", "before_price_1": "NaN", "basis": "\x00",
    "days_before": "-1", "note": "长" * 5000, "reason": "\x00", "days": "1e9", "amount": "1e99", "share_1": "NaN",
}  # fmt: skip
ACTS = ("estimate", "realise", "approve", "verify", "reverse", "shares")


@pytest.fixture
def secretary(story, as_person):
    return as_person(story.secretary)


@pytest.fixture
def clerk(story, as_person):
    return as_person(story.clerk)


def act(item, name):
    return f"{HOME}{item.pk}/{name}/"


def page(item):
    return f"/work/items/{item.pk}/"


def test_an_idea_goes_from_the_form_to_the_book(member, lead, secretary, story, now):
    given = {"body": story.body.pk, "title": "胶粘挂网", "text": "值班时想到的", "saves": ["money", "days"], **WAYS}
    assert member.post("/work/items/new/benefit/", given).status_code == 302
    item = WorkItem.objects.get()
    assert act(item, "estimate") in member.get(page(item)).content.decode()
    more = member.post(act(item, "estimate"), {**LINE, "more": "1"})
    assert (more.status_code, b"what_5" in more.content) == (200, True)
    assert member.post(act(item, "estimate"), {**LINE, "basis": ""}).status_code == 422
    assert member.post(act(item, "estimate"), LINE).status_code == 302
    assert "550,000.00" in lead.get(page(item)).content.decode()
    lead.post(act(item, "approve"), {"note": ""})
    lead.post(f"{page(item)}steps/take/", {"due_at": "2026-10-20T18:00"})
    assert "7000" in lead.get(act(item, "realise")).content.decode()
    assert lead.post(act(item, "realise"), LINE).status_code == 422
    assert lead.post(act(item, "realise"), {**LINE, "photo": picture()}).status_code == 302
    secretary.post(act(item, "verify"), {"note": "与结算单一致"})
    item.refresh_from_db()
    assert (item.state, BookEntry.objects.get().fen) == ("verified", 55_000_000)
    assert "550,000.00" in member.get(f"{BOOK}?zone={story.zone.pk}").content.decode()

    assert "冲回" in secretary.get(page(item)).content.decode()
    secretary.post(act(item, "reverse"), {"reason": ""})
    assert BookEntry.objects.count() == 1
    secretary.post(act(item, "reverse"), {"reason": "次年返修"})
    assert BookEntry.objects.count() == 2
    assert "-550,000.00" in secretary.get(BOOK).content.decode()


def test_who_may_not_is_told_and_nothing_happens(member, stranger, lead, story, now):
    item = realised(story, now)
    for name in ("verify", "approve", "reverse"):
        assert member.post(act(item, name), {"reason": "没有"}).status_code == 302
        assert stranger.post(act(item, name)).status_code == 404
    assert stranger.get(f"{HOME}{item.pk}/print/pdf/").status_code == 404
    assert lead.get(act(item, "estimate")).status_code == 302
    assert member.get(act(make_idea(story, now, by=story.lead), "realise")).status_code == 403
    item.refresh_from_db()
    assert item.state == "realised"
    assert "550,000.00" not in stranger.get(BOOK).content.decode()
    assert stranger.get(f"{BOOK}?zone={story.zone.pk}").status_code == 404


def test_shares_are_offered_and_refused_unless_whole(member, story, now):
    item = realised(story, now)
    first, second = story.members[:2]
    member.post(act(item, "shares"), {f"share_{first.pk}": "60", f"share_{second.pk}": "39.99"})
    assert sorted(MeritShare.objects.values_list("percent", flat=True)) == [50, 50]
    member.post(act(item, "shares"), {f"share_{first.pk}": "60", f"share_{second.pk}": "40"})
    assert sorted(MeritShare.objects.values_list("percent", flat=True)) == [40, 60]


@pytest.mark.parametrize("name", ACTS)
def test_nothing_posted_breaks_an_idea(lead, member, story, now, name):
    for item in (make_idea(story, now), realised(story, now), verified(story, now)):
        state = item.state
        for browser in (lead, member):
            assert browser.post(act(item, name), NASTY).status_code in (302, 403, 404, 422)
        item.refresh_from_db()
        assert item.state == state
    assert lead.post(f"{HOME}999999/{name}/", NASTY).status_code == 404


@pytest.mark.parametrize("query", ["", "?year=all", "?year=0", "?year=99999999", "?zone=1x", "?project=x", "?page=99"])
def test_the_book_takes_every_query(lead, story, now, query):
    verified(story, now)
    assert lead.get(f"{BOOK}{query}").status_code == 200
    assert lead.get(f"{BOOK}export/{query}").getvalue().startswith(b"PK")


def test_the_book_is_printed_for_somebody(lead, story, now):
    item = verified(story, now)
    estimated(story, now, title="改线")
    assert lead.get(f"{BOOK}print/pdf/").status_code == 404
    for path in (f"{BOOK}print/pdf/?zone={story.zone.pk}", f"{BOOK}print/docx/?zone={story.zone.pk}&year=all",
                 f"{HOME}{item.pk}/print/pdf/", f"{HOME}{item.pk}/print/docx/"):  # fmt: skip
        assert lead.get(path).status_code == 200


def test_a_project_gains_days_once(lead, clerk, story, now):
    project = story.zone.projects.get()
    verified(story, now)
    where = f"{BOOK}?project={project.pk}"
    assert "登记本项目的工期节约" in clerk.get(where).content.decode()
    clerk.post(f"{HOME}gains/{project.pk}/enter/", {"days": "65", "basis": "竣工验收单"})
    gain = ScheduleGain.objects.get()
    clerk.post(f"{HOME}gains/{gain.pk}/verify/")
    gain.refresh_from_db()
    assert gain.verified_at is None
    assert "登记本项目的工期节约" not in clerk.get(where).content.decode()
    assert clerk.post(f"{HOME}gains/{gain.pk}/withdraw/", {"reason": ""}).status_code == 302
    assert ScheduleGain.objects.filter(withdrawn_at=None).exists()
    clerk.post(f"{HOME}gains/{gain.pk}/withdraw/", {"reason": "填错"})
    assert not ScheduleGain.objects.filter(withdrawn_at=None).exists()
    assert clerk.post(f"{HOME}gains/{project.pk}/enter/", NASTY).status_code == 302


def test_a_limit_is_set_on_the_page(clerk, lead, story, now):
    where = f"{HOME}limits/{story.committee.pk}/"
    clerk.post(where, {"amount": "200000"})
    assert BenefitLimit.objects.get().fen == 20_000_000
    assert "200,000.00" in clerk.get(f"{BOOK}?body={story.committee.pk}").content.decode()
    clerk.post(where, NASTY)
    assert lead.post(where, {"amount": "1"}).status_code in (302, 404)
    assert BenefitLimit.objects.count() == 1


def test_pages_cost_the_same_however_many(lead, story, now, statements):
    verified(story, now)
    book, rows = statements(lead, BOOK), statements(lead, HOME)
    for number in range(4):
        verified(story, now + timedelta(minutes=number), title=f"第{number}个")
    assert statements(lead, BOOK) <= book <= 22
    assert statements(lead, HOME) == rows <= 9


def test_a_refused_one_may_be_looked_at(lead, story, now):
    item = estimated(story, now)
    take_step(item=item, step="refuse", actor=story.lead, at=now, said=Said(note="不划算"))
    assert "不划算" in lead.get(page(item)).content.decode()
