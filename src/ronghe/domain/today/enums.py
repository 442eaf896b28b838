"""Closed lists of 今日."""

from __future__ import annotations

from enum import StrEnum

from ronghe.kernel.words import N_, _


class Part(StrEnum):
    """The parts of a day's list, in their order."""

    NOW = "now"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"

    @property
    def label(self) -> str:
        return _(_PARTS[self])


_PARTS = {Part.NOW: N_("现在"), Part.TODAY: N_("今天"), Part.WEEK: N_("本周"), Part.LATER: N_("以后")}


class Until(StrEnum):
    """Until when something is put off; it comes back by itself."""

    HOUR = "hour"
    EVENING = "evening"
    TOMORROW = "tomorrow"

    @property
    def label(self) -> str:
        return _(_UNTIL[self])


_UNTIL = {Until.HOUR: N_("一小时后"), Until.EVENING: N_("下班前"), Until.TOMORROW: N_("明天早上")}
