"""What an agreement says, as one plain value with one spelling: what is signed is the digest of that spelling."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text under a title; `id` stays the same from version to version."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A measurable goal: from `baseline` to `target` in `unit` until `due_on`.

    `head` is one of party_building, project, ideology; `better` is up or down.
    """

    id: str
    head: str
    title: str
    unit: str
    better: str
    baseline: Decimal
    target: Decimal
    due_on: date

    @property
    def baseline_text(self) -> str:
        return spelled(self.baseline)

    @property
    def target_text(self) -> str:
        return spelled(self.target)


@dataclass(frozen=True, slots=True)
class Content:
    """All that the sides sign. `sides` are their names in the order 甲方, 乙方, …; empty texts are left out of print."""

    kind: str
    title: str
    project: str
    sides: tuple[str, ...]
    starts_on: date
    ends_on: date
    review_months: int
    preamble: str
    sections: tuple[Section, ...]
    goals: tuple[Goal, ...]
    safety_officer: str = ""
    supplements: str = ""
    """Title of the agreement that this one supplements."""


def canonical(content: Content) -> str:
    """Return the one spelling of the content: JSON with sorted keys, days as ISO text, numbers without idle zeros."""
    return json.dumps(asdict(content), default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def cleaned(content: Content) -> Content:
    """Return the content as it is kept: texts trimmed and without the sign that no database takes."""
    return replace(
        content, title=_clean(content.title), preamble=_clean(content.preamble),
        sections=tuple(Section(_clean(s.id), _clean(s.title), _clean(s.text)) for s in content.sections),
        goals=tuple(
            replace(goal, id=_clean(goal.id), title=_clean(goal.title), unit=_clean(goal.unit)) for goal in content.goals
        ),
    )  # fmt: skip


def digest_of(text: str) -> str:
    """Return the SHA-256 of a canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Content:
    """Return the content that a canonical text spells."""
    data = json.loads(text)
    return Content(
        **{name: data[name] for name in ("kind", "title", "project", "review_months", "preamble", "safety_officer",
                                         "supplements")},
        sides=tuple(data["sides"]),
        starts_on=date.fromisoformat(data["starts_on"]),
        ends_on=date.fromisoformat(data["ends_on"]),
        sections=tuple(Section(**section) for section in data["sections"]),
        goals=tuple(_goal(goal) for goal in data["goals"]),
    )  # fmt: skip


def spelled(number: Decimal) -> str:
    """Return a number without exponent and idle zeros: 12, 0.5, -3."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _goal(data: dict[str, Any]) -> Goal:
    return Goal(
        **data
        | {"baseline": Decimal(data["baseline"]), "target": Decimal(data["target"])}
        | {"due_on": date.fromisoformat(data["due_on"])}
    )


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return spelled(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)
