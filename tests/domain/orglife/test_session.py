"""A session from its plan to the meeting: who takes part, what stands before it, who reads what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus
from ronghe.domain.orglife.enums import Exemption, MeetingForm, MeetingPart, MemberStanding, Preparation, ReviewGrade
from ronghe.domain.orglife.models import Opinion, PeerSheet
from ronghe.domain.orglife.selectors.members import (
    own_sheet,
    peer_sums,
    ratings_waiting,
    self_appraisals_waiting,
    statements_waiting,
    to_rate,
)
from ronghe.domain.orglife.selectors.sessions import meetings_of, preparations_of, sessions_seen_by, talks_before
from ronghe.domain.orglife.services.planning import (
    CallOffReasonMissing,
    ChairNotHere,
    ExemptionReasonMissing,
    MeetingsThere,
    NobodyAtHome,
    NoGroupsHere,
    NotABranch,
    SessionShapeless,
    SessionThere,
    arrange_meetings,
    call_off_session,
    exempt_member,
    plan_session,
    refresh_members,
    take_back_exemption,
)
from ronghe.domain.orglife.services.preparing import (
    CriticizesSelf,
    IsExempt,
    NoReviewHere,
    WordsMissing,
    appraise_self,
    hand_in_statement,
    note_criticism,
    note_preparation,
    take_back_preparation,
)
from ronghe.domain.orglife.services.reading import read_committee_opinions, read_personal, read_statement
from ronghe.domain.orglife.services.voices import (
    NotAMemberHere,
    OpinionOnSelf,
    RatingsIncomplete,
    give_opinion,
    rate_peers,
)
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_body, make_person
from tests.factories.orglife import (
    begin_meeting,
    end_meeting,
    fill_in,
    make_branch,
    make_session,
    place_of,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db):
    return make_branch()


def test_planning_takes_in_everybody_at_home_and_arranges_the_meeting(story, morning):
    session = make_session(story, morning)

    rows = list(session.members.order_by("place"))
    assert len(rows) == 9
    assert {row.standing for row in rows if row.person == story.probationer} == {MemberStanding.PROBATIONARY}
    (meeting,) = meetings_of(session)
    assert (meeting.part, meeting.activity.activity_type) == (MeetingPart.LIFE, ActivityType.ORG_LIFE_MEETING)
    assert (session.share_of, session.share_in) == (1, 3)
    assert Fact.objects.filter(kind="orglife.planned", body=story.branch.pk).count() == 1


def test_pm_07_meeting_and_review_may_be_apart(story, morning):
    session = make_session(story, morning, is_combined=False)
    kinds = [row.activity.activity_type for row in meetings_of(session)]
    assert sorted(kinds) == [ActivityType.DEMOCRATIC_APPRAISAL, ActivityType.ORG_LIFE_MEETING]
    with pytest.raises(MeetingsThere):
        arrange_meetings(session=session, actor=story.secretary, at=morning)


def test_a_committee_meeting_leaves_the_review_to_a_sitting_of_its_own(story, morning):
    assert make_session(story, morning, form=MeetingForm.COMMITTEE).is_combined is False


def test_what_cannot_be_planned_is_refused(story, morning):
    with pytest.raises(NotABranch):
        plan_session(body=story.committee, text=text_of(story, morning), actor=story.clerk, at=morning)
    with pytest.raises(SessionShapeless):
        make_session(story, morning, theme=" ")
    with pytest.raises(SessionShapeless):
        make_session(story, morning, ends_at=morning)
    with pytest.raises(ChairNotHere):
        make_session(story, morning, chair=story.members[0])
    with pytest.raises(NoGroupsHere):
        make_session(story, morning, form=MeetingForm.GROUP)
    with pytest.raises(NotAllowed):
        plan_session(body=story.branch, text=text_of(story, morning), actor=story.members[0], at=morning)
    make_session(story, morning)
    with pytest.raises(SessionThere):
        make_session(story, morning)


def test_an_empty_branch_has_no_session(story, morning):
    empty = make_body("新设党支部", parent=story.committee)
    with pytest.raises((NobodyAtHome, ChairNotHere)):
        plan_session(body=empty, text=text_of(story, morning), actor=story.clerk, at=morning)


def test_held_in_groups_there_is_a_meeting_a_group(story, morning):
    group = make_body("一组", parent=story.branch, kind=PartyOrgKind.PARTY_GROUP)
    for person in story.members[:3]:
        person.memberships.update(group=group)
    session = make_session(story, morning, form=MeetingForm.GROUP, peers_by_group=True)
    assert [row.body for row in meetings_of(session)] == [group]
    assert {row.person for row in to_rate(place_of(session, story.members[0]))} == set(story.members[1:3])


def test_members_are_brought_up_to_date_and_who_wrote_something_stays(story, morning):
    session = make_session(story, morning)
    hand_in_statement(member=place_of(session, story.members[0]), text="对照", actor=story.members[0], at=morning)
    for person in story.members[:2]:
        person.memberships.update(valid_until=morning.date())
    new = make_person("新来的", home=story.branch)
    assert refresh_members(session=session, actor=story.secretary, at=morning) == 1
    people = set(session.members.values_list("person_id", flat=True))
    assert new.pk in people
    assert story.members[0].pk in people
    assert story.members[1].pk not in people


def test_a_session_is_called_off_and_the_year_planned_anew(story, morning):
    session = make_session(story, morning)
    with pytest.raises(CallOffReasonMissing):
        call_off_session(session=session, reason=" ", actor=story.secretary, at=morning)
    call_off_session(session=session, reason="改为与主题教育一并开", actor=story.secretary, at=morning)
    assert meetings_of(session) == []
    assert make_session(story, morning).pk != session.pk


def test_pm_06_what_stands_before_the_meeting_is_read_from_the_records(story, morning):
    session = make_session(story, morning)
    give_opinion(session=session, about=None, text="多下班组", is_named=False, actor=story.members[0], at=morning)
    note_preparation(session=session, item=Preparation.PLAN_FILED, note="已报党委", actor=story.secretary, at=morning)
    fill_in(session, story.everybody, morning, peers=False)

    lines = {line.item: line for line in preparations_of(session, list(session.members.all()), 0)}

    assert lines[Preparation.OPINIONS].count == 1
    assert (lines[Preparation.STATEMENTS].count, lines[Preparation.STATEMENTS].of) == (9, 9)
    assert [item for item, line in lines.items() if not line.is_done] == [
        Preparation.STUDY, Preparation.TALKS, Preparation.LAST_YEAR,
    ]  # fmt: skip
    take_back_preparation(session=session, item=Preparation.PLAN_FILED, actor=story.secretary, at=morning)
    assert session.preparations.count() == 0
    with pytest.raises(WordsMissing):
        note_preparation(session=session, item=Preparation.TALKS, note="", actor=story.secretary, at=morning)


def test_talks_are_counted_from_facts_and_reversed_ones_are_not(story, morning):
    session = make_session(story, morning)
    assert talks_before(session) == 0


def test_statements_are_read_by_the_committee_before_and_by_members_in_the_meeting(story, morning):
    session = make_session(story, morning)
    fill_in(session, story.everybody, morning, peers=False)
    member = place_of(session, story.members[0])
    assert "对照检查" not in member.statement_sealed
    assert read_statement(member=member, actor=story.organizer, at=morning) == "党员1号的对照检查"
    with pytest.raises(NotAllowed):
        read_statement(member=member, actor=story.members[1], at=morning)
    begin_meeting(session, story.everybody, morning)
    member = place_of(session, story.members[0])
    assert read_statement(member=member, actor=story.members[1], at=morning) == "党员1号的对照检查"
    with pytest.raises(NotAllowed):
        read_statement(member=member, actor=story.clerk, at=morning)
    assert Look.objects.filter(about=story.members[0].token, compartment="org_life").count() == 2


def test_opinions_without_a_name_keep_none(story, morning):
    session = make_session(story, morning)
    about = place_of(session, story.members[0])
    before = Fact.objects.count()
    give_opinion(session=session, about=about, text="要多带徒弟", is_named=False, actor=story.members[1], at=morning)
    give_opinion(session=session, about=None, text="班子要多下站", is_named=True, actor=story.members[1], at=morning)

    assert Fact.objects.count() == before
    assert list(Opinion.objects.order_by("pk").values_list("author_id", flat=True)) == [None, story.members[1].pk]
    said = read_personal(member=about, actor=story.members[0], at=morning)
    assert [(one.text, one.by) for one in said.opinions] == [("要多带徒弟", "")]
    assert [one.by for one in read_committee_opinions(session=session, actor=story.secretary, at=morning)] == [
        "党员2号"
    ]
    with pytest.raises(OpinionOnSelf):
        give_opinion(session=session, about=about, text="我好", is_named=True, actor=story.members[0], at=morning)
    with pytest.raises(NotAllowed):
        read_personal(member=about, actor=story.members[1], at=morning)
    with pytest.raises(NotAllowed):
        read_committee_opinions(session=session, actor=story.members[1], at=morning)


def test_ratings_come_out_as_sums_without_names_and_only_where_enough_rated(story, morning):
    session = make_session(story, morning)
    two = [story.members[1], story.members[2]]
    fill_in(session, two, morning)
    target = place_of(session, story.members[0])
    assert peer_sums(session)[target.pk].shown(session.least_shown) is None
    fill_in(session, [story.members[3]], morning)
    assert peer_sums(session)[target.pk].shown(session.least_shown) == [0, 3, 0, 0]
    said = read_personal(member=target, actor=story.members[0], at=morning)
    assert said.comments == ["踏实"] * 3
    assert all("踏实" not in sheet.sealed for sheet in PeerSheet.objects.all())
    assert Fact.objects.filter(kind__contains="peer").count() == 0


def test_everybody_is_rated_or_the_sheet_is_refused(story, morning):
    session = make_session(story, morning)
    member = place_of(session, story.members[0])
    others = list(to_rate(member))
    assert story.probationer not in [row.person for row in others]
    some = {row.pk: (ReviewGrade.EXCELLENT, "") for row in others[1:]}
    with pytest.raises(RatingsIncomplete):
        rate_peers(member=member, ratings=some, actor=story.members[0], at=morning)
    with pytest.raises(NotAMemberHere):
        rate_peers(
            member=member, ratings={**some, member.pk: (ReviewGrade.EXCELLENT, "")}, actor=story.members[0], at=morning
        )
    rate_peers(
        member=member, ratings={row.pk: (ReviewGrade.EXCELLENT, "") for row in others}, actor=story.members[0],
        at=morning,
    )  # fmt: skip
    assert len(own_sheet(member)) == 7


def test_what_waits_for_a_member_goes_once_it_is_done(story, morning):
    session = make_session(story, morning)
    one = story.members[0]
    asked = (statements_waiting, self_appraisals_waiting, ratings_waiting)
    assert [ask(one, morning).count() for ask in asked] == [1, 1, 1]
    fill_in(session, [one], morning)
    assert [ask(one, morning).count() for ask in asked] == [0, 0, 0]


def test_whoever_is_exempt_fills_in_nothing(story, morning):
    session = make_session(story, morning)
    member = place_of(session, story.members[0])
    with pytest.raises(ExemptionReasonMissing):
        exempt_member(member=member, reason=Exemption.OTHER, note="", actor=story.secretary, at=morning)
    exempt_member(member=member, reason=Exemption.FLOATING, note="在外施工", actor=story.secretary, at=morning)
    assert statements_waiting(story.members[0], morning).count() == 0
    with pytest.raises(IsExempt):
        hand_in_statement(member=member, text="对照", actor=story.members[0], at=morning)
    take_back_exemption(member=member, actor=story.secretary, at=morning)
    hand_in_statement(member=member, text="对照", actor=story.members[0], at=morning)


def test_nobody_writes_for_somebody_else(story, morning):
    session = make_session(story, morning)
    member = place_of(session, story.members[0])
    with pytest.raises(NotAllowed):
        hand_in_statement(member=member, text="代写", actor=story.secretary, at=morning)
    with pytest.raises(NotAllowed):
        appraise_self(member=member, grade=ReviewGrade.EXCELLENT, text="代评", actor=story.secretary, at=morning)


def test_criticism_is_noted_in_the_meeting_and_sealed(story, morning):
    session = make_session(story, morning)
    member = place_of(session, story.members[0])
    with pytest.raises(StepNotAllowed):
        note_criticism(member=member, said_by=story.members[1], text="急躁", actor=story.secretary, at=morning)
    begin_meeting(session, story.everybody, morning)
    member = place_of(session, story.members[0])
    made = note_criticism(member=member, said_by=story.members[1], text="急躁", actor=story.secretary, at=morning)
    assert "急躁" not in made.sealed
    with pytest.raises(CriticizesSelf):
        note_criticism(member=member, said_by=story.members[0], text="急躁", actor=story.secretary, at=morning)
    assert [one.text for one in read_personal(member=member, actor=story.members[0], at=morning).criticisms] == ["急躁"]


def test_the_meeting_is_held_when_its_activity_is_closed(story, morning):
    session = make_session(story, morning, has_review=False)
    fill_in(session, story.members, morning)
    activity = begin_meeting(session, story.everybody, morning)
    assert session.opened_at is not None
    end_meeting(session, activity, morning + timedelta(hours=1))

    assert session.state == "held"
    (fact,) = Fact.objects.filter(kind="orglife.meeting_held")
    assert (fact.values["members"], fact.values["statements"]) == (9, 6)
    with pytest.raises(NoReviewHere):
        appraise_self(
            member=place_of(session, story.members[0]), grade=ReviewGrade.QUALIFIED, text="好", actor=story.members[0],
            at=morning,
        )  # fmt: skip


def test_who_sees_a_session(story, morning):
    make_session(story, morning)
    outsider = make_branch("别处党支部")
    for person in (story.secretary, story.members[0], story.clerk, story.auditor):
        assert sessions_seen_by(person, morning).count() == 1
    for person in (outsider.secretary, outsider.members[0], outsider.clerk):
        assert sessions_seen_by(person, morning).count() == 0
    assert make_person(status=PoliticalStatus.MASSES).pk
