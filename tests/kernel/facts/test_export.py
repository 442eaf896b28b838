from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

from ronghe.kernel.calendar.periods import read_period
from ronghe.kernel.facts import export
from ronghe.kernel.facts.export import export_facts, exported_parts
from ronghe.kernel.facts.kinds import Whole, declare, declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, record_many, reverse
from ronghe.kernel.facts.seal import cutoff_seq, seal_facts
from tests.factories.org import make_person

SHANGHAI = ZoneInfo("Asia/Shanghai")
THIRD, FOURTH = read_period("2026Q3").span, read_period("2026Q4").span
HOURS = declared_kinds().get("test.hours") or declare(
    "test.hours", "学时", measure="hour", attributes={"count": Whole()}
)

pytestmark = pytest.mark.django_db


def hours_at(at: datetime, quantity: int = 2) -> Fact:
    return record(Draft(HOURS, at, None, body=7, quantity=quantity, attributes={"count": 1}))


def rows_of(span, until_seq: int) -> list[dict]:
    return [row for part in exported_parts(span, until_seq=until_seq) for row in pq.read_table(part).to_pylist()]


def test_export_keeps_every_column_exactly(morning):
    person = make_person("罗一鸣")
    fact = record(Draft(HOURS, morning, person, about=person, body=7, quantity=2, attributes={"count": 3}))
    seal_facts(at=morning)

    export_facts()

    [row] = [row for row in rows_of(THIRD, cutoff_seq()) if row["kind"] == "test.hours"]
    assert row["id"] == fact.pk
    assert row["subject"] == person.token
    assert row["quantity"] == 20_000
    assert row["attributes"] == '{"count":3}'
    assert row["occurred_at"] == row["counts_at"] == morning
    assert row["reverses"] is None


def test_export_parts_by_quarter_in_shanghai():
    last_of_third = hours_at(datetime(2026, 9, 30, 23, 59, 59, tzinfo=SHANGHAI))
    first_of_fourth = hours_at(datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI))
    seal_facts(at=datetime(2026, 10, 1, 1, 0, tzinfo=SHANGHAI))

    export_facts()

    assert [row["id"] for row in rows_of(THIRD, cutoff_seq())] == [last_of_third.pk]
    assert [row["id"] for row in rows_of(FOURTH, cutoff_seq())] == [first_of_fourth.pk]


def test_export_puts_a_reversal_where_it_counts(morning):
    fact = hours_at(morning)
    reverse(fact, by=make_person(), at=morning + timedelta(days=40))
    seal_facts(at=morning)

    export_facts()

    third = [row for row in rows_of(THIRD, cutoff_seq()) if row["kind"] == "test.hours"]
    assert [(row["reverses"], row["quantity"]) for row in third] == [(None, 20_000), (fact.pk, -20_000)]
    assert {row["counts_at"] for row in third} == {morning}


def test_export_grows_by_what_was_sealed_since(morning, monkeypatch):
    monkeypatch.setattr(export, "CHUNK", 2)
    record_many(Draft(HOURS, morning, None, body=7, quantity=n) for n in range(1, 6))
    seal_facts(at=morning)
    export_facts()
    before = {part.name: part.stat().st_mtime_ns for part in exported_parts(THIRD, until_seq=cutoff_seq())}
    hours_at(morning, 6)
    seal_facts(at=morning)

    export_facts()

    parts = exported_parts(THIRD, until_seq=cutoff_seq())
    assert [part.name for part in parts[:-1]] == list(before)
    assert {part.name: part.stat().st_mtime_ns for part in parts[:-1]} == before
    assert [row["quantity"] for row in rows_of(THIRD, cutoff_seq())] == [n * 10_000 for n in range(1, 7)]


def test_export_of_a_database_since_restored_begins_anew(morning):
    hours_at(morning)
    seal_facts(at=morning)
    export_facts()
    manifest = export._folder() / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"last_digest": "', '"last_digest": "00'))

    export_facts()

    assert [row["quantity"] for row in rows_of(THIRD, cutoff_seq())] == [20_000]


def test_export_leaves_out_what_is_not_sealed(morning):
    hours_at(morning)

    assert export_facts() == 0
    assert rows_of(THIRD, 10) == []


def test_export_reads_nothing_that_the_manifest_does_not_name(morning):
    hours_at(morning)
    seal_facts(at=morning)
    export_facts()
    stray = export._folder() / "2026Q3" / "000000000001-000000000009.parquet"
    stray.write_bytes(b"half a file")

    assert [row["quantity"] for row in rows_of(THIRD, cutoff_seq())] == [20_000]
