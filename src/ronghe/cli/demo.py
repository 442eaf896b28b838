"""`ronghe demo`: a populated platform, ready in one command."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from ronghe.cli.acting import start_django
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _


class HomeInUse(DomainError):
    code = "home_in_use"
    sentence = N_("%(home)s 里已有正式数据，演示不会动它。请用 RONGHE_HOME 另指一个文件夹。")


@click.command(short_help=_("演示平台"))
@click.option("--no-serve", is_flag=True, help=_("只准备好，不打开网页"))
@click.option("--port", default=8000, show_default=True)
@click.pass_context
def demo(ctx: click.Context, no_serve: bool, port: int) -> None:
    """准备演示数据（第一次约一两分钟），然后在 127.0.0.1 打开网页。

    \b
    例：ronghe demo
        ronghe demo --no-serve
    """
    os.environ.setdefault("RONGHE_HOME", str(Path.home() / ".local" / "share" / "ronghe-demo"))
    start_django()
    from django.conf import settings

    from ronghe.cli.platform import collect_static, serve
    from ronghe.demo.accounts import marked_accounts
    from ronghe.demo.build import build_demo, empty_home

    home = settings.HOME
    making = home.root / "DEMO.making"
    if not home.is_demo:
        if home.database.exists() and not making.exists():
            raise HomeInUse(home=home.root)
        home.root.mkdir(parents=True, exist_ok=True)
        making.touch()
        empty_home()
        build_demo(Progress())
        making.unlink()
    collect_static()
    click.echo(_("演示账号（密码都一样）："))
    for account in marked_accounts(home):
        click.echo(f"  {account['login']:<12}{account['password']:<14}{account['title']}  {account['name']}")
    click.echo(_("数据在 %(home)s") % {"home": home.root})
    if not no_serve:
        ctx.invoke(serve, host="127.0.0.1", port=port, workers=2, with_jobs=True)


class Progress:
    """Says each step and, when the next one begins, how long it took."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def __call__(self, step: str) -> None:
        click.echo(f"[{time.monotonic() - self.began:5.1f} s] {step}")
