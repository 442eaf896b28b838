"""`ronghe election`: Terms of office, elections, by-elections, and the three ways of counting votes that are never mixed."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("任期与换届"))
def election() -> None:
    """任期与换届。"""
