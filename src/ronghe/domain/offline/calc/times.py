"""When an act was done, from a clock that nobody set and another one that nobody stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

OFF = timedelta(minutes=5)
"""From here on a phone's clock counts as wrong; less is drift."""
FUTURE = timedelta(minutes=2)
"""How far ahead of ours the corrected time may lie: what a slow answer leaves of uncertainty."""
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
LATEST_MS = 253_402_300_000_000
"""The last whole second of the year 9999, in milliseconds: beyond it there is no `datetime`."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a phone knew when the act was done, all in milliseconds.

    `device` is the phone's clock since 1970; `skew` how far it was ahead of the server's at the last contact; `steady` the
    server's time as counted on from that contact by the clock that cannot be set, None after the page was opened anew.
    """

    device: int
    skew: int
    steady: int | None = None


def own_time(clocks: Clocks) -> datetime:
    """Return when the act was done, in UTC.

    The steady clock can only lag (phones stop it while they sleep), the other one can be set: the later of the two is
    right in both cases, but for a clock set forward, which the receiver sees as a time that is still to come.
    """
    corrected = clocks.device - clocks.skew
    at = max(corrected, clocks.steady) if clocks.steady is not None else corrected
    at = max(int(EARLIEST.timestamp() * 1000), min(at, LATEST_MS))
    return datetime.fromtimestamp(at // 1000, UTC) + timedelta(milliseconds=at % 1000)


def shown_time(clocks: Clocks) -> datetime:
    """Return what the phone's clock itself showed, in UTC."""
    at = max(int(EARLIEST.timestamp() * 1000), min(clocks.device, LATEST_MS))
    return datetime.fromtimestamp(at // 1000, UTC) + timedelta(milliseconds=at % 1000)


def is_off(shown_at: datetime, done_at: datetime, received_at: datetime) -> bool:
    """Tell whether a phone's clock was wrong by more than drift: against the corrected time, or ahead of the receiver."""
    return abs(shown_at - done_at) > OFF or done_at > received_at + OFF


def is_to_come(done_at: datetime, received_at: datetime) -> bool:
    """Tell whether an act claims a time that had not come when it was received."""
    return done_at > received_at + FUTURE


def is_too_old(done_at: datetime, received_at: datetime, *, days: int) -> bool:
    """Tell whether an act is older than the days within which it may be reported; on the last of them it is not."""
    return received_at - done_at > timedelta(days=days)
