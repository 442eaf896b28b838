"""`ronghe offline`: acts done on a phone without signal, taken in exactly once."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("离线设备与补传"))
def offline() -> None:
    """离线设备与补传。"""
