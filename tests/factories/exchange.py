"""Two branches with an agreement that learn from each other: programmes, lectures, mentor pairs and visits in any state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.domain.exchange.enums import LectureKind, PairRole, TopicKind, VisitDirection
from ronghe.domain.exchange.models import (
    LearningVisit,
    Lecture,
    LectureSession,
    PairProgramme,
    Practice,
    StudyLine,
    StudyProgramme,
)
from ronghe.domain.exchange.services.lectures import offer_lecture
from ronghe.domain.exchange.services.pairs import GoalText, ProgrammeOfPair, draft_pair, sign_pair, submit_pair
from ronghe.domain.exchange.services.planning import plan_lecture, plan_study
from ronghe.domain.exchange.services.practices import take_home
from ronghe.domain.exchange.services.programmes import ProgrammeText, add_line, open_programme
from ronghe.domain.exchange.services.visits import VisitText, hold_visit, plan_visit
from ronghe.domain.members.enums import MentorKind
from ronghe.domain.members.models import MentorPair
from ronghe.domain.members.services.mentors import pair_mentor
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from tests.factories.taskforces import ForceStory, make_force_story, make_running

__all__ = ["ForceStory", "make_force_story", "make_running"]


def make_programme(story: ForceStory, at: datetime, **changes) -> StudyProgramme:
    """Open a programme of the agreement, from July to December, by the secretary of 仪陇."""
    given = {"agreement": story.agreement, "body": story.branch, "actor": story.secretary, **changes}
    text = given.pop(
        "text", ProgrammeText("联合学习计划", date(2026, 7, 1), date(2026, 12, 31), "作业区会议室", chat="联合学习群")
    )
    return open_programme(text=text, at=at, **given)


def make_line(programme: StudyProgramme, story: ForceStory, at: datetime, **changes) -> StudyLine:
    given = {
        "month": at.date(), "kind": TopicKind.NEW_TECHNOLOGY, "topic": "边缘网关怎么用", "preparer": story.members[0],
        "actor": story.secretary, **changes,
    }  # fmt: skip
    return add_line(programme=programme, at=at, **given)


def plan_line(line: StudyLine, story: ForceStory, at: datetime) -> Activity:
    begins = at + timedelta(hours=1)
    return plan_study(
        line=line, scheduled_from=begins, scheduled_until=begins + timedelta(hours=1), actor=story.secretary, at=at
    ).activity


def hold(activity: Activity, actor: Person, at: datetime, *, people: Sequence[Person], next_step: str = "") -> Activity:
    """Open an activity, let people sign in, write it up and close it."""
    activity = Activity.objects.get(pk=activity.pk)
    open_activity(activity=activity, actor=actor, at=at)
    for person in people:
        sign_in_with_code(code=sign_in_code(activity, at=at), actor=person, at=at)
    add_agenda_item(activity=activity, topic="讨论", notes="都讲了看法。", actor=actor, at=at)
    if next_step:
        Activity.objects.filter(pk=activity.pk).update(next_step=next_step)
        activity.next_step = next_step
    return close_activity(activity=activity, actor=actor, at=at + timedelta(minutes=50)).activity


def make_lecture(story: ForceStory, at: datetime, **changes) -> Lecture:
    lecturer = changes.pop("lecturer", story.members[0])
    given = {
        "title": "外输泵机封怎么换", "kind": LectureKind.BUSINESS, "minutes": 45, "audience": "新上岗的员工",
        "outline": "拆、量、装、试", "actor": lecturer, **changes,
    }  # fmt: skip
    return offer_lecture(lecturer=lecturer, at=at, **given)


def make_session(lecture: Lecture, story: ForceStory, at: datetime) -> LectureSession:
    begins = at + timedelta(hours=1)
    return plan_lecture(
        lecture=lecture, body=story.branch, scheduled_from=begins, scheduled_until=begins + timedelta(hours=1),
        place="会议室", actor=story.secretary, at=at,
    )  # fmt: skip


def make_given(lecture: Lecture, story: ForceStory, at: datetime, *, listeners: Sequence[Person]) -> LectureSession:
    session = make_session(lecture, story, at)
    hold(session.activity, story.secretary, at, people=[lecture.lecturer, *listeners])
    session.refresh_from_db()
    return session


def make_pair(story: ForceStory, at: datetime, **changes) -> MentorPair:
    """Pair 陈立 with 李江."""
    given = {
        "mentor": story.leader, "apprentice": story.members[0], "kind": MentorKind.APPRENTICESHIP, "topic": "自控仪表",
        "since": at.date(), "actor": story.secretary, **changes,
    }  # fmt: skip
    return pair_mentor(at=at, **given)


def pair_text(story: ForceStory, at: datetime, **changes) -> ProgrammeOfPair:
    until = at.date() + timedelta(days=360)
    given = {
        "starts_on": at.date(), "until_on": until, "witness": story.secretary, "text": "师傅多带，徒弟多练。",
        "goals": [
            GoalText("独立完成调校", until, unit="台", baseline=Decimal(0), target=Decimal(12)),
            GoalText("会看联锁逻辑图", until),
        ],
        **changes,
    }  # fmt: skip
    return ProgrammeOfPair(**given)


def make_pair_running(story: ForceStory, at: datetime, pair: MentorPair | None = None) -> PairProgramme:
    """Draft, lay down and sign a programme by all three."""
    pair = pair or make_pair(story, at)
    programme = draft_pair(pair=pair, given=pair_text(story, at), actor=pair.mentor, at=at)
    text = submit_pair(programme=programme, actor=pair.mentor, at=at)
    people = {PairRole.MENTOR: pair.mentor, PairRole.APPRENTICE: pair.apprentice, PairRole.WITNESS: programme.witness}
    for role in PairRole:
        sign_pair(programme=programme, digest=text.digest, actor=people[role], at=at)
    return PairProgramme.objects.select_related("pair__mentor", "pair__apprentice", "body").get(pk=programme.pk)


def make_visit(story: ForceStory, at: datetime, **changes) -> LearningVisit:
    """Plan a visit of 仪陇 to the information station, today."""
    given = {"direction": VisitDirection.BENCHMARK, "day": at.date(), "place": "信息站", "purpose": "学边缘网关运维",
             "host_body": story.other, "to_see": "机柜间"}  # fmt: skip
    lead = changes.pop("lead", None)
    actor = changes.pop("actor", story.secretary)
    return plan_visit(body=story.branch, text=VisitText(**{**given, **changes}), lead=lead, actor=actor, at=at)


def make_held(story: ForceStory, at: datetime, **changes) -> LearningVisit:
    visit = make_visit(story, at, **changes)
    return hold_visit(visit=visit, people=story.members[:2], seen="网关两人一组巡检。", actor=story.secretary, at=at)


def make_practice(visit: LearningVisit, story: ForceStory, at: datetime, **changes) -> Practice:
    given = {"title": "网关双人巡检", "owner": story.members[0], "actor": story.secretary, **changes}
    return take_home(visit=visit, at=at, **given)
