"""`ronghe pair`: Party group and team as one, and what its one leader may do."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("两组共建与班组长职权"))
def pair() -> None:
    """两组共建与班组长职权。"""
