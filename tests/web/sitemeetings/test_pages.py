"""The three meetings on a phone: in order, signed, with late comers; what is shown to whom, and what bad input meets."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.sitemeetings.enums import ChainStage, Meeting
from ronghe.domain.sitemeetings.models import BriefingSignature, SiteChain
from ronghe.domain.sitemeetings.selectors import board_of, briefed_today
from ronghe.domain.sitemeetings.services.chains import open_meeting
from ronghe.domain.sitemeetings.services.codes import chain_code
from ronghe.domain.sitemeetings.services.minds import set_mind
from ronghe.domain.sitemeetings.services.signing import note_came, sign_meeting
from ronghe.domain.today.selectors import my_day
from tests.domain.sitemeetings.making import HAZARDS, NOW, PLACE, TODAY, begun, complete, crew, hold, sign_all
from tests.factories.org import make_account
from tests.factories.taskforces import make_running

pytestmark = pytest.mark.django_db
LIST = "/rhythm/site-meetings/"


@pytest.fixture
def field(now):
    return make_running(NOW)


@pytest.fixture
def chain(field):
    return begun(field)


@pytest.fixture
def leader(field, as_person):
    return as_person(field.leader)


def page(chain, act=""):
    return f"{LIST}{chain.pk}/{act}"


def given(field, **changes):
    return {
        "body": field.body.pk, "place": PLACE, "study": "安全生产重要论述", "study_text": "", "safety_text": HAZARDS,
        "technical_text": "先断后接", "safety_briefer": "", "technical_briefer": "",
    } | changes  # fmt: skip


def test_pages_want_a_log_in(client, chain):
    for path in (LIST, f"{LIST}new/", page(chain), page(chain, "code/"), page(chain, "card/")):
        assert client.get(path)["Location"].startswith("/login/")


def test_morning_in_order_on_one_screen(field, leader, as_person):
    begun_at = leader.post(f"{LIST}new/", given(field))["Location"]
    chain = SiteChain.objects.get()
    assert begun_at == page(chain)
    shown = leader.get(begun_at).content.decode()
    assert "党小组会结束后" in shown
    assert "结束党小组会" in shown
    leader.post(page(chain, "safety/open/"))
    chain.refresh_from_db()
    assert chain.stage == ChainStage.GROUP_OPEN

    member = as_person(field.members[0])
    for meeting in Meeting:
        leader.post(page(chain, f"{meeting}/open/"))
        for browser in (leader, member):
            browser.post(page(chain, f"{meeting}/sign/"))
        if meeting == Meeting.GROUP:
            leader.post(page(chain, "settle/"))
        leader.post(page(chain, f"{meeting}/close/"))
    chain.refresh_from_db()
    assert chain.stage == ChainStage.CLOSED
    shown = member.get(page(chain)).content.decode()
    assert "可以上岗 2 / 2" in shown
    assert briefed_today(field.members[0], field.body, TODAY)


def test_next_morning_is_filled_in(field, as_person, monkeypatch):
    complete(field)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))
    form = as_person(field.leader).get(f"{LIST}new/").context["form"]

    assert (form.initial["place"], form.initial["safety_text"]) == (PLACE, HAZARDS)


def test_begin_form_keeps_what_was_typed_and_says_what_is_wrong(field, leader):
    for bad in (
        {"study": ""},
        {"place": ""},
        {"safety_text": "吊装"},
        {"body": "x"},
        {"safety_briefer": "9" * 30},
        {"place": "\x00"},
    ):
        answer = leader.post(f"{LIST}new/", given(field, **bad))
        assert answer.status_code in (404, 422)
    assert not SiteChain.objects.exists()
    assert "没有写措施" in leader.post(f"{LIST}new/", given(field, safety_text="吊装")).content.decode()


def test_chain_of_others_is_not_found(field, chain, as_person):
    stranger = as_person(field.outsider)
    assert stranger.get(page(chain)).status_code == 404
    assert stranger.get(f"{LIST}new/").status_code == 404
    for act in ("code/", "card/", "record.pdf", "group/text/"):
        assert stranger.get(page(chain, act)).status_code == 404
    for act in (
        "group/sign/",
        "group/close/",
        "group/open/",
        "group/undo/",
        "settle/",
        "mind/",
        "came/",
        "left/",
        "brief/",
        "sign-late/",
        "off/",
    ):
        assert stranger.post(page(chain, act)).status_code == 404


def test_member_sees_and_signs_and_runs_nothing(field, chain, as_person):
    member = as_person(field.members[0])
    assert member.get(page(chain)).status_code == 200
    assert member.get(page(chain, "code/")).status_code == 403
    for act in ("group/close/", "settle/", "off/"):
        assert member.post(page(chain, act), {"reason": "下雨"}).status_code == 403
    assert member.post(page(chain, "mind/"), {"person": field.members[0].pk}).status_code in (403, 404)
    assert member.get(page(chain, "group/text/")).status_code == 403


def test_administrators_see_nothing(chain, as_person):
    operator = Person.objects.create(name="查守静", initials="csj", valid_from="2020-01-01")
    make_account(operator, administrator="security_admin")

    assert as_person(Person.objects.get(pk=operator.pk)).get(page(chain)).status_code in (403, 404)


def test_unknown_meetings_and_people_are_not_found(field, chain, leader):
    assert leader.post(page(chain, "lunch/open/")).status_code == 404
    for person in ("", "x", "9" * 30, field.outsider.pk):
        assert leader.post(page(chain, "came/"), {"person": person}).status_code == 404
        assert leader.post(page(chain, "left/"), {"person": person}).status_code == 404
        assert leader.post(page(chain, "brief/"), {"person": person}).status_code == 404


def test_stranger_scans_reads_and_signs(field, chain, as_person):
    worker = as_person(field.welder)
    path = f"{LIST}enter/{chain_code(chain, at=NOW)}/"
    shown = worker.get(path)
    assert "我是焊工老刘，签字" in shown.content.decode()
    answer = worker.post(page(chain, "group/sign/"), {"entry": shown.context["entry"]})
    assert answer["Location"] == page(chain)
    assert BriefingSignature.objects.get().way == "own_phone"
    assert "您已签字" in worker.get(path).content.decode()
    assert worker.post(page(chain, "safety/sign/"), {"entry": "x"}).status_code in (302, 404)
    refused = worker.get(f"{LIST}enter/1.2.x/")
    assert refused.status_code in (404, 409, 422)


def test_pass_of_somebody_else_signs_nothing(field, chain, as_person):
    entry = as_person(field.welder).get(f"{LIST}enter/{chain_code(chain, at=NOW)}/").context["entry"]

    assert as_person(field.outsider).post(page(chain, "group/sign/"), {"entry": entry}).status_code == 404
    assert not BriefingSignature.objects.exists()


def test_code_is_shown_to_the_leader_and_counts(chain, leader, field):
    sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=field.members[0], at=NOW)
    answer = leader.get(page(chain, "code/"))

    assert answer["Cache-Control"] == "no-store"
    assert answer.context["signed"] == 1
    assert "<html" not in leader.fragment(page(chain, "code/")).content.decode()


def test_cards_sign_one_after_the_other(field, chain, leader):
    assert leader.get(page(chain, "card/")).status_code == 200
    leader.post(page(chain, "card/"), {"code": member_card(field.members[1])})
    assert BriefingSignature.objects.get().person == field.members[1]
    assert "不是本单位的党员卡" in leader.post(page(chain, "card/"), {"code": "x\x00"}).content.decode()


def test_changed_text_says_how_many_signatures_it_voids(field, chain, leader):
    hold(chain, Meeting.GROUP, field)
    open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=field.leader, at=NOW)
    sign_all(chain, Meeting.SAFETY, crew(field))
    path = page(chain, "safety/text/")
    assert "3 人已经签字" in leader.get(path).content.decode()
    assert leader.post(path, {"heading": "", "text": "吊装"}).status_code == 422
    leader.post(path, {"heading": "", "text": "吊装：停"})

    assert all(row.is_void for row in board_of(chain).part(Meeting.SAFETY).signed)


def test_briefer_is_chosen_while_the_meeting_is_ahead(field, chain, leader):
    path = page(chain, "technical/text/")
    leader.post(path, {"heading": "", "text": "先断后接", "briefer": field.members[1].pk})

    assert chain.meetings.get(meeting="technical").briefer == field.members[1]
    assert "briefer" not in leader.get(page(chain, "group/text/")).context["form"].fields


def test_late_comer_is_told_and_signs_on_the_own_phone(field, chain, leader, as_person):
    late = field.members[2]
    hold(chain, Meeting.GROUP, field)
    open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=field.leader, at=NOW)
    leader.post(page(chain, "came/"), {"person": late.pk})
    assert "未交底：党小组会" in leader.get(page(chain)).content.decode()
    leader.post(page(chain, "brief/"), {"person": late.pk})
    browser = as_person(late)
    assert "补交底等您签字" in browser.get(page(chain)).content.decode()
    browser.post(page(chain, "sign-late/"))

    line = board_of(chain).line_of(late)
    assert (line.to_be_briefed, line.to_sign_late) == ((), ())


def test_who_needs_a_talk_is_seen_by_the_leader_alone(field, chain, leader, as_person):
    sign_all(chain, Meeting.GROUP, crew(field))
    leader.post(page(chain, "mind/"), {"person": field.members[0].pk, "settled": "0"})
    assert "改为三定" in leader.get(page(chain)).content.decode()
    for person in (field.members[0], field.members[1], field.secretary, field.clerk):
        browser = as_person(person)
        assert "谈心" not in browser.get(page(chain)).content.decode()
        assert "等您谈心" not in browser.get(LIST).content.decode()
    row = chain.people.get(person=field.members[0])
    assert "等您谈心" in leader.get(LIST).content.decode()
    assert [line.args for line in my_day(field.leader, NOW).lines if line.inbox == "talks"] == [(chain.pk,)]
    assert as_person(field.members[1]).post(page(chain, f"talks/{row.pk}/")).status_code == 404
    leader.post(page(chain, f"talks/{row.pk}/"))
    row.refresh_from_db()
    assert row.talked_by == field.leader


def test_signature_that_waits_is_on_the_own_day(field, chain):
    assert "site_signing" in [line.inbox for line in my_day(field.members[0], NOW).lines]
    sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=field.members[0], at=NOW)

    assert "site_signing" not in [line.inbox for line in my_day(field.members[0], NOW).lines]


def test_opening_is_taken_back_and_the_day_called_off(chain, leader):
    leader.post(page(chain, "group/undo/"))
    chain.refresh_from_db()
    assert chain.stage == ChainStage.BEGUN
    assert leader.post(page(chain, "off/"), {"reason": ""}).status_code == 422
    leader.post(page(chain, "off/"), {"reason": "暴雨停工"})
    assert "暴雨停工" in leader.get(page(chain)).content.decode()


def test_fragment_is_the_part_that_changes(chain, leader):
    answer = leader.fragment(page(chain, "group/sign/"), post=True).content.decode()

    assert answer.strip().startswith("<section")
    assert "<html" not in answer


def test_record_comes_as_word_and_pdf(field, leader):
    chain = complete(field)

    assert leader.get(page(chain, "record.docx")).content[:2] == b"PK"
    assert leader.get(page(chain, "record.pdf")).content[:4] == b"%PDF"
    assert leader.get(page(begun(field, place="中控室"), "record.pdf")).status_code in (409, 302)


def test_page_costs_the_same_for_three_people_and_five(field, leader, statements):
    chain = complete(field)
    few = statements(leader, page(chain))
    for person in (field.members[2], field.guide):
        note_came(chain=chain, person=person, actor=field.leader, at=NOW)
    assert statements(leader, page(chain)) == few


def test_list_is_searched_filtered_exported_and_costs_the_same(field, leader, chain, statements):
    one = statements(leader, LIST)
    begun(field, place="中控室")
    begun(field, place="门岗")
    assert statements(leader, LIST) == one
    assert one <= 8
    assert len(leader.get(LIST, {"q": "中控"}).context["lines"]) == 1
    assert leader.get(LIST, {"stage": "closed"}).context["lines"] == []
    for query in (
        {"since": "9999-99-99"},
        {"until": "0001-01-01"},
        {"stage": "\x00"},
        {"page": "9" * 40},
        {"since": "9999-12-31"},
    ):
        assert leader.get(LIST, query).status_code in (200, 400)
    book = load_workbook(BytesIO(b"".join(leader.get(f"{LIST}export/?q=门岗").streaming_content)))
    assert [row[2] for row in book.active.values][1:] == ["门岗"]


def test_yesterday_is_read_only(field, chain, as_person, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))
    leader = as_person(field.leader)
    shown = leader.get(page(chain)).content.decode()

    assert "这一天没有开完" in shown
    assert "结束党小组会" not in shown
    leader.post(page(chain, "group/sign/"))
    assert not BriefingSignature.objects.exists()


def test_who_left_is_shown_and_comes_back(field, chain, leader):
    sign_all(chain, Meeting.GROUP, crew(field))
    leader.post(page(chain, "left/"), {"person": field.members[0].pk})
    assert "已离场" in leader.get(page(chain)).content.decode()
    leader.post(page(chain, "came/"), {"person": field.members[0].pk})
    assert chain.people.get(person=field.members[0]).left_at is None


def test_mind_of_nobody_is_not_found(field, chain, leader):
    set_mind_of = {"person": field.outsider.pk, "settled": "1"}
    assert leader.post(page(chain, "mind/"), set_mind_of).status_code == 404
    sign_all(chain, Meeting.GROUP, crew(field))
    set_mind(chain=chain, person=field.members[0], is_settled=True, actor=field.leader, at=NOW)
    assert chain.people.get(person=field.members[0]).is_settled
