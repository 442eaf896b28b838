"""Points, totals and places of a contest, and the figures that it may count."""

from __future__ import annotations

from decimal import Decimal

from ronghe.domain.contests.calc.figures import EVERYBODY, FIGURES, figures_for
from ronghe.domain.contests.calc.standing import mean_of, places_of, points_of, total_of
from ronghe.kernel.facts.kinds import declared_kinds


def test_the_best_has_a_hundred_and_the_others_in_proportion():
    assert points_of({1: Decimal(3), 2: Decimal(2), 3: Decimal(0)}) == {
        1: Decimal("100.0000"), 2: Decimal("66.6667"), 3: Decimal("0.0000"),
    }  # fmt: skip
    assert points_of({1: Decimal(0), 2: Decimal(0)}) == {1: 0, 2: 0}
    assert points_of({}) == {}


def test_one_judge_alone_is_no_result():
    assert mean_of([Decimal(90)], least=2) is None
    assert mean_of([Decimal(90), Decimal("85.5")], least=2) == Decimal("87.7500")


def test_totals_are_weighted_and_equals_share_a_place():
    assert total_of([(60, Decimal(100)), (40, Decimal("66.6667"))]) == Decimal("86.67")
    assert total_of([(60, Decimal(50)), (40, None)]) == Decimal("30.00")
    assert places_of({1: Decimal(90), 2: Decimal(80), 3: Decimal(90), 4: Decimal(70)}) == {1: 1, 3: 1, 2: 3, 4: 4}


def test_every_figure_counts_a_fact_that_is_declared():
    for figure in FIGURES.values():
        kind = declared_kinds()[figure.fact]
        assert set(figure.where) <= set(kind.attributes)
        assert bool(kind.measure) or not figure.summed
        assert set(figure.fits) <= set(EVERYBODY)
    assert "huddles" not in {figure.code for figure in figures_for("team")}
