"""The time slots of a sign-in code: a new code each slot, good in its own slot and in the next one."""

from __future__ import annotations

from datetime import datetime


def slot_of(at: datetime, *, seconds: int) -> int:
    """Return the number of the slot of `seconds` in which `at` falls, counted from 1970 in UTC."""
    return int(at.timestamp()) // seconds


def is_good(slot: int, at: datetime, *, seconds: int) -> bool:
    """Tell whether a code of `slot` is good at `at`: it is, until `seconds` after it left the screen."""
    return slot_of(at, seconds=seconds) - slot in (0, 1)
