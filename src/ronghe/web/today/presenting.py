"""A line of 今日 as the page shows it: every address and word worked out, so that the template only places them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.urls import reverse

from ronghe.domain.today.calc.order import Line, by_part
from ronghe.domain.today.enums import Part, Until
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.inbox import Act
from ronghe.kernel.words import _, counted
from ronghe.ui.formats import clock
from ronghe.ui.formats import day as in_words

_MARK = 7_000_001
"""Stands for a number in an address until there is one."""


@dataclass(frozen=True, slots=True)
class ActShown:
    """A button that posts to `href`, or a link where `is_link`."""

    title: str
    href: str
    is_link: bool


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line in words. `time` stands in front, `late` is said in a badge, `until` beside place and reason."""

    title: str
    why: str
    where: str
    until: str
    time: str
    late: str
    state: str
    href: str
    is_now: bool
    share: tuple[int, int] | None
    acts: list[ActShown]
    more: list[ActShown]

    @property
    def notes(self) -> list[str]:
        """Why, where, until when and how far: what there is of it."""
        share = f"{self.share[0]}%" if self.share is not None and not self.is_now else ""
        return [words for words in (self.why, self.where, self.until, share) if words]


def parts_shown(lines: list[Line], at: datetime) -> list[tuple[Part, list[LineShown]]]:
    return [(part, [shown(line, at) for line in found]) for part, found in by_part(lines, at)]


def shown(line: Line, at: datetime) -> LineShown:
    own = [_act(line, act) for act in line.acts if not act.is_aside]
    aside = [_act(line, act) for act in line.acts if act.is_aside]
    later = [] if line.is_now else [
        ActShown(until.label, f"{_address('my_day')}{line.inbox}/{line.pk}/later/{until}/", False) for until in Until
    ]  # fmt: skip
    return LineShown(
        title=line.title, why=line.why, where=line.where, until=_until(line, at), time=_time(line, at),
        late=_late(line, at), state=line.state, href=page_of(line), is_now=line.is_now, share=line.share,
        acts=own, more=[*aside, *later],
    )  # fmt: skip


def page_of(line: Line) -> str:
    """Return the address at which the line is seen to."""
    if line.query:
        return f"{_address(line.page)}?{line.query}={line.args[0]}"
    return _address(line.page, *line.args)


def back_of(line: Line) -> str:
    """Return where a line that was put off is posted to come back."""
    return f"{_address('my_day')}{line.inbox}/{line.pk}/back/"


def _act(line: Line, act: Act) -> ActShown:
    if act.id:
        return ActShown(act.title, f"{_address('my_day')}{line.inbox}/{line.pk}/do/{act.id}/", False)
    if not act.page:
        return ActShown(act.title, page_of(line), True)
    return ActShown(act.title, _address(act.page, *(() if act.arg is None else (act.arg,))), True)


def _address(name: str, *numbers: int) -> str:
    """Return an address named by numbers alone: Django takes longer to work one out than the line takes to draw."""
    return _pattern(name, len(numbers)).format(*numbers)


@lru_cache(maxsize=512)
def _pattern(name: str, count: int) -> str:
    marks = [_MARK + place for place in range(count)]
    found = reverse(f"web:{name}", args=marks).replace("{", "{{").replace("}", "}}")
    for place, mark in enumerate(marks):
        found = found.replace(str(mark), f"{{{place}}}")
    return found


def _time(line: Line, at: datetime) -> str:
    """Return the hour of today, or the day where it is another one."""
    if line.is_now or line.day is None or line.is_late(at):
        return ""
    if line.day == _today(at):
        return clock(line.hour) if line.hour is not None else _("今天")
    return in_words(line.day, "short")


def _until(line: Line, at: datetime) -> str:
    """Return until when, where the front of the line does not say it, or how long somebody has waited."""
    if line.day is not None and line.is_late(at):
        return _("%(day)s到期") % {"day": in_words(line.day)}
    if line.due_at is not None:
        return _("%(due)s前") % {"due": clock(line.due_at)} if line.day != _today(at) else ""
    waited = (at - line.since) // timedelta(days=1) if line.since is not None and line.day is None else 0
    return counted("等了 %(count)s 天", waited) % {"count": waited} if waited > 0 and not line.is_now else ""


def _today(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _late(line: Line, at: datetime) -> str:
    if not line.is_late(at):
        return ""
    days = line.days_late(at)
    return counted("超 %(count)s 天", days) % {"count": days} if days else _("已过点")
