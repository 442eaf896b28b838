"""`ronghe contact`: Contact points: fixed-point assistance, safety contacts, care."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("联系点与走访"))
def contact() -> None:
    """联系点与走访。"""
