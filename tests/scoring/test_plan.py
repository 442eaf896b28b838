"""What the plan promises whatever the sheet: which facts count, who is scored, no doubles, the same bytes."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import ibis
import pytest

from ronghe.scoring.inputs import ColumnMissing, Inputs, NumberNotExact
from ronghe.scoring.run import NumberTooLarge, PeriodNotMeant, SheetUnknown, SheetWrong, SubjectTwice, run_sheet
from tests.scoring.story import (
    fact,
    facts_table,
    items,
    obligations_table,
    owed,
    playbook_of,
    rows_of_subjects,
    run,
    sample,
    subjects_table,
    text,
    totals,
)

STUDY = {"kind": "each", "of": {"facts": "study"}, "points": 1}
EVERYTHING = {
    "kind": "sum",
    "items": [
        {"id": "a", "title": text("a"), "kind": "each", "of": {"facts": "x", "count": "quantity"}, "points": "0.3", "cap": 5},
        {"id": "b", "title": text("b"), "kind": "ratio", "of": {"survey": "s", "trim": 1}, "full": 10, "scale": "0.5"},
        {"id": "c", "title": text("c"), "kind": "steps", "of": {"due": "m", "late": "0.5"}, "table": [{"from": "0.5", "points": 3}]},
        {"id": "d", "title": text("d"), "kind": "deduct", "of": {"part": {"facts": "y"}, "whole": {"headcount": "member"}},
         "below": "0.9", "every": "0.1", "points": 1, "full": 9},
        {"id": "e", "title": text("e"), "kind": "each", "of": {"facts": "z", "count": "days", "per": "month", "at_most": 2},
         "points": 1, "cap": 5},
    ],
}  # fmt: skip


@pytest.mark.parametrize("level", ["member", "branch"])
def test_plan_has_no_double_and_no_float(level):
    grades = {
        "bands": [
            {"id": "top", "title": text("甲"), "if": {"first": 3}, "quota": {"share": "0.3"}},
            {"id": "rest", "title": text("乙")},
        ],
        "max_steps": 1,
    }
    engine = ibis.duckdb.connect()
    tables = {
        "facts": facts_table([fact("x", subject="s")]),
        "subjects": subjects_table(level, "s"),
        "obligations": obligations_table(owed("m", "late", body="s")),
    }
    for name, table in tables.items():
        engine.con.register(name, table)
    given = {name: engine.table(name) for name in tables}
    playbook = playbook_of(EVERYTHING, level=level, rank="all", grades=grades)

    table = run_sheet(playbook, period="2026", engine=engine, **given).table
    engine.to_pyarrow(table)  # small tables of its own are known to the engine from here on

    written = ibis.to_sql(table, dialect="duckdb")
    planned = str(engine.con.execute(f"EXPLAIN {written}").fetchall())
    types = {row[1] for row in engine.con.execute(f"DESCRIBE {written}").fetchall()}

    assert not re.search(r"double|float|real\b| / ", written + planned, re.IGNORECASE)
    assert types <= {"VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "BOOLEAN"}


def test_run_gives_the_same_bytes_whatever_the_order_of_the_facts():
    facts = [fact("study", f"2026-03-{day:02d}", subject=f"m{day % 3}", id=f"f{day}") for day in range(1, 20)]

    there, back = (json.dumps(run(playbook_of(STUDY), rows).as_json()) for rows in (facts, facts[::-1]))

    assert there == back


def test_fact_counts_on_its_day_in_shanghai():
    facts = [
        fact("study", "2026-06-30T15:59:59+00:00", subject="m"),
        fact("study", "2026-06-30T16:00:00+00:00", subject="m"),
        fact("study", "2026-09-30 23:59:59", subject="m"),
        fact("study", "2026-10-01", subject="m"),
    ]

    assert totals(run(playbook_of(STUDY), facts, period="2026Q3")) == {"m": 2}


def test_reversal_cancels_in_the_period_of_what_it_reverses():
    facts = [
        fact("study", "2026-08-01", subject="m", id="wrong"),
        fact("study", "2026-08-02", subject="m"),
        fact("study", "2026-12-01", subject="m", id="undo", reverses="wrong"),
    ]

    assert totals(run(playbook_of(STUDY), facts, period="2026Q3")) == {"m": 1}
    assert totals(run(playbook_of(STUDY), facts, period="2026Q4", subjects=subjects_table("member", "m"))) == {"m": 0}


def test_subject_without_a_fact_still_has_a_score():
    result = run(playbook_of(STUDY), [fact("study", subject="m")], subjects=subjects_table("member", "m", "quiet"))

    assert totals(result) == {"m": 1, "quiet": 0}


def test_subjects_are_those_of_the_last_day():
    rows = [
        {"subject": "left", "until": "2026-09-30"},
        {"subject": "stayed", "until": "2026-10-01"},
        {"subject": "came", "from": "2026-09-30"},
        {"subject": "late", "from": "2026-10-01"},
    ]

    result = run(playbook_of(STUDY), [], period="2026Q3", subjects=rows_of_subjects(rows))

    assert list(totals(result)) == ["came", "stayed"]


def test_branch_counts_facts_of_its_body_and_of_its_members_where_a_measure_says_home():
    subjects = [{"subject": "b1", "level": "branch"}, {"subject": "m", "level": "member", "body": "b1"}]
    facts = [
        fact("study", subject="m", body="b2"),
        fact("study", subject="guest", body="b1"),
        fact("study", subject="guest", body="b1"),
    ]
    here, home = STUDY, {**STUDY, "of": {"facts": "study", "home": True}}

    found = [
        totals(run(playbook_of(node, level="branch"), facts, subjects=rows_of_subjects(subjects)))["b1"]
        for node in (here, home)
    ]

    assert found == [2, 1]


def test_not_applicable_weight_goes_to_the_siblings_in_one_division():
    parts = [
        {"id": f"p{full}", "title": text("项"), "kind": "ratio", "of": {"panel": f"p{full}"}, "full": full}
        for full in (10, 20, 30)
    ]
    marks = [
        fact("panel.mark", subject="m", item="p10", quantity=100),
        fact("panel.mark", subject="m", item="p20", quantity=50),
    ]

    result = run(playbook_of({"kind": "sum", "items": parts}), marks)

    assert items(result, "m") == {"p10": 10, "p20": 10, "p30": None}
    assert totals(result) == {"m": 40}  # (10 + 10) × 60 / 30


def test_dimension_with_nothing_applicable_goes_to_the_others():
    empty = {"id": "empty", "title": text("空"), "kind": "sum", "items": [
        {"id": "no", "title": text("项"), "kind": "ratio", "of": {"panel": "nobody"}, "full": 40}]}  # fmt: skip
    rated = {"id": "rated", "title": text("有"), "kind": "ratio", "of": {"panel": "x"}, "full": 60}

    result = run(
        playbook_of({"kind": "sum", "items": [empty, rated]}), [fact("panel.mark", subject="m", item="x", quantity=50)]
    )

    assert totals(result) == {"m": 50}


def test_nothing_applicable_is_no_score():
    node = {"kind": "ratio", "of": {"panel": "x"}, "full": 10}

    result = run(playbook_of(node), [], subjects=subjects_table("member", "m"))

    assert totals(result) == {"m": None}
    assert result.results[0].notes[0].code == "not_applicable"


def test_carry_over_is_a_share_of_the_result_before():
    node = {"kind": "each", "of": {"previous": "total"}, "points": "0.3", "cap": 20}
    before = [{"subject": "m", "total": Decimal("45.5")}]

    result = run(playbook_of(node), [], subjects=subjects_table("member", "m", "new"), previous=before)

    assert totals(result) == {"m": Decimal("13.65"), "new": 0}


def test_veto_that_zeroes_an_item_wins_over_everything_in_it():
    node = {"kind": "sum", "items": [{**STUDY, "id": "study", "title": text("学"), "floor": 3, "cap": 5}]}
    vetoes = [{"id": "cheat", "title": text("弄虚作假"), "zero": ["study"]}]
    facts = [fact("study", subject="m"), fact("veto.raised", subject="m", item="cheat")]

    result = run(playbook_of(node, vetoes=vetoes), facts)

    assert (totals(result), result.results[0].vetoes) == ({"m": 0}, ("cheat",))


def test_survey_with_too_few_answers_is_not_applicable_and_trimming_drops_the_ends():
    node = {"kind": "ratio", "of": {"survey": "s", "trim": 1, "least": 5}, "full": 10}
    answers = [fact("survey.answer", subject="m", item="s", quantity=mark) for mark in (0, 80, 90, 100)]

    assert totals(run(playbook_of(node), answers)) == {"m": None}
    assert totals(run(playbook_of(node), [*answers, fact("survey.answer", subject="m", item="s", quantity=85)])) == {
        "m": Decimal("8.5")
    }


def test_facts_with_unexact_numbers_or_missing_columns_are_refused():
    with pytest.raises(NumberNotExact):
        _ = run_sheet(playbook_of({**STUDY, "of": {"facts": "study", "count": "quantity"}, "cap": 1}), period="2026",
                      facts=[{"kind": "study", "occurred_at": None, "subject": "m", "quantity": 0.5}]).rows  # fmt: skip
    with pytest.raises(ColumnMissing):
        Inputs([{"kind": "study"}])


def test_sum_that_does_not_fit_is_refused_and_never_wrapped():
    node = {**STUDY, "of": {"facts": "study", "count": "quantity"}, "cap": 1}
    facts = [fact("study", subject="m", quantity="900000000000") for _times in range(2000)]

    with pytest.raises(NumberTooLarge):
        _ = run(playbook_of(node), facts).results


def test_subject_that_stands_twice_on_the_last_day_is_refused():
    with pytest.raises(SubjectTwice):
        _ = run(playbook_of(STUDY), [], subjects=subjects_table("member", "m", "m")).results


def test_run_refuses_unknown_and_wrong_sheets_and_periods_that_are_not_meant():
    facts = facts_table([])
    with pytest.raises(SheetUnknown):
        run_sheet(sample("d"), facts=facts, period="2026Q3")
    with pytest.raises(SheetWrong):
        run_sheet(playbook_of({"kind": "each"}), facts=facts, period="2026Q3")
    with pytest.raises(PeriodNotMeant):
        run_sheet(playbook_of(STUDY, period="year"), facts=facts, period="2026Q3")
