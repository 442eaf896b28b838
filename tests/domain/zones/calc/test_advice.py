"""Which mode fits, figure by figure; each threshold on, below and above (SD-15)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.domain.zones.calc.advice import Mode, Point, Works, advise
from ronghe.domain.zones.enums import SHIPPED_PARAMETERS

FIGURES = {str(name.value): value for name, value in SHIPPED_PARAMETERS.items()}
LARGE = Works("new_build", "ordinary", 200, 80_000_000)
OLD = Works("old_area_renovation", "very_hard", 500, 9_000_000)


def voice(works, point, members=5, **changed):
    advice = advise(works, members, {**FIGURES, **changed})
    return next(reason.speaks_for for reason in advice.reasons if reason.point == point)


def test_large_project_has_a_zone_of_its_own_and_small_hard_long_old_works_a_regional_one_sd_15():
    assert advise([LARGE], 10, FIGURES).mode == Mode.PROJECT_BASED
    assert advise([OLD, OLD], 1, FIGURES).mode == Mode.AREA_BASED
    assert advise([OLD], 10, FIGURES).votes == (3, 2)


@pytest.mark.parametrize(("count", "mode"), [(1, Mode.PROJECT_BASED), (2, Mode.AREA_BASED), (3, Mode.AREA_BASED)])
def test_several_projects_begin_at_two(count, mode):
    assert voice([LARGE] * count, Point.NUMBER) == mode


@pytest.mark.parametrize(
    ("yuan", "mode"),
    [(49_999_999, Mode.AREA_BASED), (50_000_000, Mode.PROJECT_BASED), (50_000_001, Mode.PROJECT_BASED)],
)
def test_large_begins_at_five_thousand_wan(yuan, mode):
    assert voice([Works("other", "ordinary", 9, yuan)], Point.SIZE) == mode


@pytest.mark.parametrize(("days", "mode"), [(364, Mode.PROJECT_BASED), (365, Mode.AREA_BASED), (366, Mode.AREA_BASED)])
def test_long_begins_at_a_year_and_counts_of_hard_works_alone(days, mode):
    assert voice([Works("other", "hard", days, None)], Point.LENGTH_AND_DIFFICULTY) == mode
    assert voice([Works("other", "ordinary", days, None)], Point.LENGTH_AND_DIFFICULTY) == Mode.PROJECT_BASED


@pytest.mark.parametrize(("members", "mode"), [(2, Mode.AREA_BASED), (3, Mode.PROJECT_BASED), (4, Mode.PROJECT_BASED)])
def test_joint_branch_wants_three_full_members(members, mode):
    assert voice([LARGE], Point.MEMBERS, members) == mode


def test_half_of_the_works_being_old_or_hazardous_speaks_for_the_area():
    assert voice([OLD, LARGE], Point.KIND) == Mode.AREA_BASED
    assert voice([OLD, LARGE, LARGE], Point.KIND) == Mode.PROJECT_BASED


def test_money_that_is_not_known_is_not_held_against_a_project():
    assert Point.SIZE not in {reason.point for reason in advise([Works("other", "hard", 9, None)], 5, FIGURES).reasons}


works = st.builds(
    Works, st.sampled_from(["new_build", "hazard_control"]), st.sampled_from(["ordinary", "hard"]),
    st.integers(1, 2000), st.none() | st.integers(0, 10**11),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(works, min_size=1, max_size=6), st.integers(0, 50))
def test_advice_never_goes_against_more_reasons_than_for_it(given_works, members):
    advice = advise(given_works, members, FIGURES)

    mine, others = advice.votes
    assert mine >= others
    assert mine + others == len(advice.reasons) in {4, 5}
    assert advice.alternative != advice.mode
