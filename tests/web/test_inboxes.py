"""今日 names what waits for the reader's decision in the rooms of the organization."""

from __future__ import annotations

import pytest

from ronghe.domain.members.services.corrections import ask_correction
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PostRole
from ronghe.domain.org.services.people import join_body
from ronghe.web.inboxes import INBOXES, inboxes_of
from tests.factories.org import make_body, make_person, make_post
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(now):
    return make_body(kind=PartyOrgKind.BRANCH)


@pytest.fixture
def secretary(branch, now):
    person = make_person()
    make_post(person, PostRole.SECRETARY, body=branch)
    return person


def test_nothing_waits_for_somebody_without_a_post(db, now):
    assert inboxes_of(make_person(), now) == []


def test_all_inboxes_cost_one_statement(secretary, now, django_assert_num_queries):
    inboxes_of(secretary, now)
    with django_assert_num_queries(1):
        inboxes_of(secretary, now)


def test_a_correction_waits_for_the_secretary_and_for_nobody_else(branch, secretary, now):
    member = make_person()
    join_body(person=member, body=branch, kind=MembershipKind.HOME, since=now.date(), actor=None, at=now)
    ask_correction(person=member, field="education", value="本科", reason="已毕业", actor=member, at=now)

    assert [(box.title, box.count) for box in inboxes_of(secretary, now)] == [("更正申请等您处理", 1)]
    assert inboxes_of(member, now) == []


def test_every_inbox_leads_to_a_page(secretary, lead):
    for inbox in INBOXES:
        assert lead.get(inbox.href).status_code in {200, 404}


def test_today_shows_what_waits(story, lead, now):
    member = story.members[0]
    make_post(story.lead, PostRole.SECRETARY, body=member.memberships.get(kind=MembershipKind.HOME).body)
    ask_correction(person=member, field="education", value="本科", reason="已毕业", actor=member, at=now)

    assert "更正申请等您处理" in text_of(lead.get("/").content.decode())
