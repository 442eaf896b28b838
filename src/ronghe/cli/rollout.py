"""`ronghe rollout`: from a pilot to a model that others work by."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("试点与推广"))
def rollout() -> None:
    """试点与推广。"""
