"""荣誉 on the page: register, titles, selections from the call to the award, the banner, and what bad input meets."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ronghe.domain.ballots.services.ballots import cast_votes
from ronghe.domain.honours.enums import CallState, CallWay, NominationState, RoundState
from ronghe.domain.honours.models import BannerRound, CallObjection, Honour, HonourCall, HonourTitle, Nomination
from ronghe.domain.honours.services.choosing import object_to
from ronghe.domain.honours.services.importing import HEADS
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.honours import (
    make_call,
    make_field,
    make_honour,
    make_nominations,
    make_noticed,
    make_round,
    make_title,
    make_vetted,
    rate,
)
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db
HOME = "/honours/"
LISTS = ("", "titles/", "calls/", "banner/")
NASTY = {
    "title": "9" * 40, "body": "x", "year": "1e9", "quota": "-1", "reasons": "\x00", "picked": ["9" * 40], "reason": "\x00",
    "text": "\x00", "people": ["9" * 40], "offices": ["9" * 40], "quarter": "7",
}  # fmt: skip


@pytest.fixture
def field(db, now):
    return make_field("采油九厂党委")


@pytest.fixture
def clerk(field, as_person):
    return as_person(field.clerk)


@pytest.fixture
def secretary(field, as_person):
    return as_person(field.secretaries[0])


@pytest.fixture
def auditor(field, as_person):
    return as_person(field.field.auditor)


@pytest.fixture
def member(field, as_person):
    return as_person(field.members[2])


@pytest.fixture
def stranger(db, as_person):
    return as_person(make_person("外单位的人"))


@pytest.mark.parametrize("who", ["clerk", "secretary", "auditor", "member", "stranger"])
@pytest.mark.parametrize("place", LISTS)
def test_everybody_reads_the_lists(request, field, now, who, place):
    make_honour(field, now)
    browser = request.getfixturevalue(who)
    assert browser.get(HOME + place).status_code == 200
    assert browser.get(f"{HOME}{place}?q=%00&page=99999999999&year=99999&state=x&sort=x&term=x").status_code == 200


def test_an_honour_is_entered_with_its_proof_and_printed(clerk, member, field, now):
    title = make_title(field, now)
    given = {
        "title": title.pk, "body": field.branches[0].pk, "person": field.members[0].pk, "year": 2026,
        "issuer": "油田公司党委", "awarded_on": "2026-07-01",
        "proof": SimpleUploadedFile("证书.pdf", b"%PDF-1.4 proof", "application/pdf"),
    }  # fmt: skip
    assert clerk.get(f"{HOME}new/").status_code == 200
    assert clerk.post(f"{HOME}new/", {**given, "person": "", "proof": ""}).status_code == 422
    assert clerk.post(f"{HOME}new/", given)["Location"] == HOME
    honour = Honour.objects.get()
    shown = member.get(f"{HOME}{honour.pk}/")
    assert field.members[0].name in shown.content.decode()
    assert f"{HOME}{honour.pk}/withdraw/" not in shown.content.decode()
    assert b"".join(member.get(f"{HOME}{honour.pk}/proof/").streaming_content) == b"%PDF-1.4 proof"
    for form in ("pdf", "docx"):
        assert member.get(f"{HOME}{honour.pk}/certificate.{form}").status_code == 200
    assert clerk.get(f"{HOME}print.pdf").status_code == 200
    assert member.get(f"{HOME}print.pdf").status_code == 403
    assert member.get(f"{HOME}export/?kind=person").getvalue().startswith(b"PK")
    assert member.get(f"{HOME}new/").status_code == 403


def test_an_honour_is_withdrawn_with_the_reason(clerk, secretary, member, field, now):
    honour = make_honour(field, now)
    assert secretary.get(f"{HOME}{honour.pk}/withdraw/").status_code == 403
    assert clerk.post(f"{HOME}{honour.pk}/withdraw/", {"reason": " "}).status_code == 422
    assert clerk.post(f"{HOME}{honour.pk}/withdraw/", {"reason": "材料不实"}).status_code == 302
    assert member.get(f"{HOME}{honour.pk}/").status_code == 404
    assert "材料不实" in secretary.get(f"{HOME}{honour.pk}/").content.decode()
    assert "采油九厂" not in member.get(HOME).content.decode()


def test_a_table_is_checked_and_written(clerk, member, field, now):
    make_title(field, now)
    file = BytesIO()
    row = [
        "优秀共产党员",
        "",
        field.members[0].name,
        "",
        field.branches[0].name,
        "2026",
        "油田公司党委",
        "",
        "2026-07-01",
        "",
    ]
    write_workbook(file, [SheetOut("荣誉", list(HEADS.values()), [row], [12] * len(HEADS))])

    def table():
        return SimpleUploadedFile("h.xlsx", file.getvalue())

    assert clerk.post(f"{HOME}import/", {"table": table()})["Location"] == f"{HOME}import/"
    assert not Honour.objects.exists()
    assert clerk.post(f"{HOME}import/", {"table": table(), "is_real": "on"})["Location"] == HOME
    assert Honour.objects.count() == 1
    assert clerk.post(f"{HOME}import/", {"table": SimpleUploadedFile("x.txt", b"no")}).status_code == 422
    assert member.get(f"{HOME}import/").status_code == 403


def test_titles_are_kept_by_the_clerk(clerk, secretary, field, now):
    assert clerk.post(f"{HOME}titles/take-over/").status_code == 302
    count = HonourTitle.objects.count()
    given = {"name": "安全标兵", "level": "unit", "goes_to": "person", "term_months": 12, "aspects": ["safety"]}
    assert clerk.post(f"{HOME}titles/new/", given).status_code == 302
    assert clerk.post(f"{HOME}titles/new/", given).status_code == 422
    title = HonourTitle.objects.get(name="安全标兵")
    assert (HonourTitle.objects.count(), title.aspects) == (count + 1, ["safety"])
    assert "安全标兵" in clerk.get(f"{HOME}titles/{title.pk}/edit/").content.decode()
    assert clerk.post(f"{HOME}titles/{title.pk}/edit/", {**given, "name": "安全之星"}).status_code == 302
    assert clerk.post(f"{HOME}titles/{title.pk}/retire/").status_code == 302
    title.refresh_from_db()
    assert (title.name, title.is_retired) == ("安全之星", True)
    for act in ("new/", f"{title.pk}/edit/"):
        assert secretary.get(f"{HOME}titles/{act}").status_code == 403
    assert secretary.post(f"{HOME}titles/{title.pk}/retire/").status_code == 403
    assert secretary.post(f"{HOME}titles/take-over/").status_code == 403


def test_a_selection_from_the_call_to_the_certificate(clerk, secretary, auditor, member, field, now, as_person):
    title = make_title(field, now)
    given = {
        "body": field.committee.pk, "title": title.pk, "year": 2026, "quota": 1, "quota_per_body": 1, "way": "ballot",
        "nominate_until": "2026-09-30", "notice_days": 5, "veto_months": 12,
    }  # fmt: skip
    assert clerk.get(f"{HOME}calls/new/").status_code == 200
    assert clerk.post(f"{HOME}calls/new/", {**given, "quota": 0}).status_code == 422
    assert clerk.post(f"{HOME}calls/new/", given).status_code == 302
    call = HonourCall.objects.get()
    page = f"{HOME}calls/{call.pk}/"
    assert member.get(f"{page}nominate/").status_code == 403
    assert secretary.get(f"{page}nominate/").status_code == 200
    named = {"by_body": field.branches[0].pk, "person": field.members[0].pk, "reasons": "带头攻关"}
    assert secretary.post(f"{page}nominate/", {**named, "reasons": ""}).status_code == 422
    assert secretary.post(f"{page}nominate/", named).status_code == 302
    row = Nomination.objects.get()
    own = f"{HOME}nominations/{row.pk}/"
    assert secretary.get(f"{own}evidence/").status_code == 200
    assert secretary.post(f"{own}evidence/", {"words": "改造提前十天"}).status_code == 302
    assert "改造提前十天" in clerk.get(own).content.decode()
    assert member.get(own).status_code == 404
    assert secretary.post(f"{page}vet/").status_code == 403
    assert clerk.post(f"{page}vet/").status_code == 302
    for browser, aspect in ((clerk, "organization"), (auditor, "discipline"), (as_person(field.safety), "safety")):
        assert browser.get(f"{own}opinion/").status_code == 200
        assert browser.post(f"{own}opinion/", {"aspect": aspect, "passes": "1"}).status_code == 302
    assert clerk.get(f"{page}vote/").status_code == 200
    leaders = [person.pk for person in field.field.leaders]
    assert clerk.post(f"{page}vote/", {"people": leaders, "more": "没有的人"}).status_code == 422
    assert clerk.post(f"{page}vote/", {"people": leaders, "more": field.members[1].name}).status_code == 302
    call.refresh_from_db()
    for person in [*field.field.leaders, field.members[1]]:
        cast_votes(ballot=call.ballot, votes={1: 1}, actor=person, at=now)
    assert clerk.post(f"{page}count/").status_code == 302
    assert clerk.post(f"{page}choose/", {"picked": []}).status_code == 422
    assert clerk.post(f"{page}choose/", {"picked": [row.pk]}).status_code == 302
    assert field.members[0].name in member.get(page).content.decode()
    assert member.get(f"{page}notice.pdf").status_code == 200
    assert member.get(f"{own}object/").status_code == 200
    assert member.post(f"{own}object/", {"text": "请核实工时"}).status_code == 302
    assert secretary.get(page).content.decode().count("请核实工时") == 0
    objection = CallObjection.objects.get()
    assert (
        clerk.post(f"{HOME}objections/{objection.pk}/answer/", {"is_upheld": "0", "answer": "属实"}).status_code == 302
    )
    assert clerk.post(f"{page}award/", {}).status_code == 422
    over = (now - timedelta(days=1)).date()
    HonourCall.objects.update(notice_from=over - timedelta(days=6), notice_until=over)
    assert clerk.post(f"{page}award/", {"document_number": "厂党〔2026〕9号"}).status_code == 302
    honour = Honour.objects.get()
    assert honour.person == field.members[0]
    assert f"{HOME}{honour.pk}/" in member.get(own).content.decode()


def test_each_stage_shows_what_can_be_done_and_to_whom(clerk, member, field, now):
    title = make_title(field, now)
    call = make_call(field, now, title=title)
    rows = make_nominations(field, call, now)
    page = f"{HOME}calls/{call.pk}/"
    assert f"{page}vet/" in clerk.get(page).content.decode()
    assert f"{page}vet/" not in member.get(page).content.decode()
    assert clerk.get(f"{page}notice.pdf").status_code in (409, 422)
    assert clerk.post(f"{HOME}nominations/{rows[0].pk}/withdraw/").status_code == 302
    assert clerk.post(f"{page}call-off/", {"reason": "改期"}).status_code == 302
    assert "改期" in member.get(page).content.decode()
    for act in ("vote", "vote-again", "choose", "award", "call-off"):
        assert member.get(f"{page}{act}/").status_code == 403
    other, _rows = make_vetted(field, now, title=title)
    assert "vote/" in clerk.get(f"{HOME}calls/{other.pk}/").content.decode()


def test_a_vote_is_voided_and_tried_again(clerk, field, now):
    call, _rows = make_vetted(field, now)
    page = f"{HOME}calls/{call.pk}/"
    leaders = [person.pk for person in field.field.leaders]
    clerk.post(f"{page}vote/", {"people": leaders})
    assert clerk.post(f"{page}vote-again/", {"reason": "名单错了"}).status_code == 302
    assert HonourCall.objects.get().state == CallState.VETTING


def test_an_objection_shows_to_those_who_answer(clerk, auditor, stranger, field, now):
    call, rows = make_noticed(field, now)
    object_to(nomination=rows[0], text="请核对年限", actor=field.members[2], at=now)
    assert "请核对年限" in clerk.get(f"{HOME}calls/{call.pk}/").content.decode()
    assert "请核对年限" in auditor.get(f"{HOME}nominations/{rows[0].pk}/").content.decode()
    assert "请核对年限" not in stranger.get(f"{HOME}nominations/{rows[0].pk}/").content.decode()
    answer = f"{HOME}objections/{CallObjection.objects.get().pk}/answer/"
    assert stranger.get(answer).status_code == 404
    assert auditor.post(answer, {"is_upheld": "1", "answer": "核实成立"}).status_code == 302
    rows[0].refresh_from_db()
    assert rows[0].state == NominationState.DROPPED


def test_the_banner_is_rated_counted_and_hung(clerk, member, field, now):
    found = make_round(field, now)
    page = f"{HOME}banner/{found.pk}/"
    assert clerk.get(f"{HOME}banner/new/").status_code == 200
    assert member.get(f"{HOME}banner/new/").status_code == 403
    assert member.get(page).status_code == 200
    rate(found, [(1, 1)] * 5, now)
    assert member.post(f"{page}count/").status_code == 403
    assert clerk.post(f"{page}count/").status_code == 302
    first = found.offices.order_by("place")[0]
    assert clerk.get(f"{page}settle/").status_code == 200
    assert clerk.post(f"{page}settle/", {"winner": first.pk, "reason": "帮扶更多"}).status_code == 302
    assert BannerRound.objects.get().state == RoundState.AWARDED
    assert field.branches[0].name in member.get(f"{HOME}banner/").content.decode()
    given = {"body": field.committee.pk, "offices": [branch.pk for branch in field.branches[:2]], "year": 2026,
             "quarter": 4, "least_votes": 5, "everybody": "on"}  # fmt: skip
    assert clerk.post(f"{HOME}banner/new/", {**given, "quarter": 3}).status_code == 422
    assert clerk.post(f"{HOME}banner/new/", given).status_code == 302
    second = BannerRound.objects.get(quarter=4)
    assert clerk.post(f"{HOME}banner/{second.pk}/call-off/", {"reason": "改期"}).status_code == 302


def test_bad_input_is_refused_and_nothing_breaks(clerk, field, now):
    call, rows = make_vetted(field, now, way=CallWay.MEETING)
    found, honour = make_round(field, now), make_honour(field, now, title=call.title)
    for path in (
        "new/", "import/", "titles/new/", "calls/new/", f"calls/{call.pk}/nominate/", f"calls/{call.pk}/vote/",
        f"calls/{call.pk}/choose/", f"{honour.pk}/withdraw/", f"nominations/{rows[0].pk}/object/", "banner/new/",
        f"banner/{found.pk}/settle/", f"banner/{found.pk}/call-off/",
    ):  # fmt: skip
        assert clerk.post(HOME + path, NASTY).status_code in (403, 404, 422), path
    for path in ("9999999/", "calls/9999999/", "nominations/9999999/", "banner/9999999/", f"{honour.pk}/proof/"):
        assert clerk.get(HOME + path).status_code == 404


def test_offices_are_rated_on_one_page_with_one_submit(as_person, field, now):
    found = make_round(field, now)
    page, rater, rated = f"{HOME}banner/{found.pk}/", as_person(field.members[2]), as_person(field.members[0])
    assert "去评分" in rater.get(page).content.decode()
    assert field.branches[0].name in rater.get(f"{page}rate/").content.decode()
    assert rated.get(f"{page}rate/")["Location"] == page
    assert rater.post(f"{page}rate/", {"office_1": "5"}).status_code == 422
    assert rater.post(f"{page}rate/", {"office_1": "5", "office_2": "7"}).status_code == 422
    assert rater.post(f"{page}rate/", {"office_1": "5", "office_2": "0"})["Location"] == page
    said = rater.get(page).content.decode()
    assert "您已评分" in said
    assert "去评分" not in said
    assert rater.get(f"{page}rate/")["Location"] == page
    rater.post(f"{page}rate/", {"office_1": "1", "office_2": "1"})
    rated.post(f"{page}rate/", {"office_1": "1", "office_2": "1"})
    assert found.ballot.voters.filter(way="phone").count() == 1


def test_a_rating_waits_on_its_own_page_and_not_among_the_ballots(as_person, field, now):
    found = make_round(field, now)
    today = as_person(field.members[2]).get("/").content.decode()
    assert f"/honours/banner/{found.pk}/rate/" in today
    assert f"/ballots/{found.ballot_id}/" not in today
