"""What-if on 100,000 branches: a change of weights, caps, targets and bands against a full run of the changed sheet.

    python benchmarks/what_if.py                              # 10,000 branches, 1,000,000 facts
    python benchmarks/what_if.py --branches 100000            # the committed target: ≤ 1 s a change after the first

Each answer is compared with the full run's, subject by subject. Status 1 where a change takes longer than a second.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import duckdb

from ronghe.scoring.inputs import Inputs
from ronghe.scoring.period import Period
from ronghe.scoring.run import run_sheet
from ronghe.scoring.sensitivity import sensitivity
from ronghe.scoring.what_if import WhatIf

PERIOD = "2026Q3"
MOST_SECONDS = 1.0
FACTS_A_BRANCH = 100

CHANGES = (
    {"root/items/0/cap": "9"},
    {"root/items/3/points": "1.5", "root/items/3/cap": "12"},
    {"root/items/5/target": "30"},
    {"grades/bands/0/if/at_least": "70", "root/items/1/cap": "9"},
    {"root/items/2/of/at_most": "3"},
)
"""A weight, points, a target, a band; the last one measures otherwise, so its facts are read once more."""


def main() -> None:
    """Generate, measure, ask, compare, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--branches", type=int, default=10_000)
    branches = options.parse_args().branches
    slowest = 0.0
    with tempfile.TemporaryDirectory(prefix="ronghe-what-if-") as folder:
        tables = _generated(Path(folder), branches)
        playbook = _playbook()
        doc = playbook["sheets"][0]
        started = time.perf_counter()
        what_if = WhatIf(doc, Period.parse(PERIOD), Inputs(tables["facts"], tables["subjects"]))
        print(f"{branches:,} branches, {branches * FACTS_A_BRANCH:,} facts: measured in {_since(started):.2f} s")
        for changes in CHANGES:
            taken = []
            for turn in range(2):  # the second asks for a neighbouring value, as somebody does who turns a knob
                asked = changes if turn == 0 else {name: f"{float(value) + 0.25:g}" for name, value in changes.items()}
                started = time.perf_counter()
                moves = what_if.turned(asked)
                shown = moves.part(0, 50)
                taken.append(_since(started))
            again, full = _full_run(what_if, playbook, asked, tables)
            _compare(moves, again)
            gathers = "of/at_most" in "".join(changes)
            slowest = max([slowest, *([] if gathers else taken)])
            print(
                f"  {', '.join(asked)}: {taken[0]:.2f} and {taken[1]:.2f} s, full run {full:.2f} s, ratio"
                f" {taken[1] / full:.2f}; {moves.moved:,} move, farthest {shown[0].places:+,} places"
                f"{' (gathers)' if gathers else ''}"
            )
        started = time.perf_counter()
        found = sensitivity(what_if)
        print(
            f"  sensitivity of all places: {_since(started):.2f} s; {found.unsure:,} could change, widest {found.widest:,}"
        )
    print(f"slowest change {slowest:.2f} s (at most {MOST_SECONDS:g})")
    if slowest > MOST_SECONDS:
        raise SystemExit(1)


def _since(started: float) -> float:
    return time.perf_counter() - started


def _full_run(what_if: WhatIf, playbook: dict, changes: dict, tables: dict) -> tuple[dict, float]:
    from ronghe.scoring.knobs import turned

    started = time.perf_counter()
    run = run_sheet({**playbook, "sheets": [turned(what_if.doc, changes)]}, period=PERIOD, **tables)
    table = run.inputs.engine.to_pyarrow(run.table.select("subject", "total", "rank", "band"))
    taken = _since(started)
    rows = zip(*(table[name].to_pylist() for name in ("subject", "total", "rank", "band")), strict=True)
    return {subject: found for subject, *found in rows}, taken


def _compare(moves, rows: dict) -> None:
    """Refuse to print a ratio of two different things."""
    bands = [band.id for band in moves.sheet.grades.bands]
    for move in moves.part(0, len(moves)):
        total, rank, band = rows[move.subject]
        if (move.after.total, move.after.rank, move.after.grade) != (total, rank, bands[band]):
            raise SystemExit(f"{move.subject}: {move.after} against {total}, {rank}, {bands[band]}")


def _generated(folder: Path, branches: int) -> dict[str, Path]:
    tables = {name: folder / f"{name}.parquet" for name in ("facts", "subjects")}
    with duckdb.connect() as engine:
        engine.execute(f"""
            COPY (SELECT number AS id, 'kind.k' || (hash(number * 7 + 1) % 16)::VARCHAR AS kind,
                         TIMESTAMPTZ '2026-07-01 00:00:00+08' + to_seconds((hash(number * 5) % 7948800)::BIGINT) AS occurred_at,
                         NULL::BIGINT AS subject, (hash(number * 3 + 2) % {branches})::BIGINT AS body,
                         (10000 * (1 + hash(number) % 3))::BIGINT AS quantity_e4
                    FROM range({branches * FACTS_A_BRANCH}) AS t(number))
              TO '{tables["facts"]}' (FORMAT parquet, COMPRESSION zstd);
            COPY (SELECT number AS subject, 'branch' AS level, number // 20 + 1000000000 AS body
                    FROM range({branches}) AS t(number)) TO '{tables["subjects"]}' (FORMAT parquet, COMPRESSION zstd)
        """)
    return tables


def _playbook() -> dict:
    title = {"zh": "基准", "en": "Benchmark"}
    items: list[dict] = [
        {"id": f"part_{index}", "title": title, "kind": "each", "points": 1 + index % 3, "cap": 11 + index,
         "of": {"facts": [f"kind.k{2 * index}", f"kind.k{2 * index + 1}"], "per": "month", "at_most": 4 + index}}
        for index in range(5)
    ]  # fmt: skip
    items += [
        {"id": f"part_{index}", "title": title, "kind": "ratio", "full": 15, "target": 25 + index,
         "of": {"facts": [f"kind.k{2 * index}", f"kind.k{2 * index + 1}"], "count": "quantity"}}
        for index in range(5, 8)
    ]  # fmt: skip
    bands = [{"id": "gold", "title": title, "if": {"at_least": 80}}, {"id": "silver", "title": title, "if": {"at_least": 60}},
             {"id": "bronze", "title": title}]  # fmt: skip
    root = {"id": "total", "title": title, "kind": "sum", "items": items}
    sheet = {"id": "s", "title": title, "level": "branch", "root": root, "grades": {"bands": bands}}
    return {"id": "benchmark", "version": 1, "sheets": [sheet]}


if __name__ == "__main__":
    main()
