"""The unit's book of certificates, training and what work asks of people: read once from a YAML file, never written in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from dateutil.relativedelta import relativedelta

from ronghe.kernel.language import in_language

SHIPPED = Path(__file__).with_name("qualifications.yaml")
DAY = timedelta(days=1)


def number_kept(text: str) -> str:
    """Return the number of a certificate as its digest is made of it: capitals without blanks."""
    return "".join(text.split()).upper()


@dataclass(frozen=True, slots=True)
class Family:
    """The terms that certificates of one family have (PC-14 to PC-17); `rule` is the number that is named when one is over."""

    id: str
    names: Mapping[str, str]
    rule: str
    valid_years: int
    review_years: int | None
    long_review_years: int | None
    warn: relativedelta
    review_hours: Decimal
    practice_months: int | None
    violations: int | None

    @property
    def title(self) -> str:
        return in_language(self.names)

    def last_day(self, issued_on: date) -> date:
        """Return the last day on which a certificate of that day holds."""
        return issued_on + relativedelta(years=self.valid_years) - DAY

    def review_day(self, since: date, *, long_service: bool = False) -> date | None:
        """Return the day by which the next review is due, `None` where there is none (PC-14)."""
        years = self.long_review_years if long_service and self.long_review_years else self.review_years
        return since + relativedelta(years=years) - DAY if years else None

    def warned_from(self, due_on: date) -> date:
        """Return the first day of the warning before a review or the end (PC-15, PC-17)."""
        return due_on - self.warn


@dataclass(frozen=True, slots=True)
class CertificateKind:
    id: str
    names: Mapping[str, str]
    family: Family
    words: tuple[str, ...]

    @property
    def title(self) -> str:
        return in_language(self.names)


@dataclass(frozen=True, slots=True)
class Operation:
    """A kind of work; `certificates` are those of which one is enough, none where no certificate is asked for (PW-01, PW-11)."""

    id: str
    names: Mapping[str, str]
    certificates: tuple[str, ...]
    is_managing: bool = False
    """It asks for the hours of managers instead of the three levels (PC-13)."""

    @property
    def title(self) -> str:
        return in_language(self.names)


@dataclass(frozen=True, slots=True)
class Level:
    """One of the three levels of safety training (三级安全教育), with its least hours (PC-11)."""

    id: str
    names: Mapping[str, str]
    hours: Decimal

    @property
    def title(self) -> str:
        return in_language(self.names)


@dataclass(frozen=True, slots=True)
class Managers:
    """The hours of those who answer for safety or manage it, and which posts of the platform are meant (PC-13)."""

    initial_hours: Decimal
    yearly_hours: Decimal
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    families: Mapping[str, Family]
    kinds: Mapping[str, CertificateKind]
    operations: Mapping[str, Operation]
    levels: Mapping[str, Level]
    yearly_hours: Decimal
    relearn_months: int
    relearn_levels: tuple[str, ...]
    managers: Managers | None = None

    def kind_called(self, word: str) -> CertificateKind | None:
        """Return the kind that a unit's table means by `word`: its id, its title or one of its words."""
        return self._words().get(word.strip())

    def _words(self) -> dict[str, CertificateKind]:
        return {word: kind for kind in self.kinds.values() for word in (*kind.words, *kind.names.values(), kind.id)}


@cache
def book_of(path: Path = SHIPPED) -> Book:
    """Return the book in a file; a fault in it is a fault of the installation and stops it with the file's own words."""
    text: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    families = {name: _family(name, one) for name, one in text["families"].items()}
    training = text["training"]
    return Book(
        families=families,
        kinds={
            one["id"]: CertificateKind(one["id"], one["title"], families[one["family"]], tuple(one.get("words", ())))
            for one in text["certificates"]
        },
        operations={
            one["id"]: Operation(one["id"], one["title"], tuple(one["certificates"]), one.get("training") == "managers")
            for one in text["operations"]
        },
        levels={one["id"]: Level(one["id"], one["title"], Decimal(str(one["hours"]))) for one in training["levels"]},
        yearly_hours=Decimal(str(training["yearly_hours"])),
        relearn_months=training["relearn"]["months"],
        relearn_levels=tuple(training["relearn"]["levels"]),
        managers=_managers(training.get("managers")),
    )


def _managers(text: Mapping[str, Any] | None) -> Managers | None:
    if text is None:
        return None
    return Managers(Decimal(str(text["initial_hours"])), Decimal(str(text["yearly_hours"])), tuple(text["posts"]))


def _family(name: str, one: Mapping[str, Any]) -> Family:
    return Family(
        id=name, names=one["title"], rule=one["rule"], valid_years=one["valid_years"],
        review_years=one.get("review_years"), long_review_years=one.get("long_review_years"),
        warn=relativedelta(**one["warn"]), review_hours=Decimal(str(one.get("review_hours", 0))),
        practice_months=one.get("practice_months"), violations=one.get("violations"),
    )  # fmt: skip
