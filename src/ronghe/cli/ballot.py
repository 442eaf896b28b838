"""`ronghe ballot`: who has voted is known, what anybody voted is not."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("无记名投票"))
def ballot() -> None:
    """无记名投票。"""
