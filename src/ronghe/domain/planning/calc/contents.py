"""The items of a plan as plain data: their digest, and what differs between two states of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

FIELDS = ("title", "kind", "goal", "figure", "unit", "production_owner", "party_owner", "due_on", "weight")
"""What an agreement holds for; results are noted later and change no version."""


@dataclass(frozen=True, slots=True)
class ItemText:
    """What is written of an item; owners are ids of people."""

    title: str
    kind: str
    production_owner: int
    party_owner: int
    due_on: date
    goal: str = ""
    figure: Decimal | None = None
    unit: str = ""
    weight: Decimal | None = None


def as_data(number: int, text: ItemText, *, is_dropped: bool) -> dict[str, Any]:
    """Return an item as JSON can hold it; numbers as text, for they are exact."""
    return {
        "number": number, "title": text.title, "kind": text.kind, "goal": text.goal, "figure": _exact(text.figure),
        "unit": text.unit, "production_owner": text.production_owner, "party_owner": text.party_owner,
        "due_on": text.due_on.isoformat(), "weight": _exact(text.weight), "dropped": is_dropped,
    }  # fmt: skip


def digest_of(contents: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of the items in the order of their numbers, 64 hexadecimal digits."""
    ordered = sorted(contents, key=lambda entry: entry["number"])
    text = json.dumps(ordered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changes_between(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what became different, in the order of the numbers: added, changed, dropped, restored."""
    was = {entry["number"]: entry for entry in before}
    changes: list[dict[str, Any]] = []
    for entry in sorted(after, key=lambda one: one["number"]):
        old = was.get(entry["number"])
        fields = [[name, old[name], entry[name]] for name in FIELDS if old is not None and old[name] != entry[name]]
        if old is None:
            act = "added"
        elif entry["dropped"] != old["dropped"]:
            act = "dropped" if entry["dropped"] else "restored"
        elif fields:
            act = "changed"
        else:
            continue
        changes.append({"act": act, "number": entry["number"], "title": entry["title"], "fields": fields})
    return changes


def _exact(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
