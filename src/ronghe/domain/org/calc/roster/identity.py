"""Identity numbers (ID-01): shape, check digit, what they say about birth and gender."""

from __future__ import annotations

import re
from datetime import date
from operator import mul

from ronghe.domain.org.calc.roster.text import plain
from ronghe.kernel.tabular.sheets import Cell

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_SIGNS = "10X98765432"
SHAPE = re.compile(r"\d{17}[\dX]")
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?1[4-8]")
OTHER_DOCUMENT = re.compile(r"[A-Z]{1,3}\d{6,10}[A-Z0-9]{0,3}|[A-Z]\d{6,7}\(?[0-9A]\)?")
EXACT_DIGITS = 15
"""Significant digits that Excel keeps of a number; the rest became zeros."""


def number_of(value: Cell | None) -> str:
    """Return the number as it was meant: no blanks, half-width, capital X. A number cell keeps its Excel form."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return str(int(value))
    text = plain(value).upper()
    return text.replace(" ", "").replace("-", "").strip("'‘’`*\"").replace("×", "X")


def is_truncated(value: Cell | None, number: str) -> bool:
    """Did Excel cut this number to 15 digits? Number cells always, texts in the form Excel shows or leaves behind."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return len(number) > EXACT_DIGITS
    if SCIENTIFIC.fullmatch(number):
        return True
    return len(number) == 18 and number.endswith("000") and number.isdecimal() and not has_right_check(number)


def check_sign(digits: str) -> str:
    """Return the 18th sign that belongs to 17 digits (ID-01)."""
    return CHECK_SIGNS[sum(map(mul, WEIGHTS, map(int, digits[:17]))) % 11]


def has_right_check(number: str) -> bool:
    """Is the 18th sign the one that the 17 digits ask for? The number must have the right shape."""
    return number[17] == check_sign(number)


def birth_of(number: str) -> date | None:
    """Return the day of birth in digits 7 to 14, None where no such day exists."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def gender_of(number: str) -> str:
    """Return 1 (male) for an odd 17th digit, 2 (female) for an even one (ID-05)."""
    return "1" if int(number[16]) % 2 else "2"


def masked(number: str) -> str:
    """Return the number as it may be shown: first three and last four signs (PI-09)."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "*" * len(number)
