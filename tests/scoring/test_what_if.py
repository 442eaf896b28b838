"""What-if answers what a run of the changed sheet gives; knobs and sensitivity are sheets that anybody could run."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ronghe.scoring.inputs import Inputs
from ronghe.scoring.knobs import KnobNoNumber, KnobsTooFar, KnobUnknown, knobs_of, really_changed, turned
from ronghe.scoring.period import Period
from ronghe.scoring.sensitivity import NothingToWeigh, sensitivity, weighed
from ronghe.scoring.sheets import check_sheet
from ronghe.scoring.what_if import WhatIf
from tests.scoring.story import (
    fact,
    facts_table,
    obligations_table,
    playbook_of,
    rows_of_subjects,
    run,
    subjects_table,
    text,
)
from tests.scoring.strategies import facts_with_reversals, obligation_rows, roots, subject_rows

QUARTER = Period.parse("2026Q3")
slow_but_sure = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

BANDS = {
    "bands": [
        {"id": "good", "title": text("好"), "if": {"any": [{"over": 5}, {"first": 1, "ties": "ask"}]},
         "quota": {"share": 0.5, "least": 0, "ties": "go"}},
        {"id": "fair", "title": text("中"), "if": {"at_least": 2}},
        {"id": "poor", "title": text("差")},
    ],
}  # fmt: skip


def asked(playbook: dict, facts: list[dict], *, subjects=None, obligations=None, period: str = "2026Q3") -> WhatIf:
    inputs = Inputs(facts_table(facts), subjects, obligations)
    return WhatIf(playbook["sheets"][0], Period.parse(period), inputs)


def standings(result) -> dict:
    """What a full run says: total, rank and grade of everybody."""
    return {found.subject: (found.total, found.rank, found.grade) for found in result.results}


def after(moves) -> dict:
    found = moves.part(0, len(moves))
    return {move.subject: (move.after.total, move.after.rank, move.after.grade) for move in found}


@slow_but_sure
@given(
    root=roots,
    level=st.sampled_from(["member", "branch"]),
    facts=facts_with_reversals(),
    obligations=obligation_rows,
    subjects=subject_rows,
    turns=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 90_000)), min_size=1, max_size=3),
)
def test_what_if_is_the_run_of_the_changed_sheet_to_the_digit(root, level, facts, obligations, subjects, turns):
    playbook = playbook_of(root, level=level, rank="all", grades=BANDS)
    doc = playbook["sheets"][0]
    assume(not check_sheet(doc))
    knobs = knobs_of(doc)
    tables = {"subjects": rows_of_subjects(subjects), "obligations": obligations_table(obligations)}
    what_if = asked(playbook, facts, **tables)

    for number, value in turns:  # one after the other on the same leaves
        knob = knobs[number % len(knobs)]
        changes = {knob.name: str(Decimal(value) / 10_000)}
        try:
            changed = turned(doc, changes)
        except (KnobNoNumber, KnobsTooFar):
            continue
        full = run({**playbook, "sheets": [changed]}, facts, period="2026Q3", **tables)
        assert after(what_if.turned(changes)) == standings(full)


def three_branches() -> tuple[dict, list[dict], dict]:
    """甲 learns much and breaks rules, 乙 the other way round, 丙 between."""
    items = [
        {"id": "study", "title": text("学习"), "kind": "each", "of": {"facts": "study"}, "points": 10, "cap": 50},
        {"id": "safety", "title": text("安全"), "kind": "deduct", "full": 50, "of": {"facts": "fault"}, "points": 10},
    ]
    playbook = playbook_of({"kind": "sum", "items": items}, level="branch", rank="all", grades={
        "bands": [{"id": "good", "title": text("好"), "if": {"at_least": 70}}, {"id": "rest", "title": text("其余")}],
    })  # fmt: skip
    facts = [fact("study", "2026-08-01", body="甲") for _time in range(5)]
    facts += [fact("study", "2026-08-01", body="丙") for _time in range(3)]
    facts += [fact("study", "2026-08-01", body="乙")]
    facts += [fact("fault", "2026-08-01", body="甲") for _time in range(3)]
    facts += [fact("fault", "2026-08-01", body="丙")] * 1
    return playbook, facts, {"subjects": subjects_table("branch", "甲", "乙", "丙")}


def test_nothing_changed_moves_nobody():
    playbook, facts, tables = three_branches()

    moves = asked(playbook, facts, **tables).turned({})

    assert (len(moves), moves.moved, moves.up, moves.down, moves.grades) == (3, 0, 0, 0, {})


def test_who_moves_by_how_much_and_into_which_grade():
    playbook, facts, tables = three_branches()  # 甲 70, 丙 70, 乙 60

    moves = asked(playbook, facts, **tables).turned({"root/items/1/points": "20"})  # 甲 50, 丙 60, 乙 60

    found = {move.subject: (move.points // 10_000, move.places, move.before.grade, move.after.grade)
             for move in moves.part()}  # fmt: skip
    assert found == {"甲": (-20, -2, "good", "rest"), "乙": (0, 2, "rest", "rest"), "丙": (-10, 0, "good", "rest")}
    assert (moves.moved, moves.up, moves.down, moves.grades) == (3, 1, 1, {("good", "rest"): 2})
    assert moves.part(0, 1)[0].subject == "甲"
    assert moves.of("乙").after.rank == 1


def test_a_limit_inside_a_measure_is_gathered_once_and_kept():
    playbook, facts, tables = three_branches()
    playbook["sheets"][0]["root"]["items"][0]["of"] |= {"per": "month", "at_most": 4}
    what_if = asked(playbook, facts, **tables)

    first = what_if.turned({"root/items/0/of/at_most": "2"})
    again = what_if.turned({"root/items/0/of/at_most": "2", "root/items/0/points": "5"})

    assert first.of("甲").after.total == 400_000
    assert again.of("甲").after.total == 300_000


def test_a_tie_that_people_must_settle_leaves_the_tied_without_grade():
    playbook, facts, tables = three_branches()
    bands = [
        {"id": "red", "title": text("红旗"), "if": {"first": 1, "ties": "ask"}},
        {"id": "rest", "title": text("其余")},
    ]
    playbook["sheets"][0]["grades"] = {"bands": bands}

    moves = asked(playbook, facts, **tables).turned({"root/items/1/points": "20"})

    assert moves.open_ties == 2
    assert {move.subject: move.after.grade for move in moves.part()} == {"甲": "rest", "乙": None, "丙": None}


def test_knobs_are_every_number_of_the_sheet_and_the_weight_of_a_dimension():
    inner = [{"id": "a", "title": text("甲"), "kind": "each", "of": {"facts": "a", "per": "month", "at_most": 2},
              "points": 1, "cap": 6}]  # fmt: skip
    items = [{"id": "part", "title": text("一"), "kind": "sum", "items": inner},
             {"id": "b", "title": text("乙"), "kind": "steps", "of": {"due": "x", "late": 0.5},
              "table": [{"from": 0.5, "points": 3}, {"from": 1, "points": 5}]}]  # fmt: skip
    bands = [{"id": "good", "title": text("好"), "if": {"at_least": 9}, "quota": {"share": 0.3}},
             {"id": "rest", "title": text("其余")}]  # fmt: skip
    grades = {"bands": bands, "places_from": 3}
    doc = playbook_of({"kind": "sum", "items": items}, level="branch", grades=grades)["sheets"][0]

    assert {knob.name: knob.value for knob in knobs_of(doc)} == {
        "root/items/0/scale": "1",
        "root/items/0/items/0/points": "1",
        "root/items/0/items/0/cap": "6",
        "root/items/0/items/0/of/at_most": "2",
        "root/items/1/table/0/from": "0.5",
        "root/items/1/table/0/points": "3",
        "root/items/1/table/1/from": "1",
        "root/items/1/table/1/points": "5",
        "root/items/1/of/late": "0.5",
        "grades/bands/0/if/at_least": "9",
        "grades/bands/0/quota/share": "0.3",
        "grades/places_from": "3",
    }
    assert turned(doc, {"root/items/0/scale": "1.5"})["root"]["items"][0]["scale"] == "1.5"
    assert "scale" not in doc["root"]["items"][0]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"root/items/9/points": "1"}, KnobUnknown),
        ({"root/items/0/points": "many"}, KnobNoNumber),
        ({"root/items/0/points": "1.00001"}, KnobNoNumber),
        ({"root/items/0/cap": "0"}, KnobsTooFar),
        ({"root/items/0/points": "9" * 20}, KnobsTooFar),
    ],
)
def test_what_cannot_be_turned_is_refused(changes, error):
    playbook, _facts, _tables = three_branches()

    with pytest.raises(error):
        turned(playbook["sheets"][0], changes)


def test_only_numbers_that_differ_are_changes():
    playbook, _facts, _tables = three_branches()
    sent = {"root/items/0/points": "10.0", "root/items/0/cap": " 40 ", "root/items/1/full": "", "other": "1",
            "root/items/1/points": "x"}  # fmt: skip

    changes = really_changed(playbook["sheets"][0], sent)

    assert changes == {"root/items/0/cap": "40", "root/items/1/points": "x"}


# Sensitivity


def test_places_that_a_tenth_of_a_weight_could_change():
    playbook, facts, tables = three_branches()  # 学习 50, 20 … 安全 20, 50: 甲 and 丙 share the first place

    found = sensitivity(asked(playbook, facts, **tables), "0.1")

    reaches = {reach.subject: (reach.rank, reach.best, reach.worst) for reach in found.part()}
    assert reaches == {"甲": (1, 1, 2), "丙": (1, 1, 2), "乙": (3, 3, 3)}
    assert (found.unsure, found.widest, found.items) == (2, 1, ("study", "safety"))
    assert found.by_subject(["丙"])["丙"].spread == 1


def test_a_sheet_that_promises_its_weights_is_weighed_as_well_ap_01():
    playbook, facts, tables = three_branches()
    sheet = playbook["sheets"][0]
    sheet["root"]["items"][0]["theme"] = "fusion"
    plain = sensitivity(asked(playbook, facts, **tables), "0.5").part()
    sheet |= {"full": 100, "about": "party_building"}
    assert not check_sheet(sheet)
    assert check_sheet({**sheet, "full": 101})

    assert sensitivity(asked(playbook, facts, **tables), "0.5").part() == plain


@slow_but_sure
@given(root=roots, facts=facts_with_reversals(), subjects=subject_rows, step=st.sampled_from(["0.05", "0.2", "0.5"]))
def test_sensitivity_is_the_range_of_full_runs_with_other_weights(root, facts, subjects, step):
    playbook = playbook_of(root, level="member", rank="all")
    doc = playbook["sheets"][0]
    assume(not check_sheet(doc))
    tables = {"subjects": rows_of_subjects(subjects)}
    what_if = asked(playbook, facts, **tables)
    try:
        found = sensitivity(what_if, step)
    except (NothingToWeigh, KnobsTooFar):
        return

    turnable = [index for index, item in enumerate(doc["root"]["items"]) if not item.get("extra")]
    sheets = [doc]
    for index in turnable:
        turn = int(Decimal(step) * 10_000)
        sheets += [weighed(doc, index, scale) for scale in (10_000 + turn, 10_000 - turn)]
    ranks: dict = {}
    for sheet in sheets:
        for one in run({**playbook, "sheets": [sheet]}, facts, period="2026Q3", **tables).results:
            if one.rank is not None:
                ranks.setdefault(one.subject, []).append(one.rank)
    assert {one.subject: (one.best, one.worst) for one in found.part(0, 100)} == {
        subject: (min(places), max(places)) for subject, places in ranks.items()
    }


@pytest.mark.parametrize("sheet", [{"rank": "off"}, {"root": "one"}])
def test_without_places_or_weights_there_is_nothing_to_weigh(sheet):
    playbook, facts, tables = three_branches()
    doc = playbook["sheets"][0]
    if "rank" in sheet:
        doc["rank"] = "off"
    else:
        doc["root"] = {**doc["root"]["items"][0], "id": "total"}

    with pytest.raises(NothingToWeigh):
        sensitivity(asked(playbook, facts, **tables))


@pytest.mark.parametrize("step", ["0", "0.6", "-0.1", "much"])
def test_a_step_that_is_no_small_share_is_refused(step):
    playbook, facts, tables = three_branches()

    with pytest.raises(KnobNoNumber):
        sensitivity(asked(playbook, facts, **tables), step)
