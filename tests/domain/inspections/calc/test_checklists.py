"""Checklist files: the shipped ones, and what is refused with its line."""

from __future__ import annotations

import pytest

from ronghe.domain.inspections.calc.checklists import ChecklistUnfit, checklist_of, read_checklist, shipped_checklists

GOOD = """schema: 1
id: mine
version: 1
title: {zh: 我的表, en: Mine}
forms: [routine]
dimensions:
  - id: one
    title: {zh: 一, en: One}
    items:
      - {id: a, title: {zh: 甲, en: A}, full: 2.5, shown_by: [{fact: rhythm.visited, where: {visit: [care, safety]}}]}
      - {id: b2, title: {zh: 乙, en: B}, full: 5}
"""


def good(**changes):
    text = GOOD.replace("id: a,", "id: a1,")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return text


def test_rt_01_and_rt_02_the_acceptance_has_six_dimensions_22_items_and_six_vetoes():
    sheet = shipped_checklists()["acceptance_six_ones"]

    assert [one.names["zh"] for one in sheet.dimensions] == [
        "好书记", "好班子", "好队伍", "好制度", "好机制", "一流工作业绩",
    ]  # fmt: skip
    assert (len(sheet.items), len(sheet.vetoes), sum(one.full for one in sheet.items)) == (22, 6, 100)
    assert not sheet.is_checked


def test_every_form_has_a_shipped_checklist():
    forms = {form for sheet in shipped_checklists().values() for form in sheet.forms}
    assert forms == {"acceptance", "special", "support", "routine"}


def test_what_a_record_keeps_reads_as_the_file_did():
    for sheet in shipped_checklists().values():
        kept = checklist_of(sheet.kept)
        assert (kept.items, kept.vetoes, kept.grades) == (sheet.items, sheet.vetoes, sheet.grades)


def test_a_proof_fits_by_its_attributes():
    proof = read_checklist("mine", good()).items[0].shown_by[0]
    assert [proof.fits({"visit": one}) for one in ("care", "safety", "round")] == [True, True, False]
    assert not proof.fits({})


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("full: 5", "full: -5", 11),
        ("full: 5", "full: 5, fall: 3", 11),
        ("id: b2", "id: a1", 11),
        ("forms: [routine]", "forms: [party]", 5),
        ("forms: [routine]", "forms: [acceptance]", 5),
        ("fact: rhythm.visited", "fuct: rhythm.visited", 10),
        ("version: 1", "version: one", 3),
        ("title: {zh: 我的表, en: Mine}", "title: {zh: 我的表}", 4),
        ("    items:", "\titems:", 9),
    ],
)
def test_a_fault_is_told_with_its_line(old, new, line):
    with pytest.raises(ChecklistUnfit) as refused:
        read_checklist("mine.yaml", good(change=(old, new)))
    assert f"第 {line} 行" in str(refused.value)


def test_grades_fall_from_the_best_and_the_last_asks_for_nothing():
    bands = "grades: {bands: [{id: low, title: {zh: 低, en: Low}, least: 10}, {id: high, title: {zh: 高, en: High}, least: 90}]}\n"
    with pytest.raises(ChecklistUnfit):
        read_checklist("mine.yaml", good() + bands)
