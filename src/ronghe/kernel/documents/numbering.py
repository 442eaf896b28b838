"""Numbers as official documents write them: headings, document numbers, dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from ronghe.kernel.documents.model import Block, Heading

DIGITS = "零一二三四五六七八九"


def document_number(code: str, year: int, serial: int) -> str:
    """Return a document number such as 庆油党字〔2026〕8号: no 第, no leading zeros, hexagonal brackets (DL-04).

    :raises ValueError: the serial number is not positive
    """
    if serial < 1:
        message = f"serial number {serial} is not positive"
        raise ValueError(message)
    return f"{code}〔{year}〕{serial}号"


def chinese_number(value: int) -> str:
    """Return 1 to 99 in Chinese numerals: 一, 十, 十一, 二十, 九十九.

    :raises ValueError: the value is outside 1 to 99
    """
    if not 1 <= value <= 99:
        message = f"{value} has no heading number"
        raise ValueError(message)
    tens, ones = divmod(value, 10)
    tens_text = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
    return tens_text + (DIGITS[ones] if ones else "")


def chinese_date(day: date) -> str:
    """Return 2026年7月3日, month and day without leading zeros (DL-04)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_time(moment: datetime) -> str:
    """Return 2026年7月3日8时05分 in the zone the moment carries."""
    return f"{chinese_date(moment)}{moment.hour}时{moment.minute:02}分"


def heading_number(level: int, count: int) -> str:
    """Return the number of the `count`-th heading of a level: 一、 （一） 1. （1） (DL-03)."""
    if level == 1:
        return f"{chinese_number(count)}、"
    if level == 2:
        return f"（{chinese_number(count)}）"
    return f"{count}." if level == 3 else f"（{count}）"


def numbered(blocks: Iterable[Block]) -> Iterator[tuple[Block, str]]:
    """Yield every block with its number, empty where it has none; a higher heading restarts the lower ones."""
    counts = [0, 0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading) or not block.numbered:
            yield block, ""
            continue
        index = block.level - 1
        counts[index] += 1
        counts[index + 1 :] = [0] * (3 - index)
        yield block, heading_number(block.level, counts[index])
