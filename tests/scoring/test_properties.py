"""What must hold for every sheet of a kind."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.scoring.nodes import read_node
from ronghe.scoring.period import Period
from ronghe.scoring.records import Evidence, Fact
from ronghe.scoring.sheets import check_sheet
from tests.scoring.story import playbook_of, text
from tests.scoring.strategies import nodes, positive

QUARTER = Period.parse("2026Q3")
START, END = QUARTER.instants
quick = settings(max_examples=200, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])

facts = st.lists(
    st.builds(
        Fact,
        id=st.integers(),
        kind=st.sampled_from(["a.done", "b.done"]),
        at=st.datetimes(START.replace(tzinfo=None), END.replace(tzinfo=None)).map(
            lambda at: at.replace(tzinfo=START.tzinfo)
        ),
        subject=st.just("s"),
    ),
    max_size=30,
)

rising = st.fixed_dictionaries(
    {
        "kind": st.just("each"),
        "of": st.fixed_dictionaries(
            {"facts": st.sampled_from(["a.done", "b.done"])},
            optional={"per": st.sampled_from(["month", "quarter"]), "at_most": positive},
        ),
        "points": positive,
        "cap": positive,
    }
)


def points_of(doc: dict, found: list[Fact]) -> int:
    return read_node(doc).twin(Evidence(QUARTER, "subject", "s", facts=tuple(found))).mark.value


@quick
@given(items=st.lists(rising, min_size=1, max_size=4), found=facts, index=st.integers(0, 100))
def test_good_fact_never_lowers_a_score(items, found, index):
    named = [{**item, "id": f"i{number}", "title": text("项")} for number, item in enumerate(items)]
    total = {"kind": "sum", "id": "t", "title": text("总"), "items": named}
    without = found[:index] + found[index + 1 :]

    assert points_of(total, without) <= points_of(total, found)


@quick
@given(node=nodes, found=facts, cap=positive)
def test_cap_and_floor_hold_for_every_node(node, found, cap):
    doc = {**node, "cap": cap, "floor": 0}
    sheet = playbook_of({"kind": "sum", "items": [doc]})["sheets"][0]

    if not check_sheet(sheet):
        assert 0 <= points_of(doc, found) <= read_node(doc).cap


@quick
@given(fulls=st.lists(st.integers(1, 50), min_size=1, max_size=6), absent=st.sets(st.integers(0, 5)))
def test_full_marks_of_what_applies_are_full_marks_of_all(fulls, absent):
    items = [
        {"id": f"i{number}", "title": text("项"), "kind": "each", "of": {"facts": "a.done"}, "points": full, "cap": full,
         **({"when": {"category": "nobody"}} if number in absent else {})}
        for number, full in enumerate(fulls)
    ]  # fmt: skip
    total = {"kind": "sum", "id": "t", "title": text("总"), "items": items}
    once = [Fact(1, "a.done", START, "s")]

    expected = 0 if absent >= set(range(len(fulls))) else sum(fulls) * 10_000
    assert points_of(total, once) == expected
