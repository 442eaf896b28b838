"""`ronghe taskforce`: difficult points with the four fixes."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("项目攻关临时党小组"))
def taskforce() -> None:
    """项目攻关临时党小组。"""
