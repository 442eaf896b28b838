"""Grading: bands, places, quotas, ties, steps and vetoes, as columns.

A tie that is to be asked about is tried both ways. Where the answer is the same with the tied in and with the tied
out, nobody needs to be asked; where it differs, the subject is part of a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ronghe.scoring.columns import Column, constant, greatest, least, nothing, pick, whole_quotient
from ronghe.scoring.conditions import ColumnLogic, Condition, Place
from ronghe.scoring.exact import UNIT
from ronghe.scoring.inputs import Table
from ronghe.scoring.measures.base import Measure, Reading
from ronghe.scoring.measures.marks import Figure
from ronghe.scoring.plan import Plan, WideSight
from ronghe.scoring.records import TIE_SETTLED
from ronghe.scoring.sheets.grades import Band, Grades

SETTLED = Figure(kinds=(TIE_SETTLED,))
"""The subject's place among the tied, as the panel settled it."""


@dataclass(frozen=True)
class Limit:
    """A limit at which a tie stops the run: a band, and the first, the last or the quota's places."""

    band: Band
    what: str
    places: int | None

    @property
    def column(self) -> str:
        """Name of the column that marks the tied."""
        return f"ask_{self.what}_{self.band.id}"


def limits_that_ask(grades: Grades) -> list[Limit]:
    """Return every limit of the sheet at which ties are asked about, in the order they are decided."""
    limits = []
    for index in grades.decide:
        band = grades.bands[index]
        asking = [found for found in _places(band.condition) if found.ties == "ask"]
        if asking:
            limits.append(Limit(band, asking[0].end, asking[0].places))
        if band.quota and band.quota.ties == "ask":
            limits.append(Limit(band, "quota", band.quota.places))
    return limits


def settlements(grades: Grades) -> tuple[Measure, ...]:
    """Return what must be gathered to know how ties were settled."""
    return (SETTLED,) if limits_that_ask(grades) else ()


class Grading:
    """Adds rank and grade to the scored table of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.sheet = plan.sheet

    def ranked(self, wide: Table) -> Table:
        """Return the table with `rank`: equal unrounded scores share one, the next is skipped (1, 2, 2, 4)."""
        if self.sheet.rank == "off":
            return wide.mutate(rank=nothing("int64"))
        place = _rank([wide["counted"], *_group(wide, self.sheet.rank)], [wide["total"].desc()])
        return wide.mutate(rank=pick(wide["counted"], place, nothing("int64")))

    def graded(self, wide: Table) -> Table:
        """Return the table with `band` (0 is the best), `own_band` before quota, steps and vetoes, and questions."""
        grades = self.sheet.grades
        if grades is None:
            return wide.mutate(
                own_band=nothing("int16"), band=nothing("int16"), moved=_no(), stepped=_no(), capped=_no()
            )
        wide = self._with_order(wide, grades)
        wide = self._with_own_band(wide, grades)
        wide = self._moved_by_quota(wide, grades)
        wide = self._within_steps(wide, grades)
        return self._under_vetoes(wide, grades)

    def _with_order(self, wide: Table, grades: Grades) -> Table:
        """Where each stands from both ends, among how many, and with how many equals."""
        import ibis

        late = constant(2**40)
        settled = late
        if settlements(grades):
            found = WideSight(self.plan, wide, self.plan.root).reading(SETTLED)
            settled = pick(found.count > 0, found.number, late)
        wide = wide.mutate(settled=settled)
        group = [wide["counted"], *_group(wide, grades.within)]
        places: dict[str, Column] = {}
        if any(band.quota for band in grades.bands) or _ends(grades):
            places["among"] = wide.count().over(ibis.window(group_by=group))
        if _ends(grades):
            places["equals"] = wide.count().over(ibis.window(group_by=[*group, wide["total"], wide["settled"]]))
        if "first" in _ends(grades):
            places["from_top"] = _rank(group, [wide["total"].desc(), wide["settled"]])
        if "last" in _ends(grades):
            places["from_bottom"] = _rank(group, [wide["total"], wide["settled"].desc()])
        return wide.mutate(**places)

    def _with_own_band(self, wide: Table, grades: Grades) -> Table:
        """The first band that takes the subject, tried with the tied in and with the tied out."""
        free = wide["counted"]
        own = nothing("int16")
        questions = {}
        for index in grades.decide:
            band = grades.bands[index]
            without = self._holds(band.condition, wide, tied=False)
            if any(found.ties == "ask" for found in _places(band.condition)):
                with_tied = self._holds(band.condition, wide, tied=True)
                end = next(found.end for found in _places(band.condition) if found.ties == "ask")
                questions[Limit(band, end, None).column] = free & (without != with_tied)
            own = pick(free & without, constant(index, "int16"), own)
            free = free & ~without
        return wide.mutate(own_band=own, **questions)

    def _holds(self, condition: Condition | None, wide: Table, *, tied: bool) -> Column:
        if condition is None:
            return constant(value=True, kind="boolean")
        return condition.holds(GradeView(self.plan, wide, tied=tied))

    def _moved_by_quota(self, wide: Table, grades: Grades) -> Table:
        """Those beyond a band's places go one band down; they push nobody there."""
        import ibis

        if not any(band.quota for band in grades.bands):
            return wide.mutate(moved=_no())
        group = [wide["own_band"], *_group(wide, grades.within)]
        wide = wide.mutate(
            in_band=_rank(group, [wide["total"].desc(), wide["settled"]]),
            equals_in_band=wide.count().over(ibis.window(group_by=[*group, wide["total"], wide["settled"]])),
        )
        last = wide["in_band"] + wide["equals_in_band"] - 1
        moved, questions = _no(), {}
        for index, band in enumerate(grades.bands):
            if band.quota is None:
                continue
            quota = band.quota
            here = (wide["own_band"] == index).fill_null(False) & (wide["among"] >= grades.places_from)
            places = (
                constant(quota.places)
                if quota.places is not None
                else greatest(
                    whole_quotient(wide["among"] * quota.share + quota.lift(), constant(UNIT)), constant(quota.least)
                )
            )
            beyond = last > places if quota.ties == "go" else wide["in_band"] > places
            moved = moved | (here & beyond)
            if quota.ties == "ask":
                questions[Limit(band, "quota", None).column] = here & (wide["in_band"] <= places) & (last > places)
        return wide.mutate(moved=moved, **questions)

    def _within_steps(self, wide: Table, grades: Grades) -> Table:
        """At most so many bands up or down from the grade before."""
        reached = wide["own_band"] + pick(wide["moved"], constant(1, "int16"), constant(0, "int16"))
        if grades.max_steps is None or not self.plan.inputs.has("previous"):
            return wide.mutate(reached=reached, stepped=_no())
        before = self.plan.inputs.previous()
        band = nothing("int16")
        for index, known in enumerate(grades.bands):
            band = pick(before["grade"] == known.id, constant(index, "int16"), band)
        before = before.select(key=before["subject"], before=band)
        wide = wide.mutate(reached=reached)
        wide = wide.left_join(before, wide["subject"] == before["key"]).drop("key")
        held = least(greatest(wide["reached"], wide["before"] - grades.max_steps), wide["before"] + grades.max_steps)
        held = pick(wide["before"].isnull() | wide["reached"].isnull(), wide["reached"], held)
        return wide.mutate(stepped=(held != wide["reached"]).fill_null(False)).mutate(reached=held)

    def _under_vetoes(self, wide: Table, grades: Grades) -> Table:
        band = wide["reached"]
        for index, veto in enumerate(self.sheet.vetoes):
            highest = grades.index(veto.grade_at_most)
            if highest is not None:
                band = pick(wide[f"veto_{index}"], greatest(band, constant(highest, "int16")), band)
        band = pick(wide["reached"].isnull(), nothing("int16"), band)
        return wide.mutate(band=band, capped=(band != wide["reached"]).fill_null(False))


class GradeView(ColumnLogic):
    """What the conditions of bands look at: totals and places are known now. `tied` says how ties are tried."""

    def __init__(self, plan: Plan, wide: Table, *, tied: bool) -> None:
        self.wide = wide
        self.tied = tied
        self.plan = plan
        self.sight = WideSight(plan, wide, plan.root)

    def reading(self, measure: Measure) -> Reading:
        """What was measured."""
        return self.sight.reading(measure)

    def in_category(self, names: tuple[str, ...]) -> Column:
        """Whether the subject is of one of these categories."""
        return self.sight.in_category(names)

    def points(self, item: str | None) -> Reading:
        """The points of an item, or the total."""
        if item is None or item == self.plan.sheet.root.id:
            value, applicable = self.wide["total"].fill_null(0), self.wide["counted"]
        else:
            mark = self._items[item]
            value, applicable = mark.value, mark.applicable
        return Reading(value, pick(applicable, constant(1), constant(0)))

    @cached_property
    def _items(self) -> dict[str, Any]:
        return self.plan.items(self.wide)

    def in_places(self, place: Place) -> Column:
        """Whether the subject is among the first or last."""
        grades = self.plan.sheet.grades
        start = self.wide["from_top" if place.end == "first" else "from_bottom"]
        last = start + self.wide["equals"] - 1
        everybody = place.ties == "stay" or (place.ties == "ask" and self.tied)
        inside = (start if everybody else last) <= place.places
        return inside & (self.wide["among"] >= (grades.places_from if grades else 1))


def _places(condition: Condition | None) -> Iterator[Place]:
    for found in condition.inside() if condition else ():
        if isinstance(found, Place):
            yield found


def _ends(grades: Grades) -> set[str]:
    return {found.end for band in grades.bands for found in _places(band.condition)}


def _group(wide: Table, within: str) -> list[Column]:
    return [] if within == "all" else [wide[within]]


def _rank(group: list[Column], order: list[Column]) -> Column:
    """Competition rank from 1."""
    import ibis

    return ibis.rank().over(ibis.window(group_by=group, order_by=order)) + 1


def _no() -> Column:
    return constant(value=False, kind="boolean")
