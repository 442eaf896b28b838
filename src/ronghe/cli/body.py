"""`ronghe body`: Founding, splitting, merging, moving and dissolving bodies and units as dated acts with the approval they need."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("党组织与单位：设立、调整、合并、撤销"))
def body() -> None:
    """党组织与单位：设立、调整、合并、撤销。"""
