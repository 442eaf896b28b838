"""What looks odd among points is shown to a person, who says what came of looking; nothing follows by itself (G1)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ronghe.domain.appraisal.calc.oddities import ABOVE, BURST, PAIR, Bounds, Entered, oddities_in
from ronghe.domain.appraisal.enums import OddVerdict
from ronghe.domain.appraisal.selectors.oddities import oddities_for
from ronghe.domain.appraisal.services.oddities import OddityGone, look_at
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.domain.appraisal.test_ledgers import held
from tests.factories.merits import make_merits

BOUNDS = Bounds(burst=5, pair=3, times_median=3)
NOON = datetime(2026, 9, 14, 12, 0)


def entered(about: int, by: int | None, minute: int, source: int) -> Entered:
    return Entered(about, by, NOON + timedelta(minutes=minute), ("x", source))


def test_five_records_at_one_minute_are_odd_and_one_record_of_many_is_not():
    burst = [entered(1, None, 0, number) for number in range(5)]
    meeting = [entered(person, None, 0, 99) for person in range(1, 40)]
    (found,) = oddities_in([*burst, *meeting], range(1, 40), BOUNDS)
    assert (found.pattern, found.people, found.count) == (BURST, (1,), 6)


@pytest.mark.parametrize(("there", "back", "odd"), [(3, 3, True), (3, 2, False), (6, 0, False)])
def test_two_who_confirm_each_other_both_ways(there, back, odd):
    rows = [entered(2, 1, number, number) for number in range(there)]
    rows += [entered(1, 2, 20 + number, 50 + number) for number in range(back)]
    assert [one.pattern for one in oddities_in(rows, {1, 2, 3}, BOUNDS)] == ([PAIR] if odd else [])


def test_two_whose_work_others_confirm_as_well_are_not_odd():
    rows = [entered(2, 1, number, number) for number in range(3)] + [entered(1, 2, 9 + n, 9 + n) for n in range(3)]
    rows += [entered(2, 3, 30 + number, 70 + number) for number in range(4)]
    assert oddities_in(rows, {1, 2, 3}, BOUNDS) == []


def test_far_more_than_the_middle_of_the_branch():
    rows = [entered(1, None, number, number) for number in range(12)]
    rows += [entered(person, None, 40 + number, 100 * person + number) for person in (2, 3) for number in range(4)]
    (found,) = oddities_in(rows, {1, 2, 3}, BOUNDS)
    assert (found.pattern, found.count, found.usual) == (ABOVE, 12, 4)
    assert oddities_in(rows, {1, 2}, BOUNDS) == []


@pytest.mark.django_db
def test_a_person_looks_and_says_what_came_of_it(morning):
    story = make_merits(morning)
    for number in range(11):
        held(story, 1, morning + timedelta(days=number))
    later = morning + timedelta(days=12)

    period, found = oddities_for(story.secretary, story.branch, later)
    assert (period.name, [one.oddity.pattern for one in found]) == ("2026Q3", [ABOVE])
    assert found[0].people == (story.member,)
    assert found[0].look is None

    look_at(body=story.branch, key=found[0].key, verdict=OddVerdict.ASKED, actor=story.secretary, at=later)
    _period, again = oddities_for(story.clerk, story.branch, later)
    assert (again[0].look.verdict, again[0].look.by) == ("asked", "高远")

    with pytest.raises(OddityGone):
        look_at(body=story.branch, key="nothing", verdict=OddVerdict.FINE, actor=story.secretary, at=later)
    for reader in (story.member, story.org_member, story.stranger):
        with pytest.raises(NotFound):
            oddities_for(reader, story.branch, later)
        with pytest.raises(NotAllowed):
            look_at(body=story.branch, key=found[0].key, verdict=OddVerdict.FINE, actor=reader, at=later)
