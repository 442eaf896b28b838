"""A veto always wins: whatever else happened, the grade is no better than it allows and its items give nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scoring.story import fact, playbook_of, rows_of_subjects, run, text

NAMES = ("s1", "s2", "s3", "s4")
ROWS = rows_of_subjects([{"subject": name, "level": "member"} for name in NAMES])


def sheet(quota: str, ties: str) -> dict:
    items = [
        {"id": "good", "title": text("好事"), "kind": "each", "of": {"facts": "done"}, "points": 10, "cap": 100},
        {"id": "more", "title": text("加分"), "kind": "each", "of": {"facts": "prize"}, "points": 5, "extra": True},
    ]
    bands = [
        {"id": "best", "title": text("优"), "if": {"any": [{"at_least": 60}, {"first": 2, "ties": ties}]},
         "quota": {"share": quota, "ties": ties}},
        {"id": "fair", "title": text("中"), "if": {"at_least": 20}},
        {"id": "poor", "title": text("差")},
    ]  # fmt: skip
    vetoes = [{"id": "broke", "title": text("违纪"), "if": {"of": {"facts": "broke"}}, "grade_at_most": "poor",
               "zero": ["more"]}]  # fmt: skip
    grades = {"bands": bands, "max_steps": 1}
    return playbook_of({"kind": "sum", "items": items}, rank="all", vetoes=vetoes, grades=grades)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    done=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["done", "prize"])), max_size=40),
    broke=st.sets(st.sampled_from(NAMES), min_size=1),
    way=st.sampled_from(["rule", "decision"]),
    before=st.sampled_from(["best", "fair", "poor"]),
    quota=st.sampled_from(["0.25", "0.5", "1"]),
    ties=st.sampled_from(["stay", "go"]),
)
def test_a_veto_always_wins(done, broke, way, before, quota, ties):
    facts = [fact(kind, subject=name) for name, kind in done]
    facts += [
        fact("broke", subject=name) if way == "rule" else fact("veto.raised", subject=name, item="broke")
        for name in broke
    ]
    previous = [{"subject": name, "total": "80", "grade": before} for name in NAMES]

    result = run(sheet(quota, ties), facts, subjects=ROWS, previous=previous)

    for found in result.results:
        if found.subject in broke:
            assert (found.grade, found.vetoes) == ("poor", ("broke",))
            assert {item.id: item.score for item in found.items}["more"] == 0
