"""The figures of the regulations, each with the number of its rule; a unit may change any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class TermLength:
    """How many years a term has. `is_choice`: the rule leaves room, and this is what the unit chose."""

    years: int
    rule: str
    is_choice: bool = False


TERM_LENGTHS: Mapping[str, TermLength] = MappingProxyType(
    {
        "committee": TermLength(5, "PE-04"),
        "general_branch": TermLength(3, "PE-04"),
        "branch": TermLength(3, "PE-04"),
        "joint_branch": TermLength(3, "PE-04"),
        "floating_branch": TermLength(3, "PE-04", is_choice=True),
        "union_committee": TermLength(5, "PE-04", is_choice=True),
        "union_branch": TermLength(3, "PE-04", is_choice=True),
        "league_committee": TermLength(3, "PE-04", is_choice=True),
        "league_general_branch": TermLength(2, "PE-04", is_choice=True),
        "league_branch": TermLength(2, "PE-04", is_choice=True),
    }
)
"""Kind of body → length. Of union and league the rule says nothing; their statutes leave three or five, two or three."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many members a committee has: from `least` to `usual`, never over `most`. `rule` is empty where statutes decide."""

    least: int
    usual: int
    most: int
    rule: str


BRANCH_COMMITTEE = Size(3, 5, 7, "PE-01")
GENERAL_BRANCH_COMMITTEE = Size(5, 7, 9, "PE-03")
PARTY_COMMITTEE = Size(5, 9, 11, "PE-03")


class UnknownFigure(ValueError):
    """A figure of that name does not exist, or cannot have that value."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Thresholds. A fraction is exact; `…_is_strict` turns 不少于 into 超过."""

    quorum: Fraction = Fraction(4, 5)
    """PE-09: of those entitled."""
    quorum_is_strict: bool = False
    """PE-09: since 2020 not less than four fifths; before, more than."""
    win: Fraction = Fraction(1, 2)
    """PE-10: more than this share of those present."""
    difference: Fraction = Fraction(1, 5)
    """PE-10: so many more candidates than places of a committee."""
    general_quorum: Fraction = Fraction(1, 2)
    """PM-11: at least this share of those entitled."""
    general_win: Fraction = Fraction(1, 2)
    """PM-11: more than this share of those entitled."""
    admission_quorum: Fraction = Fraction(1, 2)
    """PM-12: more than this share of those entitled."""
    admission_win: Fraction = Fraction(1, 2)
    """PM-12: more than this share of those entitled."""
    committee_from: int = 7
    """PE-01, PE-02: full members from which a branch elects a committee."""
    congress_from: int = 500
    """PE-07: members from which delegates may meet."""
    shift_months: int = 12
    """PE-05: the most by which a term ends later or sooner."""
    remind_months: int = 6
    """PE-06: reminders begin; further ones 3 and 1 months before."""
    secretary_years: int = 1
    """PE-12: years of membership a secretary usually has."""

    def changed(self, wanted: Mapping[str, str]) -> Figures:
        """Return the figures with some of them changed; values are text as settings hold it: `4/5`, `7`, `true`.

        :raises UnknownFigure: no such figure, or no such value
        """
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        values: dict[str, object] = {}
        for name, text in wanted.items():
            if name not in own:
                raise UnknownFigure(name)
            try:
                values[name] = _read(text, own[name])
            except (ValueError, ZeroDivisionError) as error:
                message = f"{name} = {text}"
                raise UnknownFigure(message) from error
        return replace(self, **values)  # type: ignore[arg-type]


def _read(text: str, like: object) -> object:
    if isinstance(like, bool):
        if text not in ("true", "false"):
            raise ValueError(text)
        return text == "true"
    if isinstance(like, Fraction):
        share = Fraction(text)
        if not 0 < share <= 1:
            raise ValueError(text)
        return share
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number
