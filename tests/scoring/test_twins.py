"""The Ibis plan and the plain twins are two ways to the same digits, on random sheets over random facts."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ronghe.scoring.explain import explain
from ronghe.scoring.period import Period
from ronghe.scoring.sheets import check_sheet, read_sheet
from tests.scoring.oracle import run_by_twins
from tests.scoring.story import obligations_table, playbook_of, rows_of_subjects, run
from tests.scoring.strategies import facts_with_reversals, obligation_rows, roots, subject_rows

QUARTER = Period.parse("2026Q3")

slow_but_sure = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@slow_but_sure
@given(
    root=roots,
    level=st.sampled_from(["member", "branch"]),
    facts=facts_with_reversals(),
    obligations=obligation_rows,
    subjects=subject_rows,
)
def test_plan_and_twins_agree_to_the_digit(root, level, facts, obligations, subjects):
    playbook = playbook_of(root, level=level)
    sheet_doc = playbook["sheets"][0]
    assume(not check_sheet(sheet_doc))

    result = run(
        playbook,
        facts,
        period=QUARTER.name,
        subjects=rows_of_subjects(subjects),
        obligations=obligations_table(obligations),
    )

    by_twins = run_by_twins(read_sheet(sheet_doc), QUARTER, facts, subjects, obligations)
    assert {row["subject"]: row["total"] for row in result.rows} == by_twins
    explain(result, "s1" if level == "member" else "b1")  # refuses to differ from the run
