"""Plans on the page: moved, called off, held together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import plan_activity
from tests.factories.contacts import make_contacts
from tests.factories.org import make_person, make_post
from tests.factories.rhythm import make_zone
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db

LIST = "/rhythm/activities/"


@pytest.fixture
def field(db, now):
    return make_contacts()


@pytest.fixture
def planned(field, now):
    return plan_activity(
        activity_type=ActivityType.THEME_PARTY_DAY, body=field.branch, place="站活动室",
        scheduled_from=now + timedelta(hours=2), scheduled_until=now + timedelta(hours=3), actor=field.secretary, at=now,
    )  # fmt: skip


def test_a_plan_is_moved_and_the_list_says_why(field, planned, as_person):
    secretary, path = as_person(field.secretary), f"{LIST}{planned.pk}/"
    window = {"scheduled_from": "2026-09-16T15:00", "scheduled_until": "2026-09-16T16:00"}
    for wrong in ({**window, "reason": ""}, {"reason": "x"}, {**window, "scheduled_until": "x", "reason": "x"},
                  {"scheduled_from": "2026-09-01T15:00", "scheduled_until": "2026-09-01T16:00", "reason": "x"}):  # fmt: skip
        assert secretary.post(f"{path}move/", wrong).status_code == 422

    assert secretary.post(f"{path}move/", {**window, "reason": "停气碰口"}).status_code == 302

    assert Activity.objects.get().day.day == 16
    assert "改期：停气碰口" in text_of(secretary.get(LIST).content.decode())
    assert "停气碰口" in text_of(as_person(field.chair).get(path).content.decode())  # a member of the branch reads it


def test_a_plan_is_called_off_and_the_list_says_why(field, planned, as_person):
    secretary, path = as_person(field.secretary), f"{LIST}{planned.pk}/"
    assert secretary.post(f"{path}off/", {"reason": ""}).status_code == 422
    assert as_person(field.chair).post(f"{path}off/", {"reason": "x"}).status_code == 422
    assert as_person(field.foreman).post(f"{path}off/", {"reason": "x"}).status_code == 404

    secretary.post(f"{path}off/", {"reason": "防汛值守"})

    assert Activity.objects.get().state == ActivityState.CALLED_OFF
    listed = text_of(secretary.get(LIST).content.decode())
    assert "取消：防汛值守" in listed
    assert "已取消" in listed
    assert secretary.get(LIST, {"state": "called_off"}).context["page"].object_list == [planned]
    assert secretary.post(f"{path}off/", {"reason": "再来"}).status_code == 422


def test_hosts_are_added_and_taken_back(field, planned, as_person):
    secretary, path = as_person(field.secretary), f"{LIST}{planned.pk}/"
    given = {"body": field.league.pk, "counts_as": "theme_league_day"}
    for wrong in ({**given, "body": field.committee.pk}, {**given, "counts_as": "party_lecture"}, {}, {"body": "x"}):
        assert secretary.post(f"{path}hosts/add/", wrong).status_code == 422
    assert as_person(field.youth).post(f"{path}hosts/add/", given).status_code == 404

    secretary.post(f"{path}hosts/add/", given)

    page = as_person(field.youth).get(path)
    assert "算作主题团日" in text_of(page.content.decode())
    assert secretary.get(LIST, {"body": field.league.pk}).context["page"].object_list == [planned]
    host = planned.hosts.get()
    assert secretary.post(f"{path}hosts/{host.pk + 1}/withdraw/").status_code == 404
    secretary.post(f"{path}hosts/{host.pk}/withdraw/")
    assert planned.hosts.count() == 0


def test_the_planning_form_offers_kinds_by_tree_and_refuses_those_of_another(field, as_person):
    youth = as_person(field.youth)
    page = youth.get(f"{LIST}new/").content.decode()
    assert '<optgroup label="共青团">' in page
    given = {"body": field.league.pk, "scheduled_from": "2026-09-16T15:00", "scheduled_until": "2026-09-16T16:00"}
    assert youth.post(f"{LIST}new/", {**given, "activity_type": "theme_party_day"}).status_code == 422
    assert youth.post(f"{LIST}new/", {**given, "activity_type": "theme_league_day"}).status_code == 302
    assert Activity.objects.get().place == "义隆首站"


def test_a_clerk_plans_the_committees_meeting_and_names_the_chair(as_person):
    story = make_zone()
    clerk = as_person(story.clerk)
    page = clerk.get("/rhythm/activities/new/")
    assert list(page.context["form"].fields["body"].queryset) == [story.committee]
    assert "由书记主持，您记录" in page.content.decode()

    clerk.post("/rhythm/activities/new/", {
        "activity_type": "party_committee_meeting", "body": story.committee.pk, "place": "二楼",
        "scheduled_from": "2026-09-16T15:00", "scheduled_until": "2026-09-16T16:00",
    })  # fmt: skip

    meeting = Activity.objects.get()
    assert (meeting.chair, meeting.recorder) == (story.secretary, story.clerk)
    deputy = make_person("马会军")
    make_post(deputy, PostRole.DEPUTY_SECRETARY, body=story.committee)
    path = f"{LIST}{meeting.pk}/"
    assert "换人主持" in clerk.get(path).content.decode()
    assert clerk.post(f"{path}chair/", {"chair": story.clerk.pk}).status_code == 422
    assert clerk.post(f"{path}chair/", {"chair": deputy.pk}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.chair == deputy
