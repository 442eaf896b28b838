"""What help gained: before and after in one measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

HOURS, MONEY, OTHER = "hours", "cny", "other"
_NUMBERS = ("gain_before", "gain_after")


@dataclass(frozen=True, slots=True)
class Gain:
    """`kind` is hours a month, yuan a year, or something else counted in `unit`. What is less than before was gained."""

    kind: str
    unit: str
    before: Decimal
    after: Decimal

    @property
    def saved(self) -> Decimal:
        """Before less after: negative where it became more."""
        return self.before - self.after


def gain_gaps(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what is missing of a gain that was begun to be filled in: all of it or nothing."""
    kind = values.get("gain_kind")
    if not kind and not any(values.get(name) for name in (*_NUMBERS, "gain_unit")):
        return []
    wanted = ["gain_kind", *_NUMBERS, *(["gain_unit"] if kind == OTHER else [])]
    return [(name, "missing") for name in wanted if values.get(name) in (None, "")]


def gain_in(values: Mapping[str, object]) -> Gain | None:
    """Return the gain that was told, `None` where none was."""
    if not values.get("gain_kind") or gain_gaps(values):
        return None
    before, after = (Decimal(str(values[name])) for name in _NUMBERS)
    return Gain(str(values["gain_kind"]), str(values.get("gain_unit") or ""), before, after)
