"""`ronghe person`: What is kept about a person beyond the roster: skills, mentors, corrections, the member card."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("人员档案：技能、师带徒、更正"))
def person() -> None:
    """人员档案：技能、师带徒、更正。"""
