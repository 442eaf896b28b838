"""`ronghe agreement`: what branches agreed to do together."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("联创共建合作意向书"))
def agreement() -> None:
    """联创共建合作意向书。"""
