"""我的: whose card it shows."""

from __future__ import annotations

import pytest

from ronghe.domain.rhythm.services.codes import member_card

pytestmark = pytest.mark.django_db


def test_a_stranger_must_log_in_first(client, db):
    assert client.get("/me/")["Location"] == "/login/?next=/me/"


def test_me_holds_the_members_own_card(story, member):
    answer = member.get("/me/")

    assert answer.context["card"] == member_card(story.members[0])
    assert answer.context["person"] == story.members[0]


def test_me_shows_an_administrator_no_card_and_no_party_place(administrator):
    answer = administrator.get("/me/")

    assert answer.context["card"] == ""
    assert "/work/tasks/" not in answer.content.decode()
