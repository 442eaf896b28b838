"""How numbers, days and times are written: 1,284；55.0；11月21日 周六；08:30。English readers get 21 Nov, Sat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from django.template import Library
from django.utils import timezone
from django.utils.translation import get_language

from ronghe.kernel import words
from ronghe.kernel.words import _, counted

register = Library()

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS = "一二三四五六日"


@register.filter
def day(value: date | datetime | None, form: str = "") -> str:
    """A day with its weekday, 11月21日 周六; `day:"year"` with the year, `day:"short"` without the weekday."""
    if value is None:
        return "—"
    shown = _local(value)
    if not _chinese():
        text = f"{shown.day} {_MONTHS[shown.month - 1]}"
        return {"year": f"{text} {shown.year}", "short": text}.get(form, f"{text}, {_DAYS[shown.weekday()]}")
    text = f"{shown.month}月{shown.day}日"
    return {"year": f"{shown.year}年{text}", "short": text}.get(form, f"{text} 周{_WEEKDAYS[shown.weekday()]}")


@register.filter
def month(value: date, form: str = "") -> str:
    """A month, 11月; `month:"year"` with its year, 2026年11月."""
    if not _chinese():
        name = _MONTHS[value.month - 1]
        return f"{name} {value.year}" if form == "year" else name
    return f"{value.year}年{value.month}月" if form == "year" else f"{value.month}月"


@register.filter
def clock(value: datetime | time | None) -> str:
    """A time of day, 08:30, in the platform's time zone."""
    if value is None:
        return "—"
    shown = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return f"{shown:%H:%M}"


@register.filter
def moment_of(value: datetime | None) -> str:
    """Day and time, 11月21日 周六 08:30."""
    return "—" if value is None else f"{day(value)} {clock(value)}"


@register.filter
def span(start: date | datetime, end: date | datetime) -> str:
    """From one day to another, 10月8日—11月30日; two times of one day become 08:30—16:30."""
    if isinstance(start, datetime) and isinstance(end, datetime) and _local(start) == _local(end):
        return f"{clock(start)}—{clock(end)}"
    return f"{day(start, 'short')}—{day(end, 'short')}"


@register.filter
def count(value: int | None) -> str:
    """A whole number with thousands: 1,284."""
    return "—" if value is None else f"{value:,}"


@register.filter
def exact(value: Decimal | int | None, places: int | None = None) -> str:
    """An exact number as text, with fixed decimals where given: {{ total|exact:2 }} → 92.35. Rounds half up, never through a float."""
    if value is None:
        return "—"
    number = Decimal(value)
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    return f"{number:,f}"


@register.filter
def signed(value: Decimal | int | None, places: int | None = None) -> str:
    """A change with its sign and a true minus: +1.45, −0.09, 0."""
    if value is None:
        return "—"
    text = exact(abs(Decimal(value)), places)
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text


@register.filter
def unit_of(value: str, unit: str) -> str:
    """A number and its unit with a thin space that does not break: 55.0 万元."""
    return f"{value}\u202f{unit}"


@register.filter
def days_left(value: int | None) -> str:
    """Days to a deadline in words: 还有 9 天、今天到期、超期 3 天."""
    if value is None:
        return "—"
    if value == 0:
        return _("今天到期")
    return (counted("还有 %(days)s 天", value) if value > 0 else counted("超期 %(days)s 天", -value)) % {
        "days": abs(value)
    }


@register.filter
def listed(items: Iterable[object]) -> str:
    """Names in one line as the reader's language lists them: {{ file_names|listed }} → 甲、乙; A, B."""
    return words.listed(items)


def _local(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
