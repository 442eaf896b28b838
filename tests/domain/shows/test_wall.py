"""承诺墙: one line a promise, who judges it, and how much was kept (G4; PP-09)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.carriers.services.proposing import approve_carrier
from ronghe.domain.shows.calc.ratio import Ratio
from ronghe.domain.shows.enums import PromiseState
from ronghe.domain.shows.selectors.wall import WallAsked, ratios_by_body, sums, wall, year_before
from ronghe.kernel.calendar.moments import SHANGHAI
from tests.factories.carriers import make_story, promised, proposed
from tests.factories.shows import judge, make_post

counts = st.integers(min_value=0, max_value=10**6)


@pytest.fixture
def story(db, morning):
    return make_story(morning, with_teams=False)


def titles(actor, at, **asked):
    return [one.line.item.title for one in wall(actor, at, WallAsked(**asked))[1]]


@given(counts, counts)
def test_pp_09_the_share_is_kept_out_of_judged_exactly(kept, not_kept):
    ratio = Ratio(kept, not_kept)
    if kept + not_kept == 0:
        assert (ratio.share, ratio.percent) == (None, None)
        return
    assert ratio.share == Fraction(kept, kept + not_kept)
    assert abs(Fraction(ratio.percent) - ratio.share * 100) <= Fraction(1, 20)
    assert (ratio.percent == 100) == (not_kept == 0) or ratio.share > Fraction(9994, 10000)


@given(counts, counts, counts, counts)
def test_ratios_of_several_add_up(a, b, c, d):
    assert (Ratio(a, b) + Ratio(c, d)).judged == a + b + c + d


def test_promises_stand_by_state_with_who_judges_them(story, morning):
    carrier = make_post(story, morning, titles=("甲", "乙", "丙"))
    judge(carrier, 1, story, morning)
    judge(carrier, 2, story, morning, kept=False)
    proposed(story, morning, name="还没批准的队", promises=[promised(morning, title="看不见")])
    late = morning + timedelta(days=31)
    lines = wall(story.outsider, late, WallAsked(order="state"))[1]
    assert [(one.line.item.title, one.state, one.judge) for one in lines] == [
        ("丙", PromiseState.OVERDUE, "罗一鸣"), ("甲", PromiseState.KEPT, "罗一鸣"),
        ("乙", PromiseState.NOT_KEPT, "罗一鸣"),
    ]  # fmt: skip
    found = sums(story.outsider, late, WallAsked(state="kept"))
    assert (found.open, found.overdue, found.reported, found.ratio) == (0, 1, 0, Ratio(1, 1))
    assert found.ratio.percent == Decimal("50.0")


def test_who_is_inside_does_not_judge(story, morning):
    carrier = proposed(story, morning, people=[story.secretary, *story.members[:2]])
    approve_carrier(carrier=carrier, actor=story.clerk, at=morning)
    assert [one.judge for one in wall(story.clerk, morning, WallAsked())[1]] == [""]


def test_it_is_cut_by_body_unit_carrier_state_and_words(story, morning):
    post = make_post(story, morning, titles=("票证差错为零",))
    assert titles(story.outsider, morning, body=story.committee.pk) == ["票证差错为零"]
    assert titles(story.outsider, morning, body=story.neighbour.pk) == []
    assert titles(story.outsider, morning, unit=story.unit.pk, carrier=post.pk, words="中控", state="open") == [
        "票证差错为零"
    ]
    assert titles(story.outsider, morning, words="韩雪松") == ["票证差错为零"]
    assert titles(story.outsider, morning, state="overdue") == []
    assert titles(story.outsider, morning, zone=0) == []


def test_the_ratio_counts_a_year_and_a_span_its_own_days(story, morning):
    carrier = make_post(story, morning, titles=("甲", "乙"))
    judge(carrier, 1, story, morning)
    closed = morning + timedelta(hours=1)
    in_time = closed.replace(year=closed.year + 1, hour=0, minute=0)
    assert sums(story.outsider, in_time, WallAsked()).ratio == Ratio(1, 0)
    assert sums(story.outsider, in_time + timedelta(days=1), WallAsked()).ratio == Ratio()
    bodies = [story.branch.pk, story.neighbour.pk]
    assert ratios_by_body(bodies, closed, closed + timedelta(seconds=1)) == {story.branch.pk: Ratio(1, 0)}
    assert ratios_by_body(bodies, closed + timedelta(seconds=1), closed + timedelta(days=1)) == {}


def test_a_year_before_a_leap_day():
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert year_before(date(2026, 9, 14)) == date(2025, 9, 14)


def test_pages_end_where_the_promises_do(story, morning):
    make_post(story, morning, titles=tuple("甲乙丙"))
    page, lines = wall(story.outsider, morning, WallAsked(), page=99, size=2)
    assert (page.count, page.page, len(lines)) == (3, 2, 1)


def test_reading_costs_the_same_for_few_and_many(story, morning, django_assert_max_num_queries):
    for number in range(3):
        make_post(story, morning, name=f"岗{number}", titles=("一", "二"))
        with django_assert_max_num_queries(5):
            wall(story.outsider, morning, WallAsked())
        with django_assert_max_num_queries(1):
            sums(story.outsider, morning, WallAsked())


def test_an_open_promise_turns_overdue_at_the_end_of_its_day(story, morning):
    make_post(story, morning)
    due = datetime(2026, 10, 14, 23, 59, tzinfo=SHANGHAI)
    states = [one.state for at in (due, due + timedelta(minutes=1)) for one in wall(story.outsider, at, WallAsked())[1]]
    assert states == ["open", "overdue"]
