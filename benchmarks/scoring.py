"""Scoring against a hand-written DuckDB query: same facts, same items, from open Parquet to result Parquet.

    python benchmarks/scoring.py                          # 200,000 facts, a few seconds
    python benchmarks/scoring.py --facts 20000000         # the committed target: ratio ≤ 1.5, one quarter ≤ 2

Ratios are of the fastest of several turns, taken in alternation in one run; results are compared row by row. Seconds of
the processors stand beside those of the clock: on a machine that does other work, only they compare well.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from ronghe.scoring.run import run_sheet

BY_HAND = Path(__file__).with_name("scoring_by_hand.sql")
EIGHT_QUARTERS = ("2024Q1..2025Q4", "2024-01-01", "2026-01-01")
ONE_QUARTER = ("2025Q3", "2025-07-01", "2025-10-01")
POINTS = (1, 2, 1, 3, 2, 1, 1, 2)
LIMITS = {"member": (2, 2, 3, 1, 2, 2, 4, 1), "branch": (12, 12, 15, 10, 12, 12, 14, 10)}
CAPS = {"member": (12, 16, 12, 12, 16, 12, 16, 12), "branch": (60, 80, 60, 60, 80, 60, 80, 60)}


def main() -> None:
    """Generate, run both, compare, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--facts", type=int, default=200_000)
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--growth", action="store_true", help="also a tenth of the facts, and how the time grows")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ronghe-scoring-") as folder:
        whole = _measure(Path(folder), chosen.facts, chosen.turns)
        if chosen.growth:
            tenth = _measure(Path(folder), chosen.facts // 10, chosen.turns)
            clock, processors = whole.clock / tenth.clock, whole.processors / tenth.processors
            print(f"ten times the facts: {clock:.1f} times as long, processors {processors:.1f} times (at most 11)")


def _measure(folder: Path, facts: int, turns: int) -> Taken:
    """Print the ratios for so many facts; return what eight quarters took us."""
    started = time.perf_counter()
    tables = _generated(folder, facts)
    print(f"{facts:,} facts generated in {time.perf_counter() - started:.1f} s (not counted below)")
    eight_quarters: Taken | None = None
    for name, (period, start, until), most in (
        ("eight quarters", EIGHT_QUARTERS, 1.5),
        ("one quarter", ONE_QUARTER, 2),
    ):
        ours, by_hand = Taken(0, 0), Taken(0, 0)
        for level in ("member", "branch"):
            mine, theirs = folder / "ours.parquet", folder / "by_hand.parquet"
            sql = _by_hand(level, tables, start, until, theirs)
            fast, hand = _fastest(turns, partial(_ours, level, tables, period, mine), partial(_execute, sql))
            _compare(mine, theirs)
            print(f"  {name}, {level} sheet: {_ratio(fast, hand)}")
            ours, by_hand = ours + fast, by_hand + hand
        print(f"{name}: {_ratio(ours, by_hand)}{_target(facts, most)}")
        eight_quarters = eight_quarters or ours
    assert eight_quarters is not None
    return eight_quarters


@dataclass(frozen=True)
class Taken:
    """Seconds of the clock and of the processors."""

    clock: float
    processors: float

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.clock + other.clock, self.processors + other.processors)


def _ratio(ours: Taken, by_hand: Taken) -> str:
    return (
        f"ours {ours.clock:.2f} s, by hand {by_hand.clock:.2f} s, ratio {ours.clock / by_hand.clock:.2f}"
        f" (processors {ours.processors:.2f} s, {by_hand.processors:.2f} s, ratio {ours.processors / by_hand.processors:.2f})"
    )


def _target(facts: int, most: float) -> str:
    """The target is set for 20 million facts; with few, the half second of building the plan is most of our time."""
    return f" (at most {most})" if facts >= 20_000_000 else f" (target from 20 million facts on: {most})"


def _generated(folder: Path, facts: int) -> dict[str, Path]:
    """Facts over eight quarters, 24 kinds, one in two hundred reversed; 20 facts a member, 10 members a branch."""
    members = max(facts // 20, 10)
    tables = {name: folder / f"{name}-{facts}.parquet" for name in ("facts", "subjects")}
    _execute(f"""
        COPY (SELECT number AS id,
                     'kind.k' || lpad((hash(number * 7 + 1) % 24)::VARCHAR, 2, '0') AS kind,
                     TIMESTAMPTZ '2024-01-01 00:00:00+08' + to_seconds((number * 63158400 // {facts})::BIGINT) AS occurred_at,
                     member AS subject, 1000000000 + member // 10 AS body,
                     (10000 * (1 + hash(number) % 3))::BIGINT AS quantity_e4,
                     CASE WHEN number % 200 = 199 THEN number - 100 END AS reverses
                FROM (SELECT number, (hash(number * 3 + 2) % {members})::BIGINT AS member FROM range({facts}) AS t(number)))
          TO '{tables["facts"]}' (FORMAT parquet, COMPRESSION zstd);
        COPY (SELECT number AS subject, 'member' AS level, 1000000000 + number // 10 AS body FROM range({members}) AS t(number)
              UNION ALL
              SELECT 1000000000 + number, 'branch', NULL FROM range({(members + 9) // 10}) AS t(number))
          TO '{tables["subjects"]}' (FORMAT parquet, COMPRESSION zstd)
    """)
    return tables


def _playbook(level: str) -> dict:
    items = [
        {
            "id": f"part_{index}",
            "title": {"zh": f"第 {index + 1} 项", "en": f"Item {index + 1}"},
            "kind": "each",
            "of": {
                "facts": [f"kind.k{3 * index + kind:02d}" for kind in range(3)],
                "per": "quarter",
                "at_most": LIMITS[level][index],
            },
            "points": POINTS[index],
            "cap": CAPS[level][index],
        }
        for index in range(8)
    ]
    title = {"zh": "基准", "en": "Benchmark"}
    bands = [
        {"id": "gold", "title": title, "if": {"at_least": 30}},
        {"id": "silver", "title": title, "if": {"at_least": 15}},
        {"id": "bronze", "title": title},
    ]
    sheet = {
        "id": level,
        "title": title,
        "level": level,
        "rank": "body" if level == "member" else "all",
        "root": {"id": "total", "title": title, "kind": "sum", "items": items},
        "grades": {"bands": bands},
    }
    return {"id": "benchmark", "version": 1, "sheets": [sheet]}


def _ours(level: str, tables: dict[str, Path], period: str, result: Path) -> None:
    run = run_sheet(_playbook(level), facts=tables["facts"], subjects=tables["subjects"], period=period)
    run.to_parquet(result)


def _by_hand(level: str, tables: dict[str, Path], start: str, until: str, result: Path) -> str:
    statement = BY_HAND.read_text(encoding="utf-8").split(f"-- sheet: {level}\n")[1].split("-- sheet:")[0]
    values = {
        ":facts": tables["facts"],
        ":subjects": tables["subjects"],
        ":start": f"{start} 00:00:00+08",
        ":until": f"{until} 00:00:00+08",
        ":result": result,
    }
    for name, value in values.items():
        statement = statement.replace(name, f"'{value}'")
    return statement


def _execute(sql: str) -> None:
    with duckdb.connect() as engine:
        engine.execute(sql)


def _fastest(turns: int, *acts: Callable[[], None]) -> list[Taken]:
    """The fastest turn of each, taken in alternation so that a busy machine is busy for all."""
    times: list[list[Taken]] = [[] for _act in acts]
    for _turn in range(turns):
        for act, taken in zip(acts, times, strict=True):
            clock, processors = time.perf_counter(), time.process_time()
            act()
            taken.append(Taken(time.perf_counter() - clock, time.process_time() - processors))
    return [Taken(min(one.clock for one in taken), min(one.processors for one in taken)) for taken in times]


def _compare(ours: Path, by_hand: Path) -> None:
    """Refuse to print a ratio of two different things."""
    parts = ", ".join(f"item_part_{index} AS item_{index}" for index in range(8))
    mine = f"SELECT subject, total, rank, band, {parts} FROM '{ours}'"
    theirs = f"SELECT subject, total, rank, band, {', '.join(f'item_{index}' for index in range(8))} FROM '{by_hand}'"
    with duckdb.connect() as engine:
        differing = engine.execute(
            f"SELECT count(*) FROM (({mine} EXCEPT {theirs}) UNION ALL ({theirs} EXCEPT {mine}))"
        ).fetchone()
        rows = engine.execute(f"SELECT count(*) FROM '{ours}'").fetchone()
    if differing != (0,) or rows == (0,):
        raise SystemExit(f"the results differ in {differing} rows of {rows}")


if __name__ == "__main__":
    main()
