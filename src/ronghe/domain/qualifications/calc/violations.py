"""Which proven violations count at the review of a certificate, and whether they bar it (PC-16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Proven:
    """A proven violation: typed off a paper (`reference`), or confirmed as a work item of the platform (`item`).

    `certificate` is the keyed digest of the number that it was confirmed against, "" where none was named.
    """

    happened_on: date
    is_grave: bool
    reference: str = ""
    item: int | None = None
    certificate: str = ""


def counting(rows: Iterable[Proven], certificate: str, since: date) -> list[Proven]:
    """Return those that count at the review of a certificate last passed on `since`, the oldest first.

    One that named another certificate does not; one that named none counts against each that the person holds.
    """
    found = [row for row in rows if row.happened_on >= since and row.certificate in ("", certificate)]
    return sorted(found, key=lambda row: (row.happened_on, row.item or 0, row.reference))


def bars_review(rows: Sequence[Proven], limit: int | None) -> bool:
    """Tell whether a review is not to be passed: so many violations, or one with grave results; never without a limit (PC-16)."""
    return limit is not None and (len(rows) >= limit or any(row.is_grave for row in rows))
