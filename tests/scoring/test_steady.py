"""Shares drawn towards those of the peers: fair to small branches, said in words, the raw share beside."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ronghe.scoring.exact import divided
from ronghe.scoring.explain import evidence_of, explain, outcome_of
from ronghe.scoring.inputs import Inputs
from ronghe.scoring.period import Period
from ronghe.scoring.sheets import check_sheet, read_sheet
from ronghe.scoring.what_if import WhatIf
from tests.scoring.story import (
    fact,
    facts_table,
    obligations_table,
    owed,
    playbook_of,
    rows_of_subjects,
    run,
    subjects_table,
    text,
    totals,
)
from tests.scoring.strategies import facts_with_reversals, obligation_rows, subject_rows

PRESENT = {"part": {"facts": "came"}, "whole": {"facts": "due"}}
slow_but_sure = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def attendance(*, strength: int | None, peers: str = "all") -> dict:
    of = PRESENT if strength is None else {"steady": PRESENT, "strength": strength, "peers": peers}
    item = {"id": "present", "title": text("到会"), "kind": "ratio", "of": of, "full": 100, "target": 1}
    return playbook_of({"kind": "sum", "items": [item]}, level="branch")


def meetings(**branches: tuple[int, int]) -> list[dict]:
    """Who came and who was due, by branch."""
    return [
        row
        for name, (came, due) in branches.items()
        for row in [fact("came", body=name)] * came + [fact("due", body=name)] * due
    ]


FOUR = {"small": (3, 4), "large": (39, 40), "other": (36, 40)}


def scores(*, strength: int | None, **branches: tuple[int, int]) -> dict[str, Decimal | None]:
    found = branches or FOUR
    return totals(run(attendance(strength=strength), meetings(**found), subjects=subjects_table("branch", *found)))


def test_a_branch_of_four_is_not_judged_by_one_absence():
    bare, steadied = scores(strength=None), scores(strength=20)

    assert bare == {"small": Decimal(75), "large": Decimal("97.5"), "other": Decimal(90)}
    # The peers' average is 87.5 %: small (3 + 17.5) ÷ 24, large (39 + 17.5) ÷ 60, other (36 + 17.5) ÷ 60.
    assert steadied == {"small": Decimal("85.4167"), "large": Decimal("94.1667"), "other": Decimal("89.1667")}


def test_peers_of_one_category_steady_each_other_alone():
    rows = [{"subject": name, "level": "branch", "category": kind} for name, kind in
            (("small", "x"), ("large", "x"), ("other", "y"))]  # fmt: skip

    found = totals(run(attendance(strength=20, peers="category"), meetings(**FOUR), subjects=rows_of_subjects(rows)))

    assert found["other"] == Decimal(90)  # alone in its category: drawn towards itself
    assert found["small"] == Decimal("84.375")  # (3 + 20 × 0.8625) ÷ 24


def test_who_had_no_chance_stays_not_applicable_and_out_of_the_average():
    found = scores(strength=20, small=(3, 4), large=(39, 40), none=(0, 0))

    assert found["none"] is None
    assert found["small"] == Decimal("84.375")


def test_duties_are_steadied_by_number():
    of = {"steady": {"due": "weekly"}, "strength": 10}
    book = playbook_of({"kind": "ratio", "of": of, "full": 100}, level="branch")
    duties = [*owed("weekly", "missed", body="a"), *owed("weekly", "done", body="a", times=3),
              *owed("weekly", "done", body="b", times=12)]  # fmt: skip

    found = totals(run(book, [], subjects=subjects_table("branch", "a", "b"), obligations=obligations_table(duties)))

    assert found == {
        "a": Decimal("83.9286"),
        "b": Decimal("94.3182"),
    }  # towards 0.875: (3 + 8.75) ÷ 14, (12 + 8.75) ÷ 22


def test_the_explanation_names_the_raw_share_the_average_and_the_method():
    subjects = subjects_table("branch", *FOUR)

    tree = explain(run(attendance(strength=20), meetings(**FOUR), subjects=subjects), "small")

    [item] = tree["children"]
    assert (item["raw"], item["peers"], tree["value"]) == ("0.75", "0.875", "85.4167")
    assert "另加 20 次，按全部对象的平均计" in item["formula"]


def test_what_if_turns_the_strength_without_reading_facts_again():
    playbook = attendance(strength=20)
    what_if = WhatIf(playbook["sheets"][0], Period.parse("2026"),
                     Inputs(facts_table(meetings(**FOUR)), subjects_table("branch", *FOUR)))  # fmt: skip

    moves = what_if.turned({"root/items/0/of/strength": "40"})

    assert {move.subject: Decimal(move.after.total) / 10_000 for move in moves.part()} == scores(strength=40)


@given(
    branches=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=2, max_size=6),
    strength=st.integers(1, 60),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_steadying_goes_towards_the_average_and_never_past_it(branches, strength):
    found = {f"b{number}": (min(came, due), due) for number, (came, due) in enumerate(branches)}

    bare, steadied = scores(strength=None, **found), scores(strength=strength, **found)

    average = sum(divided(came * 10_000, due) for came, due in found.values()) / Decimal(len(found)) / 100
    slack = Decimal("0.02")
    for name in found:
        low, high = sorted((bare[name], average))
        assert low - slack <= steadied[name] <= high + slack
    same_size = [name for name in found if found[name][1] == found["b0"][1]]
    assert sorted(same_size, key=lambda name: bare[name]) == sorted(
        same_size, key=lambda name: (steadied[name], bare[name])
    )


@slow_but_sure
@given(
    facts=facts_with_reversals(),
    obligations=obligation_rows,
    subjects=subject_rows,
    strength=st.integers(1, 30),
    peers=st.sampled_from(["all", "category", "body"]),
    inner=st.sampled_from(
        [
            {"part": {"facts": "a.done"}, "whole": {"facts": ["a.done", "b.done"]}},
            {"due": "weekly", "late": "0.5"},
            {"panel": "x"},
            {"survey": "x", "trim": 1, "least": 3},
        ]
    ),
    per=st.sampled_from([{}, {"per": "month", "fold": "mean"}]),
    level=st.sampled_from(["member", "branch"]),
)
def test_plan_and_twins_agree_on_steadied_shares(facts, obligations, subjects, strength, peers, inner, per, level):
    of = {"steady": inner, "strength": strength, "peers": peers}
    item = {"id": "n", "title": text("项"), "kind": "ratio", "of": of, "full": 50, **per}
    playbook = playbook_of({"kind": "sum", "items": [item]}, level=level)
    assume(not check_sheet(playbook["sheets"][0]))
    tables = {"subjects": rows_of_subjects(subjects), "obligations": obligations_table(obligations)}
    result = run(playbook, facts, period="2026Q3", **tables)

    assert {row["subject"]: row["total"] for row in result.rows} == by_twins(result)
    explain(result, "s1" if level == "member" else "b1")


def by_twins(result) -> dict:
    """Averages in plain Python from each subject's own evidence, then each twin with them."""
    sheet, period = result.sheet, result.period
    people = {row["subject"]: evidence_of(result.inputs, sheet, period, row["subject"], row["category"])
              for row in result.rows}  # fmt: skip
    spots = [(spot.node.of, spot.window) for spot in result.plan.spots if getattr(spot.node.of, "word", "") == "steady"]
    found = {}
    for row in result.rows:
        peers = [other for other in result.rows
                 if spots[0][0].peers == "all" or other[spots[0][0].peers] == row[spots[0][0].peers]]  # fmt: skip
        averages = {}
        for steady, window in spots:
            rates = [steady.rate(people[other["subject"]].inside(window)) for other in peers]
            rates = [rate for rate in rates if rate is not None]
            averages[steady, window.name] = divided(sum(rates), max(len(rates), 1))
        outcome = outcome_of(sheet, replace(people[row["subject"]], averages=averages))
        found[row["subject"]] = outcome.mark.value if outcome.mark.applicable else None
    return found


@pytest.mark.parametrize(
    ("node", "code"),
    [
        ({"kind": "each", "points": 1, "cap": 5, "of": {"steady": {"facts": "a"}, "strength": 3}}, "steady_without_share"),
        ({"kind": "ratio", "full": 5, "target": 1, "of": {"steady": {"due": "m", "count": "missed"}, "strength": 3}},
         "steady_without_share"),
        ({"kind": "ratio", "full": 5, "target": 1,
          "of": {"part": {"facts": "a"}, "whole": {"steady": {"due": "m"}, "strength": 3}}}, "steady_inside"),
        ({"kind": "ratio", "full": 5, "of": {"due": "m"}, "when": {"of": {"steady": {"due": "m"}, "strength": 3}}},
         "steady_inside"),
    ],
)  # fmt: skip
def test_steady_stands_where_it_means_something(node, code):
    doc = playbook_of({"kind": "sum", "items": [{"id": "n", "title": text("项"), **node}]})["sheets"][0]

    assert code in [problem.code for problem in check_sheet(doc)]
    assert read_sheet(attendance(strength=3)["sheets"][0]).nodes
