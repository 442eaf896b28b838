"""Union and league on the page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Membership
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.hosts import HostAs
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db

PAGE = "/org/contacts/mass/"


@pytest.fixture
def together(field, now):
    return plan_activity(
        activity_type=ActivityType.THEME_PARTY_DAY, body=field.branch, place="站活动室",
        scheduled_from=now + timedelta(hours=2), scheduled_until=now + timedelta(hours=3), actor=field.secretary,
        at=now, hosts=[HostAs(field.league, ActivityType.THEME_LEAGUE_DAY)],
    )  # fmt: skip


def test_page_shows_both_trees_with_leaders_members_and_what_is_held_together(field, together, as_person):
    page = as_person(field.clerk).get(PAGE)
    text = text_of(page.content.decode())
    assert [len(lines) for _tree, lines in page.context["trees"]] == [1, 1]
    assert "孙梅 工会主席" in text
    assert "何青 团组织书记" in text
    assert page.context["coming"] == [together]


def test_page_shows_what_is_in_reach_and_says_so_where_nothing_is(field, as_person):
    assert [len(lines) for _tree, lines in as_person(field.youth).get(PAGE).context["trees"]] == [0, 1]
    assert "还没有您能看到的工会或团组织" in text_of(as_person(field.foreman).get(PAGE).content.decode())


def test_page_costs_the_same_however_many(field, together, as_person, statements):
    assert statements(as_person(field.clerk), PAGE) <= 20


def test_body_is_there_for_those_who_see_it(field, as_person):
    assert as_person(field.youth).get(f"{PAGE}{field.league.pk}/").status_code == 200
    for path in (f"{PAGE}{field.union.pk}/", f"{PAGE}{field.branch.pk}/", f"{PAGE}999999/"):
        assert as_person(field.youth).get(path).status_code == 404


def test_candidates_are_shown_to_those_who_enrol(field, as_person):
    assert [p.name for p in as_person(field.youth).get(f"{PAGE}{field.league.pk}/").context["candidates"]] == ["田小雨"]


def test_chosen_people_are_put_on_the_list(field, as_person):
    path = f"{PAGE}{field.league.pk}/enrol/"
    youth = as_person(field.youth)
    assert youth.post(path, {"since": "2026-09-14"}).status_code == 422
    assert youth.post(path, {"since": "明天", "chosen": [field.worker.pk]}).status_code == 422
    assert youth.post(path, {"since": "2026-09-14", "chosen": ["9x", field.foreman.pk]}).status_code == 422

    assert youth.post(path, {"since": "2026-09-14", "chosen": [field.worker.pk]}).status_code == 302

    assert Membership.objects.get(person=field.worker).kind == MembershipKind.LEAGUE
    assert as_person(field.worker).post(path, {"since": "2026-09-14", "chosen": [field.worker.pk]}).status_code == 403
