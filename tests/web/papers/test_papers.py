"""公文 on the page: drafting from what is known, issuing, receiving, and checking a paper without a log-in."""

from __future__ import annotations

import pytest

from ronghe.domain.papers.models import Paper
from ronghe.kernel.printing.models import PrintedPaper
from tests.factories.rhythm import plan_meeting
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(story, now):
    return plan_meeting(story, now)


@pytest.fixture
def notice(story, lead, meeting):
    lead.post("/papers/new/", {"from": "notice", "notice-activity": meeting.pk})
    return Paper.objects.get()


def issue(browser, paper, **changes):
    given = {"revision": paper.revision, "code": "南一联建", "dated": "2026-09-14"} | changes
    return browser.post(f"/papers/{paper.pk}/issue/", given)


def test_pages_want_a_log_in(client):
    for asked in ("/papers/", "/papers/new/", "/papers/1/", "/papers/export/"):
        assert client.get(asked)["Location"] == f"/login/?next={asked}"


def test_a_notice_is_two_choices_away(lead, notice, meeting):
    page = lead.get(f"/papers/{notice.pk}/")

    assert page.status_code == 200
    assert "草稿" in text_of(page.content.decode())
    assert notice.activity == meeting


def test_a_bulletin_is_drafted_from_days(lead, story, now):
    answer = lead.post(
        "/papers/new/",
        {"from": "bulletin", "bulletin-body": story.body.pk, "bulletin-from_on": "2026-09-07",
         "bulletin-last_on": "2026-09-13"},
    )  # fmt: skip

    assert answer.status_code == 302
    assert "2026年9月7日至9月13日" in Paper.objects.get().text


def test_days_in_the_wrong_order_are_refused(lead, story, now):
    answer = lead.post(
        "/papers/new/",
        {"from": "bulletin", "bulletin-body": story.body.pk, "bulletin-from_on": "2026-09-13",
         "bulletin-last_on": "2026-09-07"},
    )  # fmt: skip

    assert answer.status_code == 422
    assert "结束日期不能早于开始日期。" in answer.content.decode()


def test_own_words_open_a_draft(lead, story, now):
    lead.post("/papers/new/", {"from": "own", "own-kind": "notice", "own-body": story.body.pk, "own-title": "防冻"})

    assert Paper.objects.get().title == "防冻"


def test_a_draft_is_saved_issued_received_and_withdrawn(lead, story, notice):
    saved = {"revision": 1, "title": "防冻通知", "text": "一、要求\n照办。", "recipients": [story.body.pk]}
    assert lead.post(f"/papers/{notice.pk}/", saved).status_code == 302
    notice.refresh_from_db()
    assert issue(lead, notice).status_code == 302
    assert "南一联建〔2026〕1号" in lead.get(f"/papers/{notice.pk}/").content.decode()
    row = notice.recipients.get()
    assert lead.post(f"/papers/{notice.pk}/receive/{row.pk}/").status_code == 302
    assert lead.post(f"/papers/{notice.pk}/withdraw/", {"why": "日期写错"}).status_code == 302
    assert "日期写错" in lead.get(f"/papers/{notice.pk}/").content.decode()


def test_whoever_saves_second_keeps_the_words_and_reads_why(lead, story, notice):
    saved = {"revision": 1, "title": "甲", "text": "甲写的。", "recipients": [story.body.pk]}
    lead.post(f"/papers/{notice.pk}/", saved)

    answer = lead.post(f"/papers/{notice.pk}/", saved | {"text": "乙写的。"})

    assert answer.status_code == 422
    assert "乙写的。" in answer.content.decode()
    assert "刚被别人改过" in answer.content.decode()
    again = {"revision": 2, "title": "甲", "text": "乙写的。", "recipients": [story.body.pk]}
    assert lead.post(f"/papers/{notice.pk}/", again).status_code == 302


def test_issuing_without_a_code_is_refused_on_the_page(lead, notice):
    assert issue(lead, notice, code="").status_code == 422


def test_a_draft_is_thrown_away(lead, notice):
    assert lead.post(f"/papers/{notice.pk}/discard/")["Location"] == "/papers/"
    assert not Paper.objects.exists()


def test_a_member_finds_no_draft_and_cannot_start_one(story, as_person, notice):
    member = as_person(story.members[0])

    assert member.get(f"/papers/{notice.pk}/").status_code == 404
    assert member.get("/papers/new/").status_code == 404


def test_a_printed_paper_is_checked_without_a_log_in(lead, client, notice):
    issue(lead, notice)
    assert lead.get(f"/papers/{notice.pk}/paper.pdf").content.startswith(b"%PDF")
    digest = PrintedPaper.objects.get().digest

    found = client.get(f"/check/{digest}/").content.decode()
    assert notice.title in found
    assert "没有改过" in found
    assert "没有印过" in client.get(f"/check/?code={'0' * 64}").content.decode()
    assert client.get("/check/").status_code == 200


def test_list_costs_the_same_for_one_and_for_many(lead, story, meeting, statements):
    lead.post("/papers/new/", {"from": "notice", "notice-activity": meeting.pk})
    one = statements(lead, "/papers/")
    for _ in range(4):
        lead.post("/papers/new/", {"from": "notice", "notice-activity": meeting.pk})

    assert statements(lead, "/papers/") == one <= 9


def test_excel_holds_the_list(lead, notice):
    answer = lead.get("/papers/export/?kind=notice")

    assert b"".join(answer.streaming_content).startswith(b"PK")


@pytest.mark.parametrize("asked", ["/papers/?kind=x&state=y&q=%00", "/papers/?page=9" + "9" * 40])
def test_nonsense_in_the_address_is_no_fault(lead, asked):
    assert lead.get(asked).status_code == 200
