from __future__ import annotations

from itertools import pairwise

import pytest

from ronghe.domain.schedule.calc.links import Constraint, Lag
from ronghe.domain.schedule.calc.network import Job, LinksInCircle, LinkToOwnSummary, Net
from ronghe.domain.schedule.calc.solving import FROM_START, TO_FINISH, Solver
from tests.domain.schedule.calc.making import (
    DAY,
    FF,
    FS,
    SF,
    SS,
    every_day,
    job,
    minute,
    random_net,
    solver,
    tie,
    week,
)

SEEDS = range(150)


def placed(solved, uid):
    times = solved.times[uid]
    return times.start, times.finish


@pytest.mark.parametrize(("kind", "days", "start", "finish"), [
    (FS, 0, "2026-03-05T08:00", "2026-03-06T17:00"),
    (FS, 2, "2026-03-09T08:00", "2026-03-10T17:00"),
    (FS, -1, "2026-03-04T08:00", "2026-03-05T17:00"),
    (SS, 0, "2026-03-02T08:00", "2026-03-03T17:00"),
    (SS, 1, "2026-03-03T08:00", "2026-03-04T17:00"),
    (FF, 0, "2026-03-03T08:00", "2026-03-04T17:00"),
    (FF, 1, "2026-03-04T08:00", "2026-03-05T17:00"),
    (SF, 4, "2026-03-04T08:00", "2026-03-05T17:00"),
])  # fmt: skip
def test_each_kind_of_link_with_its_lag(kind, days, start, finish):
    solved = solver([job(1, 3), job(2, 2)], [tie(1, 2, kind, days)]).plan()
    assert placed(solved, 2) == (minute(start), minute(finish))


def test_an_elapsed_lag_runs_over_the_weekend_and_a_percentage_is_of_the_predecessor():
    days = solver([job(1, 5), job(2, 1)], [tie(1, 2, lag=Lag(3 * 14_400, 8))]).plan()
    assert placed(days, 2)[0] == minute("2026-03-10T08:00")  # Friday 17:00 and 72 hours is Monday 17:00
    half = solver([job(1, 4), job(2, 1)], [tie(1, 2, SS, lag=Lag(50, 19))]).plan()
    assert placed(half, 2)[0] == minute("2026-03-04T08:00")


def test_an_elapsed_duration_runs_by_the_clock():
    cure = Job(2, "养护", minutes=7 * 1440, is_elapsed=True)
    solved = solver([job(1, 2), cure, job(3, 1)], [tie(1, 2), tie(2, 3)]).plan()
    assert placed(solved, 2) == (minute("2026-03-03T17:00"), minute("2026-03-10T17:00"))
    assert placed(solved, 3)[0] == minute("2026-03-11T08:00")


def test_a_milestone_stands_at_the_end_of_what_it_waits_for():
    solved = solver([job(1, 5), job(2, 0), job(3, 1)], [tie(1, 2), tie(2, 3)]).plan()
    assert placed(solved, 2) == (minute("2026-03-06T17:00"),) * 2
    assert placed(solved, 3)[0] == minute("2026-03-09T08:00")


@pytest.mark.parametrize(("constraint", "at", "start", "total"), [
    (Constraint.START_NO_EARLIER, "2026-03-11T08:00", "2026-03-11T08:00", 0),
    (Constraint.START_NO_EARLIER, "2026-03-03T08:00", "2026-03-05T08:00", 0),
    (Constraint.FINISH_NO_EARLIER, "2026-03-12T17:00", "2026-03-11T08:00", 0),
    (Constraint.MUST_START_ON, "2026-03-09T08:00", "2026-03-09T08:00", 0),
    (Constraint.MUST_FINISH_ON, "2026-03-10T17:00", "2026-03-09T08:00", 0),
    (Constraint.START_NO_LATER, "2026-03-04T08:00", "2026-03-04T08:00", 0),
    (Constraint.FINISH_NO_LATER, "2026-03-05T17:00", "2026-03-04T08:00", 0),
    (Constraint.START_NO_LATER, "2026-03-09T08:00", "2026-03-05T08:00", 0),
])  # fmt: skip
def test_each_constraint_binds_its_day(constraint, at, start, total):
    jobs = [job(1, 3), job(2, 2, constraint=constraint, constraint_at=at)]
    times = solver(jobs, [tie(1, 2)]).plan().times[2]
    assert (times.start, times.total_float) == (minute(start), total)


def test_what_cannot_be_kept_shows_as_negative_room():
    jobs = [job(1, 3), job(2, 2, constraint=Constraint.FINISH_NO_LATER, constraint_at="2026-03-05T17:00")]
    times = solver(jobs, [tie(1, 2)]).plan().times
    assert times[1].total_float == -DAY
    assert times[1].is_critical


def test_a_deadline_moves_nothing_and_takes_room():
    jobs = [job(1, 2, deadline_at="2026-03-02T17:00"), job(2, 9)]
    times = solver(jobs).plan().times
    assert times[1].finish == minute("2026-03-03T17:00")
    assert times[1].total_float == -DAY


def test_as_late_as_possible_takes_all_room_and_moves_no_end():
    jobs = [job(1, 10), job(2, 2, constraint=Constraint.AS_LATE_AS_POSSIBLE)]
    solved = solver(jobs).plan()
    assert placed(solved, 2) == (minute("2026-03-12T08:00"), minute("2026-03-13T17:00"))
    assert solved.finish == minute("2026-03-13T17:00")


def test_a_summary_spans_what_is_below_it_and_may_be_linked():
    jobs = [Job(9, "标段"), job(1, 2, parent=9), job(2, 4, parent=9), job(3, 1)]
    solved = solver(jobs, [tie(9, 3)]).plan()
    assert placed(solved, 9) == (minute("2026-03-02T08:00"), minute("2026-03-05T17:00"))
    assert placed(solved, 3)[0] == minute("2026-03-06T08:00")
    later = solver(jobs, [tie(3, 9)]).plan()
    assert {placed(later, uid)[0] for uid in (1, 2)} == {minute("2026-03-03T08:00")}


def test_a_split_task_ends_later_by_its_pause():
    assert placed(solver([job(1, 2, pause=2 * DAY)]).plan(), 1)[1] == minute("2026-03-05T17:00")


def test_a_fixed_start_stands_against_its_links():
    solved = solver([job(1, 3), job(2, 1, placed_at="2026-03-03T08:00")], [tie(1, 2)]).plan()
    assert placed(solved, 2)[0] == minute("2026-03-03T08:00")


def test_only_starts_that_do_not_follow_must_be_fixed():
    jobs = [job(1, 3), job(2, 2), job(3, 1)]
    wanted = {1: minute("2026-03-02T08:00"), 2: minute("2026-03-09T08:00"), 3: minute("2026-03-11T08:00")}
    assert solver(jobs, [tie(1, 2), tie(2, 3)]).fit(wanted) == {2: minute("2026-03-09T08:00")}


# ---- circles --------------------------------------------------------------------------------------------------------
def test_a_circle_is_refused_and_named_in_the_order_of_work():
    jobs = [job(1, name="挖沟"), job(2, name="下沟"), job(3, name="回填"), job(4, name="别的")]
    with pytest.raises(LinksInCircle) as refused:
        Net(jobs, [tie(1, 2), tie(2, 3), tie(3, 1), tie(3, 4)])
    circle = str(refused.value).split("：")[1].split("。")[0].split(" → ")
    assert circle[0] == circle[-1]
    assert set(circle) == {"“挖沟”", "“下沟”", "“回填”"}
    follows = {("“挖沟”", "“下沟”"), ("“下沟”", "“回填”"), ("“回填”", "“挖沟”")}
    assert set(pairwise(circle)) <= follows


def test_a_circle_through_a_summary_is_found():
    jobs = [Job(9, "标段"), job(1, parent=9), job(2)]
    with pytest.raises(LinksInCircle):
        Net(jobs, [tie(9, 2), tie(2, 1)])


def test_a_task_waits_neither_for_itself_nor_for_what_it_is_part_of():
    with pytest.raises(LinksInCircle):
        Net([job(1)], [tie(1, 1)])
    with pytest.raises(LinkToOwnSummary):
        Net([Job(9, "标段"), job(1, parent=9)], [tie(9, 1)])


# ---- as it stands ---------------------------------------------------------------------------------------------------
def test_what_is_done_stands_and_what_is_left_goes_on_from_today():
    jobs = [
        job(1, 3, started_at="2026-03-02T08:00", finished_at="2026-03-03T17:00", percent=100),
        job(2, 4, started_at="2026-03-04T08:00", percent=50), job(3, 1),
    ]  # fmt: skip
    solved = solver(jobs, [tie(1, 2), tie(2, 3)]).forecast(minute("2026-03-10T00:00"))
    assert placed(solved, 1) == (minute("2026-03-02T08:00"), minute("2026-03-03T17:00"))
    assert placed(solved, 2) == (minute("2026-03-04T08:00"), minute("2026-03-11T17:00"))
    assert placed(solved, 3)[0] == minute("2026-03-12T08:00")


def test_nothing_that_is_not_begun_lies_before_today():
    solved = solver([job(1, 1), job(2, 1)], [tie(1, 2)]).forecast(minute("2026-03-05T00:00"))
    assert placed(solved, 1)[0] == minute("2026-03-05T08:00")
    assert solved.pushed_by(1) == [2]


def test_a_fixed_start_is_held_up_only_where_it_obeyed_its_links():
    jobs = [job(1, 3), job(2, 1, placed_at="2026-03-09T08:00"), job(3, 1, placed_at="2026-03-03T08:00")]
    late = solver(jobs, [tie(1, 2), tie(1, 3)])
    late.plan()
    solved = late.forecast(minute("2026-03-09T00:00"))  # task 1 would end on the 11th
    assert placed(solved, 2)[0] == minute("2026-03-12T08:00")
    assert placed(solved, 3)[0] == minute("2026-03-09T08:00")


# ---- properties over random nets ------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", SEEDS)
def test_no_task_lies_before_what_its_predecessors_allow(seed):
    jobs, ties = random_net(seed)
    calendar = week()
    net = Net(jobs, ties)
    one = Solver(net, calendar, minute("2026-03-02T08:00"))
    solved = one.plan()
    for link in net.ties:
        before, after = solved.times[link.predecessor], solved.times[link.successor]
        from_ = before.start if link.kind in FROM_START else before.finish
        to = after.finish if link.kind in TO_FINISH else after.start
        assert calendar.worked_before(to) >= calendar.worked_before(from_) + link.lag.minutes(0), link
    for uid, times in solved.times.items():
        assert times.start >= minute("2026-03-02T08:00")
        if not net.is_summary(uid):
            assert calendar.between(times.start, times.finish) == net.jobs[uid].minutes


@pytest.mark.parametrize("seed", SEEDS)
def test_another_link_makes_nothing_earlier(seed):
    jobs, ties = random_net(seed)
    fewer = solver(jobs, ties[:-1]).plan().times
    more = solver(jobs, ties).plan().times
    calendar = week()
    assert all(
        calendar.worked_before(more[uid].start) >= calendar.worked_before(fewer[uid].start)
        and calendar.worked_before(more[uid].finish) >= calendar.worked_before(fewer[uid].finish)
        for uid in more
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_as_long_as_its_longest_chain_and_that_chain_is_critical(seed):
    jobs, ties = random_net(seed, kinds=(FS,), lags=False, summaries=False)
    calendar = every_day()
    net = Net(jobs, ties)
    solved = Solver(net, calendar, minute("2026-03-02T08:00")).plan()
    followers: dict[int, list[int]] = {}
    for link in net.ties:
        followers.setdefault(link.predecessor, []).append(link.successor)

    def chains(uid):
        onward = [chain for other in followers.get(uid, []) for chain in chains(other)]
        return [[uid, *chain] for chain in onward] or [[uid]]

    every = [chain for uid in net.jobs for chain in chains(uid)]
    longest = max(sum(net.jobs[uid].minutes for uid in chain) for chain in every)
    assert calendar.between(minute("2026-03-02T08:00"), solved.finish) == longest
    for chain in every:
        length = sum(net.jobs[uid].minutes for uid in chain)
        room = min(solved.times[uid].total_float for uid in chain)
        if length == longest:
            assert all(solved.times[uid].is_critical for uid in chain)
        assert room <= longest - length


@pytest.mark.parametrize("seed", SEEDS)
def test_late_dates_leave_the_end_where_it_is(seed):
    """Put every task at its latest: the plan ends on the same day. A minute more on a critical one: later."""
    jobs, ties = random_net(seed, kinds=(FS, SS, FF), summaries=False)
    solved = solver(jobs, ties).plan()
    late = [
        Job(one.uid, one.name, minutes=one.minutes, constraint=Constraint.START_NO_EARLIER,
            constraint_at=solved.times[one.uid].late_start)
        for one in jobs
    ]  # fmt: skip
    calendar = week()
    assert calendar.worked_before(solver(late, ties).plan().finish) == calendar.worked_before(solved.finish)
    assert min(times.total_float for times in solved.times.values()) == 0
    critical = next(uid for uid, times in solved.times.items() if times.is_critical)
    longer = [
        Job(one.uid, one.name, minutes=one.minutes, constraint=Constraint.START_NO_EARLIER,
            constraint_at=calendar.add(solved.times[one.uid].start, 60) if one.uid == critical else None)
        for one in jobs
    ]  # fmt: skip
    assert solver(longer, ties).plan().finish > solved.finish


@pytest.mark.parametrize("seed", range(40))
def test_free_room_moves_nobody_else(seed):
    jobs, ties = random_net(seed, kinds=(FS, SS), summaries=False)
    solved = solver(jobs, ties).plan()
    calendar = week()
    for one in jobs:
        free = solved.times[one.uid].free_float
        if not free:
            continue
        slipped = [
            Job(other.uid, other.name, minutes=other.minutes,
                constraint=Constraint.START_NO_EARLIER if other.uid == one.uid else Constraint(0),
                constraint_at=calendar.start_of(calendar.worked_before(solved.times[one.uid].start) + free))
            for other in jobs
        ]  # fmt: skip
        after = solver(slipped, ties).plan()
        assert all(
            calendar.worked_before(after.times[uid].start) == calendar.worked_before(times.start)
            for uid, times in solved.times.items()
            if uid != one.uid
        )
