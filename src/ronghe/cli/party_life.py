"""`ronghe party-life`: political birthdays, oath, red sites, talks, democratic review."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("组织生活"))
def party_life() -> None:
    """组织生活。"""
