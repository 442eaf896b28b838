"""Paper ballots beside the phones: by name handed out, counted by one, checked by another."""

from __future__ import annotations

import pytest

from ronghe.domain.ballots.models import BallotPapers
from ronghe.domain.ballots.selectors import progress_of, result_of
from ronghe.domain.ballots.services.ballots import AlreadyVoted, cast_votes, close_ballot
from ronghe.domain.ballots.services.papers import (
    CheckedByTeller,
    NoPaperFor,
    NoPaperToTakeBack,
    NothingToCheck,
    OnePaperAlone,
    PapersClosed,
    PapersDoNotAdd,
    PapersNotChecked,
    PapersShapeless,
    check_papers,
    hand_papers,
    papers_told,
    take_back_paper,
    tell_papers,
)
from ronghe.kernel.errors import NotAllowed
from tests.factories.ballots import make_ballot, make_voters, vote_all
from tests.factories.org import make_body, make_person

pytestmark = pytest.mark.django_db


def mixed(morning, *, phones=3, papers=2):
    story = make_voters(phones + papers)
    ballot = make_ballot(story, morning)
    vote_all(ballot, story.voters[:phones], [1] * phones, morning)
    hand_papers(ballot=ballot, voters=story.voters[phones:], actor=story.secretary, at=morning)
    return story, ballot


def test_papers_and_phones_are_one_result(morning):
    story, ballot = mixed(morning)
    tell_papers(ballot=ballot, counts={1: (1, 0, 0)}, actor=story.secretary, at=morning)
    check_papers(ballot=ballot, actor=story.voters[0], at=morning)

    close_ballot(ballot=ballot, actor=story.secretary, at=morning)

    result = result_of(ballot)
    assert (result.items[0].counts, result.cast, result.papers) == ((4, 0, 0), 5, 2)
    assert BallotPapers.objects.get().sealed is None
    assert papers_told(ballot) is None


def test_who_holds_a_paper_does_not_vote_on_the_phone(morning):
    story, ballot = mixed(morning)

    with pytest.raises(AlreadyVoted):
        cast_votes(ballot=ballot, votes={1: 1}, actor=story.voters[4], at=morning)
    with pytest.raises(NoPaperFor):
        hand_papers(ballot=ballot, voters=[story.voters[0]], actor=story.secretary, at=morning)
    with pytest.raises(NoPaperFor):
        hand_papers(ballot=ballot, voters=[make_person("路人")], actor=story.secretary, at=morning)


def test_a_paper_handed_out_by_mistake_is_taken_back(morning):
    story, ballot = mixed(morning)
    tell_papers(ballot=ballot, counts={1: (2, 0, 0)}, actor=story.secretary, at=morning)

    take_back_paper(ballot=ballot, voter=story.voters[4], actor=story.secretary, at=morning)

    assert (progress_of(ballot).papers, papers_told(ballot)) == (1, None)
    cast_votes(ballot=ballot, votes={1: 3}, actor=story.voters[4], at=morning)
    with pytest.raises(NoPaperToTakeBack):
        take_back_paper(ballot=ballot, voter=story.voters[4], actor=story.secretary, at=morning)


def test_papers_are_counted_by_one_and_checked_by_another(morning):
    story, ballot = mixed(morning)
    with pytest.raises(NothingToCheck):
        check_papers(ballot=ballot, actor=story.voters[0], at=morning)
    with pytest.raises(PapersNotChecked):
        close_ballot(ballot=ballot, actor=story.secretary, at=morning)
    tell_papers(ballot=ballot, counts={1: (1, 1, 0)}, actor=story.secretary, at=morning)
    with pytest.raises(PapersNotChecked):
        close_ballot(ballot=ballot, actor=story.secretary, at=morning)
    with pytest.raises(CheckedByTeller):
        check_papers(ballot=ballot, actor=story.secretary, at=morning)
    with pytest.raises(NotAllowed):
        check_papers(ballot=ballot, actor=make_person("外人", home=make_body("别的支部")), at=morning)

    check_papers(ballot=ballot, actor=story.voters[0], at=morning)
    with pytest.raises(NothingToCheck):
        check_papers(ballot=ballot, actor=story.voters[1], at=morning)
    assert papers_told(ballot) == ((1, 1, 0),)


@pytest.mark.parametrize(("told", "refused"), [(2, False), (3, True)])
def test_no_more_papers_than_were_handed_out(morning, told, refused):
    story, ballot = mixed(morning)
    if refused:
        with pytest.raises(PapersDoNotAdd):
            tell_papers(ballot=ballot, counts={1: (told, 0, 0)}, actor=story.secretary, at=morning)
    else:
        tell_papers(ballot=ballot, counts={1: (told, 0, 0)}, actor=story.secretary, at=morning)


@pytest.mark.parametrize("counts", [{}, {1: (1, 0)}, {1: (1, 0, -1)}, {2: (1, 0, 0)}, {1: (1, 0, 0), 2: (0, 0, 0)}])
def test_every_choice_of_every_item_is_told(morning, counts):
    story, ballot = mixed(morning)

    with pytest.raises(PapersShapeless):
        tell_papers(ballot=ballot, counts=counts, actor=story.secretary, at=morning)


@pytest.mark.parametrize(("phones", "papers", "hidden"), [(2, 6, True), (3, 2, False), (0, 3, False), (0, 2, True)])
def test_few_phones_are_not_shown_beside_papers_that_somebody_counted(morning, phones, papers, hidden):
    """Whoever counted the papers would subtract them: complementary sums are hidden too."""
    story = make_voters(8)
    ballot = make_ballot(story, morning)
    vote_all(ballot, story.voters[:phones], [1] * phones, morning)
    hand_papers(ballot=ballot, voters=story.voters[phones : phones + papers], actor=story.secretary, at=morning)
    tell_papers(ballot=ballot, counts={1: (papers, 0, 0)}, actor=story.secretary, at=morning)
    check_papers(ballot=ballot, actor=story.voters[0], at=morning)

    close_ballot(ballot=ballot, actor=story.secretary, at=morning)

    assert result_of(ballot).is_hidden == hidden


def test_counted_papers_stay_as_they_are(morning):
    story, ballot = mixed(morning)
    tell_papers(ballot=ballot, counts={1: (2, 0, 0)}, actor=story.secretary, at=morning)
    check_papers(ballot=ballot, actor=story.voters[0], at=morning)
    close_ballot(ballot=ballot, actor=story.secretary, at=morning)

    for act in (
        lambda: hand_papers(ballot=ballot, voters=[], actor=story.secretary, at=morning),
        lambda: tell_papers(ballot=ballot, counts={1: (2, 0, 0)}, actor=story.secretary, at=morning),
        lambda: check_papers(ballot=ballot, actor=story.voters[0], at=morning),
        lambda: take_back_paper(ballot=ballot, voter=story.voters[4], actor=story.secretary, at=morning),
    ):
        with pytest.raises(PapersClosed):
            act()


def test_a_single_paper_is_not_counted_for_everybody_knows_whose_it_is(morning):
    story, ballot = mixed(morning, phones=4, papers=1)
    with pytest.raises(OnePaperAlone):
        tell_papers(ballot=ballot, counts={1: (1, 0, 0)}, actor=story.secretary, at=morning)
    hand_papers(ballot=ballot, voters=story.voters[:0], actor=story.secretary, at=morning)
    assert papers_told(ballot) is None


def test_a_single_paper_counts_where_a_regulation_wants_the_result_declared(morning):
    story = make_voters(3)
    ballot = make_ballot(story, morning, least_shown=1)
    hand_papers(ballot=ballot, voters=story.voters[:1], actor=story.secretary, at=morning)
    tell_papers(ballot=ballot, counts={1: (1, 0, 0)}, actor=story.secretary, at=morning)
    assert papers_told(ballot) == ((1, 0, 0),)
