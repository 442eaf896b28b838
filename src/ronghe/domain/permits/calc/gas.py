"""Gas tests: units, limits by substance, and for how long a test is good (PW-20, PW-21, PW-22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from ronghe.domain.permits.calc.profiles import GasRule, Profile, Substance
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

PERCENT, PERCENT_LEL = "%", "%LEL"


class ReadingUnfit(DomainError):
    code = "gas_reading_unfit"
    sentence = N_("%(title)s的读数“%(value)s”不对，请重填。")
    status = 422


class UnitUnfit(DomainError):
    code = "gas_unit_unfit"
    sentence = N_("%(title)s的单位不能是“%(unit)s”，请用%(units)s（PW-21、PW-22）。")
    status = 422


class SubstanceUnknown(DomainError):
    code = "gas_substance_unknown"
    sentence = N_("规则里没有“%(substance)s”这种气体，请从列表里选。")
    status = 422


class NothingRead(DomainError):
    code = "gas_nothing_read"
    sentence = N_("请至少填一种气体的读数（PW-20、PW-22）。")
    status = 422


@dataclass(frozen=True, slots=True)
class Reading:
    """What an instrument showed: a substance, a value and the unit that it was read in."""

    substance: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading held against its limit; `limit` is in the unit of the limit, as words."""

    reading: Reading
    is_fit: bool
    limit: str
    rule: str


@dataclass(frozen=True, slots=True)
class Test:
    """A test as far as its age matters: when the sample was taken, whether all was fit, which substances it read."""

    taken_at: datetime
    is_fit: bool
    substances: frozenset[str]


def minutes_of(value: Decimal) -> timedelta:
    """Return a number of minutes as a span, to the second."""
    return timedelta(seconds=int(value * 60))


def units_of(substance: Substance) -> tuple[str, ...]:
    """Return the units in which a substance may be read; a combustible one also in percent of its explosive limit."""
    return (substance.unit, PERCENT_LEL) if substance.lel is not None else (substance.unit,)


def read(profile: Profile, given: Sequence[Mapping[str, Any]]) -> list[Reading]:
    """Return the readings, each checked for substance, unit and value.

    :raises NothingRead, SubstanceUnknown, UnitUnfit, ReadingUnfit: what is wrong
    """
    found = []
    for one in given:
        substance = profile.substances.get(str(one.get("substance", "")))
        if substance is None:
            raise SubstanceUnknown(substance=str(one.get("substance", ""))[:40])
        unit = str(one.get("unit") or substance.unit)
        if unit not in units_of(substance):
            raise UnitUnfit(title=substance.title, unit=unit[:12], units=" / ".join(units_of(substance)))
        try:
            value = Decimal(str(one.get("value", "")).strip())
        except InvalidOperation as error:
            raise ReadingUnfit(title=substance.title, value=str(one.get("value"))[:40]) from error
        if not value.is_finite() or not 0 <= value <= 1_000_000 or (unit == PERCENT and value > 100):
            raise ReadingUnfit(title=substance.title, value=value)
        found.append(Reading(substance.id, value, unit))
    if not found:
        raise NothingRead
    return found


def judge(profile: Profile, reading: Reading, *, is_enriched: bool = False) -> Judged:
    """Hold a reading against its limit; on the limit is fit.

    Combustible: up to 0.5 % of volume where the lower explosive limit is at least 4 %, up to 0.2 % otherwise (PW-21);
    10 %LEL of methane are 0.5 %. Oxygen 19.5 to 21 %, to 23.5 % in an enriched space (PW-22).
    """
    substance = profile.substances[reading.substance]
    if substance.lel is not None:
        key = "gas.limit_high_lel" if substance.lel >= profile.number("gas.lel_divide") else "gas.limit_low_lel"
        limit = profile.number(key)
        value = reading.value * substance.lel / 100 if reading.unit == PERCENT_LEL else reading.value
        return Judged(reading, value <= limit, f"≤{limit}{PERCENT}", profile.rule_of(key))
    most_key = substance.most_enriched if is_enriched and substance.most_enriched else substance.most
    least = profile.number(substance.least) if substance.least else None
    most = profile.number(most_key) if most_key else None
    is_fit = (least is None or reading.value >= least) and (most is None or reading.value <= most)
    words = f"{least}–{most}{substance.unit}" if least is not None else f"≤{most}{substance.unit}"
    return Judged(reading, is_fit, words, profile.rule_of(most_key or substance.least))


def covers(rule: GasRule, substances: frozenset[str]) -> bool:
    """Tell whether a test read all that must be read, and one of those of which one must."""
    return set(rule.all_of) <= substances and (not rule.any_of or bool(substances & set(rule.any_of)))


def is_fresh(profile: Profile, test: Test, at: datetime) -> bool:
    """Tell whether a sample is fresh enough to start on: 30 minutes old is, a second more is not (PW-20, PW-22)."""
    age = at - test.taken_at
    return timedelta(0) <= age <= minutes_of(profile.number("gas.fresh_min"))


def may_resume(
    profile: Profile, rule: GasRule, grade: str, *, test: Test | None, suspended_at: datetime, at: datetime,
    must_test: bool,
) -> bool:  # fmt: skip
    """Tell whether work may go on after an interruption (PW-20, PW-22).

    A break up to the grade's limit needs no other test, unless the gas itself stopped the work (`must_test`) or another
    day has begun where tests are daily; a longer one needs a sample taken in the break and fresh.
    """
    gap = minutes_of(profile.number(rule.gap_min[grade]))
    needs = must_test or at - suspended_at > gap or (rule.is_daily and day_of(at) != day_of(suspended_at))
    if test is None or not test.is_fit or not covers(rule, test.substances):
        return False
    if not needs:
        return True
    return test.taken_at >= suspended_at and is_fresh(profile, test, at)


def is_overdue(profile: Profile, rule: GasRule, grade: str, test: Test | None, at: datetime) -> bool:
    """Tell whether the next reading of work that goes on is overdue: two hours old is not, a second more is (PW-22)."""
    key = rule.every_min.get(grade)
    if key is None:
        return False
    return test is None or at - test.taken_at > minutes_of(profile.number(key))
