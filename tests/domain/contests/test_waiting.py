"""What waits in 今日: marks that a judge owes, contests that are to be closed or awarded (G4; PP-09)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.contests.selectors.contests import to_judge
from ronghe.domain.contests.services.closing import award_contest, close_contest
from ronghe.domain.contests.services.contests import judge_entries
from ronghe.domain.contests.services.waiting import contests_to_judge, contests_to_settle
from tests.factories.contests import COUNTED, accepted, judge_all, make_contest, make_field, make_prize
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_field()


def test_a_judge_owes_marks_until_all_are_given(story, morning):
    third = make_person("第三名评委")
    contest = make_contest(story, morning, judges=[story.safety, third, story.field.auditor])
    judges = (story.safety, third, story.field.auditor)
    assert [list(contests_to_judge(one, morning)) for one in judges] == [[contest]] * 3
    assert not contests_to_judge(story.clerk, morning).exists()
    judge_all(story, contest, morning, ((80, 90), (100, 100), (60, 60)))
    assert [contests_to_judge(one, morning).exists() for one in judges] == [False] * 3


def test_nobody_owes_marks_for_the_own(story, morning):
    contest = make_contest(
        story, morning, bodies=story.branches[:2], judges=[story.secretaries[0], story.field.auditor]
    )
    head = contest.heads.get(figure="")
    others = to_judge(contest, head, story.secretaries[0], morning)
    assert [entry.body for entry in others] == [story.branches[1]]
    judge_entries(
        contest=contest, head=head, points={others[0].pk: Decimal(80)}, actor=story.secretaries[0], at=morning
    )
    assert not contests_to_judge(story.secretaries[0], morning).exists()
    assert contests_to_judge(story.field.auditor, morning).exists()


def test_who_runs_it_closes_it_from_the_day_after_and_awards_it(story, morning):
    contest = make_contest(story, morning, heads=COUNTED, title=make_prize(story, morning))
    accepted(story.members[0], morning)
    last = morning + timedelta(days=(contest.ends_on - morning.date()).days)
    after = last + timedelta(days=1)
    assert [contests_to_settle(story.clerk, at).exists() for at in (last, after)] == [False, True]
    assert not contests_to_settle(story.members[0], after).exists()
    contest = close_contest(contest=contest, actor=story.clerk, at=after)
    assert list(contests_to_settle(story.clerk, after)) == [contest]
    award_contest(contest=contest, document_number="", actor=story.clerk, at=after)
    assert not contests_to_settle(story.clerk, after).exists()


def test_one_without_a_title_is_done_when_it_is_closed(story, morning):
    contest = make_contest(story, morning, heads=COUNTED)
    after = morning + timedelta(days=(contest.ends_on - morning.date()).days + 1)
    close_contest(contest=contest, actor=story.clerk, at=after)
    assert not contests_to_settle(story.clerk, after).exists()
