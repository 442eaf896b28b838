"""Who gets a token for the API, and who does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.org.enums import PostRole
from ronghe.kernel.access.models import ApiToken
from ronghe.kernel.access.tokens import issue_token
from tests.factories.alliances import LOGIN, SECRET_WORD, make_alliance
from tests.factories.org import PASSWORD, make_account, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_alliance(at=timezone.now())


def ask(login, password):
    wanted = {"login": login, "password": password}
    return Client().post("/api/v1/tokens", wanted, content_type="application/json")


def test_a_partners_contact_gets_no_token_and_is_told_why(story):
    answer = ask(LOGIN, SECRET_WORD)

    assert (answer.status_code, answer.json()["code"]) == (403, "token_for_partner")
    assert answer.json()["detail"].startswith("外部联系人只在网页上办联盟的事")
    assert not ApiToken.objects.exists()


def test_a_wrong_password_says_nothing_about_partners(story):
    assert ask(LOGIN, "Wrong-2026").json()["code"] == "wrong_login"


def test_who_holds_a_post_here_as_well_gets_one(story):
    make_post(story.clerk_of_town, PostRole.PUBLICITY_MEMBER, body=story.branch)

    assert ask(LOGIN, SECRET_WORD).status_code == 200


def test_everybody_of_the_platform_gets_one(story):
    make_account(story.secretary, "zhangsj")

    assert ask("zhangsj", PASSWORD).status_code == 200


def test_a_token_that_a_partner_had_before_opens_nothing(story):
    now = timezone.now()
    _token, text = issue_token(story.clerk_of_town.account, name="旧", at=now, lasts=timedelta(days=1))

    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})

    assert answer.status_code == 401
