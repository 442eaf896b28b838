"""What people write into a field of their record, made one form, or refused with the reason's code."""

from __future__ import annotations

import re
from datetime import date

from ronghe.domain.org.calc.roster.identity import SHAPE, birth_of, has_right_check, number_of

DAYS = frozenset({"born_on", "joined_party_on"})
LENGTHS = {"name": 40, "job_title": 40, "trade": 40, "skill_grade": 24, "education": 24, "staff_number": 32}
GENDERS = frozenset({"0", "1", "2", "9"})
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")


class NotAValue(ValueError):
    """The text cannot stand in that field; the first argument is one of the codes of `REASONS`."""


REASONS = ("empty", "too_long", "not_a_day", "day_to_come", "not_a_gender", "not_a_phone", "not_an_id_number")


def cleaned(field: str, text: str, *, today: date) -> str:
    """Return the value of `field` as it is kept: days as 2026-09-14, identity numbers with a capital X (ID-01).

    :raises NotAValue: it cannot stand there
    """
    value = " ".join(text.split())
    if not value:
        raise NotAValue("empty")
    if field in DAYS:
        return _day(value, today)
    if field == "gender":
        return _one_of(value in GENDERS, value, "not_a_gender")
    if field == "phone":
        phone = value.replace(" ", "")
        return _one_of(PHONE.fullmatch(phone) is not None, phone, "not_a_phone")
    if field == "id_number":
        number = number_of(value)
        right = SHAPE.fullmatch(number) is not None and has_right_check(number) and birth_of(number) is not None
        return _one_of(right, number, "not_an_id_number")
    return _one_of(len(value) <= LENGTHS[field], value, "too_long")


def _day(value: str, today: date) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise NotAValue("not_a_day") from error
    return _one_of(day <= today, day.isoformat(), "day_to_come")


def _one_of(is_right: bool, value: str, reason: str) -> str:
    if not is_right:
        raise NotAValue(reason)
    return value
