"""`ronghe project`: the engineering projects that agreements, zones and task forces are about."""

from __future__ import annotations

import click

from ronghe.kernel.words import _


@click.group(short_help=_("工程项目"))
def project() -> None:
    """工程项目。"""
