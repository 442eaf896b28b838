"""What a sheet about Party building says of itself: the floor for 党政融合 (AP-01), weights (AP-05), three times three (AP-03)."""

from __future__ import annotations

import copy
from fractions import Fraction

import pytest

from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.scoring.sheets import check_sheet, read_sheet
from ronghe.scoring.sheets.duty import fusion_share


def item(name: str, full: int, **more):
    return {"id": name, "title": {"zh": name, "en": name}, "kind": "deduct", "of": {"facts": "x.y"}, "points": 1,
            "full": full, **more}  # fmt: skip


def sheet(*items, **more):
    return {
        "id": "s", "title": {"zh": "表", "en": "Sheet"}, "level": "branch", "about": "party_building",
        "root": {"id": "total", "title": {"zh": "总", "en": "Total"}, "kind": "sum", "items": list(items)},
        "grades": {"bands": [{"id": "good", "title": {"zh": "好", "en": "Good"}}]}, **more,
    }  # fmt: skip


def codes(doc) -> list[str]:
    return [problem.code for problem in check_sheet(doc)]


@pytest.mark.parametrize(("weight", "found"), [(10, []), (9, ["fusion_too_light"]), (0.5, ["fusion_too_light"])])
def test_the_weight_of_fusion_is_never_under_a_tenth_ap_01(weight, found):
    assert codes(sheet(item("a", 100 - weight), item("b", weight, theme="fusion"))) == found


def test_the_refusal_names_the_share_and_the_rule():
    [problem] = check_sheet(sheet(item("a", 95), item("b", 5, theme="fusion")))

    assert problem.message.startswith("党政融合的权重是 5%，不能低于 10%（AP-01）")


def test_a_share_of_a_share_is_multiplied_and_extras_do_not_count():
    inner = {"id": "inner", "title": {"zh": "内", "en": "In"}, "kind": "sum",
             "items": [item("b", 5, theme="fusion"), item("c", 15)]}  # fmt: skip
    doc = sheet(item("a", 80), inner, item("d", 50, extra=True))

    assert fusion_share(doc["root"], read_sheet(doc).root) == Fraction(1, 20)
    best = sheet(item("a", 10), {"id": "best", "title": {"zh": "优", "en": "Best"}, "kind": "best_of",
                                 "items": [item("b", 90, theme="fusion"), item("c", 90)]})  # fmt: skip
    assert codes(best) == ["fusion_too_light"]


def test_other_sheets_are_not_asked():
    doc = sheet(item("a", 100))
    del doc["about"]

    assert codes(doc) == []


def test_weights_must_come_to_what_is_said_ap_05():
    good = (item("a", 60), item("b", 40, theme="fusion"))

    assert codes(sheet(*good, full=100)) == []
    [problem] = check_sheet(sheet(*good, full=90))
    assert (problem.path, problem.message) == (("full",), "各项权重合计是 100.00，应当是 90.00。")


@pytest.mark.parametrize(
    ("follows", "found"),
    [
        ([{"grade": "good", "pay": 1.1, "selected": True, "bars": ["x"]}], []),
        ([{"grade": "bad"}], ["id_unknown"]),
        ([{"grade": "good"}, {"grade": "good"}], ["id_twice"]),
        ([{"grade": "good", "pay": -1}], ["not_positive"]),
        ([{"grade": "good", "pay": "许多"}], ["text_wrong"]),
    ],
)
def test_consequences_name_a_grade_once_ap_02(follows, found):
    seen = codes(sheet(item("a", 60), item("b", 40, theme="fusion"), consequences=follows))

    assert seen == found or (found == ["text_wrong"] and len(seen) == 1)


def test_three_responsibilities_by_three_cadences_are_shipped_ap_03():
    book = shipped_playbook("responsibilities")
    assert book is not None

    pairs = {(one["responsibility"], one["cadence"]) for one in book.sheets}
    assert pairs == {(r, c) for r in ("main", "supervision", "regulation") for c in ("daily", "quarterly", "yearly")}
    for one in book.sheets:
        assert fusion_share(one["root"], read_sheet(dict(one)).root) >= Fraction(1, 10)
        assert one["full"] == 100
        assert {veto["grade_at_most"] for veto in one["vetoes"]} == {one["grades"]["bands"][-1]["id"]}


def test_grades_are_the_units_own_words_rt_04():
    book = shipped_playbook("responsibilities")
    assert book is not None
    doc = copy.deepcopy(dict(book.sheets[0]))
    for band, name in zip(doc["grades"]["bands"], ("红旗", "示范", "合格", "不合格"), strict=True):
        band["title"]["zh"] = name

    assert codes(doc) == []
