"""Logging in: lock-out after failures, passwords that are changed, sessions that end (SE-01, SE-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from ronghe.kernel.access.models import Account, OldPassword
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _


class AccountLocked(DomainError):
    code = "account_locked"
    sentence = N_("密码连续输错，账号已锁定，%(minutes)s 分钟后再试，或请安全管理员解锁。")
    status = 403


class OldPasswordWrong(DomainError):
    code = "old_password_wrong"
    sentence = N_("原密码不对。")
    status = 422


class PasswordRefused(DomainError):
    code = "password_refused"
    sentence = N_("新密码不能用：%(why)s")
    status = 422


class LockingBackend(BaseBackend):
    """Checks a password and counts failures on the account row, so that every way in shares the count."""

    def authenticate(  # the signature is Django's
        self,
        request: HttpRequest | None,  # noqa: ARG002 - Django passes it
        username: str | None = None,
        password: str | None = None,
        **_kwargs: Any,
    ) -> Account | None:
        if username is None or password is None:
            return None
        return log_in(login=username, password=password, at=timezone.now())

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.select_related("person").filter(pk=user_id, is_active=True).first()


def log_in(*, login: str, password: str, at: datetime) -> Account | None:
    """Return the account whose password this is, `None` where login and password do not go together.

    :raises AccountLocked: too many failures; even the right password waits (SE-01)
    """
    account = Account.objects.select_related("person").filter(login=login, is_active=True).first()
    if account is None:
        make_password(password)  # takes as long as a real check, so that names cannot be probed
        return None
    if account.locked_until is not None and account.locked_until > at:
        raise AccountLocked(minutes=_minutes_left(account.locked_until, at))
    if not check_password(password, account.password):
        _count_failure(account, at)
        return None
    Account.objects.filter(pk=account.pk).update(failure_count=0, locked_until=None)
    return account


def unlock(account: Account) -> None:
    """Let the person try again at once; the security administrator's act."""
    Account.objects.filter(pk=account.pk).update(failure_count=0, locked_until=None)


def change_password(account: Account, *, old: str, new: str, at: datetime) -> None:
    """Set a new password for who knows the old one: a session left open is not enough.

    :raises OldPasswordWrong: counted as a failed log-in
    :raises AccountLocked: one failure too many
    :raises PasswordRefused: too short, too simple, the login itself, or one of the last few (SE-01)
    """
    if not check_password(old, account.password):
        _count_failure(account, at)
        raise OldPasswordWrong
    _replace_password(account, new, at)


@transaction.atomic
def _replace_password(account: Account, new: str, at: datetime) -> None:
    _check_strength(account, new)
    for old in [account.password, *_recent_passwords(account)]:
        if old and check_password(new, old):
            raise PasswordRefused(why=_("最近用过。"))
    OldPassword.objects.create(account=account, password=account.password, replaced_at=at)
    account.password = make_password(new)
    account.must_change_password = False
    account.password_changed_at = at
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])


def password_is_due(account: Account, at: datetime) -> bool:
    """Tell whether the password must be changed before anything else: first log-in, or too old."""
    changed = account.password_changed_at
    return account.must_change_password or changed is None or at - changed > settings.PASSWORD_MAX_AGE


def _count_failure(account: Account, at: datetime) -> None:
    Account.objects.filter(pk=account.pk).update(failure_count=F("failure_count") + 1)
    account.refresh_from_db(fields=["failure_count"])
    if account.failure_count >= settings.LOGIN_FAILURES_BEFORE_LOCK:
        until = at + settings.LOGIN_LOCK
        Account.objects.filter(pk=account.pk).update(failure_count=0, locked_until=until)
        raise AccountLocked(minutes=_minutes_left(until, at))


def _minutes_left(until: datetime, at: datetime) -> int:
    return max(1, -(-int((until - at).total_seconds()) // 60))


def _recent_passwords(account: Account) -> list[str]:
    rows = account.old_passwords.order_by("-replaced_at", "-pk")
    return list(rows.values_list("password", flat=True)[: settings.PASSWORD_HISTORY - 1])


def _class_of(sign: str) -> str:
    """Return the class of one sign: lower, upper, digit, or anything else; Chinese counts as a symbol."""
    if sign.isdigit():
        return "digit"
    return "lower" if sign.islower() else "upper" if sign.isupper() else "symbol"


def _check_strength(account: Account, new: str) -> None:
    if len(new) < settings.PASSWORD_MIN_LENGTH:
        raise PasswordRefused(why=_("太短。"))
    if len({_class_of(sign) for sign in new}) < settings.PASSWORD_CLASSES:
        raise PasswordRefused(why=_("须含大写、小写、数字、符号中的几类。"))
    if account.login.lower() in new.lower():
        raise PasswordRefused(why=_("不能含登录名。"))
