"""`ronghe decision`: matters, rules of procedure, responsibility sheet, charter clauses."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("议事决策"))
def decision() -> None:
    """议事决策。"""
