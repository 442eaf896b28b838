"""An election from its preparation to its result: places, candidates, votes, posts and the new term."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.elections.calc.election import MoreVotesThanBallots
from ronghe.domain.elections.enums import CandidateStage, ElectionKind, ElectionState, Electorate, RoundKind
from ronghe.domain.elections.models import BallotRound, Candidate, CandidateCount, Contest, Election, Term
from ronghe.domain.elections.selectors.elections import contest_view, elections_seen_by, short_memberships
from ronghe.domain.elections.services import preparing, results
from ronghe.domain.elections.services.preparing import (
    approve_candidates,
    cancel_election,
    name_candidate,
    start_election,
    withdraw_candidate,
)
from ronghe.domain.elections.services.results import (
    file_result,
    report_result,
    return_result,
    withdraw_ballot,
)
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PostRole, PostSource, VotingBarReason
from ronghe.domain.org.models import Person, PostHolding, VotingBar
from ronghe.domain.org.services.capabilities import LacksCapability
from ronghe.domain.org.services.people import join_body
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.elections import (
    approved_election,
    contest_of,
    count,
    filed_election,
    make_branch,
    make_election,
    make_term,
    reported_election,
)
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post

pytestmark = pytest.mark.django_db

SEATS, HEAD = PostRole.COMMITTEE_MEMBER, PostRole.SECRETARY


@pytest.fixture
def branch():
    return make_branch()


def posts(body, **given):
    rows = PostHolding.objects.filter(body=body, valid_until=None, **given).order_by("role", "person__name")
    return [(post.person.name, post.role, post.source) for post in rows]


def test_a_whole_re_election_ends_in_posts_and_a_new_term(branch, morning):
    old = make_term(branch, morning)

    election = filed_election(branch, morning)

    assert posts(branch.body) == [
        ("折静", "committee_member", "elected"),
        ("高远", "committee_member", "elected"),
        ("罗一鸣", "secretary", "elected"),
    ]
    old.refresh_from_db()
    new = Term.objects.get(number=2)
    assert (old.ended_on, new.started_on, new.ends_on) == (date(2026, 9, 14), date(2026, 9, 14), date(2029, 9, 14))
    assert (election.state, election.term, election.filing_ref) == (ElectionState.FILED, new, "采五党组〔2026〕9号")
    recorded = list(Fact.objects.filter(kind__startswith="elections.").order_by("pk").values_list("kind", flat=True))
    assert recorded == [
        "elections.term_started", "elections.election_started", *["elections.candidate_named"] * 5,
        "elections.candidates_approved", *["elections.ballot_counted"] * 2, "elections.result_reported",
        "elections.term_ended", "elections.term_started", "elections.result_filed",
    ]  # fmt: skip


def test_no_table_holds_who_voted_what(branch, morning):
    """Secret ballots: a count has totals of a candidate, and of the voters only how many they were."""
    filed_election(branch, morning)

    for model in (BallotRound, CandidateCount):
        people = {f.name for f in model._meta.fields if f.is_relation and f.related_model is Person}
        assert people <= {"recorded_by"}
    assert {fact.subject for fact in Fact.objects.filter(kind="elections.ballot_counted")} == {None}


def test_po_06_a_temporary_branch_elects_nobody(branch, morning):
    body = make_body("检修临时党支部", parent=branch.committee, kind=PartyOrgKind.TEMPORARY_BRANCH)

    with pytest.raises(LacksCapability, match="PO-06"):
        start_election(
            body=body, kind=ElectionKind.RE_ELECTION, planned_on=morning.date(), places={HEAD: 1}, actor=branch.clerk,
            at=morning,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("places", "refusal"),
    [
        ({}, preparing.NothingToElect),
        ({PostRole.GROUP_LEADER: 1}, preparing.RoleNotElected),
        ({HEAD: 2}, preparing.TooManyHeads),
        ({PostRole.DEPUTY_SECRETARY: 2}, preparing.TooManyHeads),
        ({SEATS: 2}, preparing.CommitteeSizeWrong),
        ({SEATS: 8}, preparing.CommitteeSizeWrong),
    ],
)
def test_pe_01_places_that_a_branch_does_not_have(branch, morning, places, refusal):
    with pytest.raises(refusal):
        make_election(branch, morning, places=places)


@pytest.mark.parametrize(("members", "refused"), [(6, True), (7, False)])
def test_pe_01_pe_02_a_committee_from_seven_full_members(morning, members, refused):
    """The probationary member is the eighth, and is not counted."""
    branch = make_branch(members=members)

    if refused:
        with pytest.raises(preparing.CommitteeTooFewMembers, match="PE-02"):
            make_election(branch, morning)
        election = make_election(branch, morning, places={HEAD: 1})
        assert contest_of(election, HEAD).electorate == Electorate.GENERAL_MEETING
    else:
        assert contest_of(make_election(branch, morning), HEAD).electorate == Electorate.COMMITTEE


@pytest.mark.parametrize(("day", "refused"), [(date(2026, 9, 14), False), (date(2026, 9, 13), True)])
def test_pe_05_more_than_half_a_year_before_the_end_needs_approval(branch, morning, day, refused):
    make_term(branch, morning, started_on=date(2024, 3, 14))
    at = morning.replace(day=day.day)

    if refused:
        with pytest.raises(preparing.EarlyNeedsApproval, match="PE-05"):
            make_election(branch, at)
    else:
        assert make_election(branch, at).state == ElectionState.PREPARING


@pytest.mark.parametrize(("members", "refused"), [(499, True), (500, False)])
def test_pe_07_delegates_meet_from_five_hundred_members(branch, morning, members, refused):
    have = len(branch.members) + 1  # the one on probation
    people = Person.objects.bulk_create(
        Person(name="众", initials="z", political_status="01", valid_from=LONG_AGO) for _ in range(members - have)
    )
    for_bulk = branch.body.memberships.model
    for_bulk.objects.bulk_create(
        for_bulk(person=person, body=branch.body, kind=MembershipKind.HOME, valid_from=LONG_AGO) for person in people
    )

    def start(**further):
        return start_election(
            body=branch.committee, kind=ElectionKind.RE_ELECTION, planned_on=morning.date(), places={SEATS: 7},
            actor=branch.clerk, at=morning, by_delegates=True, **further,
        )  # fmt: skip

    if refused:
        with pytest.raises(preparing.CongressTooSmall, match="PE-07"):
            start()
        assert start(is_dispersed=True).assembly == Electorate.CONGRESS
    else:
        assert start().assembly == Electorate.CONGRESS


def test_only_one_election_at_a_time_and_none_in_the_past(branch, morning):
    with pytest.raises(preparing.PlannedInPast):
        start_election(
            body=branch.body, kind=ElectionKind.RE_ELECTION, planned_on=date(2026, 9, 13), places={HEAD: 1},
            actor=branch.secretary, at=morning,
        )  # fmt: skip
    make_election(branch, morning)
    with pytest.raises(preparing.ElectionUnderWay):
        make_election(branch, morning)


def test_a_by_election_is_for_an_empty_place(branch, morning):
    with pytest.raises(preparing.NoVacancy, match="PE-11"):
        make_election(branch, morning, kind=ElectionKind.BY_ELECTION, places={HEAD: 1})


def test_pe_11_a_by_election_replaces_whoever_acted_and_leaves_the_term(branch, morning):
    term = make_term(branch, morning)
    PostHolding.objects.filter(body=branch.body).update(source=PostSource.ACTING)
    branch.secretary.__dict__.pop("_standing_by_day", None)
    election = make_election(branch, morning, kind=ElectionKind.BY_ELECTION, places={HEAD: 1})
    head = contest_of(election, HEAD)
    assert head.electorate == Electorate.GENERAL_MEETING
    name_candidate(contest=head, person=branch.members[2], actor=branch.secretary, at=morning)
    approve_candidates(election=head.election, approval_ref="批", actor=branch.clerk, at=morning)
    count(head, [9], branch.secretary, morning)
    election = Election.objects.get()
    report_result(election=election, actor=branch.secretary, at=morning)
    file_result(election=election, filing_ref="备", actor=branch.clerk, at=morning)

    assert posts(branch.body) == [("折静", "secretary", "elected")]
    assert (Election.objects.get().term, Term.objects.count()) == (term, 1)


@pytest.fixture
def seats(branch, morning):
    return contest_of(make_election(branch, morning), SEATS)


def test_pe_08_who_cannot_be_elected_is_not_named(branch, morning, seats):
    barred = branch.members[5]
    VotingBar.objects.create(
        person=barred, reason=VotingBarReason.PARTY_PROBATION, decision_ref="x", valid_from=date(2026, 1, 1)
    )
    outsider, worker = branch.stranger, make_person("焊工", status=None)

    for person, why in (
        (branch.young, "预备党员"), (barred, "中止"), (outsider, "组织关系不在这里"), (worker, "不是正式党员"),
    ):  # fmt: skip
        with pytest.raises(preparing.NotElectable, match=f"PE-08.*{why}"):
            name_candidate(contest=seats, person=person, actor=branch.secretary, at=morning)
    assert not Candidate.objects.exists()


def test_a_proposal_becomes_a_candidate_once(branch, morning, seats):
    person = branch.members[1]
    for stage in (CandidateStage.NOMINATED, CandidateStage.PRELIMINARY):
        name_candidate(contest=seats, person=person, actor=branch.secretary, at=morning, stage=stage)

    assert [one.stage for one in Candidate.objects.all()] == ["preliminary"]
    with pytest.raises(preparing.AlreadyNamed):
        name_candidate(contest=seats, person=person, actor=branch.secretary, at=morning)


def test_a_candidate_takes_on_a_duty_of_the_committee(branch, morning, seats):
    def name(duty):
        return name_candidate(contest=seats, person=branch.members[1], actor=branch.secretary, at=morning, duty=duty)

    with pytest.raises(preparing.RoleNotElected):
        name(PostRole.HSE_OFFICER)
    assert name(PostRole.ORG_MEMBER).duty == PostRole.ORG_MEMBER


def test_pe_10_the_office_approves_with_a_fifth_more_candidates_than_places(branch, morning, seats):
    election = seats.election
    head = contest_of(election, HEAD)
    name_candidate(contest=head, person=branch.members[1], actor=branch.secretary, at=morning)
    for person in branch.members[:3]:
        name_candidate(contest=seats, person=person, actor=branch.secretary, at=morning)

    with pytest.raises(preparing.TooFewCandidates, match="至少 4 名（PE-10）"):
        approve_candidates(election=election, approval_ref="批", actor=branch.clerk, at=morning)
    name_candidate(contest=seats, person=branch.members[3], actor=branch.secretary, at=morning)
    with pytest.raises(NotAllowed):
        approve_candidates(election=election, approval_ref="批", actor=branch.secretary, at=morning)
    with pytest.raises(preparing.ApprovalMissing):
        approve_candidates(election=election, approval_ref=" ", actor=branch.clerk, at=morning)

    assert approve_candidates(election=election, approval_ref="批", actor=branch.clerk, at=morning).state == "approved"


def test_candidates_are_fixed_once_approved(branch, morning):
    election = approved_election(branch, morning)
    candidate = Candidate.objects.select_related("contest__election", "person").first()

    with pytest.raises(StepNotAllowed):
        withdraw_candidate(candidate=candidate, actor=branch.secretary, at=morning)
    with pytest.raises(StepNotAllowed):
        name_candidate(
            contest=contest_of(election, SEATS), person=branch.members[6], actor=branch.secretary, at=morning
        )


def test_a_candidate_withdraws_before(branch, morning, seats):
    candidate = name_candidate(contest=seats, person=branch.members[1], actor=branch.secretary, at=morning)

    withdraw_candidate(candidate=candidate, actor=branch.secretary, at=morning)

    assert not Candidate.objects.exists()
    assert Fact.objects.filter(kind="elections.candidate_withdrawn", subject=branch.members[1].token).exists()


def test_pe_12_a_secretary_of_less_than_a_year_is_a_warning(branch, morning, seats):
    head = contest_of(seats.election, HEAD)
    for person, joined in zip(branch.members[1:3], (date(2025, 9, 14), date(2025, 9, 15)), strict=True):
        person.joined_party_on = joined
        person.save()
        name_candidate(contest=head, person=person, actor=branch.secretary, at=morning)

    assert short_memberships([contest_view(head)], morning.date()) == [branch.members[2]]


@pytest.mark.parametrize(("present", "refused"), [(7, True), (8, False)])
def test_pe_09_without_four_fifths_no_result_is_recorded(branch, morning, present, refused):
    """Nine have a vote; the one on probation is not among them (PE-08)."""
    seats = contest_of(approved_election(branch, morning), SEATS)

    if refused:
        with pytest.raises(results.QuorumMissed, match=r"不足 8 人.*PE-09"):
            count(seats, [7, 7, 1, 1], branch.secretary, morning, present=present)
        assert not BallotRound.objects.exists()
        assert Election.objects.get().state == ElectionState.APPROVED
    else:
        assert count(seats, [7, 7, 1, 1], branch.secretary, morning, present=present).entitled == 9


def test_pe_09_a_unit_that_asks_for_more_than_four_fifths(branch, morning, settings):
    settings.ELECTION_FIGURES = {"quorum": "8/9", "quorum_is_strict": "true"}
    seats = contest_of(approved_election(branch, morning), SEATS)

    with pytest.raises(results.QuorumMissed, match="不足 9 人"):
        count(seats, [7, 7, 1, 1], branch.secretary, morning, present=8)


def test_more_votes_than_ballots_are_refused(branch, morning):
    seats = contest_of(approved_election(branch, morning), SEATS)

    with pytest.raises(MoreVotesThanBallots, match=r"高远.*PE-10"):
        count(seats, [9, 7, 6, 2], branch.secretary, morning, valid=8, invalid=1)


def test_pe_10_equal_votes_are_voted_on_again_before_the_result_is_reported(branch, morning):
    election = approved_election(branch, morning)
    seats = contest_of(election, SEATS)
    count(seats, [8, 7, 5, 5], branch.secretary, morning)
    election = Election.objects.get()
    view = contest_view(seats)
    assert (view.next_round, [one.person.name for one in view.tied], view.open_seats) == (
        RoundKind.TIE, ["折静", "陶然"], 1,
    )  # fmt: skip
    with pytest.raises(results.CommitteeFirst, match="PE-11"):
        count(contest_of(election, HEAD), [2], branch.secretary, morning, present=2)

    count(seats, [4, 5], branch.secretary, morning)

    assert {one.person.name for one in contest_view(seats).elected} == {"高远", "罗一鸣", "陶然"}
    assert contest_view(seats).next_round is None
    with pytest.raises(results.EveryPlaceTaken):
        count(seats, [0], branch.secretary, morning)


def test_pe_10_open_places_are_filled_by_another_vote_or_said_to_stay_open(branch, morning):
    election = approved_election(branch, morning)
    seats = contest_of(election, SEATS)
    count(seats, [8, 7, 4, 4], branch.secretary, morning)
    count(contest_of(election, HEAD), [2], branch.secretary, morning, present=2)
    election = Election.objects.get()

    with pytest.raises(results.PlacesOpen, match="还差 1 名"):
        report_result(election=election, actor=branch.secretary, at=morning)
    count(seats, [4, 4], branch.secretary, morning)

    assert contest_view(seats).open_seats == 1
    assert report_result(election=election, actor=branch.secretary, at=morning, leaves_places=True).leaves_places


def test_somebody_written_in_at_the_meeting_can_win(branch, morning):
    seats = contest_of(approved_election(branch, morning), SEATS)
    name_candidate(
        contest=seats, person=branch.members[7], actor=branch.secretary, at=morning, stage=CandidateStage.WRITTEN_IN
    )

    count(seats, [8, 7, 1, 1, 6], branch.secretary, morning)

    assert "乔木" in {one.person.name for one in contest_view(seats).elected}


def test_pe_11_the_committee_elects_its_head_from_among_itself(branch, morning):
    election = approved_election(branch, morning)
    count(contest_of(election, SEATS), [8, 2, 7, 6], branch.secretary, morning)

    with pytest.raises(results.NotInCommittee, match=r"罗一鸣.*PE-11"):
        count(contest_of(election, HEAD), [3], branch.secretary, morning, present=3)


def test_a_vote_lies_neither_ahead_nor_before_the_last_one_nor_before_the_term(branch, morning):
    make_term(branch, morning, started_on=date(2023, 10, 12))
    election = approved_election(branch, morning)
    seats = contest_of(election, SEATS)

    with pytest.raises(results.HeldInFuture):
        count(seats, [8, 7, 5, 5], branch.secretary, morning, held_on=date(2026, 9, 15))
    with pytest.raises(results.HeldBeforeTerm, match="PE-04"):
        count(seats, [8, 7, 5, 5], branch.secretary, morning, held_on=date(2023, 10, 12))
    count(seats, [8, 7, 5, 5], branch.secretary, morning, held_on=date(2026, 9, 14))
    with pytest.raises(results.HeldOutOfOrder):
        count(seats, [5, 4], branch.secretary, morning, held_on=date(2026, 9, 13))


def test_somebody_who_lost_the_right_meanwhile_is_not_counted(branch, morning):
    election = approved_election(branch, morning)
    VotingBar.objects.create(
        person=branch.members[3], reason=VotingBarReason.DETAINED, decision_ref="x", valid_from=date(2026, 9, 1)
    )

    with pytest.raises(preparing.NotElectable, match="陶然"):
        count(contest_of(election, SEATS), [8, 7, 6, 2], branch.secretary, morning, present=8)


def test_a_count_typed_wrongly_is_taken_back_and_its_fact_reversed(branch, morning):
    election = approved_election(branch, morning)
    seats = contest_of(election, SEATS)
    count(seats, [8, 7, 6, 2], branch.secretary, morning)

    withdraw_ballot(contest=contest_of(election, SEATS), actor=branch.secretary, at=morning)

    assert not BallotRound.objects.exists()
    [first, second] = Fact.objects.filter(kind="elections.ballot_counted").order_by("pk")
    assert second.reverses == first.pk
    assert count(seats, [8, 7, 2, 6], branch.secretary, morning).number == 1


def test_a_result_is_given_back_with_a_reason(branch, morning):
    election = reported_election(branch, morning)

    with pytest.raises(preparing.ReasonMissing):
        return_result(election=election, reason=" ", actor=branch.clerk, at=morning)
    return_result(election=election, reason="缺监票人签名", actor=branch.clerk, at=morning)

    assert (election.state, election.returned_reason) == (ElectionState.HELD, "缺监票人签名")
    assert report_result(election=election, actor=branch.secretary, at=morning).state == ElectionState.REPORTED


def test_pe_11_only_the_office_above_files_and_gives_the_posts(branch, morning):
    election = reported_election(branch, morning)
    own = make_person("周干事", home=branch.body)
    make_post(own, PostRole.COMMITTEE_CLERK, body=branch.body)

    for actor in (branch.secretary, own, branch.stranger, branch.members[1]):
        with pytest.raises(NotAllowed):
            file_result(election=election, filing_ref="备", actor=actor, at=morning)
    with pytest.raises(preparing.ApprovalMissing):
        file_result(election=election, filing_ref="", actor=branch.clerk, at=morning)

    assert not PostHolding.objects.filter(source=PostSource.ELECTED).exists()


def test_the_second_of_two_who_file_is_told(branch, morning):
    election = reported_election(branch, morning)
    seen_before = Election.objects.select_related("body").get(pk=election.pk)
    file_result(election=election, filing_ref="备1", actor=branch.clerk, at=morning)

    with pytest.raises(Stale):
        file_result(election=seen_before, filing_ref="备2", actor=branch.clerk, at=morning)
    assert (Term.objects.count(), Election.objects.get().filing_ref) == (1, "备1")


def test_an_election_is_cancelled_with_a_reason_until_it_is_held(branch, morning):
    election = make_election(branch, morning)
    with pytest.raises(preparing.ReasonMissing):
        cancel_election(election=election, reason="", actor=branch.secretary, at=morning)
    cancel_election(election=election, reason="延期换届已批", actor=branch.secretary, at=morning)
    held = reported_election(branch, morning)

    with pytest.raises(StepNotAllowed):
        cancel_election(election=held, reason="x", actor=branch.secretary, at=morning)


def test_elections_are_seen_by_members_and_above_and_by_nobody_else(branch, morning):
    election = make_election(branch, morning)

    for person in (branch.clerk, branch.secretary, branch.members[3], branch.young):
        assert list(elections_seen_by(person, morning)) == [election]
    assert list(elections_seen_by(branch.stranger, morning)) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda b, e, at: start_election(body=b.body, kind=ElectionKind.RE_ELECTION, planned_on=at.date(),
                                        places={HEAD: 1}, actor=b.members[1], at=at),
        lambda b, e, at: name_candidate(contest=contest_of(e, HEAD), person=b.members[1], actor=b.members[1], at=at),
        lambda b, e, at: cancel_election(election=e, reason="x", actor=b.stranger, at=at),
        lambda b, e, at: count(contest_of(e, HEAD), [], b.members[1], at),
        lambda b, e, at: report_result(election=e, actor=b.members[1], at=at),
    ],
)  # fmt: skip
def test_members_prepare_and_count_nothing(branch, morning, act):
    election = make_election(branch, morning)

    with pytest.raises(NotAllowed):
        act(branch, election, morning)


def test_a_union_elects_its_chair_from_its_own_members(branch, morning):
    union = make_body("采油五厂工会", parent=branch.committee, kind=PartyOrgKind.UNION_BRANCH)
    worker = make_person("工会会员", status=None)
    join_body(person=worker, body=union, kind=MembershipKind.UNION, since=LONG_AGO, actor=None, at=SET_UP_AT)
    election = start_election(
        body=union, kind=ElectionKind.RE_ELECTION, planned_on=morning.date(), places={PostRole.UNION_CHAIR: 1},
        actor=branch.clerk, at=morning,
    )  # fmt: skip
    chair = contest_of(election, PostRole.UNION_CHAIR)

    with pytest.raises(preparing.NotElectable, match="会员"):
        name_candidate(contest=chair, person=branch.members[1], actor=branch.clerk, at=morning)
    name_candidate(contest=chair, person=worker, actor=branch.clerk, at=morning)
    approve_candidates(election=chair.election, approval_ref="批", actor=branch.clerk, at=morning)
    count(chair, [1], branch.clerk, morning, present=1)
    election = Election.objects.get()
    report_result(election=election, actor=branch.clerk, at=morning)
    file_result(election=election, filing_ref="备", actor=branch.clerk, at=morning)

    assert posts(union) == [("工会会员", "union_chair", "elected")]
    assert Term.objects.get().ends_on == date(2029, 9, 14)


def test_delegates_are_counted_by_hand(branch, morning):
    contest = contest_of(approved_election(branch, morning), SEATS)
    Contest.objects.filter(pk=contest.pk).update(electorate=Electorate.CONGRESS)

    with pytest.raises(results.EntitledMissing):
        count(contest, [8, 7, 6, 2], branch.secretary, morning)
    assert count(contest, [8, 7, 6, 2], branch.secretary, morning, entitled=11).entitled == 11


def test_a_count_of_somebody_else_is_refused(branch, morning):
    contest = contest_of(approved_election(branch, morning), SEATS)

    with pytest.raises(results.NotOnBallot):
        count(contest, [8, 7, 6, 2], branch.secretary, morning, votes={0: (1, 0, 0)})


def test_a_day_later_the_posts_begin_on_the_day_of_the_vote(branch, morning):
    election = reported_election(branch, morning)

    file_result(election=election, filing_ref="备", actor=branch.clerk, at=morning + timedelta(days=9))

    assert set(PostHolding.objects.filter(source="elected").values_list("valid_from", flat=True)) == {morning.date()}
