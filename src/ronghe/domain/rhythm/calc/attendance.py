"""Counting who was expected and who came (PM-14)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one person: came or not, signed in by own act or not, on leave or not, and off shift or not."""

    person: int
    is_present: bool = False
    is_signature: bool = False
    is_on_leave: bool = False
    is_off_shift: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """应到、实到、其中本人签到、请假、缺席、列席. `present` leaves guests out, so it never passes `expected`."""

    expected: int
    present: int
    signed: int
    on_leave: int
    absent: int
    guests: int


def tally(expected: Collection[int], marks: Iterable[Mark], *, leaves_out_off_shift: bool) -> Tally:
    """Return the counts of an activity.

    With `leaves_out_off_shift` (huddles) a person off shift who did not come is not expected; a vote never leaves
    anybody out. Without a mark an expected person is absent.
    """
    by_person = {mark.person: mark for mark in marks}
    off = {p for p, m in by_person.items() if m.is_off_shift and not m.is_present} if leaves_out_off_shift else set()
    owed = set(expected) - off
    came = {person for person, mark in by_person.items() if mark.is_present}
    present = owed & came
    on_leave = {person for person in owed - came if person in by_person and by_person[person].is_on_leave}
    return Tally(
        expected=len(owed),
        present=len(present),
        signed=sum(1 for person in present if by_person[person].is_signature),
        on_leave=len(on_leave),
        absent=len(owed - came - on_leave),
        guests=len(came - owed),
    )
