"""Tokens for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from ronghe.kernel.access.models import Account, ApiToken, TokenScope
from ronghe.kernel.access.tokens import PasswordDue, TokenTooLong, account_of, issue_token, revoke
from tests.factories.org import make_account, make_person

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def account(morning):
    made = make_account(make_person("接口账号"), "robot")
    Account.objects.filter(pk=made.pk).update(password_changed_at=morning)
    return Account.objects.get(pk=made.pk)


def test_a_token_lets_its_account_in_until_its_end(account, morning):
    _token, text = issue_token(account, name="报表", at=morning, lasts=WEEK)

    assert account_of(text, at=morning + WEEK - timedelta(seconds=1), writes=True) == account
    assert account_of(text, at=morning + WEEK, writes=True) is None


def test_only_the_digest_of_a_token_is_kept(account, morning):
    token, text = issue_token(account, name="报表", at=morning, lasts=WEEK)

    assert text.startswith("rh_")
    assert text not in str(ApiToken.objects.filter(pk=token.pk).values().get())


def test_a_reading_token_does_not_write(account, morning):
    _token, text = issue_token(account, name="大屏", at=morning, lasts=WEEK, scope=TokenScope.READ)

    assert account_of(text, at=morning, writes=False) == account
    assert account_of(text, at=morning, writes=True) is None


def test_a_token_ends_when_it_is_revoked_or_its_account_closed(account, morning):
    token, text = issue_token(account, name="报表", at=morning, lasts=WEEK)
    _other, second = issue_token(account, name="大屏", at=morning, lasts=WEEK)

    revoke(token, at=morning)
    assert account_of(text, at=morning, writes=False) is None
    assert account_of(second, at=morning, writes=False) == account

    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert account_of(second, at=morning, writes=False) is None


def test_an_unknown_token_lets_nobody_in(account, morning):
    assert account_of("rh_unknown", at=morning, writes=False) is None


def test_a_token_does_not_outlive_what_the_unit_allows(account, morning):
    issue_token(account, name="年度", at=morning, lasts=settings.TOKEN_MAX_AGE)

    with pytest.raises(TokenTooLong):
        issue_token(account, name="永久", at=morning, lasts=settings.TOKEN_MAX_AGE + timedelta(days=1))


def test_se_04_no_token_before_the_first_password_was_changed(morning):
    account = make_account(make_person("新来的"), "new")
    Account.objects.filter(pk=account.pk).update(must_change_password=True)
    account.refresh_from_db()

    with pytest.raises(PasswordDue):
        issue_token(account, name="报表", at=morning, lasts=WEEK)
