"""回头看 on the page: from the finding to the verified measure, what comes back, sessions, and what bad input meets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.items.models import WorkItem
from ronghe.domain.lookbacks.models import LookSession, Measure, Recurrence
from ronghe.domain.lookbacks.services.sessions import open_session, pick_finding
from tests.factories.lookbacks import analysed, closed, done, make_finding, measured, taken
from tests.factories.rhythm import make_task

pytestmark = pytest.mark.django_db
HOME = "/work/lookbacks/"
SESSIONS = f"{HOME}sessions/"
DEEP = {
    "problem_behind": "各记各的", "why_1": "交接没看票", "why_2": "没规定谁看", "cause": "没有规定", "cause_behind": "没人负责",
    "bone_people": "新人没交底\n人手少", "bone_setting": "夜里灯暗",
}  # fmt: skip
NASTY = {
    "problem_behind": "\x00", "why_1": "\x00", "bone_people": "x\n" * 400, "title": "\x00", "assignee": "9" * 40,
    "due_at": "9999-12-31T23:59", "note": "\x00", "text": "\x00", "old": "9" * 40, "source_type": "\x00",
    "source_id": "9" * 40, "conclusion": "\x00", "from_on": "9999-12-31", "last_on": "9999-12-31", "body": "-1",
}  # fmt: skip
ACTS = ("analysis", "measures", "begin", "submit", "recur", "join")
SESSION_ACTS = ("pick", "close", "reopen", "findings/1/drop")


@pytest.fixture
def secretary(story, as_person):
    return as_person(story.secretary)


def act(item, name):
    return f"{HOME}{item.pk}/{name}/"


def page(item):
    return f"/work/items/{item.pk}/"


def begun(story, now):
    return open_session(body=story.body, from_on=date(2026, 7, 1), until_on=date(2026, 10, 1), actor=story.lead, at=now)


def test_a_finding_goes_from_a_record_to_verified(lead, member, secretary, story, now):
    task = make_task(story, now)
    source = f"?source=work.task:{task.pk}&title=清沟没人管"
    assert "清沟没人管" in lead.get(f"/work/items/new/lookback/{source}").content.decode()
    lead.post(f"/work/items/new/lookback/{source}", {"body": story.body.pk, "title": "清沟没人管", "area": "joining"})
    item = WorkItem.objects.get()
    assert (item.source_type, item.source_id) == ("work.task", task.pk)
    assert f"/tasks/{task.pk}/" in lead.get(page(item)).content.decode()
    member.post(f"{page(item)}steps/take/")
    assert member.post(act(item, "analysis"), {**DEEP, "why_2": ""}).status_code == 422
    assert member.post(act(item, "analysis"), {**DEEP, "cause_behind": DEEP["cause"]}).status_code == 422
    assert member.post(act(item, "analysis"), DEEP).status_code == 302
    shown = member.get(page(item)).content.decode()
    assert shown.count("<svg") >= 2
    assert "新人没交底" in shown
    member.post(act(item, "begin"))
    item.refresh_from_db()
    assert item.state == "analysing"
    given = {"title": "写进交接单", "assignee": story.members[1].pk, "due_at": "2026-09-20T18:00"}
    member.post(act(item, "measures"), given)
    member.post(act(item, "begin"))
    member.post(act(item, "submit"), {"note": "好了"})
    item.refresh_from_db()
    assert item.state == "acting"
    done(story, Measure.objects.get(), now)
    member.post(act(item, "submit"), {"note": "好了"})
    secretary.post(f"{page(item)}steps/verify/", {"note": "抽查三班"})
    item.refresh_from_db()
    assert item.state == "closed"


def test_what_comes_back_is_told_and_listed(lead, member, story, now):
    item = closed(story, now)
    member.post(act(item, "recur"), {"text": ""})
    assert not Recurrence.objects.exists()
    member.post(act(item, "recur"), {"text": "夜班又没看"})
    assert "又发生了 1 次" in member.get(page(item)).content.decode()
    assert item.title in lead.get(f"{HOME}recurring/").content.decode()
    new = make_finding(story, now, title="白班也没看")
    assert item.title in lead.get(page(new)).content.decode()
    lead.post(act(new, "join"), {"old": item.pk})
    assert Recurrence.objects.count() == 2
    assert "上次写的原因" in member.get(act(item, "analysis")).content.decode()


def test_a_session_walks_the_records_and_meets_the_duty(lead, member, story, now, monkeypatch):
    task = make_task(story, now - timedelta(days=2))
    assert "2026-07-01" in lead.get(f"{SESSIONS}new/").content.decode()
    given = {"body": story.body.pk, "from_on": "2026-07-01", "last_on": "2026-09-30"}
    assert lead.post(f"{SESSIONS}new/", {**given, "from_on": "2026-12-01", "last_on": "2026-12-31"}).status_code == 422
    answer = lead.post(f"{SESSIONS}new/", given)
    session = LookSession.objects.get()
    where = f"{SESSIONS}{session.pk}/"
    assert answer["Location"] == where
    assert task.title in lead.get(where).content.decode()
    assert task.title not in member.get(where).content.decode()
    pick = {"title": task.title, "source_type": "work.task", "source_id": task.pk}
    lead.post(f"{where}pick/", pick)
    lead.post(f"{where}pick/", pick)
    finding = session.findings.get()
    assert finding.source_id == task.pk
    assert "已挑出" in lead.get(where).content.decode()
    lead.post(f"{where}findings/{finding.pk}/drop/")
    assert not session.findings.exists()
    lead.post(f"{where}pick/", {"title": "两边的会各开各的"})
    lead.post(f"{where}close/", {"conclusion": ""})
    session.refresh_from_db()
    assert session.closed_at is None
    lead.post(f"{where}close/", {"conclusion": "会要合着开"})
    assert "会要合着开" in member.get(where).content.decode()
    for form in ("pdf", "docx"):
        assert lead.get(f"{where}print/{form}/").status_code == 200
    lead.post(f"{where}reopen/")
    session.refresh_from_db()
    assert session.closed_at is None


def test_lists_and_exports(lead, stranger, story, now):
    begun(story, now)
    assert story.body.name in lead.get(SESSIONS).content.decode()
    for query in ("?state=open", "?q=联合站", "?state=x", "?page=9"):
        assert lead.get(f"{SESSIONS}{query}").status_code == 200
    assert story.body.name not in lead.get(f"{SESSIONS}?state=closed").content.decode().partition('id="rows"')[2]
    assert lead.get(f"{SESSIONS}export/").getvalue().startswith(b"PK")
    make_finding(story, now)
    assert "交接班没有看作业票" in lead.get(HOME).content.decode()
    assert "交接班没有看作业票" not in stranger.get(HOME).content.decode()


def test_a_stranger_finds_nothing(stranger, member, story, now):
    item, session = taken(story, now), begun(story, now)
    for name in ACTS:
        assert stranger.post(act(item, name)).status_code == 404
    assert stranger.get(f"{SESSIONS}{session.pk}/").status_code == 404
    assert stranger.get(f"{SESSIONS}new/").status_code == 403
    member.post(f"{SESSIONS}{session.pk}/close/", {"conclusion": "我来"})
    session.refresh_from_db()
    assert session.closed_at is None


@pytest.mark.parametrize("name", ACTS)
def test_nothing_posted_breaks_a_look_back(lead, member, story, now, name):
    for item in (make_finding(story, now), taken(story, now), closed(story, now)):
        state = item.state
        for browser in (lead, member):
            assert browser.post(act(item, name), NASTY).status_code in (302, 403, 404, 422)
        item.refresh_from_db()
        assert item.state == state


@pytest.mark.parametrize("name", SESSION_ACTS)
def test_nothing_posted_breaks_a_session(lead, story, now, name):
    session = begun(story, now)
    assert lead.post(f"{SESSIONS}{session.pk}/{name}/", NASTY).status_code in (302, 404)
    session.refresh_from_db()
    assert (session.closed_at, session.findings.count()) == (None, 0)
    assert lead.post(f"{SESSIONS}new/", NASTY).status_code == 422


def test_pages_cost_the_same_however_many(lead, story, now, statements):
    session = begun(story, now)
    pick_finding(session=session, title="一", actor=story.lead, at=now)
    where = f"{SESSIONS}{session.pk}/"
    one, rows = statements(lead, where), statements(lead, SESSIONS)
    for number in range(4):
        make_task(story, now - timedelta(days=1), title=f"第{number}项")
        pick_finding(session=session, title=f"问题{number}", actor=story.lead, at=now)
    assert statements(lead, where) <= one + 1 <= 24
    assert statements(lead, SESSIONS) == rows <= 9
    item, _measure = measured(story, now)
    assert statements(lead, page(item)) <= 28
    assert statements(lead, page(analysed(story, now))) <= 28
