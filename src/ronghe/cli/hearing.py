"""`ronghe hearing`: secretaries report, others score."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("述职评议"))
def hearing() -> None:
    """述职评议。"""
