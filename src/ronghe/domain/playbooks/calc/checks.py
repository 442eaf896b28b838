"""What the schema cannot see: references, cycles, cadences, and mechanisms that nothing could ever satisfy.

The checks run on the joined data, where a mechanism may lean on what a base declares; `local` finds the place in
the file at hand, so each problem of a base is told in the base's own check and not again here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ronghe.domain.playbooks.calc.cadence import CadenceUnreadable, read_cadence
from ronghe.domain.playbooks.calc.form_checks import (
    agreement_problems,
    campaign_problems,
    day_problems,
    key_problems,
    span_problems,
)
from ronghe.domain.playbooks.calc.grade_checks import grade_problems
from ronghe.domain.playbooks.calc.problems import Problem, Severity
from ronghe.domain.playbooks.calc.reading import read_share
from ronghe.domain.playbooks.calc.vocabulary import WorkingDayRule
from ronghe.domain.playbooks.calc.yaml_text import Path
from ronghe.kernel.calendar.calendars import CalendarKind
from ronghe.kernel.words import N_

Data = Mapping[str, Any]

LISTS_WITH_IDS = ("documents", "dimensions", "groups", "roles", "mechanisms", "sheets", "templates")
PARTS_WITH_IDS = (("agreement", "sections"), ("agreement", "goals"), ("campaign", "stages"), ("campaign", "report"),
                  ("keys", "report_grades"))  # fmt: skip


def repeated_ids(data: Data) -> Iterator[Problem]:
    """Find ids that one list of the file itself uses twice."""
    for name in LISTS_WITH_IDS:
        yield from _repeated(data.get(name, ()), (name,))
    for number, mechanism in enumerate(data.get("mechanisms", ())):
        yield from _repeated(mechanism.get("sittings", ()), ("mechanisms", number, "sittings"))
        for name in ("checks", "figures"):
            yield from _repeated(mechanism.get("form", {}).get(name, ()), ("mechanisms", number, "form", name))
    for part, name in PARTS_WITH_IDS:
        yield from _repeated(data.get(part, {}).get(name, ()), (part, name))


def _repeated(entries: Iterable[Data], path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        entry_id = entry.get("id")
        if entry_id in seen:
            yield Problem(
                "duplicate_id", N_("编号“%(id)s”已经用过，请换一个。"), (*path, number, "id"), details={"id": entry_id}
            )
        elif isinstance(entry_id, str):
            seen.add(entry_id)


def meaning_problems(own: Data, joined: Data) -> Iterator[Problem]:
    """Find what is wrong with the file `own` once its bases are joined in; both are of the right shape."""
    ids = {name: {entry["id"] for entry in joined.get(name, ())} for name in LISTS_WITH_IDS if name != "sheets"}
    for number, document in enumerate(own.get("documents", ())):
        yield from day_problems(document.get("effective_from"), ("documents", number, "effective_from"))
    for number, mechanism in enumerate(own.get("mechanisms", ())):
        path: Path = ("mechanisms", number)
        yield from _reference_problems(mechanism, path, ids)
        yield from _cadence_problems(mechanism, path)
        yield from _time_problems(mechanism, path)
        yield from _satisfaction_problems(mechanism, path)
        yield from span_problems(mechanism, path)
        yield from grade_problems(mechanism, path, own)
    for number, template in enumerate(own.get("templates", ())):
        yield from _unknown(
            template.get("mechanisms", ()), ids["mechanisms"], ("templates", number, "mechanisms"), MECHANISM
        )
    yield from _sequence_problems(own, joined)
    yield from agreement_problems(own)
    yield from campaign_problems(own, ids["mechanisms"])
    yield from key_problems(own)


DOCUMENT = ("unknown_document", N_("文件“%(id)s”没有在 documents 里登记。"))
DIMENSION = ("unknown_dimension", N_("维度“%(id)s”没有在 dimensions 里登记。"))
ROLE = ("unknown_role", N_("角色“%(id)s”没有在 roles 里登记。"))
GROUP = ("unknown_group", N_("分组“%(id)s”没有在 groups 里登记。"))
MECHANISM = ("unknown_mechanism", N_("没有编号为“%(id)s”的制度。"))


def _unknown(names: Iterable[str], known: set[str], path: Path, refusal: tuple[str, str]) -> Iterator[Problem]:
    code, sentence = refusal
    for number, name in enumerate(names):
        if name not in known:
            yield Problem(code, sentence, (*path, number), details={"id": name})


def _reference_problems(mechanism: Data, path: Path, ids: Mapping[str, set[str]]) -> Iterator[Problem]:
    for key, known, (code, sentence) in (("dimension", "dimensions", DIMENSION), ("answers", "roles", ROLE)):
        if mechanism[key] not in ids[known]:
            yield Problem(code, sentence, (*path, key), details={"id": mechanism[key]})
    for number, cite in enumerate(mechanism.get("cites", ())):
        if cite["document"] not in ids["documents"]:
            code, sentence = DOCUMENT
            yield Problem(code, sentence, (*path, "cites", number, "document"), details={"id": cite["document"]})
    yield from _unknown(mechanism.get("counts_for", ()), ids["groups"], (*path, "counts_for"), GROUP)
    after = mechanism.get("sequence", {}).get("after", ())
    yield from _unknown(after, ids["mechanisms"], (*path, "sequence", "after"), MECHANISM)
    not_with = mechanism.get("not_with", ())
    yield from _unknown(not_with, ids["mechanisms"], (*path, "not_with"), MECHANISM)
    for number, name in enumerate(not_with):
        if name == mechanism["id"]:
            yield Problem("not_with_itself", N_("制度不能与自己互斥。"), (*path, "not_with", number))


def _cadence_problems(mechanism: Data, path: Path) -> Iterator[Problem]:
    cadence = mechanism.get("cadence")
    if cadence is None:
        return
    try:
        read_cadence(cadence["rrule"])
    except CadenceUnreadable as refusal:
        yield Problem(refusal.code, refusal.sentence, (*path, "cadence", "rrule"), details=refusal.details)
    moves = cadence.get("working_day", WorkingDayRule.NONE) != WorkingDayRule.NONE
    if moves and mechanism.get("calendar") == CalendarKind.EVERY_DAY:
        yield Problem(
            "working_day_without_effect",
            N_("日历是每天（every_day），working_day 不起作用。"),
            (*path, "cadence", "working_day"),
            severity=Severity.WARNING,
        )


def _time_problems(mechanism: Data, path: Path) -> Iterator[Problem]:
    times = [(mechanism.get("time"), (*path, "time"))]
    for number, sitting in enumerate(mechanism.get("sittings", ())):
        times.append((sitting.get("time"), (*path, "sittings", number, "time")))
    for clock, where in times:
        if clock and clock["from"] >= clock["until"]:
            yield Problem("time_order", N_("开始时刻 %(from)s 不早于结束时刻 %(until)s。"), where, details=clock)


def _satisfaction_problems(mechanism: Data, path: Path) -> Iterator[Problem]:
    sittings = mechanism.get("sittings", ())
    holders: list[tuple[Data, Path]] = [(mechanism, path)]
    holders += [(sitting, (*path, "sittings", number)) for number, sitting in enumerate(sittings)]
    for holder, where in holders:
        for number, item in enumerate(holder.get("satisfied_by", ())):
            for name, wanted in item.get("where", {}).items():
                yield from _bound_problems(wanted, (*where, "satisfied_by", number, "where", name))
    if "cadence" not in mechanism or "satisfied_by" in mechanism:
        return
    without = [number for number, sitting in enumerate(sittings) if "satisfied_by" not in sitting]
    if not sittings or without:
        where = (*path, "sittings", without[0]) if without else path
        yield Problem("never_satisfied", N_("没有写什么记录算办到（satisfied_by），到期都会成为漏办。"), where)


def _bound_problems(wanted: Any, path: Path) -> Iterator[Problem]:
    if not isinstance(wanted, Mapping):
        return
    bounds = {name: read_share(wanted[name]) for name in ("at_least", "at_most", "more_than") if name in wanted}
    if not bounds:
        yield Problem("condition_without_bound", N_("只写了 of，还要写 at_least、more_than 或 at_most。"), path)
    lower = max((bounds[name] for name in ("at_least", "more_than") if name in bounds), default=None)
    if lower is not None and "at_most" in bounds and lower > bounds["at_most"]:
        yield Problem("never_satisfied", N_("下限高于上限，没有记录能满足。"), path)


def _sequence_problems(own: Data, joined: Data) -> Iterator[Problem]:
    """A cycle is told once, at the first of its mechanisms that this file writes."""
    follows = {
        mechanism["id"]: tuple(mechanism.get("sequence", {}).get("after", ()))
        for mechanism in joined.get("mechanisms", ())
    }
    told: set[str] = set()
    for number, mechanism in enumerate(own.get("mechanisms", ())):
        circle = circle_from(mechanism["id"], lambda name: follows.get(name, ()))
        if circle and not told & set(circle):
            told |= set(circle)
            yield Problem(
                "sequence_cycle",
                N_("先后次序绕成了圈：%(circle)s。"),
                ("mechanisms", number, "sequence"),
                details={"circle": " → ".join([*circle, circle[0]])},
            )


def circle_from(start: str, follows: Callable[[str], Iterable[str]]) -> list[str]:
    """Return the steps of a way that leads from `start` back to it, or nothing."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for step in follows(way[-1]):
            if step == start:
                return way
            if step not in seen:
                seen.add(step)
                ways.append([*way, step])
    return []
