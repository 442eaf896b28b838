"""The planned and the real curve as lines of one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ronghe.domain.schedule.calc.progress import WHOLE, CurvePoint, week_end

WIDTH, HEIGHT = 960, 320


@dataclass(frozen=True, slots=True)
class TrendPicture:
    """Paths in a box of `WIDTH` × `HEIGHT`; shares grow upwards."""

    planned: str
    actual: str
    today_x: int
    last: tuple[int, int] | None
    marks: list[tuple[int, date]]
    width: int = WIDTH
    height: int = HEIGHT


def trend_picture(points: Sequence[CurvePoint], today: date, actual_now: int) -> TrendPicture:
    """Return the curves; the real one ends today with what is known now."""
    first, last = points[0].day, points[-1].day
    days = max((last - first).days, 1)

    def place(day: date, share: int) -> tuple[int, int]:
        return (day - first).days * WIDTH // days, HEIGHT - share * HEIGHT // WHOLE

    real = [place(point.day, point.actual) for point in points if point.actual is not None and point.day < today]
    if first <= today <= week_end(last):
        real.append(place(min(today, last), actual_now))
    every = max(1, len(points) // 8)
    return TrendPicture(
        _path([place(point.day, point.planned) for point in points]), _path(real), place(min(max(today, first), last), 0)[0],
        real[-1] if real else None, [(place(point.day, 0)[0], point.day) for point in points[::every]],
    )  # fmt: skip


def _path(places: Sequence[tuple[int, int]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in places) if places else ""
