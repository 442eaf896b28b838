"""党建联盟 on the page: what is shown to whom, each act, and that a partner's contact meets nothing else."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, URLResolver, reverse

from ronghe.domain.alliances.models import Alliance, AllianceContact, AllianceDifficulty, Invitation, Partner
from ronghe.domain.alliances.services.difficulties import claim_ours
from ronghe.kernel.errors import Stale
from ronghe.web.alliances.apart import OPEN_TO_PARTNERS, SENT_ON
from ronghe.web.urls import urlpatterns
from tests.factories.alliances import NOW, SECRET_WORD, TODAY, come_in, make_alliance, make_difficulty
from tests.web.test_crawl import crawl

pytestmark = pytest.mark.django_db
LIST = "/alliances/"


@pytest.fixture
def story(now):
    return make_alliance()


@pytest.fixture
def secretary(story, as_person):
    return as_person(story.secretary)


@pytest.fixture
def partner(story, as_person):
    return as_person(story.clerk_of_town)


def page(story, act=""):
    return f"{LIST}{story.alliance.pk}/{act}"


def test_pages_want_a_log_in(client, story):
    for path in (LIST, f"{LIST}new/", page(story)):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_list_is_searched_and_exported(story, secretary, as_person):
    assert [row for row, _shape in secretary.get(LIST, {"q": "城南"}).context["lines"]] == [story.alliance]
    assert secretary.get(LIST, {"q": "没有的", "kind": "x", "sort": "x"}).context["lines"] == []
    assert secretary.get(f"{LIST}export/").getvalue()[:2] == b"PK"
    assert as_person(story.outsider).get(LIST).context["lines"] == []


def test_list_costs_the_same_for_one_and_for_many(story, secretary, statements):
    one = statements(secretary, LIST)
    for number in range(5):
        secretary.post(
            f"{LIST}new/",
            {"name": f"联盟{number}", "kind": "mixed", "body": story.branch.pk, "starts_on": "2026-09-01"},
        )
    assert Alliance.objects.count() == 6
    assert statements(secretary, LIST) == one


def test_list_of_difficulties_costs_the_same_for_one_and_for_many(story, secretary, statements):
    make_difficulty(story)
    one = statements(secretary, page(story))
    for number in range(8):
        make_difficulty(story, title=f"难题{number}")
    assert statements(secretary, page(story)) == one


def test_others_find_nothing(story, as_person):
    browser, one = as_person(story.outsider), make_difficulty(story)
    for path in (page(story), f"{LIST}new/", f"{LIST}difficulties/{one.pk}/"):
        assert browser.get(path).status_code == 404
    for act in ("partners/", "contacts/", "experts/", "end/", "raise/", f"partners/{story.town.pk}/phone/"):
        assert browser.post(page(story, act)).status_code == 404
    assert as_person(story.member).post(page(story, "end/")).status_code == 403


def test_a_contact_is_written_down_and_printed(story, secretary):
    failed = secretary.post(
        page(story, "contacts/"), {"day": "9999-12-31", "form": "visit", "settled": "好", "partners": [story.town.pk]}
    )
    assert failed.status_code == 422
    done = secretary.post(
        page(story, "contacts/"),
        {"day": f"{TODAY}", "form": "visit", "settled": "月底会商", "partners": [story.town.pk]},
    )
    assert done.status_code == 302
    contact = AllianceContact.objects.get()
    paper = secretary.get(page(story, f"contacts/{contact.pk}.docx"))
    assert paper.status_code == 200


def test_an_invitation_leads_in_and_is_shown_once(story, secretary, client):
    shown = secretary.post(page(story, f"partners/{story.plant.pk}/invite/"))
    link = shown.context["link"].replace("http://testserver", "")
    assert "密码" in client.get(link).content.decode()
    weak = client.post(link, {"login": "magong", "password": "abc", "again": "abc"})
    assert weak.status_code == 422
    done = client.post(link, {"login": "magong", "password": SECRET_WORD, "again": SECRET_WORD})
    assert done["Location"] == "/login/"
    assert client.get(link).status_code == 404
    assert Invitation.objects.filter(accepted_at=None).count() == 0


def test_the_way_of_a_difficulty_through_both_sides(story, secretary, partner):
    secretary.post(page(story, "raise/"), {"title": "用地审批", "partner": story.town.pk, "due_on": "2026-10-20"})
    one = AllianceDifficulty.objects.get()
    here = f"{LIST}difficulties/{one.pk}/"
    assert partner.post(f"{here}claim/theirs/").status_code == 302
    assert partner.post(f"{here}claim/ours/").status_code == 403
    assert secretary.post(f"{here}claim/ours/").status_code == 302
    assert secretary.post(f"{here}claim/neither/").status_code == 404
    assert partner.post(f"{here}progress/", {"text": "已受理", "next_side": "ours"}).status_code == 302
    assert partner.post(f"{here}progress/", {"text": "\x00", "next_side": "x"}).status_code == 422
    assert secretary.post(f"{here}comment/", {"text": "收到"}).status_code == 302
    assert secretary.post(f"{here}task/").status_code == 302
    assert partner.get(here).status_code == 200
    assert secretary.post(f"{here}resolve/", {"text": "已批复"}).status_code == 302
    one.refresh_from_db()
    assert one.state == "resolved"
    assert "已批复" in secretary.get(page(story)).content.decode()


def test_partners_read_the_list_and_not_each_others_contacts(story, partner, secretary):
    make_difficulty(story, title="并网协调", partner=story.plant)
    text = partner.get(page(story)).content.decode()
    assert "并网协调" in text
    assert "马工" not in text
    assert "13800138000" not in text
    assert "13800138000" in secretary.post(page(story, f"partners/{story.town.pk}/phone/")).content.decode()


def test_a_partner_walks_over_the_shared_list_and_nowhere_else(story, partner):
    one = make_difficulty(story)
    claim_ours(difficulty=one, actor=story.secretary, at=NOW)
    seen = crawl(partner)
    assert {path for path, status in seen.items() if status == 200 and not path.startswith(LIST)} <= {"/password/"}
    assert page(story) in seen


def test_every_other_page_is_absent_for_a_partner(story, partner):
    for name, path in plain_pages(urlpatterns):
        answer = partner.get(path)
        if name in SENT_ON:
            assert answer["Location"] == LIST
        elif name not in OPEN_TO_PARTNERS:
            assert answer.status_code == 404, name
    assert partner.get("/api/v1/org/people").status_code == 404
    assert partner.get("/api/v1/projects/").status_code == 404


def plain_pages(patterns, before="/"):
    """Every address without a variable part."""
    for pattern in patterns:
        path = f"{before}{pattern.pattern}"
        if "<" in path:
            continue
        if isinstance(pattern, URLResolver):
            yield from plain_pages(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield pattern.name, reverse(f"web:{pattern.name}")


def test_a_withdrawn_partner_is_out_at_once(story, secretary, partner):
    secretary.post(page(story, f"partners/{story.town.pk}/withdraw/"))
    assert Partner.objects.get(pk=story.town.pk).withdrawn_at is not None
    assert partner.get(page(story)).status_code in {302, 404}
    with pytest.raises(Stale):
        come_in(Partner.objects.get(pk=story.town.pk), story.secretary)
