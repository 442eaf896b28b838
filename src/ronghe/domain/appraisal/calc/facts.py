"""The facts that one run reads, cut from the exported parts and written in the order of their sealing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ronghe.scoring.records import RESERVED

if TYPE_CHECKING:
    import pyarrow as pa

    from ronghe.domain.playbooks.calc.model import Playbook
    from ronghe.kernel.calendar.periods import DaySpan

_COLUMNS = """
  seq, id, kind, occurred_at, {subject} AS subject, {place} AS body, home_body AS home, unit, zone, project,
  coalesce(quantity, 10000) AS quantity_e4, measure, attributes, reverses, source_type, source_id
"""
"""As scoring wants them: a fact without a quantity counts as one."""


_TOLD = """
  coalesce(try_cast(json_extract_string(given.attributes, '$.{attribute}') AS BIGINT),
           (SELECT min(one.id) FROM standing AS one WHERE one.unit = given.unit AND one.body = given.body))
"""

BODY_LEVELS = ("group", "branch", "general_branch", "committee", "zone")


def kinds_in(sheet: Mapping[str, Any], playbook: Playbook) -> list[str]:
    """Return the kinds of fact that the sheet reads, and those that meet the mechanisms it asks about."""
    named = {kind for found in _values(sheet, "facts") for kind in _listed(found)}
    mechanisms = {name for found in _values(sheet, "due") for name in _listed(found)}
    for mechanism in playbook.mechanisms:
        if mechanism.id in mechanisms:
            ways = [*mechanism.satisfied_by, *(way for sitting in mechanism.sittings for way in sitting.satisfied_by)]
            named |= {way.kind for way in ways}
    return sorted(named | set(RESERVED))


def levels_in(sheet: Mapping[str, Any]) -> list[str]:
    """Return the levels whose subjects the run needs: its own, those it counts, all bodies where duties come from below."""
    below = BODY_LEVELS if any(_values(sheet, "with_below")) else ()
    return sorted({str(sheet["level"]), *below, *(str(level) for level in _values(sheet, "headcount"))})


def asks_about_obligations(sheet: Mapping[str, Any]) -> bool:
    return any(True for _found in _values(sheet, "due"))


def asks_about_previous(sheet: Mapping[str, Any]) -> bool:
    """Tell whether the run before is needed: a share of it is carried over, or steps from its grade are limited."""
    return any(True for _found in _values(sheet, "previous")) or any(True for _found in _values(sheet, "max_steps"))


@dataclass(frozen=True, slots=True)
class Told:
    """How facts tell of subjects that are neither people nor bodies: by an attribute, or by where they happened.

    `standing` gives (subject, body, unit) of each; what happened in its unit under its body is about it.
    """

    attribute: str
    standing: tuple[tuple[int, int, int | None], ...]


def write_facts(
    target: Path,
    parts: Sequence[Path],
    *,
    span: DaySpan,
    until_seq: int,
    kinds: Iterable[str],
    people: Iterable[int],
    places: Iterable[int],
    place: Literal["body", "unit"] = "body",
    told: Told | None = None,
) -> int:
    """Write the facts that count in `span`, sealed up to `until_seq`, of these kinds, of these people or places.

    `place` is the column that says where a fact belongs: the Party body, or the unit for sheets that score units.
    With `told` the subject of a fact is whom it tells of in this way, and other facts are left out.
    Returns how many. They stand in the order of their sealing, so the same facts give the same bytes.
    """
    import duckdb
    import pyarrow as pa

    since, until = span.moments()
    with duckdb.connect() as engine:
        engine.register("kinds", pa.table({"kind": pa.array(list(kinds), pa.string())}))
        engine.register("people", pa.table({"id": pa.array(sorted(set(people)), pa.int64())}))
        engine.register("places", pa.table({"id": pa.array(sorted(set(places)), pa.int64())}))
        source = f"read_parquet({[str(part) for part in parts]!r})" if parts else "nothing"
        if not parts:
            engine.register("nothing", _empty())
        subject, about = "subject", "subject IN (SELECT id FROM people)"
        if told is not None:
            engine.register("standing", _standing(told))
            subject, about = "told", "told IN (SELECT id FROM standing)"
            source = f"(SELECT given.*, {_TOLD.format(attribute=told.attribute)} AS told FROM {source} AS given)"  # noqa: S608 - our own paths
        else:
            about += f" OR {place} IN (SELECT id FROM places) OR home_body IN (SELECT id FROM places)"  # noqa: S608 - a column
        statement = f"""
            SELECT {_COLUMNS.format(place=place, subject=subject)} FROM {source}
             WHERE seq <= ? AND counts_at >= ? AND counts_at < ? AND kind IN (SELECT kind FROM kinds) AND ({about})
             ORDER BY seq
        """  # noqa: S608 - our own paths and columns of closed lists
        found = engine.sql(statement, params=[until_seq, since, until])
        return _write(target, found.to_arrow_reader(200_000))


def _write(target: Path, batches: Any) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    # The engine names the machine's zone; kept files say UTC wherever they were written.
    place = batches.schema.get_field_index("occurred_at")
    schema = batches.schema.set(place, pa.field("occurred_at", pa.timestamp("us", tz="UTC"))).remove_metadata()
    rows = 0
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema), row_group_size=200_000)
            rows += batch.num_rows
    return rows


def _standing(told: Told) -> pa.Table:
    import pyarrow as pa

    columns = ("id", "body", "unit")
    rows = [dict(zip(columns, row, strict=True)) for row in told.standing]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.int64()) for name in columns]))


def _empty() -> pa.Table:
    import pyarrow as pa

    numbers = (
        "seq",
        "id",
        "subject",
        "body",
        "home_body",
        "unit",
        "zone",
        "project",
        "quantity",
        "reverses",
        "source_id",
    )
    moments = ("occurred_at", "counts_at")
    fields = [(name, pa.int64()) for name in numbers] + [(name, pa.timestamp("us", tz="UTC")) for name in moments]
    fields += [(name, pa.string()) for name in ("kind", "measure", "attributes", "source_type")]
    return pa.schema(fields).empty_table()


def _values(content: Any, key: str) -> Iterator[Any]:
    if isinstance(content, Mapping):
        for name, value in content.items():
            if name == key:
                yield value
            yield from _values(value, key)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _values(value, key)


def _listed(found: Any) -> Sequence[str]:
    return (found,) if isinstance(found, str) else tuple(found)
