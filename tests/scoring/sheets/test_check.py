from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from ronghe.scoring.sheets import check_sheet, sheet_schema
from tests.scoring.story import playbook_of, sample, text

EACH = {"id": "a", "title": text("项"), "kind": "each", "of": {"facts": "study"}, "points": 1, "cap": 5}


def problems(node: dict, **sheet) -> list[tuple]:
    return [(found.code, found.path) for found in check_sheet(playbook_of(node, **sheet)["sheets"][0])]


def with_item(**changes) -> dict:
    return {"kind": "sum", "items": [{key: value for key, value in {**EACH, **changes}.items() if value is not None}]}


@pytest.mark.parametrize("letter", "abcde")
def test_shipped_sheets_have_no_problem(letter):
    assert [check_sheet(sheet) for sheet in sample(letter)["sheets"]] == [[]] * len(sample(letter)["sheets"])


def test_schema_is_a_schema_and_may_be_nested():
    Draft202012Validator.check_schema(sheet_schema())
    nested = {"$defs": {"sheet": sheet_schema()}, "type": "array", "items": {"$ref": "#/$defs/sheet"}}

    assert list(Draft202012Validator(nested).iter_errors(sample("a")["sheets"])) == []


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (with_item(points=None), ("key_missing", ("root", "items", 0))),
        (with_item(point=2), ("key_unknown", ("root", "items", 0, "point"))),
        (with_item(kind="eech"), ("value_unknown", ("root", "items", 0, "kind"))),
        (with_item(points="many"), ("text_wrong", ("root", "items", 0, "points"))),
        (with_item(points=0.00001), ("too_many_places", ("root", "items", 0, "points"))),
        (with_item(title={"zh": "项"}), ("key_missing", ("root", "items", 0, "title"))),
        (with_item(of={"facts": "a", "panel": "b"}), ("one_needed", ("root", "items", 0, "of"))),
        (with_item(cap=None), ("weight_missing", ("root", "items", 0))),
        (with_item(id="total"), ("id_twice", ("root", "id"))),
        (with_item(at_most=2), ("per_missing", ("root", "items", 0, "at_most"))),
        (with_item(when={"at_least": 3}), ("too_early", ("root", "items", 0, "when"))),
        (with_item(points="0.3333", of={"facts": "a", "count": "quantity"}), ("too_large", ("root", "items", 0))),
        (with_item(kind="ratio", full=5, points=None), ("target_missing", ("root", "items", 0))),
        (with_item(kind="ratio", full=5, points=None, target=-1), ("not_positive", ("root", "items", 0, "target"))),
        (with_item(kind="ratio", full=-5, points=None, target=1), ("weight_missing", ("root", "items", 0))),
        (with_item(kind="deduct", full=5, below=1, every=-1), ("not_positive", ("root", "items", 0, "every"))),
        (with_item(scale=0), ("not_positive", ("root", "items", 0, "scale"))),
        (
            with_item(kind="steps", points=None, table=[{"from": 2, "points": 1}, {"from": 1, "points": 2}]),
            ("order_wrong", ("root", "items", 0, "table")),
        ),
    ],
)
def test_check_finds_the_mistake_at_its_place(node, expected):
    assert expected in problems(node)


def test_check_refuses_every_circle_that_a_sheet_can_be_written_in():
    """Points ask for points that are not known yet: an item for itself, for another, for the total, for a place."""
    asked = {"item": "a", "at_least": 1}
    for circle in (
        asked,
        {"item": "total"},
        {"at_least": 3},
        {"first": 1},
        {"any": [{"category": "x"}, {"all": [asked]}]},
    ):
        for key in ("when", "zero_if"):
            assert ("too_early", ("root", "items", 0, key)) in problems(with_item(**{key: circle}))
        veto = {"id": "v", "title": text("否"), "if": circle, "zero": ["a"]}
        assert ("too_early", ("vetoes", 0, "if")) in problems(with_item(), vetoes=[veto])


def test_check_finds_names_that_do_not_exist():
    vetoes = [{"id": "v", "title": text("否"), "zero": ["nothing"], "grade_at_most": "nobody"}]
    grades = {"bands": [{"id": "a", "title": text("甲"), "if": {"item": "nowhere", "at_least": 1}}], "decide": ["z"]}

    found = problems(with_item(), vetoes=vetoes, grades=grades)

    assert sorted(found, key=str) == [
        ("id_unknown", ("grades", "bands", 0, "if")),
        ("id_unknown", ("grades", "decide", 0)),
        ("id_unknown", ("vetoes", 0, "grade_at_most")),
        ("id_unknown", ("vetoes", 0, "zero", 0)),
    ]


def test_unknown_key_is_answered_with_the_nearest_known_one():
    [found] = check_sheet(playbook_of(with_item(at_mots=2))["sheets"][0])

    assert found.message == "不认识“at_mots”，是不是“at_most”？"


def test_check_survives_anything():
    for doc in (
        None,
        3,
        [],
        {},
        {"root": []},
        {"id": "s", "title": text("表"), "level": "member", "root": {"kind": "sum"}},
    ):
        assert check_sheet(doc)
