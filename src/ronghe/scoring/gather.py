"""Gathering: every measure of a sheet as two columns a subject, measures of one stream in one scan.

The heart is the ladder. Limits hold in days, months, quarters …; these pieces nest, so one scan groups by the finest
that is used, cuts what is limited there, climbs to the next, and so on up to the subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ronghe.scoring.columns import all_true, bucket, constant, least, moment, pick, total
from ronghe.scoring.exact import UNIT
from ronghe.scoring.inputs import Inputs, Table, owner, reserved_among
from ronghe.scoring.measures.base import Reading
from ronghe.scoring.measures.due import Due
from ronghe.scoring.measures.facts import DIFFERENT, Facts
from ronghe.scoring.measures.from_facts import FromFacts
from ronghe.scoring.measures.previous import Previous
from ronghe.scoring.period import PIECES, Window


@dataclass(frozen=True)
class Need:
    """A measure that is needed in a window; its columns are `n{index}` (the sum) and `c{index}` (how many)."""

    index: int
    measure: Any
    window: Window

    @property
    def number(self) -> str:
        """Name of the column with the sum."""
        return f"n{self.index}"

    @property
    def count(self) -> str:
        """Name of the column that counts what the sum is made of."""
        return f"c{self.index}"


class Gathering:
    """The streams of one run."""

    def __init__(self, inputs: Inputs, *, level: str, key: str, period: Window) -> None:
        self.inputs = inputs
        self.level = level
        self.key = key
        self.period = period

    def streams(self, needs: Sequence[Need]) -> Iterator[Table]:
        """Yield one table a stream, each with `key` and the columns of its needs."""
        streams: dict[Any, list[Need]] = {}
        for need in needs:
            shared = need.measure.stream
            streams.setdefault(need if shared is None else shared, []).append(need)
        for group in streams.values():
            stream = self._stream(group)
            if stream is not None:
                yield stream

    def read(self, wide: Table, need: Need) -> Reading:
        """Return a need's columns in the wide table, 0 where a stream had nothing."""
        number = wide[need.number].fill_null(0) if need.number in wide.columns else constant(0)
        count = wide[need.count].fill_null(0) if need.count in wide.columns else constant(0)
        finished: Reading = need.measure.finish(number, count)
        return finished

    def _stream(self, needs: list[Need]) -> Table | None:
        [first, *_more] = needs
        measure = first.measure
        if isinstance(measure, FromFacts):
            if measure.stream is not None:
                return self._tally(needs)
            return self._different(first) if isinstance(measure, Facts) else self._picked(first)
        if isinstance(measure, Due):
            return self._due(needs) if self.inputs.has("obligations") else None
        if isinstance(measure, Previous):
            return self._previous(needs) if self.inputs.has("previous") else None
        return self._headcount(needs) if self.inputs.has("subjects") else None

    # Facts

    def _rows(self, needs: list[Need]) -> Table:
        """Facts of the period with `key`: for whom they count."""
        kinds = {kind for need in needs for kind in need.measure.kinds}
        rows = self.inputs.facts(self.period, {name for need in needs for name, _values in need.measure.where})
        if not needs[0].measure.home:
            return rows.mutate(key=owner(rows, self.key, reserved_among(kinds)))
        return self.inputs.at_home(rows, self.period).mutate(key=lambda joined: joined["home"])

    def _inside(self, rows: Table, need: Need) -> list[Any]:
        """Whether a row lies in the window where it is needed; nothing to ask for the whole period."""
        start, end = need.window.instants
        at = rows["occurred_at"]
        tests = [at >= moment(start, at)] if need.window.day_from > self.period.day_from else []
        return tests + ([at < moment(end, at)] if need.window.day_until < self.period.day_until else [])

    def _takes(self, rows: Table, need: Need) -> Any:
        """Whether a row is measured."""
        return all_true([need.measure.takes(rows), *self._inside(rows, need)])

    def _buckets(self, rows: Table, pieces: Sequence[str]) -> dict[str, Any]:
        at = rows["occurred_at"]
        return {f"in_{piece}": bucket(at, [part.instants[0] for part in self.period.cut(piece)]) for piece in pieces}

    def _tally(self, needs: list[Need]) -> Table:
        """Sums and counts of many measures in one scan."""
        rows = self._rows(needs)
        rules = self.inputs.engine.held(_rules(needs))
        rows = rows.inner_join(rules, rows["kind"] == rules["rule"])
        amounts: dict[str, Any] = {}
        for need in needs:
            conditions = [*need.measure.fits(rows), *self._inside(rows, need)]
            amounts |= _amounts(rows, need, conditions)
        limits = {
            need.number: (need.measure.per, need.measure.at_most)
            for need in needs
            if isinstance(need.measure, Facts) and need.measure.per and need.measure.at_most is not None
        }
        rungs = [piece for piece in PIECES if piece in {per for per, _most in limits.values()}]
        climbing = rows.select("key", **self._buckets(rows, rungs), **amounts)
        for step, rung in enumerate(rungs):
            sums = _sums(climbing, amounts)
            climbing = climbing.group_by("key", *(f"in_{above}" for above in rungs[step:])).aggregate(**sums)
            here = {name: most for name, (per, most) in limits.items() if per == rung}
            climbing = climbing.mutate(**{name: least(climbing[name], constant(most)) for name, most in here.items()})
        return climbing.group_by("key").aggregate(**_sums(climbing, amounts))

    def _different(self, need: Need) -> Table:
        """How many different people, bodies or days."""
        rows = self._rows([need])
        rows = rows.filter(self._takes(rows, need))
        measure = need.measure
        buckets = self._buckets(rows, [measure.per] if measure.per else [])
        what = DIFFERENT[measure.count]
        seen = self._buckets(rows, ["day"])["in_day"] if what == "day" else rows[what]
        different = rows.select("key", **buckets, seen=seen).distinct()
        different = different.filter(different["seen"].notnull())
        pieces = different.group_by("key", *buckets).aggregate(times=different.count())
        amount = pieces["times"] * UNIT
        if measure.per and measure.at_most is not None:
            amount = least(amount, constant(measure.at_most))
        pieces = pieces.select("key", amount=amount)
        return pieces.group_by("key").aggregate(**{need.number: total(pieces["amount"])})

    def _picked(self, need: Need) -> Table:
        """Sum and count of the facts that are kept when they stand in order."""
        import ibis

        measure = need.measure
        rows = self._rows([need])
        rows = rows.filter(self._takes(rows, need))
        group = ibis.window(group_by=rows["key"])
        ordered = ibis.window(group_by=rows["key"], order_by=[*measure.order(rows), rows["id"]])
        rows = rows.mutate(place=ibis.row_number().over(ordered), times=rows.count().over(group))
        kept = rows.filter(measure.kept(rows["place"], rows["times"]))
        sums = {need.number: total(kept["amount"]), need.count: kept.count()}
        return kept.group_by("key").aggregate(**sums)

    # Everything else

    def _due(self, needs: list[Need]) -> Table:
        """Worth and number of obligations, all measures in one scan."""
        owed = self.inputs.obligations(self.key, self.period)
        if needs[0].measure.with_below and self.inputs.has("subjects"):
            owed = self.inputs.lifted(owed, self.level, self.period)
        sums = {}
        for need in needs:
            measure, window = need.measure, need.window
            takes = owed["mechanism"].isin(measure.mechanisms)
            if window is not self.period:
                start, end = (
                    constant(day.isoformat(), "string").cast("date") for day in (window.day_from, window.day_until)
                )
                takes = takes & (owed["due_until"] > start) & (owed["due_until"] <= end)
            worth = constant(0)
            for state, units in measure.worth.items():
                worth = pick(owed["state"] == state, constant(units), worth)
            sums[need.number] = total(pick(takes, worth, constant(0)))
            sums[need.count] = total(pick(takes, constant(1), constant(0)))
        return owed.group_by("key").aggregate(**sums)

    def _previous(self, needs: list[Need]) -> Table:
        before = self.inputs.previous()
        return before.select(key=before["subject"], **{need.number: before["total"] for need in needs})

    def _headcount(self, needs: list[Need]) -> Table:
        people = self.inputs.subjects(needs[0].measure.level, self.period)
        people = people.filter(people["body"].notnull())
        return people.group_by(key=people["body"]).aggregate(**{need.number: people.count() * UNIT for need in needs})


def _rules(needs: Sequence[Need]) -> Any:
    """One row a kind, as an Arrow table: what one fact of it weighs for each need, 0 where it does not count.

    Joining it tells in one look-up what would be a comparison with every kind of every measure.
    """
    import pyarrow as pa

    kinds = sorted({kind for need in needs for kind in need.measure.kinds})
    weights = {
        f"w{need.index}": pa.array(
            [need.measure.weight if kind in need.measure.kinds else 0 for kind in kinds], pa.int32()
        )
        for need in needs
    }
    return pa.table({"rule": pa.array(kinds, pa.string()), **weights})


def _amounts(rows: Table, need: Need, conditions: Sequence[Any]) -> dict[str, Any]:
    """What a row adds to a need's columns."""
    weight = rows[f"w{need.index}"]
    if conditions:
        weight = pick(all_true(conditions), weight, constant(0, "int32"))
    if need.measure.weight == UNIT:
        return {need.number: weight}
    amount = pick(weight == 1, rows["amount"], constant(0))
    return {need.number: amount} | ({need.count: weight} if need.measure.averages else {})


def _sums(rows: Table, names: Iterable[str]) -> dict[str, Any]:
    return {name: total(rows[name]) for name in names}
