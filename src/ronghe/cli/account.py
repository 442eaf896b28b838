"""Accounts from the command line: the first three administrators, then everybody else by theirs."""

from __future__ import annotations

import json
import secrets

import click

from ronghe.cli.acting import acting_person, start_django
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _


class NoSuchPerson(DomainError):
    code = "no_such_person"
    sentence = N_("没有找到“%(who)s”，或者同名不止一人；请用工号。")


@click.group(short_help=_("账号"))
def account() -> None:
    """账号：首次建立三员，之后由系统管理员开通、安全管理员解锁。"""


@account.command(short_help=_("首次建立三员账号"))
@click.option("--system", required=True, metavar="NAME", help=_("系统管理员姓名"))
@click.option("--security", required=True, metavar="NAME", help=_("安全管理员姓名"))
@click.option("--audit", required=True, metavar="NAME", help=_("审计管理员姓名"))
@click.option("--json", "as_json", is_flag=True)
def found(system: str, security: str, audit: str, as_json: bool) -> None:
    """建立互斥的三员账号（SE-08），打印一次性密码；首次登录须改密码。

    \b
    例：ronghe account found --system 张三 --security 李四 --audit 王五
    """
    start_django()
    from django.utils import timezone

    from ronghe.domain.org.services.people import found_administrators

    made = found_administrators(system=system, security=security, audit=audit, at=timezone.now(), password=_once)
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
    else:
        for row in made:
            click.echo(f"{row['title']}\t{row['name']}\t{row['login']}\t{row['password']}")
        click.echo(_("以上密码只显示这一次，首次登录须改。"))


@account.command("open", short_help=_("开通一个账号"))
@click.argument("who")
@click.argument("login")
@click.option("--json", "as_json", is_flag=True)
def open_(who: str, login: str, as_json: bool) -> None:
    """给 WHO（工号，或不重名的姓名）开通登录名 LOGIN，打印一次性密码。

    \b
    例：ronghe --as sysadmin account open 10086 zhangsan
    """
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.models import Person
    from ronghe.domain.org.services.people import open_account

    found_people = list(Person.objects.filter(staff_number=who)[:1]) or list(Person.objects.filter(name=who)[:2])
    if len(found_people) != 1:
        raise NoSuchPerson(who=who)
    password = _once()
    open_account(person=found_people[0], login=login, password=password, actor=actor, at=timezone.now())
    click.echo(json.dumps({"login": login, "password": password}) if as_json else f"{login}\t{password}")


@account.command(short_help=_("解锁一个账号"))
@click.argument("login")
def unlock(login: str) -> None:
    """让被锁的账号马上可以再试；安全管理员办理。

    \b
    例：ronghe --as secadmin account unlock zhangsan
    """
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.services.people import unlock_account
    from ronghe.kernel.access.models import Account
    from ronghe.kernel.errors import NotFound

    locked = Account.objects.filter(login=login).first()
    if locked is None:
        raise NotFound
    unlock_account(account=locked, actor=actor, at=timezone.now())
    click.echo(_("已解锁：%(login)s") % {"login": login})


def _once() -> str:
    """Return a password for one use that meets every class the rules may ask for."""
    return f"Rh-{secrets.token_urlsafe(9)}7"
