"""Secret ballots: opened, voted in once, counted, voided; and what each refusal says."""

from __future__ import annotations

import pytest

from ronghe.domain.ballots.enums import BallotState, VoterWay
from ronghe.domain.ballots.models import Ballot, BallotTally, BallotUrn, BallotVoter
from ronghe.domain.ballots.selectors import (
    ResultNotYet,
    ballots_seen_by,
    ballots_to_vote,
    list_ballots,
    progress_of,
    result_of,
    voters_on,
)
from ronghe.domain.ballots.services.ballots import (
    AlreadyVoted,
    BallotNotOpen,
    BallotShapeless,
    NobodyVoted,
    NotOnTheList,
    TooFewVoters,
    VoidReasonMissing,
    VotesIncomplete,
    admit_voters,
    cast_votes,
    close_ballot,
    open_ballot,
    void_ballot,
)
from ronghe.domain.org.enums import PostRole
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.sealed import open_text
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.ballots import make_ballot, make_voters, vote_all
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db


def test_votes_are_added_up_by_item_and_choice(morning):
    story = make_voters(5)
    ballot = make_ballot(story, morning, items=("推荐甲", "推荐乙"))
    for person, votes in zip(story.voters, [(1, 1), (1, 2), (1, 3), (2, 1), (1, 1)], strict=True):
        cast_votes(ballot=ballot, votes=dict(enumerate(votes, start=1)), actor=person, at=morning)

    close_ballot(ballot=ballot, actor=story.secretary, at=morning)

    result = result_of(ballot)
    assert [item.counts for item in result.items] == [(4, 1, 0), (3, 1, 1)]
    assert (result.voters, result.cast, result.papers, result.is_hidden) == (5, 5, 0, False)
    assert [item.total for item in result.items] == [5, 5]


def test_who_has_voted_is_known_while_it_runs_and_nothing_more(morning):
    story = make_voters(4)
    ballot = make_ballot(story, morning)
    vote_all(ballot, story.voters[:2], [1, 2], morning)

    progress = progress_of(ballot)
    assert (progress.voters, progress.cast) == (4, 2)
    assert [row.way for row in voters_on(ballot)] == [VoterWay.PHONE] * 2 + [VoterWay.WAITING] * 2
    with pytest.raises(ResultNotYet):
        result_of(ballot)


def test_nobody_votes_twice(morning):
    story = make_voters()
    ballot = make_ballot(story, morning)
    cast_votes(ballot=ballot, votes={1: 1}, actor=story.voters[0], at=morning)

    with pytest.raises(AlreadyVoted):
        cast_votes(ballot=ballot, votes={1: 2}, actor=story.voters[0], at=morning)

    vote_all(ballot, story.voters[1:], [1] * 4, morning)
    close_ballot(ballot=ballot, actor=story.secretary, at=morning)
    assert result_of(ballot).items[0].counts == (5, 0, 0)


def test_pm_15_nobody_votes_for_somebody_else(morning):
    """Who is not on the list has no vote to give; who is gives the own one, and there is no way to name another."""
    story = make_voters()
    ballot = make_ballot(story, morning)

    with pytest.raises(NotOnTheList):
        cast_votes(ballot=ballot, votes={1: 1}, actor=story.secretary, at=morning)


@pytest.mark.parametrize("votes", [{}, {1: 1}, {1: 1, 2: 4}, {1: 0, 2: 1}, {1: 1, 2: 1, 3: 1}, {1: 1, 2: 10**9}])
def test_every_item_wants_one_choice_that_is_there(morning, votes):
    story = make_voters()
    ballot = make_ballot(story, morning, items=("甲", "乙"))

    with pytest.raises(VotesIncomplete):
        cast_votes(ballot=ballot, votes=votes, actor=story.voters[0], at=morning)

    assert progress_of(ballot).cast == 0


@pytest.mark.parametrize(
    ("items", "choices"),
    [((), ("赞成", "反对")), (("甲",), ("赞成",)), (("甲", "甲"), ("赞成", "反对")), (("甲",), ("赞成", " ")),
     (("甲",), tuple("一二三四五六七")), (tuple(f"第{n}项" for n in range(61)), ("赞成", "反对"))],
)  # fmt: skip
def test_a_ballot_has_items_and_choices_each_said_once(morning, items, choices):
    story = make_voters()

    with pytest.raises(BallotShapeless):
        make_ballot(story, morning, items=items, choices=choices)


@pytest.mark.parametrize(("voters", "least", "refused"), [(2, 3, True), (3, 3, False), (1, 1, True), (2, 1, False)])
def test_too_few_voters_are_no_secret_ballot(morning, voters, least, refused):
    story = make_voters(voters)

    if refused:
        with pytest.raises(TooFewVoters):
            make_ballot(story, morning, least_shown=least)
    else:
        assert make_ballot(story, morning, least_shown=least).state == BallotState.OPEN


@pytest.mark.parametrize(("voted", "hidden"), [(2, True), (3, False)])
def test_sums_of_too_few_votes_are_not_even_kept(morning, voted, hidden):
    story = make_voters(5)
    ballot = make_ballot(story, morning)
    vote_all(ballot, story.voters[:voted], [1] * voted, morning)

    close_ballot(ballot=ballot, actor=story.secretary, at=morning)

    result = result_of(ballot)
    assert (result.is_hidden, result.cast) == (hidden, voted)
    assert result.items[0].counts == ((None, None, None) if hidden else (voted, 0, 0))
    assert result.items[0].total == (None if hidden else voted)
    assert BallotTally.objects.count() == (0 if hidden else 3)


def test_only_who_opened_it_counts_and_voids_it(morning):
    story = make_voters()
    ballot = make_ballot(story, morning)
    vote_all(ballot, story.voters, [1] * 5, morning)

    for act in (
        lambda: close_ballot(ballot=ballot, actor=story.voters[0], at=morning),
        lambda: void_ballot(ballot=ballot, reason="重投", actor=story.voters[0], at=morning),
        lambda: admit_voters(ballot=ballot, voters=[story.secretary], actor=story.voters[0], at=morning),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_ballot_of_a_body_is_opened_by_its_leaders(morning):
    story = make_voters()

    with pytest.raises(NotAllowed):
        open_ballot(
            title="测评", items=["甲"], choices=["好", "一般"], voters=story.voters, body=story.branch,
            actor=story.voters[0], at=morning,
        )  # fmt: skip


def test_nothing_is_counted_where_nobody_voted(morning):
    story = make_voters()
    ballot = make_ballot(story, morning)

    with pytest.raises(NobodyVoted):
        close_ballot(ballot=ballot, actor=story.secretary, at=morning)
    with pytest.raises(VoidReasonMissing):
        void_ballot(ballot=ballot, reason=" ", actor=story.secretary, at=morning)

    void_ballot(ballot=ballot, reason="事项撤回", actor=story.secretary, at=morning)
    assert (ballot.state, BallotUrn.objects.count()) == (BallotState.VOIDED, 0)


def test_counted_is_counted(morning):
    story = make_voters()
    ballot = make_ballot(story, morning)
    vote_all(ballot, story.voters[:4], [1, 1, 2, 3], morning)
    close_ballot(ballot=ballot, actor=story.secretary, at=morning)

    with pytest.raises(BallotNotOpen):
        cast_votes(ballot=ballot, votes={1: 1}, actor=story.voters[4], at=morning)
    with pytest.raises(BallotNotOpen):
        admit_voters(ballot=ballot, voters=[story.secretary], actor=story.secretary, at=morning)
    with pytest.raises(StepNotAllowed):
        close_ballot(ballot=ballot, actor=story.secretary, at=morning)
    with pytest.raises(StepNotAllowed):
        void_ballot(ballot=ballot, reason="重投", actor=story.secretary, at=morning)
    assert BallotUrn.objects.count() == 0


def test_late_comers_are_admitted_once(morning):
    story = make_voters(3)
    ballot = make_ballot(story, morning)
    late = make_person("迟到的人", home=story.branch)

    assert admit_voters(ballot=ballot, voters=[late, late, story.voters[0]], actor=story.secretary, at=morning) == 1
    assert BallotVoter.objects.filter(ballot=ballot).count() == 4


def test_facts_tell_that_it_was_opened_and_counted_and_of_no_vote(morning):
    story = make_voters(3)
    ballot = make_ballot(story, morning)
    before = Fact.objects.count()
    vote_all(ballot, story.voters, [1, 2, 1], morning)
    assert Fact.objects.count() == before

    close_ballot(ballot=ballot, actor=story.secretary, at=morning)

    told = Fact.objects.get(kind="ballots.ballot_closed")
    assert told.subject is None
    assert told.values == {"items": 1, "voters": 3, "cast": 3, "papers": 0, "is_shown": True}
    assert Fact.objects.get(kind="ballots.ballot_opened").values == {"items": 1, "voters": 3}


def test_the_urn_is_sealed_and_of_one_length(morning):
    story = make_voters(4)
    ballot = make_ballot(story, morning)
    first = BallotUrn.objects.get().sealed
    vote_all(ballot, story.voters, [1, 1, 2, 3], morning)

    last = BallotUrn.objects.get().sealed
    assert (len(first), first == last) == (len(last), False)
    assert open_text(last) == "0000002" + "0000001" * 2


def test_who_sees_a_ballot(morning):
    story = make_voters()
    ballot = make_ballot(story, morning)
    outsider = make_person("外单位的人", home=make_body("别的党支部"))
    auditor = make_person("审计")
    make_post(auditor, PostRole.AUDITOR, body=story.branch)

    for actor, seen in ((story.secretary, [ballot]), (story.voters[0], [ballot]), (auditor, [ballot]), (outsider, [])):
        assert list(ballots_seen_by(actor, morning)) == seen
        assert list(list_ballots(actor, morning).rows) == seen


def test_what_waits_for_my_vote(morning):
    story = make_voters()
    ballot = make_ballot(story, morning)
    assert list(ballots_to_vote(story.voters[0], morning)) == [ballot]
    assert [row.waits_for_me for row in list_ballots(story.voters[0], morning).rows] == [True]

    cast_votes(ballot=ballot, votes={1: 1}, actor=story.voters[0], at=morning)

    assert list(ballots_to_vote(story.voters[0], morning)) == []
    assert list(ballots_to_vote(story.secretary, morning)) == []
    assert Ballot.objects.get().closed_at is None
