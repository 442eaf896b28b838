"""三亮四比一创建 on the page: card, badge, board of promises, standards, campaigns, and bad input (G4; PP-09, PI-01)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Person
from ronghe.domain.org.services.people import join_body
from ronghe.domain.shows.models import Badge, BadgeConsent, PostStandard, ShowCompeteCampaign
from ronghe.domain.shows.services.badges import agree_badge, issue_badge
from tests.factories.carriers import make_story
from tests.factories.contests import COUNTED, make_contest, make_field
from tests.factories.org import LONG_AGO, SET_UP_AT
from tests.factories.shows import make_campaign, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db, now):
    return make_story(now, with_teams=False)


@pytest.fixture
def captain(place, as_person):
    return as_person(place.captain)


@pytest.fixture
def outsider(place, as_person):
    return as_person(place.outsider)


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_card_is_read_by_the_own_branch_and_nobody_else(place, captain, outsider, as_person, now):
    make_post(place, now)
    address = f"/shows/people/{place.captain.pk}/card/"
    assert captain.get("/shows/card/")["Location"] == address
    page = text(captain.get(address))
    for words in ("票证差错为零", "报警三十秒内确认，交接班零遗漏", "南八党支部", "同意公开"):
        assert words in page
    colleague = text(as_person(place.members[0]).get(address))
    assert "票证差错为零" in colleague
    assert "同意公开" not in colleague
    assert f"/shows/people/{place.captain.pk}/badge" not in colleague
    assert outsider.get(address).status_code == 404


def test_the_badge_is_printed_renewed_and_the_old_one_dead(place, captain, outsider, as_person):
    address = f"/shows/people/{place.captain.pk}/badge/"
    assert outsider.post(address).status_code == 404
    assert as_person(place.members[0]).post(address).status_code == 403
    assert captain.get(address).status_code == 405
    paper = address.rstrip("/") + ".pdf"
    assert captain.get(paper).status_code == 404
    assert captain.post(address).status_code == 302
    assert captain.get(paper).content.startswith(b"%PDF")
    assert as_person(place.members[0]).get(paper).status_code == 403
    old = Badge.objects.get()
    anybody = Client()
    assert anybody.get(f"/badge/{old.token}/").status_code == 200
    assert captain.post(f"{address}renew/", {"reason": " "}).status_code == 422
    assert as_person(place.secretary).post(f"{address}renew/", {"reason": "胸牌丢失"}).status_code == 302
    dead = anybody.get(f"/badge/{old.token}/")
    assert (dead.status_code, "已停用" in dead.content.decode()) == (410, True)
    assert anybody.get("/badge/kein-solcher-code/").status_code == 404
    assert "胸牌丢失" in text(captain.get(f"/shows/people/{place.captain.pk}/card/"))


def test_pi_01_without_consent_the_public_page_says_nothing_of_the_bearer(place, captain, now):
    make_post(place, now)
    token = issue_badge(person=place.captain, actor=place.captain, at=now).token
    Person.objects.filter(pk=place.captain.pk).update(staff_number="S-4711", phone_sealed="13800001111")
    anybody, address = Client(), f"/badge/{token}/"
    known = ("韩雪松", "南八", "票证差错为零", "中控", "S-4711", "13800001111", "中共党员")
    assert not [words for words in known if words in text(anybody.get(address))]
    assert captain.post("/shows/card/agree/", {"parts": ["posts", "promises"]}).status_code == 302
    page = text(anybody.get(address))
    assert [words for words in known if words in page] == ["南八", "票证差错为零", "中共党员"]
    assert anybody.get(address)["Cache-Control"] == "no-store"
    captain.post("/shows/card/agree/", {"parts": ["name", "nobody"]})
    assert BadgeConsent.objects.count() == 1
    assert captain.post("/shows/card/withdraw/").status_code == 302
    assert not [words for words in known if words in text(anybody.get(address))]


def test_pi_09_not_even_full_consent_shows_numbers(place, captain, now):
    token = issue_badge(person=place.captain, actor=place.captain, at=now).token
    Person.objects.filter(pk=place.captain.pk).update(staff_number="S-4711", phone_sealed="13800001111")
    parts = ("name", "posts", "standards", "promises", "stars")
    agree_badge(person=place.captain, parts=parts, actor=place.captain, at=now)
    page = text(Client().get(f"/badge/{token}/"))
    assert "韩雪松" in page
    assert not [words for words in ("S-4711", "13800001111", place.captain.initials) if words in page]


def test_a_branch_prints_all_its_badges_on_sheets(place, captain, as_person):
    address = f"/shows/bodies/{place.branch.pk}/badges/"
    assert captain.post(address).status_code == 403
    assert as_person(place.next_secretary).post(address).status_code == 403
    secretary = as_person(place.secretary)
    assert address in text(secretary.get(f"/shows/standards/?body={place.branch.pk}"))
    paper = address.rstrip("/") + ".pdf"
    assert secretary.get(paper).status_code == 404
    assert secretary.post(address).status_code == 302
    assert secretary.get(paper).content.startswith(b"%PDF")
    assert captain.get(paper).status_code == 403
    assert paper in text(secretary.get(f"/shows/standards/?body={place.branch.pk}"))
    assert Badge.objects.count() == 3 + len(place.members)


def test_standards_are_set_by_leaders(place, captain, as_person):
    secretary = as_person(place.secretary)
    given = {"body": place.branch.pk, "role": "secretary", "text": "每周到现场两次"}
    assert captain.get("/shows/standards/set/").status_code == 403
    assert secretary.get("/shows/standards/set/?body=x").status_code == 200
    assert secretary.post("/shows/standards/set/", given | {"role": "king"}).status_code == 422
    assert secretary.post("/shows/standards/set/", given | {"body": place.neighbour.pk}).status_code == 422
    assert secretary.post("/shows/standards/set/", given).status_code == 302
    assert secretary.post("/shows/standards/set/", given).status_code == 422
    assert PostStandard.objects.get().text == "每周到现场两次"
    assert "每周到现场两次" in text(captain.get("/shows/standards/"))


def test_standards_open_at_the_own_branch_before_others_that_one_leads(place, as_person):
    leader = as_person(place.clerk)
    assert place.neighbour.name < place.branch.name
    assert leader.get("/shows/standards/").context["body"] == place.neighbour
    join_body(
        person=place.clerk, body=place.branch, kind=MembershipKind.HOME, since=LONG_AGO, actor=None, at=SET_UP_AT
    )  # fmt: skip
    assert leader.get("/shows/standards/").context["body"] == place.branch


def test_the_wall_lists_filters_exports_and_prints(place, outsider, now):
    make_post(place, now, titles=("票证差错为零", "交接班零遗漏"))
    assert "交接班零遗漏" in text(outsider.get("/shows/wall/"))
    page = text(outsider.fragment("/shows/wall/", {"q": "票证", "state": "open", "order": "latest"}))
    assert ("票证差错为零" in page, "交接班零遗漏" in page) == (True, False)
    for query in ("state=x&order=x&body=x&zone=9999999999999999999&page=9999999", "q=%00&unit=-1&carrier=0"):
        assert outsider.get(f"/shows/wall/?{query}").status_code == 200
    assert outsider.get("/shows/wall/export/").getvalue().startswith(b"PK")
    for query in ("", "?paper=a3"):
        assert outsider.get(f"/shows/wall/print.pdf{query}").content.startswith(b"%PDF")
    assert outsider.get("/shows/wall/print.pdf?q=nichts").status_code == 404
    screen = text(outsider.get(f"/shows/wall/screen/?body={place.branch.pk}"))
    assert 'hx-trigger="every 60s"' in screen
    assert "南八党支部" in screen
    assert "<html" not in text(outsider.fragment("/shows/wall/screen/"))


def test_a_campaign_is_opened_changed_read_by_quarter_and_ended(place, outsider, as_person, now):
    clerk = as_person(place.clerk)
    given = {
        "body": place.committee.pk, "name": "三亮", "fourth": "比协作", "creates": "创示范站",
        "starts_on": timezone.localdate(now).isoformat(),
    }  # fmt: skip
    assert outsider.get("/shows/new/").status_code == 403
    assert clerk.post("/shows/new/", given | {"fourth": ""}).status_code == 422
    assert clerk.post("/shows/new/", given).status_code == 302
    campaign = ShowCompeteCampaign.objects.get()
    address = f"/shows/{campaign.pk}/"
    assert "三亮" in text(outsider.get("/shows/"))
    page = text(outsider.get(f"{address}?quarter=1999Q9"))
    assert ("创示范站" in page, f"{address}edit/" in page) == (True, False)
    assert outsider.get(f"{address}edit/").status_code == 403
    assert clerk.post(f"{address}edit/", {"name": "三亮", "fourth": "比安全", "creates": "创"}).status_code == 302
    assert clerk.get(f"{address}print.pdf").content.startswith(b"%PDF")
    assert 'value="比安全"' in text(clerk.get(f"/honours/contests/new/?body={place.committee.pk}"))
    assert clerk.get(f"{address}end/").status_code == 200
    assert outsider.post(f"{address}end/").status_code == 403
    assert clerk.post(f"{address}end/").status_code == 302
    assert clerk.post(f"{address}edit/", {"name": "三亮", "fourth": "比", "creates": "创"}).status_code == 422


def test_a_campaign_shows_its_contests_and_a_contest_its_wall(as_person, now):
    field = make_field()
    contest = make_contest(field, now, heads=COUNTED, ends_on=timezone.localdate(now) + timedelta(days=9))
    reader = as_person(field.members[0])
    campaign = ShowCompeteCampaign.objects.create(
        body=field.committee, name="三亮", fourth="比协作", creates="创示范", starts_on=timezone.localdate(now),
        opened_by=field.clerk, opened_at=now,
    )  # fmt: skip
    assert contest.name in text(reader.get(f"/shows/{campaign.pk}/"))
    wall = f"/honours/contests/{contest.pk}/wall/"
    assert wall in text(reader.get(f"/honours/contests/{contest.pk}/"))
    assert field.branches[0].name in text(reader.get(wall))
    head = f'data-label="{contest.heads.get(place=1).words}"'
    for page in (f"/shows/{campaign.pk}/", f"/honours/contests/{contest.pk}/", wall):
        assert head in text(reader.get(page)), page
    assert "<html" not in text(reader.fragment(wall))


def test_pages_cost_the_same_for_few_and_many(place, outsider, now, django_assert_max_num_queries):
    make_campaign(place, now)
    for number in range(2):
        make_post(place, now, name=f"岗{number}", titles=("一", "二"))
        with django_assert_max_num_queries(22):
            outsider.get("/shows/wall/")
