"""What a text must be before anybody is asked to agree to it: told as (part, problem), the first one first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ronghe.domain.agreements.calc.content import Content, Goal
from ronghe.domain.agreements.calc.progress import is_forward
from ronghe.kernel.words import N_

MOST_SECTIONS, MOST_GOALS = 20, 30
LONGEST_TITLE, LONGEST_PREAMBLE, LONGEST_SECTION = 120, 4_000, 8_000
LONGEST_SECTION_TITLE, LONGEST_UNIT = 60, 20
LARGEST = Decimal(10) ** 9
PLACES = 4
LATEST = date(2100, 1, 1)
"""A term that ends later is a slip of the pen."""
FEWEST_MONTHS, MOST_MONTHS = 1, 24
HEADS = ("party_building", "project", "ideology")

EMPTY = N_("还没有写。")
TOO_LONG = N_("写得太长，请精简。")
TOO_MANY = N_("太多，请合并。")
TWICE = N_("重复了，请改名。")
REVERSED = N_("最后一天早于第一天。")
TOO_FAR = N_("最后一天太远，请核对年份。")
OUT_OF_TERM = N_("期限不在意向书有效期内。")
BACKWARDS = N_("目标没有比起点更好，请改起点、目标或方向。")
TOO_LARGE = N_("数值太大，或小数多于四位。")
MONTHS = N_("回顾间隔为 1 至 24 个月。")


def problems(content: Content) -> Iterator[tuple[str, str]]:
    """Yield (name of the part, sentence) for everything that is wrong; names as people read them, sentences to translate."""
    yield from _texts(content)
    if content.ends_on < content.starts_on:
        yield content.title, REVERSED
    if content.ends_on >= LATEST:
        yield content.title, TOO_FAR
    if not FEWEST_MONTHS <= content.review_months <= MOST_MONTHS:
        yield content.title, MONTHS
    if len(content.goals) > MOST_GOALS:
        yield content.title, TOO_MANY
    if len({goal.id for goal in content.goals}) < len(content.goals):
        yield content.title, TWICE
    for goal in content.goals:
        yield from _goal(goal, content)


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    if not content.title.strip():
        yield content.project, EMPTY
    if len(content.title) > LONGEST_TITLE or len(content.preamble) > LONGEST_PREAMBLE:
        yield content.title[:LONGEST_TITLE], TOO_LONG
    if not content.sections:
        yield content.title, EMPTY
    if len(content.sections) > MOST_SECTIONS:
        yield content.title, TOO_MANY
    if len({section.id for section in content.sections}) < len(content.sections):
        yield content.title, TWICE
    for section in content.sections:
        if not section.title.strip() or not section.text.strip():
            yield section.title or content.title, EMPTY
        if len(section.title) > LONGEST_SECTION_TITLE or len(section.text) > LONGEST_SECTION:
            yield section.title[:LONGEST_SECTION_TITLE], TOO_LONG


def _goal(goal: Goal, content: Content) -> Iterator[tuple[str, str]]:
    if not goal.title.strip() or not goal.unit.strip():
        yield goal.title or content.title, EMPTY
    if len(goal.title) > LONGEST_TITLE or len(goal.unit) > LONGEST_UNIT:
        yield goal.title[:LONGEST_TITLE], TOO_LONG
    if not all(fits(number) for number in (goal.baseline, goal.target)):
        yield goal.title, TOO_LARGE
    elif not is_forward(baseline=goal.baseline, target=goal.target, better=goal.better):
        yield goal.title, BACKWARDS
    if not content.starts_on <= goal.due_on <= content.ends_on:
        yield goal.title, OUT_OF_TERM


def fits(number: Decimal) -> bool:
    """Tell whether a measured value can be kept exactly: below 10⁹ and with four decimals at most."""
    if not number.is_finite() or abs(number) >= LARGEST:
        return False
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and (exponent >= -PLACES or number == round(number, PLACES))
