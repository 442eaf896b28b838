"""The product's own plan gives the same rows on DuckDB, PostgreSQL and Spark, to the digit."""

from __future__ import annotations

import pytest

from ronghe.scoring.inputs import Inputs
from ronghe.scoring.knobs import knobs_of
from ronghe.scoring.period import Period
from ronghe.scoring.run import NumberTooLarge, run_sheet
from ronghe.scoring.what_if import WhatIf
from tests.engines.field import digest, period_of, shipped_sheets
from tests.scoring.story import fact, facts_table, playbook_of, rows_of_subjects, text

SHEETS = shipped_sheets()

ON_SPARK = [name for name in SHEETS if name.startswith(("sample_", "responsibilities/main_y", "yilong_4plus1/branch"))]
"""Each word of the language that a shipped sheet uses; Spark takes ten seconds a sheet to make a plan of it."""

ON_POSTGRESQL = [name for name in SHEETS if name != "responsibilities/cadre_yearly"]
"""All but one: PostgreSQL asks for a gigabyte at once for the plan of its 26 nodes over two million facts, and refuses itself."""

_known: dict[str, str] = {}


def scored(name: str, engine, tables: dict) -> list[dict]:
    sheet = SHEETS[name]
    playbook = {"id": "p", "version": 1, "sheets": [sheet]}
    return run_sheet(playbook, period=period_of(sheet), engine=engine.connection, **tables).rows


def expected(name: str, engine, tables: dict) -> str:
    if name not in _known:
        rows = scored(name, engine, tables)
        assert rows
        _known[name] = digest(rows)
    return _known[name]


@pytest.mark.parametrize("name", ON_POSTGRESQL)
def test_postgresql_gives_the_rows_that_duckdb_gives(name, duckdb_engine, in_duckdb, postgres_engine, in_postgres):
    assert digest(scored(name, postgres_engine, in_postgres)) == expected(name, duckdb_engine, in_duckdb)


@pytest.mark.parametrize("name", ON_SPARK)
def test_spark_gives_the_rows_that_duckdb_gives(name, duckdb_engine, in_duckdb, spark_engine, in_spark):
    assert digest(scored(name, spark_engine, in_spark)) == expected(name, duckdb_engine, in_duckdb)


# What no shipped sheet asks for, on a handful of facts


def everything() -> dict:
    """Halves of a ten-thousandth on both sides of zero, a last figure of two at one moment, a trimmed mean, a tie."""
    items = [
        {"id": "share", "kind": "each", "of": {"part": {"facts": "came"}, "whole": {"facts": "due"}}, "points": "-0.3335", "full": 1},
        {"id": "steady", "kind": "ratio", "full": 7, "target": 1,
         "of": {"steady": {"part": {"facts": "came"}, "whole": {"facts": "due"}}, "strength": 3, "peers": "category"}},
        {"id": "last", "kind": "ratio", "of": {"figure": "x"}, "target": 3, "full": "2.5"},
        {"id": "trimmed", "kind": "ratio", "of": {"panel": "x", "trim": 1}, "full": 10},
        {"id": "days", "kind": "deduct", "of": {"facts": "came", "count": "days", "per": "month", "at_most": 2}, "points": "0.0001", "full": 3},
        {"id": "pieces", "kind": "ratio", "of": {"facts": "came"}, "target": 3, "full": 6, "per": "quarter", "fold": "mean",
         "when": {"of": {"facts": "due"}, "at_least": 1}},
        {"id": "steps", "kind": "steps", "of": {"facts": "came", "where": {"flag": True}}, "table": [{"from": 1, "points": "0.5"}]},
    ]  # fmt: skip
    bands = [
        {"id": "a", "title": text("甲"), "if": {"first": 1, "ties": "go"}, "quota": {"share": "0.5", "round": "up"}},
        {"id": "b", "title": text("乙"), "if": {"last": 1}},
        {"id": "c", "title": text("丙")},
    ]
    root = {"kind": "sum", "items": [{**item, "title": text("项")} for item in items]}
    return playbook_of(root, rank="category", grades={"bands": bands, "within": "category", "max_steps": 1})


def small_tables() -> dict:
    """Subjects and ids as text, some beyond ASCII and some that another collation sorts otherwise."""
    names = ("Z", "a", "é", "中", "_", "B")
    facts = [fact("came", f"2026-{month:02d}-01", subject=name, id=f"{name}{month}", flag=month % 2 == 0)
             for place, name in enumerate(names) for month in range(1, 4 + place)]  # fmt: skip
    facts += [
        fact("due", "2026-01-01T00:00:00+08:00", subject=name, id=f"d{name}{turn}")
        for name in names
        for turn in range(7)
    ]
    facts += [fact("figure.value", "2026-05-05 10:00", subject=name, id=named, item="x", quantity=value)
              for name in names for named, value in (("a-1", "0.0005"), ("B-1", "2.5"), ("_1", "-7.0001"), ("ä", "1.0001"))]  # fmt: skip
    facts += [
        fact("panel.mark", subject=name, item="x", quantity=mark) for name in names for mark in (60, 70, 80, "91.25")
    ]
    subjects = [{"subject": name, "category": "one" if place % 2 else None} for place, name in enumerate(names)]
    previous = [{"subject": name, "total": "12.3456", "grade": "c"} for name in names]
    return {"facts": facts_table(facts), "subjects": rows_of_subjects(subjects), "previous": previous}


@pytest.fixture(params=["postgres_engine", "spark_engine"])
def other(request):
    return request.getfixturevalue(request.param)


def test_every_word_gives_the_same_rows(duckdb_engine, other):
    here, there = (run_sheet(everything(), period="2026", engine=engine.connection, **small_tables()).rows
                   for engine in (duckdb_engine, other))  # fmt: skip

    assert there == here


def test_what_if_gives_the_same_moves(duckdb_engine, other):
    sheet, found = everything()["sheets"][0], []
    for engine in (duckdb_engine, other):
        inputs = Inputs(**small_tables(), engine=engine.connection)
        moves = WhatIf(sheet, Period.parse("2026"), inputs).turned({knobs_of(sheet)[0].name: "0.5"})
        found.append([(move.subject, move.before, move.after) for move in moves.part()])

    assert len(set(map(tuple, found))) == 1


def test_a_sum_that_does_not_fit_is_refused(other):
    facts = [fact("a", subject="s", quantity=2**53 // 10_000 - 1) for _turn in range(1_100)]
    item = {
        "id": "i",
        "title": text("项"),
        "kind": "each",
        "points": 1,
        "cap": 1,
        "of": {"facts": "a", "count": "quantity"},
    }
    run = run_sheet(
        playbook_of({"kind": "sum", "items": [item]}), period="2026", facts=facts_table(facts), engine=other.connection
    )

    with pytest.raises(NumberTooLarge):
        _rows = run.rows
