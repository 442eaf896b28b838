"""A plan as a picture: where each bar, ghost, link and month stands, in pixels. Knows neither colours nor markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ronghe.domain.schedule.calc.links import LinkKind
from ronghe.domain.schedule.calc.solving import FROM_START, TO_FINISH
from ronghe.domain.schedule.calc.worktime import DAY, day_at, day_start

ROW, BAR, HEAD = 36, 16, 40
"""Heights in pixels: of a row, of a bar in it, of the two lines of dates above."""
ELBOW = 7
"""How far a link leaves a bar before it turns."""
WIDEST = 24_000
"""A chart grows no wider; a longer plan is shown on a coarser scale."""
MARGIN_DAYS = 4
ONE_DAY = timedelta(days=1)
THOUSAND = 1000


class Zoom(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


DAY_PIXELS = {Zoom.DAY: 26.0, Zoom.WEEK: 8.0, Zoom.MONTH: 2.4}


@dataclass(frozen=True, slots=True)
class Line:
    """One task as the picture wants it; moments in minutes. The ghost is the baseline in force."""

    uid: int
    start: int
    finish: int
    percent: int
    is_summary: bool = False
    is_milestone: bool = False
    is_critical: bool = False
    ghost: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A line drawn; `done` is the width of what is done. `small_…` are thousandths of the whole plan, for phones."""

    line: Line
    y: int
    x: float
    width: float
    done: float
    ghost_x: float | None
    ghost_width: float
    small_x: int
    small_width: int
    small_done: int

    @property
    def middle(self) -> int:
        return self.y + ROW // 2

    @property
    def end(self) -> float:
        return round(self.x + self.width, 1)

    @property
    def diamond(self) -> str:
        """The outline of a milestone."""
        half = BAR // 2
        return f"M{self.x:g} {self.middle - half}l{half} {half}l-{half} {half}l-{half} -{half}z"

    @property
    def bracket(self) -> str:
        """The outline of a summary: a beam with a foot at either end."""
        top, foot = self.middle - 5, 9
        return (
            f"M{self.x:g} {top}h{self.width:g}v{foot}l-4 -4h-{max(self.width - 8, 0):g}l-4 4z"
            if self.width >= 8
            else f"M{self.x:g} {top}h{max(self.width, 2):g}v5h-{max(self.width, 2):g}z"
        )


@dataclass(frozen=True, slots=True)
class Tick:
    """A part of the scale with its label; `day` begins it."""

    x: float
    width: float
    day: date


@dataclass(frozen=True, slots=True)
class Arrow:
    path: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Chart:
    zoom: Zoom
    width: float
    height: int
    day_pixels: float
    first: date
    bars: Sequence[Bar]
    arrows: Sequence[Arrow]
    months: Sequence[Tick]
    ticks: Sequence[Tick]
    """Days, weeks or nothing below the months."""
    closed: Sequence[Tick]
    """Days on which nobody works."""
    today_x: float | None


def draw(
    lines: Sequence[Line], links: Iterable[tuple[int, int, LinkKind]], *, zoom: Zoom, today: date,
    is_working: Callable[[date], bool],
) -> Chart:  # fmt: skip
    """Return the picture of `lines`, one row each; links between lines that are not shown are left out."""
    moments = [moment for line in lines for moment in (line.start, line.finish, *(line.ghost or ()))]
    first = day_at(min(moments, default=day_start(today))) - ONE_DAY * MARGIN_DAYS
    last = day_at(max(moments, default=day_start(today))) + ONE_DAY * (MARGIN_DAYS + 4)
    days = (last - first).days
    zoom = next((one for one in list(Zoom)[list(Zoom).index(zoom) :] if days * DAY_PIXELS[one] <= WIDEST), Zoom.MONTH)
    pixels = min(DAY_PIXELS[zoom], WIDEST / days)
    origin = day_start(first)
    whole = (min(moments, default=origin), max(moments, default=origin + 1))

    def place(minute: int) -> float:
        return round((minute - origin) * pixels / DAY, 1)

    def small(minute: int) -> int:
        return (minute - whole[0]) * THOUSAND // max(whole[1] - whole[0], 1)

    bars = [_bar(line, number, place, small) for number, line in enumerate(lines)]
    by_uid = {bar.line.uid: bar for bar in bars}
    arrows = [
        _arrow(by_uid[before], by_uid[after], kind)
        for before, after, kind in links
        if before in by_uid and after in by_uid
    ]
    return Chart(
        zoom, round(days * pixels, 1), len(lines) * ROW, pixels, first, bars, arrows,
        _ticks(first, last, pixels, _next_month), _fine(first, last, pixels, zoom),
        _closed(first, last, pixels, is_working) if zoom != Zoom.MONTH else (),
        place(day_start(today)) if first <= today < last else None,
    )  # fmt: skip


def _bar(line: Line, number: int, place: Callable[[int], float], small: Callable[[int], int]) -> Bar:
    x, end = place(line.start), place(line.finish)
    width = 0.0 if line.is_milestone else max(round(end - x, 1), 3.0)
    ghost = line.ghost
    ghost_x = place(ghost[0]) if ghost is not None else None
    small_width = max(small(line.finish) - small(line.start), 8)
    return Bar(
        line, number * ROW, x, width, round(width * line.percent / 100, 1), ghost_x,
        max(round(place(ghost[1]) - place(ghost[0]), 1), 3.0) if ghost is not None else 0.0,
        min(small(line.start), THOUSAND - 8), small_width, small_width * line.percent // 100,
    )  # fmt: skip


def _arrow(before: Bar, after: Bar, kind: LinkKind) -> Arrow:
    """Return the way of a link at right angles, round the bars where it goes back."""
    from_start, to_finish = kind in FROM_START, kind in TO_FINISH
    x1, x2 = (before.x if from_start else before.end), (after.end if to_finish else after.x)
    out, into = (-ELBOW if from_start else ELBOW), (ELBOW if to_finish else -ELBOW)
    y1, y2 = before.middle, after.middle
    is_critical = before.line.is_critical and after.line.is_critical
    is_straight = (x2 + into >= x1 + out) if not from_start and not to_finish else from_start == to_finish
    if not is_straight:
        turn = y1 + (ROW // 2 if y2 > y1 else -(ROW // 2))
        return Arrow(f"M{x1:g} {y1}h{out}V{turn}H{x2 + into:g}V{y2}H{x2:g}", is_critical)
    turn_x = x1 + out
    if from_start and to_finish is False:
        turn_x = min(x1, x2) - ELBOW
    elif not from_start and to_finish:
        turn_x = max(x1, x2) + ELBOW
    return Arrow(f"M{x1:g} {y1}H{turn_x:g}V{y2}H{x2:g}", is_critical)


def _fine(first: date, last: date, pixels: float, zoom: Zoom) -> Sequence[Tick]:
    if zoom == Zoom.DAY:
        return _ticks(first, last, pixels, lambda day: day + ONE_DAY)
    if zoom == Zoom.WEEK:
        return _ticks(first, last, pixels, lambda day: day + ONE_DAY * (7 - day.weekday()))
    return ()


def _ticks(first: date, last: date, pixels: float, following: Callable[[date], date]) -> list[Tick]:
    found, day = [], first
    while day < last:
        until = min(following(day), last)
        found.append(Tick(round((day - first).days * pixels, 1), round((until - day).days * pixels, 1), day))
        day = until
    return found


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _closed(first: date, last: date, pixels: float, is_working: Callable[[date], bool]) -> list[Tick]:
    found: list[Tick] = []
    for number in range((last - first).days):
        day = first + timedelta(days=number)
        if is_working(day):
            continue
        x = round(number * pixels, 1)
        if found and abs(found[-1].x + found[-1].width - x) < 0.2:
            found[-1] = Tick(found[-1].x, round(found[-1].width + pixels, 1), found[-1].day)
        else:
            found.append(Tick(x, round(pixels, 1), day))
    return found
