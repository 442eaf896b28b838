"""The data classes of this room as plain JSON values and back, by their annotations."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return lists, dictionaries with text keys, texts, whole numbers, true, false and null only. Sets are sorted."""
    if is_dataclass(value):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(to_plain(key)): to_plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: type[T], value: Any) -> T:
    """Read what `to_plain` wrote of a `kind`. Fields that are not there keep their defaults.

    :raises KeyError, TypeError, ValueError: when it is not of that kind.
    """
    return cast("T", _read(kind, value))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        if value is None:
            return None
        for one in (one for one in inner if one is not type(None)):
            if not isinstance(one, type) or one not in {int, str, bool} or type(value) is one:
                return _read(one, value)
        raise TypeError(f"{value!r} is not {kind}")
    if origin is tuple:
        if inner[-1] is Ellipsis:
            return tuple(_read(inner[0], item) for item in value)
        return tuple(_read(one, item) for one, item in zip(inner, value, strict=True))
    if origin is frozenset:
        return frozenset(_read(inner[0], item) for item in value)
    if origin is not None and issubclass(origin, Mapping):
        return {_read_key(inner[0], key): _read(inner[1], item) for key, item in value.items()}
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{one.name: _read(hints[one.name], value[one.name]) for one in fields(kind) if one.name in value})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if type(value) is not kind:
        raise TypeError(f"{value!r} is not {kind}")
    return value


def _read_key(kind: Any, key: str) -> Any:
    return int(key) if kind is int else _read(kind, key)
