"""What is decided where a row lives, and what the sheet adds."""

from __future__ import annotations

from ronghe.domain.duties.calc.shares import Share, leading_side, merged


def test_the_source_stands_and_the_sheet_fills_the_other_sides():
    found = merged({"builder": Share("lead", 1, "李江")}, {"supervision": Share("supervise", 2)}, source_decides=True)

    assert found == {"builder": Share("lead", 1, "李江"), "supervision": Share("supervise", 2)}


def test_the_sheet_names_whom_the_source_leaves_unnamed_and_nobody_else():
    added = {"builder": Share("help", 2, "何春"), "territory": Share("help", 3, "王玉珍")}
    found = merged({"builder": Share("lead", 1, "李江"), "territory": Share("help")}, added, source_decides=True)

    assert found == {"territory": Share("help", 3, "王玉珍"), "builder": Share("lead", 1, "李江")}
    assert list(found) == ["territory", "builder"]


def test_an_added_lead_beside_the_sources_own_is_help():
    found = merged({"builder": Share("lead")}, {"management": Share("lead", 2)}, source_decides=True)

    assert found["management"] == Share("help", 2)
    assert merged({}, {"management": Share("lead", 2)}, source_decides=True)["management"].part == "lead"


def test_where_the_source_only_proposes_the_sheet_replaces_it_whole():
    proposed = {"builder": Share("help"), "territory": Share("help")}

    assert merged(proposed, {}, source_decides=False) == proposed
    assert merged(proposed, {"builder": Share("lead", 1)}, source_decides=False) == {"builder": Share("lead", 1)}


def test_who_leads():
    assert leading_side({"territory": Share("help"), "builder": Share("lead")}) == "builder"
    assert leading_side({"territory": Share("help")}) is None
