"""劳动竞赛 on the page: opened, judged, entered, closed, awarded, and what bad input meets (G3, G4; PP-09)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ronghe.domain.contests.enums import ContestState, EntryKind
from ronghe.domain.contests.models import Contest, ContestMark
from ronghe.domain.contests.services.closing import close_contest
from ronghe.domain.honours.models import Honour
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.contests import COUNTED, accepted, make_contest, make_field, make_prize

pytestmark = pytest.mark.django_db
HOME = "/honours/contests/"


@pytest.fixture
def field(db, now):
    return make_field("采油七厂党委")


@pytest.fixture
def clerk(field, as_person):
    return as_person(field.clerk)


@pytest.fixture
def member(field, as_person):
    return as_person(field.members[2])


def told(field, now, **changes):
    day = timezone.localdate(now)
    return {
        "body": field.committee.pk, "name": "百日上产", "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=20)).isoformat(), "entry_kind": "body", "awards": 1, "head_1": "比干劲",
        "figure_1": "tasks", "weight_1": 60, "head_2": "比技能", "figure_2": "", "weight_2": 40, "head_3": "", "head_4": "",
        "judge_1": field.field.member.pk, "judge_2": field.field.auditor.pk, **changes,
    }  # fmt: skip


def test_it_is_opened_with_few_fields_and_read_by_everybody(field, clerk, member, now):
    assert clerk.get(f"{HOME}new/").status_code == 200
    assert clerk.post(f"{HOME}new/", told(field, now, weight_2=10)).status_code == 422
    assert clerk.post(f"{HOME}new/", told(field, now))["Location"] == HOME
    contest = Contest.objects.get()
    page = member.get(f"{HOME}{contest.pk}/").content.decode()
    assert field.branches[0].name in page
    assert f"{HOME}{contest.pk}/call-off/" not in page
    assert "百日上产" in member.get(f"{HOME}?q=百日&state=open").content.decode()
    assert member.get(f"{HOME}?q=%00&page=99999999999&state=x").status_code == 200
    assert member.get(f"{HOME}{contest.pk}/export/").getvalue().startswith(b"PK")
    assert member.get(f"{HOME}new/").status_code == 403
    assert member.get(f"{HOME}{contest.pk}/call-off/").status_code == 403
    assert clerk.post(f"{HOME}{contest.pk}/call-off/", {"reason": "停产"}).status_code == 302
    assert Contest.objects.get().state == ContestState.CALLED_OFF


def test_a_judge_marks_and_nobody_else(field, clerk, as_person, now):
    contest = make_contest(field, now, ends_on=timezone.localdate(now) + timedelta(days=9))
    judge, head = as_person(field.safety), contest.heads.get(figure="")
    address = f"{HOME}{contest.pk}/judge/{head.pk}/"
    entry = contest.entries.order_by("pk")[0]
    assert clerk.get(address).status_code == 403
    assert address in judge.get(f"{HOME}{contest.pk}/").content.decode()
    assert judge.post(address, {f"entry_{entry.pk}": "101"}).status_code == 422
    assert judge.post(address, {}).status_code == 422
    assert judge.post(address, {f"entry_{entry.pk}": "88.5"}).status_code == 302
    assert ContestMark.objects.get().judge == field.safety


def test_people_enter_and_leave(field, member, now):
    contest = make_contest(
        field, now, entry_kind=EntryKind.PERSON, heads=COUNTED, ends_on=timezone.localdate(now) + timedelta(days=9)
    )
    address = f"{HOME}{contest.pk}/"
    assert member.post(f"{address}join/")["Location"] == address
    assert contest.entries.get().person == field.members[2]
    assert f"{address}leave/" in member.get(address).content.decode()
    assert member.post(f"{address}leave/")["Location"] == address
    assert not contest.entries.exists()


def test_the_winner_is_awarded(field, clerk, member, now):
    contest = make_contest(
        field, now - timedelta(days=9), heads=COUNTED, title=make_prize(field, now),
        ends_on=timezone.localdate(now) - timedelta(days=1),
    )  # fmt: skip
    accepted(field.members[0], now - timedelta(days=5))
    address = f"{HOME}{contest.pk}/"
    assert member.post(f"{address}close/").status_code == 403
    assert clerk.post(f"{address}close/")["Location"] == address
    with pytest.raises(StepNotAllowed):
        close_contest(contest=contest, actor=field.clerk, at=now)
    assert clerk.post(f"{address}award/", {"document_number": "竞〔2026〕1号"}).status_code == 302
    assert Honour.objects.get().body == field.branches[0]
    assert member.get(address).status_code == 200
