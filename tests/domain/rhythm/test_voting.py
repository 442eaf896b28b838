"""Votes in a meeting: who has one, what the matter needs, what it comes to; in the open and by a secret ballot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.ballots.models import Ballot
from ronghe.domain.ballots.services.ballots import TooFewVoters, cast_votes, close_ballot, void_ballot
from ronghe.domain.elections.calc.admission import VoteNotSecret
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole, VotingBarReason
from ronghe.domain.org.models import VotingBar
from ronghe.domain.org.services.people import join_body
from ronghe.domain.rhythm.enums import ActivityType, Matter, VoteMethod, VoteOutcome
from ronghe.domain.rhythm.models import AgendaDissent, AgendaItem, Attendance
from ronghe.domain.rhythm.selectors.voting import floor_of, needs_of
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item, add_speech, record_vote, take_back_speech
from ronghe.domain.rhythm.services.closing import VoteStillRunning, close_activity
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import allow_online, mark_left, sign_in_online, sign_in_with_code
from ronghe.domain.rhythm.services.voting import (
    ApplicantMissing,
    ApplicantTwice,
    BallotRunning,
    DissentEmpty,
    ElectionsElsewhere,
    MoreVotesThanVoters,
    NobodyVotesHere,
    NoQuorumYet,
    NotAmongPresent,
    VotedAlready,
    WrittenTooMany,
    WrittenUncounted,
    admit_late_voters,
    note_dissent,
    note_written_opinions,
    open_item_ballot,
    set_matter,
)
from ronghe.kernel.errors import NotAllowed
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post

pytestmark = pytest.mark.django_db


class Meeting:
    """A branch's meeting of members: six with a vote, one on probation; the first is secretary and runs it."""

    def __init__(self, morning, *, kind=ActivityType.GENERAL_MEETING, came=6):
        self.at = morning
        self.branch = make_body("南一联合站党支部")
        self.people = [make_person(f"党员{n}", home=self.branch) for n in range(1, 7)]
        self.young = make_person("预备", home=self.branch, status=PoliticalStatus.PROBATIONARY_MEMBER)
        self.secretary = self.people[0]
        make_post(self.secretary, PostRole.SECRETARY, body=self.branch)
        planned = plan_activity(
            activity_type=kind, body=self.branch, place="会议室", scheduled_from=morning,
            scheduled_until=morning + timedelta(hours=1), actor=self.secretary, at=morning,
        )  # fmt: skip
        self.activity = open_activity(activity=planned, actor=self.secretary, at=morning)
        for person in self.people[:came]:
            self.come(person)

    def come(self, person):
        return sign_in_with_code(code=sign_in_code(self.activity, at=self.at), actor=person, at=self.at)

    def topic(self, matter=None, applicant=None):
        item = add_agenda_item(activity=self.activity, topic="议题", actor=self.secretary, at=self.at)
        if matter is not None:
            item = set_matter(item=item, matter=matter, applicant=applicant, actor=self.secretary, at=self.at)
        return item

    def vote(self, item, yes, no=0, abstained=0, *, method=VoteMethod.SHOW_OF_HANDS, **written):
        return record_vote(
            item=item, method=method, votes_for=yes, votes_against=no, votes_abstained=abstained,
            actor=self.secretary, at=self.at, **written,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "matter"),
    [(ActivityType.GENERAL_MEETING, Matter.GENERAL), (ActivityType.COMMITTEE_MEETING, Matter.COMMITTEE),
     (ActivityType.WEEKLY_MEETING, Matter.OTHER)],
)  # fmt: skip
def test_a_topic_is_what_its_meeting_usually_votes_on(morning, kind, matter):
    assert Meeting(morning, kind=kind).topic().matter == matter


@pytest.mark.parametrize(
    ("came", "yes", "outcome"),
    [(2, 2, VoteOutcome.NO_QUORUM), (3, 3, VoteOutcome.NOT_CARRIED), (4, 4, VoteOutcome.CARRIED)],
)
def test_pm_11_what_a_show_of_hands_comes_to(morning, came, yes, outcome):
    meeting = Meeting(morning, came=came)
    meeting.come(meeting.young)

    voted = meeting.vote(meeting.topic(), yes)

    assert (voted.vote_outcome, voted.vote_entitled, voted.vote_present) == (outcome, 6, came)


def test_pm_15_who_is_there_without_a_vote_and_why(morning):
    meeting = Meeting(morning, came=3)
    barred, guest, left, online = meeting.people[3], make_person("外支部的"), meeting.people[4], meeting.people[5]
    VotingBar.objects.create(person=barred, reason=VotingBarReason.values[0], decision_ref="决定", valid_from=LONG_AGO)
    join_body(
        person=guest, body=meeting.branch, kind=MembershipKind.PARTICIPATION, since=LONG_AGO, actor=None, at=SET_UP_AT
    )
    for person in (barred, guest, left, meeting.young):
        meeting.come(person)
    mark_left(attendance=Attendance.objects.get(person=left), has_left=True, actor=meeting.secretary, at=morning)
    allow_online(activity=meeting.activity, is_allowed=True, actor=meeting.secretary, at=morning)
    sign_in_online(activity=meeting.activity, actor=online, at=morning)

    floor = floor_of(meeting.activity, Matter.GENERAL)

    assert (floor.entitled, [person.name for person in floor.present]) == (5, ["党员1", "党员2", "党员3"])
    assert {one.person.name: one.why for one in floor.without} == {
        barred.name: "elsewhere", guest.name: "elsewhere", left.name: "left", online.name: "online",
        meeting.young.name: "not_full",
    }  # fmt: skip
    assert "PM-15" in next(one.reason for one in floor.without if one.person == online)
    with pytest.raises(MoreVotesThanVoters):
        meeting.vote(meeting.topic(), 4)


def test_a_committee_counts_its_own_members(morning):
    meeting = Meeting(morning, kind=ActivityType.COMMITTEE_MEETING)
    for person, role in zip(meeting.people[1:3], (PostRole.ORG_MEMBER, PostRole.PUBLICITY_MEMBER), strict=True):
        make_post(person, role, body=meeting.branch)

    voted = meeting.vote(meeting.topic(), 2, 1)

    assert (voted.vote_entitled, voted.vote_present, voted.vote_outcome) == (3, 3, VoteOutcome.CARRIED)
    floor = floor_of(meeting.activity, Matter.COMMITTEE)
    assert {one.why for one in floor.without} == {"no_committee"}


def test_po_12_a_working_body_has_nobody_who_votes(morning):
    zone = make_body("协作区共建党支部", kind=PartyOrgKind.CO_BUILT_BRANCH)
    lead = make_person("区长", participates_in=zone)
    make_post(lead, PostRole.ZONE_LEAD, body=zone)
    planned = plan_activity(
        activity_type=ActivityType.GENERAL_MEETING, body=zone, place="板房", scheduled_from=morning,
        scheduled_until=morning + timedelta(hours=1), actor=lead, at=morning,
    )  # fmt: skip
    held = open_activity(activity=planned, actor=lead, at=morning)
    sign_in_with_code(code=sign_in_code(held, at=morning), actor=lead, at=morning)
    item = add_agenda_item(activity=held, topic="评优", actor=lead, at=morning)

    with pytest.raises(NobodyVotesHere):
        record_vote(
            item=item, method=VoteMethod.ORAL, votes_for=1, votes_against=0, votes_abstained=0, actor=lead, at=morning
        )


def test_pm_12_an_admission_is_of_one_person_and_secret(morning):
    meeting = Meeting(morning)
    with pytest.raises(ApplicantMissing):
        meeting.topic(Matter.ADMISSION)
    item = meeting.topic(Matter.ADMISSION, meeting.young)
    with pytest.raises(ApplicantTwice):
        meeting.topic(Matter.ADMISSION, meeting.young)
    with pytest.raises(VoteNotSecret):
        meeting.vote(item, 5)

    voted = meeting.vote(item, 5, 1, method=VoteMethod.SECRET_BALLOT)

    assert voted.vote_outcome == VoteOutcome.CARRIED


@pytest.mark.parametrize(
    ("came", "yes", "written", "outcome"),
    [(3, 3, 3, VoteOutcome.NO_QUORUM), (4, 3, 0, VoteOutcome.NOT_CARRIED), (4, 3, 1, VoteOutcome.CARRIED)],
)
def test_pm_12_quorum_is_more_than_half_and_written_opinions_count(morning, came, yes, written, outcome):
    meeting = Meeting(morning, came=came)
    item = meeting.topic(Matter.ADMISSION, meeting.young)
    note_written_opinions(item=item, yes=written, no=0, abstained=0, actor=meeting.secretary, at=morning)

    voted = meeting.vote(item, yes, method=VoteMethod.SECRET_BALLOT)

    assert (voted.vote_outcome, voted.written_for) == (outcome, written)


def test_pm_12_no_more_written_opinions_than_absent_members(morning):
    meeting = Meeting(morning, came=4)
    item = meeting.topic(Matter.ADMISSION, meeting.young)
    note_written_opinions(item=item, yes=1, no=1, abstained=0, actor=meeting.secretary, at=morning)
    with pytest.raises(WrittenTooMany):
        note_written_opinions(item=item, yes=2, no=1, abstained=0, actor=meeting.secretary, at=morning)
    with pytest.raises(WrittenUncounted):
        note_written_opinions(item=meeting.topic(), yes=1, no=0, abstained=0, actor=meeting.secretary, at=morning)


def test_pm_13_elections_are_held_elsewhere(morning):
    meeting = Meeting(morning)
    with pytest.raises(ElectionsElsewhere):
        meeting.topic(Matter.ELECTION)
    item = meeting.topic()
    AgendaItem.objects.filter(pk=item.pk).update(matter=Matter.ELECTION)
    with pytest.raises(ElectionsElsewhere):
        meeting.vote(item, 4)


def test_a_ballot_from_a_topic_fills_it_in_when_it_is_counted(morning):
    meeting = Meeting(morning, came=5)
    item = meeting.topic(Matter.ADMISSION, meeting.young)
    note_written_opinions(item=item, yes=1, no=0, abstained=0, actor=meeting.secretary, at=morning)

    ballot = open_item_ballot(item=item, actor=meeting.secretary, at=morning)
    with pytest.raises(BallotRunning):
        meeting.vote(item, 5, method=VoteMethod.SECRET_BALLOT)
    with pytest.raises(VoteStillRunning):
        close_activity(activity=meeting.activity, actor=meeting.secretary, at=morning)
    for person, choice in zip(meeting.people[:5], (1, 1, 1, 2, 3), strict=True):
        cast_votes(ballot=ballot, votes={1: choice}, actor=person, at=morning)
    close_ballot(ballot=ballot, actor=meeting.secretary, at=morning)

    item.refresh_from_db()
    assert (item.vote_method, item.votes_for, item.votes_against, item.votes_abstained) == (
        VoteMethod.SECRET_BALLOT, 3, 1, 1,
    )  # fmt: skip
    assert (item.vote_entitled, item.vote_present, item.vote_outcome) == (6, 5, VoteOutcome.CARRIED)
    with pytest.raises(VotedAlready):
        open_item_ballot(item=item, actor=meeting.secretary, at=morning)


def test_who_has_no_vote_is_not_on_the_list_of_the_ballot(morning):
    meeting = Meeting(morning, came=4)
    meeting.come(meeting.young)

    ballot = open_item_ballot(item=meeting.topic(), actor=meeting.secretary, at=morning)

    assert sorted(ballot.voters.values_list("person__name", flat=True)) == ["党员1", "党员2", "党员3", "党员4"]
    with pytest.raises(NotAllowed):
        cast_votes(ballot=ballot, votes={1: 1}, actor=meeting.young, at=morning)


def test_late_comers_are_put_on_the_list(morning):
    meeting = Meeting(morning, came=3)
    item = meeting.topic()
    ballot = open_item_ballot(item=item, actor=meeting.secretary, at=morning)
    meeting.come(meeting.people[3])

    assert admit_late_voters(item=item, actor=meeting.secretary, at=morning) == 1
    assert ballot.voters.count() == 4
    with pytest.raises(VotedAlready):
        admit_late_voters(item=meeting.topic(), actor=meeting.secretary, at=morning)


@pytest.mark.parametrize(("came", "refused"), [(2, True), (3, False)])
def test_pm_11_no_ballot_is_opened_without_a_quorum(morning, came, refused):
    meeting = Meeting(morning, came=came)
    if refused:
        with pytest.raises(NoQuorumYet):
            open_item_ballot(item=meeting.topic(), actor=meeting.secretary, at=morning)
    else:
        assert open_item_ballot(item=meeting.topic(), actor=meeting.secretary, at=morning).state == "open"


def test_one_alone_votes_on_nothing_in_secret(morning):
    meeting = Meeting(morning, kind=ActivityType.WEEKLY_MEETING, came=0)
    item = meeting.topic()
    with pytest.raises(TooFewVoters):
        open_item_ballot(item=item, actor=meeting.secretary, at=morning)


def test_a_voided_ballot_lets_the_topic_be_voted_on_anew(morning):
    meeting = Meeting(morning)
    item = meeting.topic()
    ballot = open_item_ballot(item=item, actor=meeting.secretary, at=morning)

    void_ballot(ballot=ballot, reason="议题改了", actor=meeting.secretary, at=morning)

    assert meeting.vote(item, 6).vote_outcome == VoteOutcome.CARRIED
    assert Ballot.objects.get().state == "voided"


def test_needs_say_what_must_be_there_before_anybody_votes(morning):
    meeting = Meeting(morning, came=2)

    quorum, majority = needs_of(floor_of(meeting.activity, Matter.GENERAL))

    assert (quorum.have, quorum.need, quorum.is_met, majority.need) == (2, 3, False, 4)
    assert needs_of(floor_of(meeting.activity, Matter.OTHER)) == ()


def test_dissent_is_noted_in_the_own_words_of_somebody_who_is_there(morning):
    meeting = Meeting(morning, came=3)
    item, person = meeting.topic(), meeting.people[1]
    with pytest.raises(DissentEmpty):
        note_dissent(item=item, person=person, text=" ", actor=person, at=morning)
    with pytest.raises(NotAmongPresent):
        note_dissent(item=item, person=meeting.people[5], text="不同意", actor=meeting.secretary, at=morning)
    with pytest.raises(NotAllowed):
        note_dissent(item=item, person=person, text="不同意", actor=meeting.people[2], at=morning)

    note_dissent(item=item, person=person, text="条件要先公示", actor=person, at=morning)
    note_dissent(item=item, person=person, text="条件和名额要先公示", actor=person, at=morning)

    assert [row.text for row in AgendaDissent.objects.all()] == ["条件和名额要先公示"]


def test_pm_14_speeches_are_written_down_by_person_and_taken_back(morning):
    meeting = Meeting(morning, came=3)
    item = meeting.topic()
    speech = add_speech(item=item, person=meeting.people[1], text="同意", actor=meeting.secretary, at=morning)
    with pytest.raises(NotAmongPresent):
        add_speech(item=item, person=meeting.people[5], text="同意", actor=meeting.secretary, at=morning)

    take_back_speech(speech=speech, actor=meeting.secretary, at=morning)

    assert not item.speeches.exists()


def test_members_do_not_run_the_vote(morning):
    meeting = Meeting(morning)
    item, member = meeting.topic(), meeting.people[3]
    for act in (
        lambda: open_item_ballot(item=item, actor=member, at=morning),
        lambda: set_matter(item=item, matter=Matter.OTHER, actor=member, at=morning),
        lambda: note_written_opinions(item=item, yes=0, no=0, abstained=0, actor=member, at=morning),
    ):
        with pytest.raises(NotAllowed):
            act()
