"""`ronghe campaign`: themed activities and campaigns with stages and a report."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("主题活动与专项活动"))
def campaign() -> None:
    """主题活动与专项活动。"""
