"""`ronghe paper`: notices and bulletins: drafted from what is on record, numbered, issued, received."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("通知、简报"))
def paper() -> None:
    """通知、简报。"""
