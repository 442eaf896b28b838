"""Declared kinds of facts. A kind is declared once, in the `facts.py` of the subject that emits it.

Attributes are typed and small, and none of the types can hold free text: a fact never carries a name, a number
or a remark about a person, so erasing a person leaves the chain whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

Value = str | int | bool | None


class FactRefused(DomainError):
    """A fact that does not fit its declared kind; a fault of the program, never of the user."""

    code = "fact_refused"
    sentence = N_("这条记录不合“%(kind)s”的格式：%(why)s。")
    status = 422


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed list of words."""

    options: frozenset[str]

    def clean(self, value: object) -> Value:
        text = str(value)
        if text not in self.options:
            raise ValueError(text)
        return text


@dataclass(frozen=True, slots=True)
class Code:
    """A machine word (`morning_huddle`, `daqing_zone@1.0`): ASCII, at most 64 signs, no room for a name.

    What looks like an identity or a phone number is refused as well: facts are never erased.
    """

    pattern: ClassVar[re.Pattern[str]] = re.compile(r"(?!\d{17}[\dXx]$|1[3-9]\d{9}$)[A-Za-z0-9_.:@/-]{1,64}")

    def clean(self, value: object) -> Value:
        text = str(value)
        if not self.pattern.fullmatch(text):
            raise ValueError(text)
        return text


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number; a count unless the kind says otherwise."""

    def clean(self, value: object) -> Value:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(value)
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    def clean(self, value: object) -> Value:
        if not isinstance(value, bool):
            raise TypeError(value)
        return value


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day in Asia/Shanghai. A moment is refused: which day it falls on is for the caller to say."""

    def clean(self, value: object) -> Value:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise TypeError(value)
        return value.isoformat()


Attribute = Choice | Code | Whole | Flag | Day


def choice(*options: str) -> Choice:
    return Choice(frozenset(options))


@dataclass(frozen=True, slots=True)
class FactKind:
    """What facts of one kind look like.

    `measure` is the unit of the quantity (`hour`, `CNY`, `person`), `None` where the kind has no quantity.
    """

    name: str
    title: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    measure: str | None = None

    def clean(self, attributes: Mapping[str, object]) -> dict[str, Value]:
        """Return the attributes as they are stored; a value of `None` is left out.

        :raises FactRefused: an attribute that was not declared, or of another type
        """
        cleaned: dict[str, Value] = {}
        for name, value in attributes.items():
            if name not in self.attributes:
                raise FactRefused(kind=self.name, why=name)
            if value is None:
                continue
            try:
                cleaned[name] = self.attributes[name].clean(value)
            except (TypeError, ValueError) as error:
                raise FactRefused(kind=self.name, why=f"{name} = {value!r}") from error
        return cleaned


_KINDS: dict[str, FactKind] = {}


def declare(
    name: str, title: str, *, measure: str | None = None, attributes: Mapping[str, Attribute] | None = None
) -> FactKind:
    """Declare a kind of fact; a name is declared once in the whole platform."""
    if name in _KINDS:
        message = f"fact kind {name} is declared twice"
        raise ValueError(message)
    _KINDS[name] = FactKind(name, title, dict(attributes or {}), measure)
    return _KINDS[name]


def declared_kinds() -> Mapping[str, FactKind]:
    """Return every declared kind by name."""
    return _KINDS
