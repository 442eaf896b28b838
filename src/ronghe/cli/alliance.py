"""`ronghe alliance`: partners outside, and one list of difficulties with an owner on each side."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("党建联盟"))
def alliance() -> None:
    """党建联盟。"""
