"""`ronghe exchange`: joint study, members' lectures, mentor pairs, visits to learn."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("联合学习、传帮带与观摩"))
def exchange() -> None:
    """联合学习、传帮带与观摩。"""
