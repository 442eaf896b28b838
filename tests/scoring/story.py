"""How tests about scoring tell their stories: facts in one line, sheets around one node, results by subject."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import pyarrow as pa
import yaml

from ronghe.scoring.files import FACT_SCHEMA, OBLIGATION_SCHEMA, SUBJECT_SCHEMA, _arrow, _fact, _obligation, _subject
from ronghe.scoring.run import RunResult, run_sheet

SAMPLES = Path(__file__).resolve().parents[2] / "playbooks" / "samples"

_ids = count(1)


def sample(letter: str) -> dict:
    """The shipped playbook file of the published sheet S-A … S-E."""
    [path] = SAMPLES.glob(f"s_{letter}_*.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def fact(kind: str, at: str = "2026-03-10", *, subject=None, body=None, quantity=None, id=None, **attributes) -> dict:  # noqa: A002
    """One fact; `at` is a day or a moment in Shanghai."""
    return {
        "id": id or f"f{next(_ids)}",
        "kind": kind,
        "occurred_at": at,
        "subject": subject,
        "body": body,
        "quantity": quantity,
        **attributes,
    }


def facts_table(facts: list[dict]) -> pa.Table:
    return _arrow([_fact(row, line) for line, row in enumerate(facts, 1)], FACT_SCHEMA)


def subjects_table(level: str, *names: str, **columns) -> pa.Table:
    return rows_of_subjects([{"subject": name, "level": level, **columns} for name in names])


def rows_of_subjects(rows: list[dict]) -> pa.Table:
    return _arrow([_subject(row, line) for line, row in enumerate(rows, 1)], SUBJECT_SCHEMA)


def obligations_table(rows: list[dict]) -> pa.Table:
    return _arrow([_obligation(row, line) for line, row in enumerate(rows, 1)], OBLIGATION_SCHEMA)


def owed(mechanism: str, state: str, *, body: str = "b", times: int = 1, last_day: str = "2026-06-30") -> list[dict]:
    due_until = date.fromisoformat(last_day) + timedelta(days=1)
    return [{"mechanism": mechanism, "state": state, "body": body, "due_until": due_until.isoformat()}] * times


def text(words: str) -> dict:
    return {"zh": words, "en": words}


def playbook_of(node: dict, *, level: str = "member", **sheet) -> dict:
    """A playbook with one sheet around one node."""
    root = {"title": text("总分"), "id": "total", **node}
    return {
        "id": "p",
        "version": 1,
        "sheets": [{"id": "s", "title": text("表"), "level": level, "root": root, **sheet}],
    }


def run(playbook: dict, facts: list[dict], *, period: str = "2026", sheet: str | None = None, **tables) -> RunResult:
    return run_sheet(playbook, sheet, facts=facts_table(facts), period=period, **tables)


def totals(result: RunResult) -> dict[str, Decimal | None]:
    return {found.subject: None if found.total is None else Decimal(found.total) / 10_000 for found in result.results}


def grades(result: RunResult) -> dict[str, str | None]:
    return {found.subject: found.grade for found in result.results}


def items(result: RunResult, subject: str) -> dict[str, Decimal | None]:
    """Points of every item of one subject; None where it does not apply."""
    [found] = [found for found in result.results if found.subject == subject]
    return {item.id: Decimal(item.score) / 10_000 if item.applicable else None for item in found.items}


def notes(result: RunResult, subject: str) -> list[str]:
    [found] = [found for found in result.results if found.subject == subject]
    return [note.code for note in found.notes]


def moment(text_of: str) -> datetime:
    return datetime.fromisoformat(text_of)
