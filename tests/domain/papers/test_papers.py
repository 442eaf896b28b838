"""Papers are drafted from the record, revised by several, numbered once, received once a body, withdrawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.papers.documents import paper_document, paper_number
from ronghe.domain.papers.enums import PaperKind, PaperState
from ronghe.domain.papers.models import Paper
from ronghe.domain.papers.selectors import list_papers, papers_to_receive, recipients_of
from ronghe.domain.papers.services.drafting import (
    NothingToCallTo,
    PaperEmpty,
    PaperIssued,
    PaperRevised,
    discard_paper,
    draft_bulletin,
    draft_notice,
    draft_paper,
    revise_paper,
)
from ronghe.domain.papers.services.issuing import (
    CodeMissing,
    NobodyToSendTo,
    NotIssued,
    ReceivedAlready,
    WhyMissing,
    issue_paper,
    receive_paper,
    withdraw_paper,
)
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.documents import Addressees, Heading, Paragraph
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_huddle, make_zone, plan_meeting
from tests.web.making import hold

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 14)


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def paper(story, morning):
    return draft_paper(
        kind=PaperKind.NOTICE, body=story.body, title="关于防冻的通知", text="一、要求\n各方照办。", actor=story.lead,
        at=morning, recipients=[story.body],
    )  # fmt: skip


def issued(paper, story, at, code="南一联建"):
    return issue_paper(paper=paper, revision=paper.revision, dated=DAY, code=code, actor=story.lead, at=at)


def revised(paper, story, at, **changes):
    given = {
        "revision": paper.revision, "title": paper.title, "text": paper.text, "copies_to": "",
        "recipients": [story.body], **changes,
    }  # fmt: skip
    return revise_paper(paper=paper, actor=story.lead, at=at, **given)


def test_notice_of_a_planned_meeting_knows_what_the_plan_knows(story, morning):
    meeting = plan_meeting(story, morning)

    notice = draft_notice(activity=meeting, actor=story.lead, at=morning)

    assert notice.title == f"关于召开{story.body.name}{meeting.get_activity_type_display()}的通知"
    assert meeting.place in notice.text
    assert [row.body for row in recipients_of(notice)] == [story.body]
    assert notice.activity == meeting


def test_notice_calls_to_nothing_that_has_begun(story, morning):
    with pytest.raises(NothingToCallTo):
        draft_notice(activity=make_huddle(story, morning), actor=story.lead, at=morning)


def test_bulletin_counts_what_was_held_in_its_days_only(story, morning):
    hold(story, make_huddle(story, morning), morning)
    span = DaySpan(DAY, DAY + timedelta(days=1))

    bulletin = draft_bulletin(body=story.body, span=span, actor=story.lead, at=morning + timedelta(hours=9))
    empty = draft_bulletin(
        body=story.body, span=DaySpan(date(2026, 9, 1), DAY), actor=story.lead, at=morning + timedelta(hours=9)
    )

    assert "碰头1次" in bulletin.text
    assert "1. 按方案执行。" in bulletin.text
    assert "碰头0次" in empty.text
    assert [row.body for row in recipients_of(bulletin)] == [story.body.parent]


@pytest.mark.parametrize(("title", "text"), [(" ", "有"), ("有", " \n")])
def test_a_paper_wants_title_and_text(story, morning, title, text):
    with pytest.raises(PaperEmpty):
        draft_paper(
            kind=PaperKind.NOTICE, body=story.body, title=title, text=text, actor=story.lead, at=morning
        )  # fmt: skip


def test_whoever_saves_second_is_told_and_nothing_is_lost(story, morning, paper):
    stale = Paper.objects.get(pk=paper.pk)
    revised(paper, story, morning, text="第一个人写的。")

    with pytest.raises(PaperRevised):
        revised(stale, story, morning, revision=1, text="第二个人写的。")

    assert Paper.objects.get(pk=paper.pk).text == "第一个人写的。"


def test_recipients_follow_the_draft(story, morning, paper):
    revised(paper, story, morning, recipients=[story.committee])

    assert [row.body for row in recipients_of(paper)] == [story.committee]


def test_dl_04_numbers_follow_one_another_and_a_withdrawn_one_is_not_given_again(story, morning, paper):
    first = issued(paper, story, morning)
    withdraw_paper(paper=first, why="日期写错", actor=story.lead, at=morning)
    second = draft_paper(
        kind=PaperKind.NOTICE, body=story.body, title="关于防冻的通知", text="照办。", actor=story.lead, at=morning,
        recipients=[story.body],
    )  # fmt: skip

    assert paper_number(first) == "南一联建〔2026〕1号"
    assert paper_number(issued(second, story, morning)) == "南一联建〔2026〕2号"


def test_a_notice_wants_a_code_and_somebody_to_go_to(story, morning, paper):
    with pytest.raises(CodeMissing):
        issued(paper, story, morning, code=" ")
    revised(paper, story, morning, recipients=[])
    with pytest.raises(NobodyToSendTo):
        issued(paper, story, morning)
    assert Paper.objects.get(pk=paper.pk).state == PaperState.DRAFT


def test_issued_words_stand(story, morning, paper):
    issued(paper, story, morning)

    with pytest.raises(PaperIssued):
        revised(paper, story, morning, text="改了。")
    with pytest.raises(PaperIssued):
        discard_paper(paper=paper, actor=story.lead, at=morning)
    with pytest.raises(StepNotAllowed):
        issued(paper, story, morning)


def test_issuing_wants_the_draft_as_it_stands(story, morning, paper):
    stale = Paper.objects.get(pk=paper.pk)
    revised(paper, story, morning, text="后来改的。")

    with pytest.raises(PaperRevised):
        issue_paper(paper=stale, revision=1, dated=DAY, code="南一联建", actor=story.lead, at=morning)


def test_a_body_receives_once(story, morning, paper):
    issued(paper, story, morning)
    row = papers_to_receive(story.lead, morning).get()

    receive_paper(recipient=row, actor=story.lead, at=morning)

    assert list(papers_to_receive(story.lead, morning)) == []
    with pytest.raises(ReceivedAlready):
        receive_paper(recipient=row, actor=story.lead, at=morning)


def test_a_draft_and_a_withdrawn_paper_are_not_received(story, morning, paper):
    row = recipients_of(paper).select_related("paper").get()
    with pytest.raises(NotIssued):
        receive_paper(recipient=row, actor=story.lead, at=morning)
    withdraw_paper(paper=issued(paper, story, morning), why="写错", actor=story.lead, at=morning)
    with pytest.raises(NotIssued):
        receive_paper(recipient=recipients_of(paper).select_related("paper").get(), actor=story.lead, at=morning)


def test_withdrawing_says_why(story, morning, paper):
    with pytest.raises(WhyMissing):
        withdraw_paper(paper=issued(paper, story, morning), why=" ", actor=story.lead, at=morning)


def test_members_read_what_was_issued_and_never_a_draft(story, morning, paper):
    member = story.members[0]
    assert list(list_papers(member, morning).rows) == []

    issued(paper, story, morning)

    assert list(list_papers(member, morning).rows) == [paper]


def test_the_recipient_reads_it_and_a_stranger_does_not(story, morning, paper):
    other = make_body(name="采油二厂党委", kind=PartyOrgKind.COMMITTEE)
    secretary, stranger = make_person(), make_person()
    make_post(secretary, PostRole.SECRETARY, body=other)
    make_post(stranger, PostRole.SECRETARY, body=make_body(name="采油三厂党委", kind=PartyOrgKind.COMMITTEE))
    revised(paper, story, morning, recipients=[other])
    issued(paper, story, morning)

    assert list(list_papers(secretary, morning).rows) == [paper]
    assert [row.body for row in papers_to_receive(secretary, morning)] == [other]
    assert list(list_papers(stranger, morning).rows) == []


def test_a_member_neither_drafts_nor_issues_nor_receives(story, morning, paper):
    member = story.members[0]
    with pytest.raises(NotAllowed):
        draft_paper(kind=PaperKind.NOTICE, body=story.body, title="通知", text="照办。", actor=member, at=morning)
    with pytest.raises(NotAllowed):
        issue_paper(paper=paper, revision=1, dated=DAY, code="甲", actor=member, at=morning)
    issued(paper, story, morning)
    with pytest.raises(NotAllowed):
        receive_paper(
            recipient=recipients_of(paper).select_related("paper").get(), actor=member, at=morning
        )  # fmt: skip


def test_discarding_leaves_a_fact_and_no_row(story, morning, paper):
    discard_paper(paper=paper, actor=story.lead, at=morning)

    assert not Paper.objects.exists()
    assert Fact.objects.filter(kind="papers.discarded").count() == 1


def test_the_document_has_head_addressees_headings_and_copies(story, morning, paper):
    draft = paper_document(paper)
    revised(paper, story, morning, copies_to="基建管理中心、油建公司")

    document = paper_document(issued(paper, story, morning))

    assert draft.title == "关于防冻的通知（草稿）"
    assert draft.imprint is None
    assert document.blocks == (Addressees(story.body.name), Heading("要求", 1), Paragraph("各方照办。"))
    assert (document.head.mark, document.head.number) == (f"{story.body.name}文件", "南一联建〔2026〕1号")
    assert document.imprint.copies_to == ("基建管理中心", "油建公司")


def test_a_bulletin_is_numbered_by_year_and_has_no_code(story, morning):
    bulletin = draft_bulletin(body=story.body, span=DaySpan(DAY, DAY + timedelta(days=7)), actor=story.lead, at=morning)

    issue_paper(paper=bulletin, revision=1, dated=DAY, actor=story.lead, at=morning, code="不用")

    assert paper_number(bulletin) == "2026年第1期"
    assert paper_document(bulletin).head.mark == f"{story.body.name}简报"
