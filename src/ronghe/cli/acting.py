"""Who acts: `ronghe --as ACCOUNT …` has that person's rights and is recorded under that name."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

import click

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person


class NobodyNamed(DomainError):
    code = "nobody_named"
    sentence = N_("请用 --as 账号 说明以谁的身份办理。")


class UnknownAccount(DomainError):
    code = "unknown_account"
    sentence = N_("没有账号“%(login)s”，或已停用。")


def start_django() -> None:
    """Set Django up for a command that needs the database, speaking the language that `RONGHE_LANGUAGE` names."""
    import django
    from django.apps import apps
    from django.utils.translation import activate

    if not apps.ready:
        django.setup()
    if language := os.environ.get("RONGHE_LANGUAGE"):
        activate(language)


def acting_person() -> Person:
    """Return the person named by `--as`, with Django set up.

    :raises NobodyNamed: no `--as`
    :raises UnknownAccount: no active account of that name with a person behind it
    """
    start_django()
    from ronghe.kernel.access.models import Account

    login = (click.get_current_context().find_root().obj or {}).get("account")
    if not login:
        raise NobodyNamed
    account = Account.objects.select_related("person").filter(login=login, is_active=True).first()
    if account is None or account.actor is None:
        raise UnknownAccount(login=login)
    person: Person = account.actor
    return person


def acting_now() -> tuple[Person, datetime]:
    """Return the person named by `--as` and the moment of the act, with Django set up.

    :raises NobodyNamed, UnknownAccount: as `acting_person`
    """
    actor = acting_person()
    from django.utils import timezone

    return actor, timezone.now()
