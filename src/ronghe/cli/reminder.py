"""`ronghe reminder`: who is told what is owed, when, and who is told next."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("提醒"))
def reminder() -> None:
    """提醒。"""
