"""SD-10: “党建+”学习、生产、文体、廉洁, and what a theme asks for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ronghe.domain.campaigns.calc.themes import DEFAULTS, added, fits, kind_for, proposed, themes_from, wrong_figure
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from tests.factories.campaigns import plus_book

EVERY = ("themed_activity", "labor_contest", "culture_and_sports", "joint_study")


def test_sd_10_the_shipped_model_names_the_four_themes_each_with_its_own_figure():
    book = shipped_playbook("changqing_six")
    forms = themes_from(book.mechanisms)
    assert [(form.code, form.mechanism, [one.id for one in form.figures]) for form in forms] == [
        ("learning", "plus_learning", ["learners"]),
        ("production", "plus_production", ["solved"]),
        ("culture", "plus_culture", ["attendees"]),
        ("integrity", "plus_integrity", ["reminded"]),
    ]


def test_a_unit_adds_its_own_theme_with_its_own_figures():
    forms = {form.code: form for form in themes_from(plus_book().mechanisms)}
    assert list(forms) == ["learning", "safety", "production"]
    assert (forms["safety"].title.zh, forms["safety"].figures[0].id) == ("安全", "found")
    assert forms["learning"].figures == DEFAULTS[0].figures  # the file names none


def test_without_a_playbook_there_are_the_four():
    assert [form.code for form in themes_from(())] == ["learning", "production", "culture", "integrity"]


@pytest.mark.parametrize(
    ("theme", "held", "kind"),
    [
        ("production", EVERY, "labor_contest"),
        ("culture", EVERY, "culture_and_sports"),
        ("integrity", EVERY, "themed_activity"),
        ("safety", EVERY, "themed_activity"),
        ("production", ("themed_activity",), "themed_activity"),
        ("learning", ("labor_contest",), None),
    ],
)
def test_a_theme_is_held_as_the_kind_of_gathering_that_the_body_holds(theme, held, kind):
    assert kind_for(theme, held) == kind


def test_the_wrong_theme_never_fits():
    assert [
        theme for theme in ("learning", "production", "culture", "integrity", "safety") if fits("labor_contest", theme)
    ] == ["production"]
    assert [theme for theme in ("learning", "production") if fits("joint_study", theme)] == ["learning"]
    assert fits("themed_activity", "safety")
    assert not fits("weekly_meeting", "learning")


def test_people_come_from_the_sheet_and_problems_from_the_tasks():
    figures = [form.figures[0] for form in DEFAULTS]
    assert proposed(figures, present=12, solved=2) == {
        "learners": Decimal(12), "solved": Decimal(2), "attendees": Decimal(12), "reminded": Decimal(12),
    }  # fmt: skip


@pytest.mark.parametrize("value", [None, "-1", "1.5", "1000000000000", "NaN"])
def test_a_figure_that_counts_people_is_whole_and_not_below_nought(value):
    figures = DEFAULTS[0].figures
    values = {} if value is None else {"learners": Decimal(value)}
    assert wrong_figure(figures, values) == figures[0]
    assert wrong_figure(figures, {"learners": Decimal(0)}) is None


def test_sums_are_exact():
    rows = [{"found": "0.1"}] * 10 + [{"found": "0.2", "solved": "3"}]
    assert added(rows) == {"found": Decimal("1.2"), "solved": Decimal(3)}
