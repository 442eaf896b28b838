"""One comparison of a count with what a rule asks for, exact and explained."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _


class CountNegative(DomainError):
    code = "count_negative"
    sentence = N_("人数、票数不能小于 0，请核对。")
    status = 422


class PresentOverEntitled(DomainError):
    code = "present_over_entitled"
    sentence = N_("实到 %(present)s 人，多于应到 %(entitled)s 人，请核对（%(rule)s）。")
    status = 422


@dataclass(frozen=True, slots=True)
class Check:
    """`have` against the smallest whole number that is enough, `need`, counted from `base`; `rule` is its number."""

    rule: str
    sentence: str
    have: int
    need: int
    base: int

    @property
    def is_met(self) -> bool:
        return self.have >= self.need

    def __str__(self) -> str:
        return _(self.sentence) % {"have": self.have, "need": self.need, "base": self.base}


def at_least(share: Fraction, base: int) -> int:
    """Return the smallest whole number that is not less than `share` of `base`."""
    return -(-share.numerator * base // share.denominator)


def more_than(share: Fraction, base: int) -> int:
    """Return the smallest whole number that is more than `share` of `base`."""
    return share.numerator * base // share.denominator + 1


def refuse_impossible(*counts: int) -> None:
    """Refuse counts that no meeting can have.

    :raises CountNegative: one of them is below nought
    """
    if any(count < 0 for count in counts):
        raise CountNegative


def refuse_crowd(present: int, entitled: int, rule: str) -> None:
    """Refuse more people than there are.

    :raises PresentOverEntitled: more came than were entitled
    """
    if present > entitled:
        raise PresentOverEntitled(present=present, entitled=entitled, rule=rule)
