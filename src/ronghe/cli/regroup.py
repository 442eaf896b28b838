"""`ronghe regroup`: Splitting a branch into groups that can each run a region alone."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("划分党小组"))
def regroup() -> None:
    """划分党小组。"""
