"""The grade of an operation from what was entered, and whom the matrix names to approve and co-sign it (PW-20 to PW-47)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from ronghe.domain.permits.calc.profiles import NO_GRADE, Operation, Profile
from ronghe.kernel.calendar.calendars import WorkCalendar
from ronghe.kernel.calendar.moments import SHANGHAI, day_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

LONGEST_LOOK = timedelta(days=62)
"""Longer than any permit may run; a window is refused elsewhere, and never walked for ever here."""


class FactMissing(DomainError):
    code = "permit_fact_missing"
    sentence = N_("%(operation)s：请填写“%(title)s”，级别和审批人由它算出。")
    status = 422


class FactUnfit(DomainError):
    code = "permit_fact_unfit"
    sentence = N_("%(operation)s：“%(title)s”填的“%(value)s”不对，请重新填写。")
    status = 422


class BelowScope(DomainError):
    """What was entered needs no permit of this kind."""

    code = "permit_below_scope"
    sentence = N_("%(operation)s：%(title)s %(value)s %(unit)s 没有达到 %(limit)s %(unit)s（%(rule)s），不用办这种票。")
    status = 422


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade, the one before it was upgraded, and by which reasons it was (PW-29)."""

    grade: str
    base: str
    upgraded_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parties:
    """The offices of the matrix: who approves, who co-signs, who checks the ticket before the work (PW-47)."""

    approver: str
    co_signers: tuple[str, ...]
    checker: str


def clean_facts(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entered facts as plain values: numbers as texts of decimals, choices by id, flags; unknown ones are dropped.

    :raises FactMissing: a required one is empty
    :raises FactUnfit: not a number, negative, or not among the choices
    """
    clean: dict[str, Any] = {}
    for field in operation.facts:
        value = given.get(field.id)
        if field.type == "flag":
            clean[field.id] = value in (True, "true", "on", "1", 1)
            continue
        text = str(value if value is not None else "").strip()
        if not text:
            if field.is_required:
                raise FactMissing(operation=operation.title, title=field.title)
            continue
        unfit = FactUnfit(operation=operation.title, title=field.title, value=text[:40])
        if field.type == "number":
            clean[field.id] = _number_text(text, unfit)
        elif field.type == "choice":
            if text not in dict(field.choices):
                raise unfit
            clean[field.id] = text
        else:
            clean[field.id] = text[:120]
    return clean


def _number_text(text: str, unfit: FactUnfit) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise unfit from error
    if not number.is_finite() or number < 0 or number > 1_000_000:
        raise unfit
    return f"{number.normalize():f}"


def circumstances_of(
    profile: Profile, calendar: WorkCalendar, starts_at: datetime, ends_at: datetime
) -> frozenset[str]:
    """Return which of `rest_day` and `night` the window touches (PW-29); its end is not part of it.

    Of a window longer than a day only its first day and night count: a permit of several days is worked by day, and
    working on at night or on a rest day is refused while it runs (`standing`).
    """
    last = min(ends_at, starts_at + timedelta(hours=24), starts_at + LONGEST_LOOK)
    short = ends_at - starts_at <= timedelta(hours=24)
    found: set[str] = set()
    moment = starts_at
    while moment < last:
        found |= moment_circumstances(profile, calendar, moment)
        if not short:
            break
        moment += timedelta(minutes=30)
    return frozenset(found)


def moment_circumstances(profile: Profile, calendar: WorkCalendar, moment: datetime) -> frozenset[str]:
    """Return which of `rest_day` and `night` a moment is; night is from its first hour up to, not including, its last."""
    found: set[str] = set()
    if not calendar.is_working(day_of(moment)):
        found.add("rest_day")
    local = moment.astimezone(SHANGHAI)
    hour = Decimal(local.hour) + Decimal(local.minute) / 60
    first, last = profile.number("night.from_h"), profile.number("night.until_h")
    if (hour >= first or hour < last) if first > last else first <= hour < last:
        found.add("night")
    return frozenset(found)


def grade_of(
    profile: Profile, operation: Operation, facts: Mapping[str, Any], circumstances: frozenset[str] = frozenset()
) -> Graded:
    """Return the grade of an operation; upgraded by one setting's steps where any of its reasons holds, never past the top.

    :raises FactMissing: the fact that decides is not there
    :raises BelowScope: it needs no permit of this kind (PW-24 under 2 m, PW-27 up to 0.5 m)
    """
    base = _base_grade(profile, operation, facts)
    held = {name for name, value in facts.items() if value is True} | circumstances
    reasons = tuple(name for name in operation.grading.upgrades if name in held)
    if not reasons or base not in operation.grades:
        return Graded(base, base)
    steps = int(profile.number("hot_work.upgrade_steps")) if operation.id == "hot_work" else 1
    place = max(0, operation.grades.index(base) - steps)
    return Graded(operation.grades[place], base, reasons)


def _base_grade(profile: Profile, operation: Operation, facts: Mapping[str, Any]) -> str:
    grading = operation.grading
    if not grading.fact:
        return NO_GRADE
    field = next(one for one in operation.facts if one.id == grading.fact)
    said = facts.get(grading.fact)
    if said in (None, ""):
        raise FactMissing(operation=operation.title, title=field.title)
    if grading.choices:
        return dict(grading.choices)[str(said)]
    value = Decimal(str(said))
    below = bool(grading.least) and value < profile.number(grading.least)
    not_above = bool(grading.above) and value <= profile.number(grading.above)
    if below or not_above:
        key = grading.least if below else grading.above
        raise BelowScope(operation=operation.title, title=field.title, value=value, limit=profile.number(key),
                         unit=field.unit, rule=profile.rule_of(key))  # fmt: skip
    for band in grading.bands:
        if band.upto and value > profile.number(band.upto):
            continue
        if band.under and value >= profile.number(band.under):
            continue
        return band.grade
    return grading.bands[-1].grade


def parties_of(operation: Operation, grade: str) -> Parties:
    """Return whom the matrix names for an operation of a grade (PW-40 to PW-47)."""
    return Parties(operation.approver[grade], operation.co_signers, operation.checker)


def longest_h(profile: Profile, operation: Operation, grade: str, facts: Mapping[str, Any]) -> Decimal:
    """Return for how many hours a permit may run (PW-20, 22, 24, 26, 30)."""
    if operation.valid_special_h and facts.get("special_case") is True:
        return profile.number(operation.valid_special_h)
    return profile.number(operation.valid_h[grade])


def is_exempt(profile: Profile, operation: Operation, facts: Mapping[str, Any]) -> bool:
    """Tell whether no ticket is wanted, but a risk analysis all the same: lifting under 10 t (PW-25)."""
    said = facts.get("mass_t")
    return (
        operation.id == "lifting" and said not in (None, "") and Decimal(str(said)) < profile.number("lifting.exempt_t")
    )


def wanted_links(profile: Profile, operation: Operation, facts: Mapping[str, Any]) -> list[str]:
    """Return the operations of which a permit is wanted beside this one (PW-04, PW-27): a deep pit is a confined space."""
    found = []
    for link in operation.needs_links:
        said = facts.get(link.fact)
        if said not in (None, "") and Decimal(str(said)) > profile.number(link.above):
            found.append(link.operation)
    return found
