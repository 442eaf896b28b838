"""师徒协议 as one plain value with one spelling: what the three sign is the digest of that spelling."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ronghe.domain.exchange.calc.figures import plain


@dataclass(frozen=True, slots=True)
class Goal:
    """From `baseline` to `target` in `unit` until `due_on`; without a target a yes or no."""

    what: str
    due_on: date
    unit: str = ""
    better: str = "up"
    baseline: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """All that mentor, apprentice and witness sign."""

    mentor: str
    apprentice: str
    witness: str
    body: str
    kind: str
    topic: str
    starts_on: date
    until_on: date
    review_months: int
    text: str
    goals: tuple[Goal, ...]


def canonical(content: Content) -> str:
    """Return the one spelling: JSON with sorted keys, days as ISO text, numbers without idle zeros."""
    return json.dumps(asdict(content), default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """Return the SHA-256 of a canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Content:
    """Return the content that a canonical text spells."""
    data = json.loads(text)
    days = {name: date.fromisoformat(data[name]) for name in ("starts_on", "until_on")}
    return Content(**{**data, **days, "goals": tuple(_goal(goal) for goal in data["goals"])})


def _goal(data: dict[str, Any]) -> Goal:
    figures = {name: None if data[name] is None else Decimal(data[name]) for name in ("baseline", "target")}
    return Goal(**{**data, **figures, "due_on": date.fromisoformat(data["due_on"])})


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)
