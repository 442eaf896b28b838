"""The figures of a stage: counted, kept with the summary, added up exactly; and shares before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CODES = (
    "duties_done", "duties_late", "duties_missed", "duties_open", "duties_waived", "activities", "present", "expected",
    "study", "visits", "problems", "tasks", "solved",
)  # fmt: skip
"""Counts of a stage. `problems` were named in checks and on visits, `tasks` given, `solved` accepted by somebody else."""
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Counts:
    """Whole numbers by code; what nobody counted is nought."""

    values: Mapping[str, int]

    def __getitem__(self, code: str) -> int:
        return self.values.get(code, 0)

    @property
    def duties_met(self) -> int:
        return self["duties_done"] + self["duties_late"]

    @property
    def duties_owed(self) -> int:
        """What was owed without what was waived; what is not due yet is in it."""
        return self.duties_met + self["duties_missed"] + self["duties_open"]

    def as_data(self) -> dict[str, int]:
        return {code: self[code] for code in CODES}


def sum_of(many: Iterable[Counts]) -> Counts:
    """Return the sums of each count; stages lie side by side, so nothing is counted twice."""
    rows = list(many)
    return Counts({code: sum(row[code] for row in rows) for code in CODES})


def share(part: int, whole: int) -> Decimal | None:
    """Return the percentage with one decimal, half up; `None` where there is no whole."""
    if whole <= 0:
        return None
    return (Decimal(part) * 100 / whole).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Change:
    """One share before and after, in percent; `gain` is in percentage points."""

    before: Decimal | None
    after: Decimal | None

    @property
    def gain(self) -> Decimal | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Changes:
    """Before and after: duties met in time, people who came, problems solved."""

    on_time: Change
    present: Change
    solved: Change


def changes_between(before: Counts, after: Counts) -> Changes:
    """Return the shares of two spans of the same length side by side."""

    def on_time(counts: Counts) -> Decimal | None:
        return share(counts["duties_done"], counts.duties_met + counts["duties_missed"])

    return Changes(
        Change(on_time(before), on_time(after)),
        Change(share(before["present"], before["expected"]), share(after["present"], after["expected"])),
        Change(share(before["solved"], before["tasks"]), share(after["solved"], after["tasks"])),
    )


def span_before(starts: date, until: date) -> tuple[date, date]:
    """Return the days before a campaign, as many as it has run: the half-open span that before and after compare."""
    return starts - (until - starts), starts
