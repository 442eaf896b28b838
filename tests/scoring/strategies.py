"""Random sheets and random facts: small alphabets, so that everything meets everything."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from hypothesis import strategies as st

from tests.scoring.story import text

KINDS = ["a.done", "b.done", "c.done"]
SUBJECTS = ["s1", "s2", "s3"]
BODIES = ["b1", "b2"]
MECHANISMS = ["weekly", "monthly"]
PIECES = ["day", "month", "quarter", "half", "year"]

points = st.integers(-40_000, 120_000).map(lambda number: f"{number / 10_000:.4f}")
positive = st.integers(1, 250_000).map(lambda number: f"{number / 10_000:.4f}")
small = st.integers(0, 30_000).map(lambda number: f"{number / 10_000:.4f}")


def optional(strategy):
    return st.none() | strategy


def mapping(required: dict, extra: dict | None = None):
    """A mapping whose optional keys may be missing."""
    both = st.tuples(st.fixed_dictionaries(required), st.fixed_dictionaries({}, optional=extra or {}))
    return both.map(lambda pair: {**pair[0], **pair[1]})


facts_measure = mapping(
    {"facts": st.sampled_from(KINDS) | st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True)},
    {
        "count": st.sampled_from(["facts", "quantity", "people", "bodies", "days"]),
        "per": st.sampled_from(PIECES),
        "at_most": positive,
        "where": st.just({"role": "host"}),
        "home": st.booleans(),
    },
)

marks_measure = st.one_of(
    mapping({"panel": st.just("x")}, {"trim": st.integers(0, 1), "least": st.integers(1, 3)}),
    mapping({"survey": st.just("x")}, {"trim": st.integers(0, 1), "least": st.integers(1, 4)}),
    mapping(
        {"figure": st.just("x")}, {"take": st.sampled_from(["last", "sum", "mean", "highest", "lowest", "median"])}
    ),
)

due_measure = mapping(
    {"due": st.sampled_from(MECHANISMS)},
    {
        "count": st.sampled_from(["met", "missed", "late", "late_or_missed"]),
        "late": st.sampled_from(["0.5", "0", "0.3333"]),
        "with_below": st.booleans(),
    },
)

plain_measure = st.one_of(
    facts_measure,
    facts_measure,
    marks_measure,
    due_measure,
    st.just({"previous": "total"}),
    st.just({"headcount": "member"}),
)
part_measure = st.tuples(facts_measure, st.one_of(facts_measure, st.just({"headcount": "member"}))).map(
    lambda pair: {"part": pair[0], "whole": pair[1]}
)
measures = st.one_of(plain_measure, plain_measure, part_measure)

condition = st.one_of(
    st.just({"category": "ordinary"}),
    st.tuples(facts_measure, st.sampled_from(["at_least", "over", "at_most", "under"]), small).map(
        lambda found: {"of": found[0], found[1]: found[2]}
    ),
)

modifiers = {
    "scale": st.sampled_from(["0.3", "0.3333", "1.5"]),
    "floor": points,
    "cap": positive,
    "when": condition,
    "zero_if": condition,
    "extra": st.booleans(),
}


def leaf():
    """One node that measures."""
    each = mapping({"kind": st.just("each"), "of": measures, "points": points, "full": positive}, modifiers)
    deduct = mapping(
        {"kind": st.just("deduct"), "of": measures, "points": positive, "full": positive},
        {**modifiers, "below": positive, "every": positive, "begun": st.booleans()},
    )
    ratio = mapping({"kind": st.just("ratio"), "of": measures, "target": positive, "full": positive}, modifiers)
    rows = st.lists(st.tuples(st.integers(0, 80_000), points), min_size=1, max_size=4, unique_by=lambda row: row[0])
    table = rows.map(
        lambda found: [{"from": f"{start / 10_000:.4f}", "points": worth} for start, worth in sorted(found)]
    )
    steps = mapping({"kind": st.just("steps"), "of": measures, "table": table}, modifiers)
    return st.one_of(each, deduct, ratio, steps)


def branch(items):
    """One node over items."""
    below = st.lists(items, min_size=1, max_size=3)
    folded = st.fixed_dictionaries(
        {"per": st.sampled_from(["month", "quarter"]), "fold": st.sampled_from(["sum", "mean"])}
    )
    total = mapping({"kind": st.just("sum"), "items": below}, modifiers)
    best = mapping({"kind": st.just("best_of"), "items": below, "take": st.integers(1, 2)}, modifiers)
    any_of = mapping({"kind": st.sampled_from(["any_of", "all_of"]), "items": below, "full": positive}, modifiers)
    by_piece = st.tuples(total, folded, st.fixed_dictionaries({}, optional={"at_most": positive}))
    return st.one_of(
        total, total, best, any_of, by_piece.map(lambda parts: {**_unfolded(parts[0]), **parts[1], **parts[2]})
    )


def _unfolded(node: dict) -> dict:
    """Folds do not nest."""
    inner = [_unfolded(item) for item in node.get("items", ())]
    bare = {key: value for key, value in node.items() if key not in {"per", "fold", "at_most"}}
    return {**bare, "items": inner} if inner else bare


def _named(node: dict, numbers) -> dict:
    named = {**node, "id": f"n{next(numbers)}", "title": text("项")}
    if "items" in node:
        named["items"] = [_named(item, numbers) for item in node["items"]]
    return named


def _flat(node: dict, *, folded: bool = False) -> dict:
    if folded:
        node = {key: value for key, value in node.items() if key not in {"per", "fold", "at_most"}}
    if "items" in node:
        return {**node, "items": [_flat(item, folded=folded or "per" in node) for item in node["items"]]}
    return node


nodes = st.recursive(leaf(), branch, max_leaves=5).map(lambda node: _named(_flat(node), count(1)))
roots = st.lists(nodes, min_size=1, max_size=3).map(lambda items: _named({"kind": "sum", "items": items}, count(1)))

moments = st.datetimes(min_value=datetime(2026, 5, 25), max_value=datetime(2026, 10, 5)).map(
    lambda at: at.replace(microsecond=0).isoformat()
)


def _fact(number: int, found: dict) -> dict:
    marks = found["kind"] in {"panel.mark", "survey.answer", "figure.value"}
    return {**found, "id": f"f{number:03d}", **({"item": "x"} if marks else {})}


fact_rows = st.lists(
    mapping(
        {
            "kind": st.sampled_from([*KINDS, *KINDS, "panel.mark", "survey.answer", "figure.value"]),
            "occurred_at": moments,
            "subject": st.sampled_from([*SUBJECTS, *BODIES, None]),
            "body": st.sampled_from([*BODIES, None]),
            "home": st.sampled_from([*BODIES, None]),
        },
        {"quantity": small, "role": st.sampled_from(["host", "guest"])},
    ),
    max_size=40,
).map(lambda rows: [_fact(number, row) for number, row in enumerate(rows)])


@st.composite
def facts_with_reversals(draw):
    rows = draw(fact_rows)
    reversed_ids = draw(st.lists(st.sampled_from([row["id"] for row in rows]), max_size=3, unique=True)) if rows else []
    undone = [
        {"id": f"r{number}", "kind": "undone", "occurred_at": "2026-12-01", "reverses": name}
        for number, name in enumerate(reversed_ids)
    ]
    return rows + undone


obligation_rows = st.lists(
    st.fixed_dictionaries(
        {
            "mechanism": st.sampled_from(MECHANISMS),
            "state": st.sampled_from(["done", "late", "missed", "waived", "open"]),
            "body": st.sampled_from([*BODIES, "g1"]),
            "subject": st.sampled_from(SUBJECTS),
            "due_until": st.sampled_from(["2026-07-01", "2026-07-02", "2026-08-15", "2026-10-01", "2026-10-02"]),
        }
    ),
    max_size=15,
)

subject_rows = st.tuples(*(st.sampled_from(["ordinary", "special", None]) for _subject in SUBJECTS)).map(
    lambda categories: [
        *(
            {"subject": name, "level": "member", "body": "b1", "category": found}
            for name, found in zip(SUBJECTS, categories, strict=True)
        ),
        *({"subject": name, "level": "branch"} for name in BODIES),
        {"subject": "g1", "level": "group", "body": "b2"},
    ]
)
