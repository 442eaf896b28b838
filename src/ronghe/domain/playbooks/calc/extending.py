"""`extends`: a playbook leans on bases, whose declarations and mechanisms it takes over and may write anew.

What stands in the file replaces what a base says under the same id, whole and never key by key, so that the page of
one mechanism shows everything that holds for it. What was replaced is kept as `Override` and shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ronghe.domain.playbooks.calc.model import Override
from ronghe.domain.playbooks.calc.reading import GRADED_BY

Data = Mapping[str, Any]

JOINED_LISTS = ("documents", "dimensions", "groups", "roles", "mechanisms", "templates")
"""Sheets are not inherited: a body is scored by the sheets of the playbook that it adopted."""

ORIGIN = "origin"
"""Written into each joined mechanism: the playbook that it came from."""


@dataclass(frozen=True, slots=True)
class BaseWanted:
    """One line of `extends`: the id of a base and its lowest version."""

    id: str
    at_least: int

    def __str__(self) -> str:
        return f"{self.id}>={self.at_least}"


def read_base(text: str) -> BaseWanted:
    """Return what one line of `extends` asks for: `branch_base` or `branch_base>=2`."""
    name, _sign, version = text.partition(">=")
    return BaseWanted(name, int(version or 1))


def joined_with_bases(own: Data, bases: Iterable[Data]) -> dict[str, Any]:
    """Return `own` with the lists of its (already joined) bases put before its own entries.

    An own entry takes the place of the base's entry of the same id, so the order of the base is kept. Keys are joined
    one by one; the agreement is taken whole, the own one first. A campaign, like the sheets, is nobody else's.
    """
    joined = {key: value for key, value in own.items() if key not in JOINED_LISTS}
    bases = list(bases)
    for name in JOINED_LISTS:
        entries: dict[str, Data] = {}
        for base in bases:
            entries |= {entry["id"]: entry for entry in base.get(name, ())}
        for entry in own.get(name, ()):
            entries[entry["id"]] = _as_joined(entry, own) if name == "mechanisms" else entry
        joined[name] = list(entries.values())
    keys = {name: value for base in [*bases, own] for name, value in base.get("keys", {}).items()}
    agreement = next((data["agreement"] for data in [own, *bases] if "agreement" in data), None)
    return joined | ({"keys": keys} if keys else {}) | ({"agreement": agreement} if agreement else {})


def as_written(entry: Data) -> dict[str, Any]:
    """Return a joined mechanism as a file writes it."""
    return {key: value for key, value in entry.items() if key not in (ORIGIN, GRADED_BY)}


def _as_joined(mechanism: Data, own: Data) -> Data:
    joined = {**mechanism, ORIGIN: own["id"]}
    wanted = mechanism.get("for_grade")
    sheet = next((one for one in own.get("sheets", ()) if wanted and one["id"] == wanted["sheet"]), None)
    if wanted and sheet:
        bands = sheet.get("grades", {}).get("bands", ())
        named = [{"id": band["id"], "title": band["title"]} for band in bands if band["id"] in wanted["grades"]]
        joined[GRADED_BY] = {"title": sheet["title"], "grades": named}
    return joined


def overrides_of(own: Data, bases: Iterable[Data]) -> tuple[Override, ...]:
    """Return the mechanisms that `own` writes anew over a base, in file order."""
    inherited = {mechanism["id"]: mechanism for base in bases for mechanism in base.get("mechanisms", ())}
    return tuple(
        Override(mechanism["id"], inherited[mechanism["id"]][ORIGIN], _changed(inherited[mechanism["id"]], mechanism))
        for mechanism in own.get("mechanisms", ())
        if mechanism["id"] in inherited
    )


def contradictions(own: Data, bases: Sequence[Data]) -> list[tuple[str, str, str]]:
    """Return (list, id, id of the later base) where two bases say different things under one id.

    A base that both lean on says the same thing twice, which is none; nor is what `own` writes anew.
    """
    found: list[tuple[str, str, str]] = []
    for name in JOINED_LISTS:
        settled = {entry["id"] for entry in own.get(name, ())}
        known: dict[str, Data] = {}
        for base in bases:
            entries = [entry for entry in base.get(name, ()) if entry["id"] not in settled]
            found += [(name, e["id"], base["id"]) for e in entries if known.setdefault(e["id"], e) != e]
    return found + _keys_against_each_other(own, bases) + _agreements_against_each_other(own, bases)


def _keys_against_each_other(own: Data, bases: Iterable[Data]) -> list[tuple[str, str, str]]:
    known = dict(own.get("keys", {}))
    return [
        ("keys", name, base["id"])
        for base in bases
        for name, value in base.get("keys", {}).items()
        if known.setdefault(name, value) != value and name not in own.get("keys", {})
    ]


def _agreements_against_each_other(own: Data, bases: Iterable[Data]) -> list[tuple[str, str, str]]:
    if "agreement" in own:
        return []
    found = [base for base in bases if "agreement" in base]
    return [("agreement", "agreement", base["id"]) for base in found[1:] if base["agreement"] != found[0]["agreement"]]


def _changed(base: Data, own: Data) -> tuple[str, ...]:
    keys = sorted({*base, *own} - {ORIGIN, GRADED_BY, "id"})
    return tuple(key for key in keys if base.get(key) != own.get(key))
