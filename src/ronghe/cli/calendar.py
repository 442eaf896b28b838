"""`ronghe calendar`: what is owed and planned, day by day, and the feed that a phone subscribes to."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("日历与订阅"))
def calendar() -> None:
    """日历与订阅。"""
