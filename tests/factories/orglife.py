"""A branch with its committee and members, and its year's session in every state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ronghe.domain.ballots.services.ballots import cast_votes
from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.orglife.enums import MeetingForm, ReviewGrade
from ronghe.domain.orglife.models import LifeSession, SessionMember
from ronghe.domain.orglife.selectors.members import to_rate
from ronghe.domain.orglife.services.grading import propose_grade, propose_rest
from ronghe.domain.orglife.services.marking import count_marks, open_marking
from ronghe.domain.orglife.services.planning import SessionText, plan_session
from ronghe.domain.orglife.services.preparing import appraise_self, hand_in_statement
from ronghe.domain.orglife.services.telling import tell_results
from ronghe.domain.orglife.services.voices import rate_peers
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from tests.factories.org import make_body, make_person, make_post, make_unit


@dataclass(frozen=True)
class LifeStory:
    """Nine members: the secretary, an organization member, six plain ones, one on probation; clerk and auditor above."""

    committee: PartyOrg
    branch: PartyOrg
    clerk: Person
    auditor: Person
    secretary: Person
    organizer: Person
    members: list[Person]
    probationer: Person

    @property
    def everybody(self) -> list[Person]:
        return [self.secretary, self.organizer, *self.members, self.probationer]


def make_branch(name: str = "南I-1联合站党支部", *, members: int = 6) -> LifeStory:
    plant = make_unit(f"{name}所在厂")
    committee = make_body(f"{name}上级党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    branch = make_body(name, parent=committee, unit=plant)
    clerk, auditor = make_person("周玉兰", unit=plant), make_person("纪明", unit=plant)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(auditor, PostRole.AUDITOR, body=committee)
    secretary, organizer = (
        make_person("陈建国", home=branch, unit=plant),
        make_person("杜秀英", home=branch, unit=plant),
    )
    make_post(secretary, PostRole.SECRETARY, body=branch)
    make_post(organizer, PostRole.ORG_MEMBER, body=branch)
    plain = [make_person(f"党员{number}号", home=branch, unit=plant) for number in range(1, members + 1)]
    probationer = make_person("预备党员甲", home=branch, unit=plant, status=PoliticalStatus.PROBATIONARY_MEMBER)
    return LifeStory(committee, branch, clerk, auditor, secretary, organizer, plain, probationer)


def text_of(story: LifeStory, at: datetime, **changes) -> SessionText:
    begins = at + timedelta(days=3)
    given = {
        "year": at.year, "form": MeetingForm.GENERAL, "theme": "对照党章找差距", "chair": story.secretary,
        "starts_at": begins, "ends_at": begins + timedelta(hours=3), "place": "联合站会议室",
    }  # fmt: skip
    return SessionText(**{**given, **changes})


def make_session(story: LifeStory, at: datetime, **changes) -> LifeSession:
    return plan_session(body=story.branch, text=text_of(story, at, **changes), actor=story.secretary, at=at)


def place_of(session: LifeSession, person: Person) -> SessionMember:
    rows = SessionMember.objects.select_related("session__body", "person", "group", "marks", "measure", "objection")
    return rows.get(session=session, person=person)


def fill_in(session: LifeSession, people: Sequence[Person], at: datetime, *, peers: bool = True) -> None:
    """Let people hand in statements, appraise themselves, and rate all others 合格."""
    for person in people:
        member = place_of(session, person)
        hand_in_statement(member=member, text=f"{person.name}的对照检查", actor=person, at=at)
        if session.has_review:
            appraise_self(member=member, grade=ReviewGrade.QUALIFIED, text="还有差距", actor=person, at=at)
        if session.has_review and peers:
            ratings = {one.pk: (ReviewGrade.QUALIFIED, "踏实") for one in to_rate(member)}
            rate_peers(member=member, ratings=ratings, actor=person, at=at)


def begin_meeting(session: LifeSession, people: Sequence[Person], at: datetime) -> Activity:
    """Open the session's meeting and let people sign in."""
    meeting = session.meetings.select_related("activity__body", "activity__chair").order_by("pk")[0]
    activity = open_activity(activity=meeting.activity, actor=session.chair, at=at)
    add_agenda_item(activity=activity, topic="批评和自我批评", actor=session.chair, at=at)
    for person in people:
        sign_in_with_card(activity=activity, card=member_card(person), actor=session.chair, at=at)
    session.refresh_from_db()
    return activity


def end_meeting(session: LifeSession, activity: Activity, at: datetime) -> None:
    close_activity(activity=activity, actor=session.chair, at=at)
    session.refresh_from_db()


def vote(session: LifeSession, people: Sequence[Person], choice: int, at: datetime) -> None:
    """Let people mark everybody alike: choice 1 is 优秀."""
    for row in session.ballots.select_related("ballot"):
        for person in people:
            cast_votes(
                ballot=row.ballot, votes=dict.fromkeys(range(1, len(row.members) + 1), choice), actor=person, at=at
            )


def make_marking(story: LifeStory, at: datetime, **changes) -> LifeSession:
    """Hold the meeting with everybody there and open the marking."""
    session = make_session(story, at, **changes)
    fill_in(session, story.everybody, at)
    begin_meeting(session, story.everybody, at)
    return open_marking(session=session, actor=story.secretary, at=at)


def make_counted(story: LifeStory, at: datetime, **changes) -> LifeSession:
    session = make_marking(story, at, **changes)
    vote(session, story.everybody, 2, at)
    session = count_marks(session=session, actor=story.secretary, at=at)
    end_meeting(session, session.meetings.select_related("activity__body").get().activity, at + timedelta(hours=1))
    return session


def make_told(story: LifeStory, at: datetime, *, excellent: int = 1, **changes) -> LifeSession:
    """Grade the first members excellent, the others 合格; the secretary is graded by the organization member."""
    session = make_counted(story, at, **changes)
    for person in story.members[:excellent]:
        propose_grade(
            member=place_of(session, person), grade=ReviewGrade.EXCELLENT, reasons="全年带头攻关", actor=story.secretary,
            at=at,
        )  # fmt: skip
    propose_rest(session=session, actor=story.secretary, at=at)
    propose_rest(session=session, actor=story.organizer, at=at)
    return tell_results(session=session, actor=story.secretary, at=at)
