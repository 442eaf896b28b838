"""`--help` in the reader's language: docstrings and option help are Chinese source text like every other word.

A docstring cannot stand inside a marking function, so the texts are found by walking the commands; the catalogue's
extraction walks them in the same way, and nothing that `--help` shows can be forgotten.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from typing import TypeVar

import click

from ronghe.kernel.words import _

C = TypeVar("C", bound=click.Command)

UNWRAPPED = "\b\n"
"""How click marks a paragraph whose lines are kept as they are."""


def spoken(command: C, say: Callable[[str], str] = _) -> C:
    """Return a copy of the command whose help, of itself and of its options, is what `say` makes of each paragraph."""
    told = copy.copy(command)
    told.help = _paragraphs(command.help, say)
    told.short_help = _paragraphs(command.short_help, say)
    told.epilog = _paragraphs(command.epilog, say)
    told.params = [_told_option(param, say) for param in command.params]
    if isinstance(told, click.Group):
        told.commands = {name: spoken(inner, say) for name, inner in told.commands.items()}
    return told


def help_texts(group: click.Group) -> Iterator[str]:
    """Yield every paragraph that `--help` shows somewhere below the group, in order."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    spoken(group, note)
    context = click.Context(group)
    for name in group.list_commands(context):
        inner = group.get_command(context, name)
        if inner is not None and name not in group.commands:
            spoken(inner, note)
    yield from found


def _told_option(param: click.Parameter, say: Callable[[str], str]) -> click.Parameter:
    if not isinstance(param, click.Option):
        return param
    told = copy.copy(param)
    told.help = _paragraphs(param.help, say)
    return told


def _paragraphs(text: str | None, say: Callable[[str], str]) -> str | None:
    if not text:
        return text
    return "\n\n".join(_paragraph(part, say) for part in inspect.cleandoc(text).split("\n\n"))


def _paragraph(text: str, say: Callable[[str], str]) -> str:
    kept = text.removeprefix(UNWRAPPED)
    return (UNWRAPPED if kept != text else "") + say(kept.strip("\n"))
