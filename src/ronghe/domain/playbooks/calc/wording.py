"""A mechanism's cadence in a reader's words."""

from __future__ import annotations

import re

from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.kernel.calendar.calendars import CalendarKind
from ronghe.kernel.calendar.workdays import DayUnit
from ronghe.kernel.words import N_, _, counted, listed

EVERY = {"DAILY": N_("每天"), "WEEKLY": N_("每周"), "MONTHLY": N_("每月"), "YEARLY": N_("每年")}
EVERY_FEW = {
    "DAILY": N_("每 %(count)s 天"),
    "WEEKLY": N_("每 %(count)s 周"),
    "MONTHLY": N_("每 %(count)s 个月"),
    "YEARLY": N_("每 %(count)s 年"),
}
QUARTERLY, HALF_YEARLY = N_("每季"), N_("每半年")
WEEKDAYS = {
    "MO": N_("周一"), "TU": N_("周二"), "WE": N_("周三"), "TH": N_("周四"), "FR": N_("周五"), "SA": N_("周六"), "SU": N_("周日"),
}  # fmt: skip
CALENDARS = {
    CalendarKind.STATUTORY: N_("法定工作日历"),
    CalendarKind.EVERY_DAY: N_("天天照办"),
    CalendarKind.SITE: N_("现场日历"),
}


def cadence_words(mechanism: Mechanism) -> str:
    """Return how often, on which calendar and with what grace: `每月 25 日前后，法定工作日历，宽限 5 个工作日`."""
    if mechanism.rhythm is None:
        return _("随作业")
    parts = [_how_often(mechanism.rhythm.cadence.text), _(CALENDARS[mechanism.calendar])]
    if mechanism.sittings:
        parts.insert(1, counted("%(count)s 次", len(mechanism.sittings)) % {"count": len(mechanism.sittings)})
    if mechanism.grace.days:
        days = mechanism.grace.days
        words = (
            counted("宽限 %(days)s 个工作日", days)
            if mechanism.grace.unit is DayUnit.WORKING
            else counted("宽限 %(days)s 天", days)
        )
        parts.append(words % {"days": days})
    return _("，").join(parts)


def _how_often(text: str) -> str:
    rule = dict(part.split("=") for part in text.split(";"))
    interval = int(rule.get("INTERVAL", "1"))
    frequency = rule["FREQ"]
    if frequency == "MONTHLY" and interval in (3, 6):
        words = _(QUARTERLY) if interval == 3 else _(HALF_YEARLY)
    elif interval == 1:
        words = _(EVERY[frequency])
    else:
        words = _(EVERY_FEW[frequency]) % {"count": interval}
    if re.fullmatch(r"\d+", day := rule.get("BYMONTHDAY", "")):
        words += _("（%(day)s 日）") % {"day": day}
    if set(days := rule.get("BYDAY", "").split(",")) <= WEEKDAYS.keys():
        words += _("（%(days)s）") % {"days": listed(_(WEEKDAYS[day]) for day in days)}
    return words
