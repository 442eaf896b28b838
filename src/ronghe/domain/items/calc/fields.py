"""What a kind of item asks for: fields with a type each, and reading what people typed into them.

Values are kept as text that JSON carries without loss: a number as its digits, a day as ISO, several choices as a list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

Value = str | list[str] | bool | None
LONGEST = {"text": 120, "long_text": 2000}
DIGITS = 14


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    SEVERAL = "several"
    WHOLE = "whole"
    NUMBER = "number"
    MONEY = "money"
    """In yuan, to the fen."""
    DAY = "day"
    YES_NO = "yes_no"


PLACES = {FieldType.WHOLE: 0, FieldType.NUMBER: 4, FieldType.MONEY: 2}
"""Decimal places of what is counted; more digits are refused, never rounded away."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One thing to fill in. `unit` stands behind a number, `choices` are pairs of code and word."""

    id: str
    title: str
    type: FieldType = FieldType.TEXT
    is_required: bool = False
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    may_be_negative: bool = False


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with a value: `why` is a code that the service puts into words."""

    field: FieldSpec
    why: str


def read_values(
    specs: Sequence[FieldSpec], given: Mapping[str, object], *, required: Collection[str] | None = None
) -> tuple[dict[str, Value], list[FieldProblem]]:
    """Return the cleaned values of `specs` and what is wrong with the rest.

    Empty ones are left out. `required` names fields that must be there besides those that always must.
    """
    values: dict[str, Value] = {}
    problems: list[FieldProblem] = []
    for spec in specs:
        raw = given.get(spec.id)
        if raw is None or raw in ("", []):
            if spec.is_required or spec.id in (required or ()):
                problems.append(FieldProblem(spec, "missing"))
            continue
        try:
            values[spec.id] = _READERS[spec.type](spec, raw)
        except _Unfit as error:
            problems.append(FieldProblem(spec, error.why))
    return values, problems


def number_in(values: Mapping[str, object], field_id: str) -> Decimal | None:
    """Return a number that was filled in, `None` where it was not."""
    text = values.get(field_id)
    return Decimal(str(text)) if text not in (None, "") else None


class _Unfit(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _text(spec: FieldSpec, raw: object) -> Value:
    text = str(raw).strip()
    if len(text) > LONGEST[spec.type.value]:
        raise _Unfit("too_long")
    if not text:
        raise _Unfit("missing")
    return text


def _choice(spec: FieldSpec, raw: object) -> Value:
    if str(raw) not in dict(spec.choices):
        raise _Unfit("no_such_choice")
    return str(raw)


def _several(spec: FieldSpec, raw: object) -> Value:
    chosen = [str(one) for one in raw] if isinstance(raw, (list, tuple)) else [str(raw)]
    if any(one not in dict(spec.choices) for one in chosen):
        raise _Unfit("no_such_choice")
    return [code for code, _word in spec.choices if code in chosen]


def _number(spec: FieldSpec, raw: object) -> Value:
    try:
        number = Decimal(str(raw).strip().replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise _Unfit("no_number") from error
    if not number.is_finite():
        raise _Unfit("no_number")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > PLACES[spec.type]:
        raise _Unfit("too_many_places")
    if abs(number) >= 10 ** (DIGITS - PLACES[spec.type]):
        raise _Unfit("too_large")
    if number < 0 and not spec.may_be_negative:
        raise _Unfit("negative")
    return f"{number.normalize():f}" if number else "0"


def _day(_spec: FieldSpec, raw: object) -> Value:
    try:
        return date.fromisoformat(str(raw)).isoformat()
    except ValueError as error:
        raise _Unfit("no_day") from error


def _yes_no(_spec: FieldSpec, raw: object) -> Value:
    if raw in (True, "true", "on", "1"):
        return True
    if raw in (False, "false", "off", "0"):
        return False
    raise _Unfit("no_such_choice")


_READERS = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.CHOICE: _choice,
    FieldType.SEVERAL: _several,
    FieldType.WHOLE: _number,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.DAY: _day,
    FieldType.YES_NO: _yes_no,
}
