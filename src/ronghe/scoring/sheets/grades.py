"""Grades: bands from best to worst, places by quota, ties, steps from the result before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ronghe.scoring.conditions import TIES, Compare, Condition, read_condition
from ronghe.scoring.exact import units
from ronghe.scoring.fragments import ID, NUMBER, TEXT, WHOLE, Fragment, ref

WITHIN = ("all", "body", "category")

QUOTA: Fragment = {
    "type": "object",
    "properties": {
        "share": NUMBER,
        "places": WHOLE,
        "round": {"enum": ["half_up", "down", "up"]},
        "least": {"type": "integer", "minimum": 0},
        "ties": {"enum": list(TIES)},
    },
    "oneOf": [{"required": ["share"]}, {"required": ["places"]}],
    "additionalProperties": False,
}

BAND: Fragment = {
    "type": "object",
    "properties": {"id": ID, "title": TEXT, "if": ref("condition"), "quota": QUOTA},
    "required": ["id", "title"],
    "additionalProperties": False,
}

SCHEMA: Fragment = {
    "type": "object",
    "properties": {
        "bands": {"type": "array", "items": BAND, "minItems": 1},
        "decide": {"type": "array", "items": ID, "minItems": 1, "uniqueItems": True},
        "within": {"enum": list(WITHIN)},
        "places_from": WHOLE,
        "max_steps": WHOLE,
    },
    "required": ["bands"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Quota:
    """How many places a band has: a fixed number, or a share of all who are graded, rounded and at least so many."""

    places: int | None
    share: int = 0
    rounding: str = "half_up"
    least: int = 1
    ties: str = "stay"

    def lift(self) -> int:
        """What is added before the share is cut to whole places, in units."""
        return {"half_up": 5_000, "down": 0, "up": 9_999}[self.rounding]


@dataclass(frozen=True)
class Band:
    """One grade, for those for whom the condition holds."""

    id: str
    title: Mapping[str, str] = field(hash=False)
    condition: Condition | None = None
    quota: Quota | None = None


@dataclass(frozen=True)
class Grades:
    """Bands from best to worst, decided in the order `decide`: each subject goes to the first that takes it.

    Those above a band's quota go one band down; that pushes nobody else. First and last places and quotas hold only
    where at least `places_from` are graded. At most `max_steps` bands up or down from the grade before.
    """

    bands: tuple[Band, ...]
    decide: tuple[int, ...]
    within: str = "all"
    places_from: int = 1
    max_steps: int | None = None

    def index(self, band: str | None) -> int | None:
        """The place of a band in the list, 0 for the best."""
        return next((index for index, known in enumerate(self.bands) if known.id == band), None)

    @property
    def edges(self) -> list[int]:
        """Every limit on the total that a shown number must not blur, in units."""
        return [
            found.limit
            for band in self.bands
            if band.condition
            for found in band.condition.inside()
            if isinstance(found, Compare) and found.measure is None and found.item is None
        ]


def read_grades(doc: dict[str, Any]) -> Grades:
    """Build the grades from a checked mapping."""
    bands = tuple(_read_band(band) for band in doc["bands"])
    names = [band.id for band in bands]
    first = [names.index(name) for name in doc.get("decide", ()) if name in names]
    order = first + [index for index in range(len(bands)) if index not in first]
    return Grades(bands, tuple(order), doc.get("within", "all"), doc.get("places_from", 1), doc.get("max_steps"))


def _read_band(doc: dict[str, Any]) -> Band:
    condition = read_condition(doc["if"]) if "if" in doc else None
    quota = None
    if "quota" in doc:
        said = doc["quota"]
        quota = Quota(
            said.get("places"),
            units(said.get("share", 0)),
            said.get("round", "half_up"),
            said.get("least", 1),
            said.get("ties", "stay"),
        )
    return Band(doc["id"], doc["title"], condition, quota)
