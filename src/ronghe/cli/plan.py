"""`ronghe plan`: plan items of Party work and production, planned, assigned, carried out and appraised together."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("四同检查"))
def plan() -> None:
    """四同检查。"""
