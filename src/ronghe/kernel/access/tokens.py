"""Tokens for programs: shown once, kept as a digest, with an end and a scope."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings

from ronghe.kernel.access.login import password_is_due
from ronghe.kernel.access.models import Account, ApiToken, TokenScope
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

PREFIX = "rh_"


class TokenTooLong(DomainError):
    code = "token_too_long"
    sentence = N_("令牌最长 %(days)s 天，请给一个更早的到期日。")
    status = 422


class PasswordDue(DomainError):
    code = "password_due"
    sentence = N_("请先登录网页改密码，再使用接口。")
    status = 403


def issue_token(
    account: Account, *, name: str, at: datetime, lasts: timedelta, scope: TokenScope = TokenScope.WRITE
) -> tuple[ApiToken, str]:
    """Make a token and return it with its text, which nobody can read again.

    :raises TokenTooLong: it would outlive what the unit allows
    :raises PasswordDue: the account must change its password first (SE-04)
    """
    if password_is_due(account, at):
        raise PasswordDue
    if lasts > settings.TOKEN_MAX_AGE:
        raise TokenTooLong(days=settings.TOKEN_MAX_AGE.days)
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        account=account, name=name, digest=_digest(text), scope=scope, created_at=at, expires_at=at + lasts
    )
    return token, text


def account_of(text: str, *, at: datetime, writes: bool) -> Account | None:
    """Return the account behind a token that is known, not ended and wide enough; else `None`."""
    token = (
        ApiToken.objects.select_related("account__person")
        .filter(digest=_digest(text), expires_at__gt=at, revoked_at=None, account__is_active=True)
        .first()
    )
    if token is None or (writes and token.scope != TokenScope.WRITE):
        return None
    return token.account


def revoke(token: ApiToken, *, at: datetime) -> None:
    """End a token now; ending it twice changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
