"""`ronghe site-meeting`: group meeting, safety briefing, technical briefing, in this order."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("现场三会"))
def site_meeting() -> None:
    """现场三会。"""
