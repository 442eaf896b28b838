"""`ronghe pool`: what the sides of a zone or agreement put in together."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("资源共享与思想共管"))
def pool() -> None:
    """资源共享与思想共管。"""
