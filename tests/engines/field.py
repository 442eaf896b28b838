"""A field of facts that meets every sheet: all their kinds and attributes, edges of periods, halves, gaps, reversals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa
import yaml

from ronghe.scoring.measures.due import Due
from ronghe.scoring.measures.from_facts import FromFacts
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.sheets import Sheet, read_sheet
from tests.architecture.sources import ROOT

PLAYBOOKS = (*sorted((ROOT / "playbooks").glob("*.yaml")), *sorted((ROOT / "playbooks" / "samples").glob("*.yaml")))

MEMBERS = 20_000
BODIES = {
    "branch": 1_000, "team": 500, "group": 500, "zone": 100, "contractor": 100, "post": 200, "area": 200,
    "general_branch": 50,
}  # fmt: skip
FIRST_BODY = 1_000_000

PERIODS = {"quarter": "2026Q3", "month": "2026-09", "year": "2026"}


def shipped_sheets() -> dict[str, dict]:
    """Every sheet of every shipped playbook, by `playbook/sheet`."""
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in PLAYBOOKS]
    return {f"{doc['id']}/{sheet['id']}": sheet for doc in documents for sheet in doc.get("sheets", ())}


def period_of(sheet: dict) -> str:
    """A period that the sheet is meant for."""
    meant = sheet.get("period", "quarter")
    return PERIODS[meant if isinstance(meant, str) else next(piece for piece in PERIODS if piece in meant)]


def field(folder: Path, facts: int, sheets: dict[str, dict]) -> dict[str, Path]:
    """Write the tables of a run over so many facts as Parquet."""
    variants = pa.Table.from_pylist(list(_variants([read_sheet(sheet) for sheet in sheets.values()])))
    mechanisms = pa.table({"mechanism": sorted(_mechanisms([read_sheet(sheet) for sheet in sheets.values()]))})
    bodies = pa.Table.from_pylist(list(_bodies(sheets)))
    tables = {name: folder / f"{name}.parquet" for name in ("facts", "subjects", "obligations", "previous")}
    with duckdb.connect() as engine:
        for name, table in (("variants", variants), ("mechanisms", mechanisms), ("bodies", bodies)):
            engine.register(name, table)
        for name, statement in _statements(facts, variants.num_rows).items():
            engine.execute(f"COPY ({statement}) TO '{tables[name]}' (FORMAT parquet)")
    return tables


def digest(rows: list[dict]) -> str:
    """The fingerprint of a result, whatever order its columns and rows came in."""
    lines = sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)
    return sha256("\n".join(lines).encode()).hexdigest()


def _statements(facts: int, variants: int) -> dict[str, str]:
    """Over the year and some days around it; one moment in fifty is a midnight in Shanghai, to the second."""
    bodies = sum(BODIES.values())
    return {
        "facts": f"""
            SELECT id, kind, occurred_at, CASE WHEN about_body THEN {FIRST_BODY} + pick % {bodies}
                        WHEN pick % 11 > 0 THEN pick % {MEMBERS} END::BIGINT AS subject,
                   CASE WHEN id % 13 > 0 AND NOT (about_body AND id % 2 = 0) THEN {FIRST_BODY} + hash(id * 17) % {bodies} END::BIGINT AS body,
                   CASE WHEN id % 3 = 0 THEN {FIRST_BODY} + hash(id * 19) % {BODIES["branch"]} END::BIGINT AS home,
                   CASE WHEN id % 7 > 0 THEN (hash(id * 23) % 1000001)::BIGINT END AS quantity_e4,
                   CASE WHEN id % 200 = 199 THEN id - 100 END AS reverses, attributes
              FROM (SELECT turn AS id, variants.kind, variants.attributes, variants.about_body,
                           (hash(turn * 3 + 2) % 1000000007)::BIGINT AS pick,
                           CASE WHEN turn % 50 = 0 THEN time_bucket(INTERVAL 1 DAY, moment) - INTERVAL 8 HOUR ELSE moment END AS occurred_at
                      FROM (SELECT range AS turn,
                                   TIMESTAMPTZ '2025-12-20 00:00:00+08' + to_seconds((range * 33000000 // {facts})::BIGINT) AS moment
                              FROM range({facts}))
                      JOIN variants ON variants.number = (hash(turn * 7 + 1) % {variants})::BIGINT)""",
        "subjects": f"""
            SELECT range AS subject, 'member' AS level, {FIRST_BODY} + range % {BODIES["branch"]} AS body,
                   CASE range % 4 WHEN 0 THEN NULL WHEN 1 THEN 'backbone' WHEN 2 THEN 'special' ELSE 'ordinary' END AS category,
                   CASE WHEN range % 9 = 0 THEN DATE '2026-07-02' END AS "from",
                   CASE WHEN range % 31 = 0 THEN DATE '2026-10-01' END AS "until"
              FROM range({MEMBERS})
            UNION ALL SELECT subject, level, body, category, NULL, NULL FROM bodies""",
        "obligations": """
            SELECT mechanism, NULL::BIGINT AS subject, bodies.subject AS body,
                   DATE '2026-01-02' + (14 * turn + hash(bodies.subject * 29) % 3)::INTEGER AS due_until,
                   ['done', 'done', 'done', 'late', 'missed', 'waived', 'open'][1 + (hash(bodies.subject * 31 + turn) % 7)::INTEGER] AS state,
                   turn AS record
              FROM bodies, mechanisms, (SELECT range AS turn FROM range(26))
             WHERE hash(bodies.subject) % 5 > 0""",
        "previous": f"""
            SELECT range AS subject, ((hash(range * 37) % 1100000)::DECIMAL(18, 4) / 10000)::DECIMAL(18, 4) AS total,
                   ['pioneer', 'responsible', 'warning', NULL][1 + (hash(range) % 4)::INTEGER] AS grade
              FROM range({MEMBERS}) WHERE range % 6 > 0
            UNION ALL SELECT subject, 77.5, NULL FROM bodies""",
    }  # fmt: skip


def _bodies(sheets: dict[str, dict]) -> Iterator[dict]:
    number = FIRST_BODY
    for level, many in BODIES.items():
        for place in range(many):
            known = [
                *sorted(
                    {name for sheet in sheets.values() if sheet["level"] == level for name in sheet.get("only", ())}
                ),
                None,
            ]
            above = FIRST_BODY + place % BODIES["branch"] if level in {"team", "group"} else None
            yield {"subject": number, "level": level, "body": above, "category": known[place % len(known)]}
            number += 1


def _measures(sheets: list[Sheet]) -> Iterator:
    for sheet in sheets:
        yield from sheet.measures
        for node in sheet.nodes:
            yield from node.measures
            yield from node.piece.measures if isinstance(node, Fold) else ()


def _mechanisms(sheets: list[Sheet]) -> set[str]:
    return {name for measure in _measures(sheets) if isinstance(measure, Due) for name in measure.mechanisms}


def _variants(sheets: list[Sheet]) -> Iterator[dict]:
    """Each kind with no attributes, with others, and with those that some sheet asks for; kinds nobody asks about."""
    found: dict[tuple[str, str], None] = {("nobody.asked", "{}"): None}
    for measure in _measures(sheets):
        for kind in measure.kinds if isinstance(measure, FromFacts) else ():
            found[kind, "{}"] = None
            found[kind, json.dumps({"item": None, "other": "另"}, ensure_ascii=False)] = None
            if measure.where:
                for place in range(max(len(values) for _name, values in measure.where)):
                    asked = {name: _plain(values[place % len(values)]) for name, values in measure.where}
                    found[kind, json.dumps(asked, ensure_ascii=False)] = None
    reserved = ("panel.", "survey.", "figure.", "veto.", "subject.", "tie.")
    for number, (kind, attributes) in enumerate(sorted(found)):
        yield {"number": number, "kind": kind, "attributes": attributes, "about_body": kind.startswith(reserved)}


def _plain(value: str) -> bool | str:
    """Truth values stand in facts as JSON's own."""
    return {"true": True, "false": False}.get(value, value)
