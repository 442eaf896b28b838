"""What an act answers on the command line: a sentence, or the record as JSON; and the arguments most acts share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

NUMBER = click.argument("number", type=int, metavar="NUMBER")
JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
IN_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
"""A file that is read."""
DAY = click.DateTime(["%Y-%m-%d"])


def tell(data: Any, said: str, *, as_json: bool) -> None:
    """Print `data` as JSON, or else the sentence."""
    click.echo(json.dumps(data, ensure_ascii=False, default=str)) if as_json else click.echo(said)
