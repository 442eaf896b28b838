"""组织生活 on the page: every part, who sees what, and what bad input meets."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ronghe.domain.partylife.enums import OathKind, StudyForm
from ronghe.domain.partylife.models import (
    BirthdayKeeping,
    HistoryClass,
    OathCeremony,
    PlannedTalk,
    RedSite,
    StudyDispute,
    StudyEntry,
    StudyRules,
    Talk,
)
from ronghe.domain.partylife.services.birthdays import keep_birthdays
from ronghe.domain.partylife.services.classes import list_class
from ronghe.domain.partylife.services.oaths import hold_oath
from ronghe.domain.partylife.services.study import StudyText, claim_hours, dispute_hours
from ronghe.domain.partylife.services.talks import plan_talk
from ronghe.kernel.access.models import Look
from tests.factories.partylife import make_gathering, make_life, make_site, make_talk, talk_all
from tests.factories.rhythm import photo
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
HOME = "/rhythm/party-life/"
NASTY = {"other": "9" * 40, "day": "x", "doubt": "\x00", "reason": "", "stars": "9", "people": ["9" * 40], "amount": "1e99",
         "text": "", "answer": "", "is_upheld": "x", "words": "x" * 500, "scheduled_from": "x"}  # fmt: skip
PARTS = ("", "talks/", "birthdays/", "birthdays/kept/", "oaths/", "oaths/read/", "red-sites/", "red-sites/near/",
         "classes/", "hours/", "hours/entries/")  # fmt: skip


@pytest.fixture
def life(db, now):
    return make_life("采油九厂")


@pytest.fixture
def secretary(life, as_person):
    return as_person(life.secretary)


@pytest.fixture
def member(life, as_person):
    return as_person(life.members[0])


@pytest.fixture
def clerk(life, as_person):
    return as_person(life.clerk)


@pytest.fixture
def worker(life, as_person):
    return as_person(life.worker)


@pytest.fixture
def full(life, now):
    """One of everything."""
    talk_all(life, now)
    plan_talk(other=life.officer, day=now.date(), actor=life.secretary, at=now)
    make_gathering(life, now)
    keep_birthdays(
        body=life.branch, people=life.members[:1], day=now.date(), way="card", actor=life.secretary, at=now,
        uploads=[photo()],
    )  # fmt: skip
    site = make_site(life, now)
    hold_oath(
        body=life.branch, kind=OathKind.RENEWAL, people=life.members, led_by=life.secretary, day=now.date(), place="馆前",
        site=site, actor=life.secretary, at=now,
    )  # fmt: skip
    list_class(
        body=life.branch, topic="大庆会战", planned_on=now.date() + timedelta(days=3), teller=life.members[0],
        actor=life.secretary, at=now,
    )  # fmt: skip
    claim_hours(
        person=life.members[0], text=StudyText(now.date(), "党校培训", StudyForm.OFF_JOB, Decimal(1)), proof=photo(),
        actor=life.members[0], at=now,
    )  # fmt: skip
    dispute_hours(person=life.members[0], year=2026, text="少记一次", actor=life.members[0], at=now)
    return life


def picture():
    upload = photo()
    return SimpleUploadedFile("现场.jpg", upload.content.read(), "image/jpeg")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("who", ["secretary", "member", "clerk", "worker"])
def test_everybody_gets_every_part(request, full, who, part):
    assert request.getfixturevalue(who).get(HOME + part).status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_empty_parts_say_what_to_do(secretary, part):
    assert secretary.get(HOME + part).status_code == 200


@pytest.mark.parametrize("part", ["talks/pairs/", "hours/table/", "hours/rules/"])
def test_who_leads_gets_the_tables_and_nobody_else(secretary, member, worker, full, part):
    assert secretary.get(HOME + part).status_code == 200
    assert member.get(HOME + part).status_code == 404
    assert worker.get(HOME + part).status_code == 404


def test_a_talk_is_recorded_with_two_answers_and_confirmed_with_one_tap(secretary, member, life, now):
    shown = secretary.get(f"{HOME}talks/new/?with={life.members[0].pk}").content.decode()
    assert f'<option value="{life.members[0].pk}" selected' in shown
    answer = secretary.post(f"{HOME}talks/new/", {"other": life.members[0].pk, "day": "2026-09-14", "text": "家里的事"})
    talk = Talk.objects.get()
    assert answer["Location"] == f"{HOME}talks/{talk.pk}/"
    assert "陶建业" in member.get(f"{HOME}talks/").content.decode()
    member.post(f"{HOME}talks/{talk.pk}/confirm/", {"from": "list"})
    talk.refresh_from_db()
    assert talk.state == "confirmed"


def test_what_was_said_shows_once_and_leaves_a_look(secretary, member, clerk, life, now):
    talk = make_talk(life.secretary, life.members[0], now, text="想换班")
    for browser in (secretary, member):
        assert "想换班" not in browser.get(f"{HOME}talks/{talk.pk}/").content.decode()
        assert "想换班" in browser.post(f"{HOME}talks/{talk.pk}/read/").content.decode()
    assert clerk.post(f"{HOME}talks/{talk.pk}/read/").status_code == 403
    page = text_of(clerk.get(f"{HOME}talks/{talk.pk}/").content.decode())
    assert "想换班" not in page
    assert "工作" not in page.split("谈话内容")[1]
    assert Look.objects.count() == 2


def test_a_talk_that_is_wrong_is_sent_back_or_voided(secretary, member, life, now):
    first, second = make_talk(life.secretary, life.members[0], now), make_talk(life.secretary, life.members[1], now)
    assert member.post(f"{HOME}talks/{first.pk}/decline/", {"doubt": "not_held"}).status_code == 302
    assert secretary.post(f"{HOME}talks/{second.pk}/void/", {"doubt": "twice"}).status_code == 302
    assert {talk.state for talk in Talk.objects.all()} == {"declined", "voided"}
    assert "没有谈过" in secretary.get(f"{HOME}talks/{first.pk}/").content.decode()


def test_a_form_that_does_not_hold_together_says_why(secretary, life):
    answer = secretary.post(f"{HOME}talks/new/", {"other": life.members[0].pk, "day": "2026-09-30"})
    assert answer.status_code == 422
    assert "还没到" in answer.content.decode()
    answer = secretary.post(f"{HOME}talks/new/", {"other": life.members[0].pk, "day": "2026-09-14", "task": "协调"})
    assert answer.status_code == 422
    assert "请写明何时办完" in answer.content.decode()


def test_a_talk_is_planned_and_dropped_by_the_planner_alone(secretary, member, life, now):
    secretary.post(f"{HOME}talks/plan/", {"other": life.members[0].pk, "day": "2026-09-20"})
    plan = PlannedTalk.objects.get()
    assert member.post(f"{HOME}talks/plan/{plan.pk}/drop/").status_code == 404
    assert secretary.post(f"{HOME}talks/plan/{plan.pk}/drop/").status_code == 302
    plan.refresh_from_db()
    assert plan.dropped_at is not None


def test_the_pairs_show_what_is_missing(secretary, life, now):
    make_talk(life.secretary, life.members[0], now)
    page = text_of(secretary.get(f"{HOME}talks/pairs/").content.decode())
    assert "还缺 6" in page
    assert secretary.get(f"{HOME}talks/pairs/export/?body={life.branch.pk}").getvalue().startswith(b"PK")
    assert secretary.get(f"{HOME}talks/pairs/?year=1").status_code == 400


def test_birthdays_are_kept_together_with_a_picture_and_a_card(secretary, member, life, now):
    page = secretary.get(f"{HOME}birthdays/").content.decode()
    assert "整周年" in page
    assert "于德江" in page
    shown = secretary.get(f"{HOME}birthdays/keep/?body={life.branch.pk}")
    assert shown.content.decode().count(" checked") == 2  # those of September
    given = {"body": life.branch.pk, "people": [p.pk for p in life.members], "day": "2026-09-14", "way": "together",
             "message": "不忘初心", "photo": picture()}  # fmt: skip
    answer = secretary.post(f"{HOME}birthdays/keep/", given)
    keeping = BirthdayKeeping.objects.get()
    path = f"{HOME}birthdays/kept/{keeping.pk}/"
    assert answer["Location"] == path
    row = keeping.people.get(person=life.members[0])
    assert member.post(f"{path}words/{row.pk}/", {"words": "永远跟党走"}).status_code == 302
    assert "永远跟党走" in secretary.get(path).content.decode()
    assert secretary.get(f"{path}photos/{keeping.photos.get().pk}/").getvalue()
    card = f"{HOME}birthdays/{life.members[0].pk}/2026/card.pdf"
    assert member.get(card).content.startswith(b"%PDF")
    assert secretary.get(f"{HOME}birthdays/{life.stranger.pk}/2026/card.pdf").status_code == 404
    assert secretary.post(f"{path}photo/", {"photo": picture()}).status_code == 302
    assert secretary.post(f"{path}void/", {"reason": "记错"}).status_code == 302
    assert secretary.post(f"{path}void/", {"reason": ""}).status_code == 422


def test_a_card_without_a_day_of_joining_is_refused_with_the_way_out(secretary, life):
    answer = secretary.get(f"{HOME}birthdays/{life.officer.pk}/2026/card.pdf")
    assert answer.status_code == 409
    assert "没有入党日期" in answer.content.decode()


def test_an_oath_is_recorded_from_the_sheet(secretary, life, now):
    activity = make_gathering(life, now, came=life.people[:4])
    shown = secretary.get(f"{HOME}oaths/new/?body={life.branch.pk}&activity={activity.pk}").content.decode()
    assert shown.count(" checked") == 4
    given = {"body": life.branch.pk, "kind": "renewal", "activity": activity.pk, "led_by": life.secretary.pk,
             "people": [p.pk for p in life.people[:4]], "day": "2026-09-14", "place": "会议室"}  # fmt: skip
    answer = secretary.post(f"{HOME}oaths/new/", given)
    oath = OathCeremony.objects.get()
    assert answer["Location"] == f"{HOME}oaths/{oath.pk}/"
    assert "何秀兰" in secretary.get(f"{HOME}oaths/{oath.pk}/").content.decode()
    refused = secretary.post(f"{HOME}oaths/new/", {**given, "kind": "admission"})
    assert refused.status_code == 422
    assert "不是预备党员" in refused.content.decode()
    assert secretary.post(f"{HOME}oaths/{oath.pk}/void/", {"reason": "重复"}).status_code == 302


def test_the_oath_is_there_to_read(member):
    page = member.get(f"{HOME}oaths/read/").content.decode()
    assert "我志愿加入中国共产党" in page
    assert "永不叛党" in page


def test_a_red_site_is_registered_visited_rated_and_closed(clerk, secretary, life, now):
    given = {
        "body": life.committee.pk,
        "name": "铁人纪念馆",
        "kind": "memorial",
        "latitude": "46.58",
        "longitude": "125.1",
    }
    assert clerk.post(f"{HOME}red-sites/new/", {**given, "longitude": ""}).status_code == 422
    assert clerk.post(f"{HOME}red-sites/new/", given).status_code == 302
    site = RedSite.objects.get()
    path = f"{HOME}red-sites/{site.pk}/"
    assert clerk.post(f"{path}edit/", {**given, "name": "铁人王进喜纪念馆"}).status_code == 302
    answer = secretary.post(
        f"{path}visit/",
        {"body": life.branch.pk, "scheduled_from": "2026-09-20T09:00", "scheduled_until": "2026-09-20T11:00"},
    )
    assert answer["Location"].startswith("/rhythm/activities/")
    assert secretary.post(f"{path}rate/", {"stars": "5"}).status_code == 403
    activity = site.visits.get().activity
    assert activity.place == "铁人王进喜纪念馆"
    make_gathering(life, now, activity=activity)
    assert "打几星" in secretary.get(path).content.decode()
    assert secretary.post(f"{path}rate/", {"stars": "5"}).status_code == 302
    assert clerk.post(f"{path}close/", {"reason": ""}).status_code == 422
    assert clerk.post(f"{path}close/", {"reason": "修缮"}).status_code == 302
    assert "恢复使用" in clerk.get(path).content.decode()
    assert clerk.post(f"{path}open/").status_code == 302


def test_the_exported_table_comes_in_again(clerk, life, now):
    make_site(life, now)
    table = clerk.get(f"{HOME}red-sites/export/").getvalue()
    upload = SimpleUploadedFile("红色资源.xlsx", table)
    assert clerk.post(f"{HOME}red-sites/import/", {"body": life.committee.pk, "table": upload}).status_code == 302
    assert RedSite.objects.count() == 1
    bad = SimpleUploadedFile("坏.xlsx", b"not a table")
    assert clerk.post(f"{HOME}red-sites/import/", {"body": life.committee.pk, "table": bad}).status_code == 422


def test_near_is_told_from_a_zone(story, as_person, now):
    life = make_life("采油八厂")
    make_site(life, now)
    browser, key = as_person(story.clerk), f"zone-{story.zone.pk}"
    assert "还没有标明现场位置" in browser.get(f"{HOME}red-sites/near/?from={key}").content.decode()
    point = f"{HOME}red-sites/points/{key}/"
    assert browser.post(point, {"latitude": "91", "longitude": "0"}).status_code == 422
    assert browser.post(point, {"latitude": "46.59", "longitude": "125.0"}).status_code == 302
    assert "7.9 公里" in browser.get(f"{HOME}red-sites/near/?from={key}").content.decode()
    assert as_person(story.members[0]).get(point).status_code == 404
    assert browser.get(f"{HOME}red-sites/near/?from=zone-99999").status_code == 404


def test_a_class_is_listed_planned_and_brought_material(secretary, member, life, now):
    given = {"body": life.branch.pk, "topic": "大庆会战", "teller": life.members[0].pk, "planned_on": "2026-09-20"}
    assert secretary.post(f"{HOME}classes/new/", given).status_code == 302
    line = HistoryClass.objects.get()
    path = f"{HOME}classes/{line.pk}/"
    assert "安排活动" in secretary.get(path).content.decode()
    assert "安排活动" not in member.get(path).content.decode()
    assert member.post(f"{path}material/", {"material": picture()}).status_code == 302
    assert member.get(f"{path}file/").getvalue()
    assert secretary.post(f"{path}edit/", {**given, "topic": "铁人精神"}).status_code == 302
    assert secretary.post(f"{path}drop/").status_code == 302
    assert secretary.post(f"{path}restore/").status_code == 302
    hours = {"scheduled_from": "2026-09-20T16:00", "scheduled_until": "2026-09-20T17:00"}
    assert secretary.post(f"{path}plan/", hours).status_code == 302
    line.refresh_from_db()
    assert line.activity is not None
    assert "11 月还没有排" in text_of(secretary.get(f"{HOME}classes/").content.decode())


def test_hours_say_how_each_was_converted(member, secretary, full):
    page = text_of(member.get(f"{HOME}hours/").content.decode())
    assert "集中学习，120 分钟，折 2 学时" in page
    assert "还差 30" in page
    assert secretary.get(f"{HOME}hours/people/{full.members[0].pk}/").status_code == 200
    assert member.get(f"{HOME}hours/people/{full.members[1].pk}/").status_code == 404
    for form in ("docx", "pdf"):
        assert member.get(f"{HOME}hours/people/{full.members[0].pk}/print.{form}").status_code == 200


def test_hours_are_entered_confirmed_refused_and_disputed(member, secretary, full):
    given = {"title": "网上学习", "day": "2026-09-10", "form": "online", "amount": "2"}
    assert member.post(f"{HOME}hours/entries/new/", given).status_code == 422
    assert member.post(f"{HOME}hours/entries/new/", {**given, "proof": picture()}).status_code == 302
    first, second = StudyEntry.objects.order_by("pk")
    assert secretary.get(f"{HOME}hours/entries/{first.pk}/proof/").getvalue()
    assert secretary.post(f"{HOME}hours/entries/{first.pk}/confirm/").status_code == 302
    assert secretary.post(f"{HOME}hours/entries/{second.pk}/refuse/", {"reason": "没有截图"}).status_code == 302
    assert "没有截图" in member.get(f"{HOME}hours/").content.decode()
    assert member.post(f"{HOME}hours/disputes/new/", {"year": "2026", "text": "再核一次"}).status_code == 302
    dispute = StudyDispute.objects.order_by("pk").first()
    path = f"{HOME}hours/disputes/{dispute.pk}/answer/"
    assert member.post(path, {"is_upheld": "1", "answer": "好"}).status_code == 403
    assert secretary.post(path, {"is_upheld": "1", "answer": "已补"}).status_code == 302
    others = {"person": full.members[1].pk, "title": "党校", "day": "2026-09-01", "form": "off_job", "amount": "2"}
    assert secretary.post(f"{HOME}hours/entries/new/?for=others", others).status_code == 302
    assert StudyEntry.objects.filter(state="confirmed").count() == 2


def test_the_branch_table_filters_who_is_behind_and_goes_out(secretary, full):
    page = text_of(secretary.get(f"{HOME}hours/table/?behind=1").content.decode())
    assert "段小龙" in page
    assert secretary.get(f"{HOME}hours/table/export/?body={full.branch.pk}").getvalue().startswith(b"PK")


def test_a_unit_sets_its_figures_in_versions(clerk, life):
    given = {"body": life.committee.pk, "member_goal": "40", "leader_goal": "60", "together_hour": "1", "lecture_half_day": "3",
             "off_job_day": "6", "online_cap": "8", "together": ["theme_party_day"], "lectures": ["party_lecture"],
             "valid_from": "2026-01-01", "basis": "厂学时制"}  # fmt: skip
    assert clerk.post(f"{HOME}hours/rules/", {**given, "leader_goal": "1"}).status_code == 422
    assert clerk.post(f"{HOME}hours/rules/", given).status_code == 302
    row = StudyRules.objects.get()
    assert (row.version, row.kinds) == (1, {"theme_party_day": "together", "party_lecture": "lecture"})
    assert "厂学时制" in clerk.get(f"{HOME}hours/rules/").content.decode()


@pytest.mark.parametrize("part", ["talks/export/", "birthdays/export/", "red-sites/export/", "classes/export/"])
def test_lists_go_out_as_tables(member, full, part):
    assert member.get(HOME + part).getvalue().startswith(b"PK")


def acts(full):
    talk, keeping = Talk.objects.order_by("pk").first(), BirthdayKeeping.objects.get()
    site, line, entry = RedSite.objects.get(), HistoryClass.objects.get(), StudyEntry.objects.get()
    return [
        "talks/new/", "talks/plan/", f"talks/{talk.pk}/confirm/", f"talks/{talk.pk}/decline/", f"talks/{talk.pk}/void/",
        f"talks/{talk.pk}/read/", "birthdays/keep/", f"birthdays/kept/{keeping.pk}/void/",
        f"birthdays/kept/{keeping.pk}/photo/", f"birthdays/kept/{keeping.pk}/words/{keeping.people.get().pk}/",
        "oaths/new/", f"oaths/{OathCeremony.objects.get().pk}/void/", "red-sites/new/", "red-sites/import/",
        f"red-sites/{site.pk}/edit/", f"red-sites/{site.pk}/close/", f"red-sites/{site.pk}/rate/",
        f"red-sites/{site.pk}/visit/", "classes/new/", f"classes/{line.pk}/edit/", f"classes/{line.pk}/plan/",
        f"classes/{line.pk}/material/", "hours/entries/new/", f"hours/entries/{entry.pk}/refuse/",
        "hours/disputes/new/", f"hours/disputes/{StudyDispute.objects.get().pk}/answer/", "hours/rules/",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["secretary", "member", "worker", "clerk"])
def test_nothing_posted_breaks_anything(request, full, who):
    browser = request.getfixturevalue(who)
    for path in acts(full):
        assert browser.post(HOME + path, NASTY).status_code in (302, 403, 404, 409, 422), path


def test_administrators_get_nothing_of_a_person(administrator, full):
    for path in (
        f"talks/{Talk.objects.order_by('pk').first().pk}/",
        f"birthdays/kept/{BirthdayKeeping.objects.get().pk}/",
    ):
        assert administrator.get(HOME + path).status_code in (302, 403, 404)


@pytest.mark.parametrize(
    ("part", "most"),
    [
        ("talks/", 12),
        ("birthdays/kept/", 10),
        ("oaths/", 11),
        ("red-sites/", 10),
        ("classes/", 15),
        ("hours/entries/", 12),
    ],
)
def test_lists_cost_the_same_whatever_their_length(secretary, life, now, statements, part, most):
    def grow(number):
        make_talk(life.secretary, life.people[1 + number % 4], now, days_ago=number)
        make_site(life, now, name=f"馆{number}")
        list_class(
            body=life.branch,
            topic=f"题{number}",
            planned_on=now.date() + timedelta(days=9),
            actor=life.secretary,
            at=now,
        )
        claim_hours(
            person=life.members[0], text=StudyText(now.date() - timedelta(days=number), "培训", StudyForm.ONLINE, Decimal(1)),
            actor=life.secretary, at=now,
        )  # fmt: skip
        hold_oath(
            body=life.branch, kind=OathKind.RENEWAL, people=life.members, led_by=life.secretary, day=now.date(),
            place="馆前", actor=life.secretary, at=now,
        )  # fmt: skip

    keep_birthdays(body=life.branch, people=life.members[:1], day=now.date(), way="card", actor=life.secretary, at=now)
    grow(1)
    one = statements(secretary, HOME + part)
    keep_birthdays(body=life.branch, people=life.members[1:], day=now.date(), way="card", actor=life.secretary, at=now)
    for number in range(2, 6):
        grow(number)

    assert statements(secretary, HOME + part) == one <= most


@pytest.mark.parametrize(
    ("part", "most"), [("", 60), ("hours/", 25), ("hours/table/", 25), ("talks/pairs/", 16), ("birthdays/", 16)]
)
def test_whole_pages_cost_the_same_however_many_people(secretary, life, now, statements, part, most):
    make_gathering(life, now)
    talk_all(life, now)

    assert statements(secretary, HOME + part) <= most
