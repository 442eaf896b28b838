"""`ronghe floating`: Floating members: found at entry, attached to a zone, their home branch informed, a return slip when they leave."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("流动党员"))
def floating() -> None:
    """流动党员。"""
