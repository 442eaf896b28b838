"""The numbers of a sheet that somebody may want to turn: weights, caps, targets, steps, limits of grades, places.

Each has a path in the sheet's document. Turning some gives another sheet; the first is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_
from ronghe.scoring.conditions import COMPARISONS
from ronghe.scoring.exact import NotExact, text, units
from ronghe.scoring.problems import Path
from ronghe.scoring.sheets.check import check_sheet

NODE_WORDS = ("full", "points", "cap", "floor", "scale", "target", "below", "every", "at_most", "take")
MEASURE_WORDS = ("at_most", "late", "out_of", "trim", "least", "strength")
WHOLE_WORDS = frozenset({"take", "trim", "least", "strength", "first", "last", "places", "places_from", "max_steps"})

KNOB_WORDS = {
    "full": N_("满分"),
    "points": N_("每次（每步）分"),
    "cap": N_("最高分"),
    "floor": N_("最低分"),
    "scale": N_("权重倍数"),
    "target": N_("目标"),
    "below": N_("起扣线"),
    "every": N_("一步多少"),
    "at_most": N_("每段最多计"),
    "take": N_("取几项"),
    "from": N_("达到"),
    "late": N_("迟办折算"),
    "out_of": N_("量表满分"),
    "trim": N_("去掉几个高低分"),
    "least": N_("至少几份"),
    "strength": N_("另加几次"),
    "at_least": N_("不低于"),
    "over": N_("高于"),
    "under": N_("低于"),
    "first": N_("前几名"),
    "last": N_("后几名"),
    "share": N_("名额比例"),
    "places": N_("名额"),
    "places_from": N_("不到几个对象不设名额"),
    "max_steps": N_("最多变动几个等次"),
}
"""What each number is called beside its field."""


class KnobUnknown(DomainError):
    """The sheet has no such number."""

    code = "knob_unknown"
    sentence = N_("评分表里没有“%(path)s”这个数。")
    status = 422


class KnobNoNumber(DomainError):
    """What was put in is no number that the sheet can take."""

    code = "knob_no_number"
    sentence = N_("“%(value)s”不是数，或者小数超过四位（%(path)s）。")
    status = 422


class KnobsTooFar(DomainError):
    """The sheet would not be sound any more."""

    code = "knobs_too_far"
    sentence = N_("这样改评分表就不成立了：%(message)s")
    status = 422


@dataclass(frozen=True, slots=True)
class Knob:
    """One number: where it stands, of which node, band or rule, which word, and its value as text."""

    path: Path
    owner: str
    """The id of the node or band; empty for what holds for all grades."""
    title: Mapping[str, str]
    depth: int
    word: str
    value: str

    @property
    def name(self) -> str:
        """The path as one text."""
        return "/".join(map(str, self.path))


def knobs_of(doc: Mapping[str, Any]) -> list[Knob]:
    """Return every number of a checked sheet in the order of its tree, the grades last."""
    return [*_of_node(doc["root"], ("root",), 0), *_of_grades(doc.get("grades") or {})]


def turned(doc: Mapping[str, Any], changes: Mapping[str, str]) -> dict[str, Any]:
    """Return a copy of a checked sheet with some numbers (by `Knob.name`) set to others.

    :raises KnobUnknown: the sheet has no such number
    :raises KnobNoNumber: the text is no number with at most four decimal places
    :raises KnobsTooFar: `check_sheet` has something against the result
    """
    known = {knob.name: knob for knob in knobs_of(doc)}
    changed: dict[str, Any] = deepcopy(dict(doc))
    for name, value in changes.items():
        if name not in known:
            raise KnobUnknown(path=name)
        knob = known[name]
        place: Any = changed
        for step in knob.path[:-1]:
            place = place[step]
        place[knob.path[-1]] = _number(knob, value)
    problems = check_sheet(changed)
    if problems:
        raise KnobsTooFar(message=problems[0].message)
    return changed


def really_changed(doc: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    """Return those of some values (by name) that differ from the sheet's; names that it does not have are left out.

    What is no number differs, so that it is refused later with a sentence.
    """
    return {
        knob.name: values[knob.name].strip()
        for knob in knobs_of(doc)
        if knob.name in values and _differs(knob, values[knob.name].strip())
    }


def _differs(knob: Knob, value: str) -> bool:
    try:
        return bool(value) and units(value) != units(knob.value)
    except NotExact:
        return True


def _number(knob: Knob, value: str) -> int | str:
    try:
        number = units(value.strip())
    except NotExact as error:
        raise KnobNoNumber(path=knob.name, value=value) from error
    if knob.word in WHOLE_WORDS:
        if number % 10_000:
            raise KnobNoNumber(path=knob.name, value=value)
        return number // 10_000
    return text(number)


def _of_node(doc: Mapping[str, Any], path: Path, depth: int) -> Iterator[Knob]:
    owner, title = doc["id"], doc["title"]
    values = {word: doc[word] for word in NODE_WORDS if word in doc}
    if depth and doc.get("items"):
        values.setdefault("scale", 1)  # the weight of a dimension is what its items add up to, times this
    for word, value in values.items():
        yield Knob((*path, word), owner, title, depth, word, text(units(value)))
    for number, row in enumerate(doc.get("table", ())):
        for word in ("from", "points"):
            where = (*path, "table", number, word)
            yield Knob(where, owner, title, depth, word, text(units(row[word])))
    for where, word, value in _of_measure(doc.get("of"), (*path, "of")):
        yield Knob(where, owner, title, depth, word, text(units(value)))
    for key in ("when", "zero_if"):
        for where, word, value in _of_condition(doc.get(key), (*path, key)):
            yield Knob(where, owner, title, depth, word, text(units(value)))
    for number, item in enumerate(doc.get("items", ())):
        yield from _of_node(item, (*path, "items", number), depth + 1)


def _of_measure(doc: Any, path: Path) -> Iterator[tuple[Path, str, Any]]:
    for key, value in doc.items() if isinstance(doc, dict) else ():
        if key in MEASURE_WORDS:
            yield (*path, key), key, value
        elif key != "where":
            yield from _of_measure(value, (*path, key))


def _of_condition(doc: Any, path: Path) -> Iterator[tuple[Path, str, Any]]:
    for key, value in doc.items() if isinstance(doc, dict) else ():
        if key in COMPARISONS or key in {"first", "last"}:
            yield (*path, key), key, value
        elif key in {"any", "all"}:
            for number, part in enumerate(value):
                yield from _of_condition(part, (*path, key, number))


def _of_grades(doc: Mapping[str, Any]) -> Iterator[Knob]:
    for number, band in enumerate(doc.get("bands", ())):
        path: Path = ("grades", "bands", number)
        found = list(_of_condition(band.get("if"), (*path, "if")))
        quota = band.get("quota") or {}
        found += [((*path, "quota", word), word, quota[word]) for word in ("share", "places") if word in quota]
        for where, word, value in found:
            yield Knob(where, band["id"], band["title"], 0, word, text(units(value)))
    for word in ("places_from", "max_steps"):
        if word in doc:
            yield Knob(("grades", word), "", {"zh": "等次", "en": "Grades"}, 0, word, text(units(doc[word])))
