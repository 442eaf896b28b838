"""Findings that need several columns or several rows: birth against number, duplicates, membership dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ronghe.domain.org.calc.roster.days import Day, months_later, years_later
from ronghe.domain.org.calc.roster.identity import SHAPE, birth_of, gender_of, has_right_check
from ronghe.domain.org.calc.roster.people import PeopleColumns
from ronghe.domain.org.calc.roster.same import Report, number_people
from ronghe.domain.org.calc.roster.vocabulary import vocabulary

FULL_MEMBER, PROBATIONARY_MEMBER = "01", "02"


@dataclass(frozen=True, slots=True)
class RosterRules:
    """The numbers the checks use; a unit's rule set may carry others."""

    joining_age_years: int = 18
    """PD-01."""
    probation_months: int = 12
    """PD-08: one year from the day of the branch's general meeting."""


DEFAULT_RULES = RosterRules()


def check_people(
    people: PeopleColumns,
    *,
    as_of: Sequence[Day],
    today: date,
    known: Sequence[frozenset[str]],
    report: Report,
    where: Callable[[int], str],
    rules: RosterRules = DEFAULT_RULES,
) -> None:
    """Fill in `person` and `is_floating`, complete `born` and `gender` from the number, and report what does not fit.

    `as_of` is, for each sheet, the day its roster stands for; `known` the canonical columns each sheet has;
    `where(index)` names the sheet of a row for sentences that point to another row.
    """
    _check_birth_and_gender(people, report)
    _check_future(people, today, report)
    _check_membership(people, as_of, known, report, rules)
    number_people(people, report=report, where=where)
    _mark_floating(people)


def counts_of(people: PeopleColumns) -> dict[str, int]:
    """Return how many rows, persons, members and lowest-level units a right reading finds; a person counts once."""
    status: dict[int, str] = {}
    for person, code in zip(people.person, people.political_status, strict=True):
        status[person] = status.get(person) or code
    members = list(status.values())
    return {
        "rows": len(people.place),
        "people": len(status),
        "full_members": members.count(FULL_MEMBER),
        "probationary_members": members.count(PROBATIONARY_MEMBER),
        "floating_members": len({p for p, floats in zip(people.person, people.is_floating, strict=True) if floats}),
        "units": len(lowest_units(people.unit_path)),
    }


def lowest_units(paths: Sequence[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Return the unit paths below which no other unit was seen."""
    seen = set(paths) - {()}
    above = {path[:depth] for path in seen for depth in range(1, len(path))}
    return seen - above


def certificates_expired(people: PeopleColumns, on: date) -> int:
    """Return how many certificates have run out before the day `on`; on its last day one is still valid."""
    return sum(1 for row in people.certificates for c in row if c.expires and c.expires.last < on)


def _check_birth_and_gender(people: PeopleColumns, report: Report) -> None:
    for at, number in enumerate(people.identity_number):
        if not number or not SHAPE.fullmatch(number):
            continue
        birth, stated = birth_of(number), people.born[at]
        is_sure = has_right_check(number)
        if birth is not None and (is_sure or stated is None):
            if stated is not None and not stated.first <= birth <= stated.last:
                report("birth_differs", at, "born_on")
            people.born[at] = Day(birth, birth)
        if not people.gender[at]:
            people.gender[at] = gender_of(number)
        elif is_sure and people.gender[at] != gender_of(number):
            report("gender_differs", at, "gender")


def _check_future(people: PeopleColumns, today: date, report: Report) -> None:
    for column, days in (("born_on", people.born), ("joined_on", people.joined), ("full_from", people.full_from)):
        if any(day is not None and day.first > today for day in set(days)):
            for at, day in enumerate(days):
                if day is not None and day.first > today:
                    report("date_in_future", at, column, value=day.first.isoformat()[:7])


def _check_membership(
    people: PeopleColumns, as_of: Sequence[Day], known: Sequence[frozenset[str]], report: Report, rules: RosterRules,
) -> None:  # fmt: skip
    for at, (status, joined, posts) in enumerate(
        zip(people.political_status, people.joined, people.party_posts, strict=True),
    ):
        if not status and joined is None and not posts:
            continue
        sheet = people.place[at].sheet
        is_member = status in {FULL_MEMBER, PROBATIONARY_MEMBER}
        has_status = "political_status" in known[sheet]
        if posts and has_status and not is_member:
            report("post_without_membership", at, "party_post")
        if joined is None:
            if is_member and "joined_on" in known[sheet]:
                report("joined_missing", at, "joined_on")
            continue
        if has_status and not is_member:
            report("joined_without_status", at, "joined_on")
            continue
        born = people.born[at]
        if born is not None and joined.last < years_later(born.first, rules.joining_age_years):
            report("joined_under_18", at, "joined_on")
        if status == PROBATIONARY_MEMBER and as_of[sheet].first > months_later(joined.last, rules.probation_months):
            report("probation_overrun", at, "joined_on", since=_said(joined))


def _said(day: Day) -> str:
    return f"{day.first:%Y-%m}" if day.is_month else day.first.isoformat()


def _mark_floating(people: PeopleColumns) -> None:
    """Mark members hired from outside whose home branch belongs to none of the units in the files (PO-07, PF-03)."""
    units = {name for path in set(people.unit_path) for name in path}
    external = vocabulary().external_employment
    inside: dict[str, bool] = {}
    for at, (status, employment) in enumerate(zip(people.political_status, people.employment, strict=True)):
        branch = people.party_path[at][1]
        if status not in {FULL_MEMBER, PROBATIONARY_MEMBER} or employment not in external or not branch:
            continue
        if branch not in inside:
            inside[branch] = any(_belongs(branch, unit) for unit in units)
        people.is_floating[at] = not inside[branch]


def _belongs(branch: str, unit: str) -> bool:
    """Is this branch named after the unit, or after the part of the unit's name before a bracket?"""
    return unit.partition("（")[0] in branch
