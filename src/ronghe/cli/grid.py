"""`ronghe grid`: The three-level grid: who is covered by whom, where the gaps are, and requests that go up with a clock."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("网格覆盖、缺口、诉求"))
def grid() -> None:
    """网格覆盖、缺口、诉求。"""
