"""Sessions as an actor may see them, what may be planned, and what stands before the meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ronghe.domain.org.enums import HOME_KINDS, PARTY_MEMBERS, MembershipKind, PartyOrgKind, PoliticalStatus
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.headcounts import with_status
from ronghe.domain.orglife.enums import OVER, MeetingPart, Preparation
from ronghe.domain.orglife.models import LifeSession, PreparationDone, SessionMeeting, SessionMember
from ronghe.domain.orglife.rules import COMMITTEE, PLAN_SESSION, RUN_SESSION, SEE_SESSION
from ronghe.domain.playbooks.calc.keys import key_default
from ronghe.domain.playbooks.selectors.adoptions import adoptions_of
from ronghe.domain.rhythm.enums import STUDIES, ActivityState
from ronghe.domain.rhythm.models import Activity
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.facts.models import Fact

HOLDERS = HOME_KINDS | {PartyOrgKind.GENERAL_BRANCH}
"""Where members are at home, and general branches above them."""
TALK_HELD = "partylife.talk_held"
"""Talks are held in another room, which tells them as facts; only how many there were is read here (PM-09)."""


def sessions_seen_by(actor: Person, at: datetime) -> QuerySet[LifeSession]:
    """Return the sessions that `actor` may see: to be cut to one or a few."""
    rows = SEE_SESSION.narrow(actor, LifeSession.objects.all(), at=at, walk=True)
    return rows.select_related("body", "chair", "study").order_by("-year", "-pk")


def list_sessions(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[LifeSession]:
    """Return one page of the sessions that `actor` may see, the latest first; each with its members, grades and corrections."""
    rows = LifeSession.objects.filter(filters or Q()).select_related("body", "chair")
    rows = rows.annotate(
        size=Count("members", filter=Q(members__exemption=""), distinct=True),
        graded=Count("members", filter=~Q(members__grade=""), distinct=True),
        listed=Count("corrections", distinct=True),
        settled=Count("corrections", filter=Q(corrections__task__state="accepted"), distinct=True),
    )
    return list_seen(SEE_SESSION, actor, rows, order_by=("-planned_at",), at=at, page=page, size=size)


def bodies_to_plan_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the branches and general branches for which `actor` may plan a session, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=HOLDERS)
    return PLAN_SESSION.narrow(actor, rows, at=at).select_related("unit").order_by("name", "pk")


def members_at_home(body: PartyOrg, day: date) -> QuerySet[Membership]:
    """Return the home memberships of Party members in the body or below it on a day, by name; each with its `status`."""
    below = descendants(PartyOrg, [body.pk], day=day)
    rows = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, body_id__in=below)
    rows = with_status(rows, day).filter(status__in=PARTY_MEMBERS)
    return rows.select_related("person", "group").order_by("person__name", "person_id")


def is_full(membership: Any) -> bool:
    return bool(membership.status == PoliticalStatus.FULL_MEMBER)


def chairs_for(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who may chair: the committee of the body, else whoever is at home there, by name."""
    posts = PostHolding.objects.filter(on_day(day), body=body, role__in=COMMITTEE).order_by().values("person_id")
    people = Person.objects.filter(pk__in=posts)
    if not people.exists():
        people = Person.objects.filter(pk__in=members_at_home(body, day).order_by().values("person_id"))
    return people.select_related("unit").order_by("name", "pk")


def share_for(body: PartyOrg, day: date) -> Fraction:
    """Return the share that may be excellent, as the body's playbook says, else the shipped one (PM-08)."""
    share: Fraction = key_default("excellent_share")
    for adoption in adoptions_of(body, day):
        share = adoption.version.playbook.keys.get("excellent_share", share)
    return share


def meetings_of(session: LifeSession) -> list[SessionMeeting]:
    """Return the sittings that were not called off, in the order of their days."""
    rows = session.meetings.exclude(activity__state=ActivityState.CALLED_OFF)
    return list(rows.select_related("activity", "body").order_by("activity__day", "pk"))


def sitting_of(session: LifeSession, meetings: list[SessionMeeting]) -> list[SessionMeeting]:
    """Return the sittings in which the review takes place: its own, or those of the meeting in one (PM-07)."""
    own = [row for row in meetings if row.part == MeetingPart.REVIEW]
    return own if own or not session.is_combined else [row for row in meetings if row.part == MeetingPart.LIFE]


def talks_before(session: LifeSession) -> int:
    """Return how many talks of the body are on record in the session's year, before the meeting (PM-06)."""
    since = datetime(session.year, 1, 1, tzinfo=SHANGHAI)
    rows = Fact.objects.filter(kind=TALK_HELD, body=session.body_id, occurred_at__gte=since)
    rows = rows.filter(occurred_at__lt=session.opened_at or session.ends_at)
    undone = Fact.objects.filter(reverses=OuterRef("pk")).order_by()
    return rows.filter(~Exists(undone), reverses=None).count()


def studies_offered(session: LifeSession) -> QuerySet[Activity]:
    """Return closed studies of the body in the year, the latest first: one of them is the study before the meeting."""
    rows = Activity.objects.filter(
        body=session.body_id, state=ActivityState.CLOSED, activity_type__in=sorted(STUDIES), day__year=session.year
    )
    return rows.order_by("-day", "-pk")


@dataclass(frozen=True, slots=True)
class PreparationLine:
    """One thing before the meeting: how far it is by the records, and what was put down as evidence."""

    item: Preparation
    is_done: bool
    count: int | None
    of: int | None
    row: PreparationDone | None

    @property
    def title(self) -> str:
        return str(self.item.label)


def preparations_of(session: LifeSession, members: list[SessionMember], last_year: int) -> list[PreparationLine]:
    """Return what stands before the meeting, in order; what the records tell needs no tick (PM-06)."""
    rows = {row.item: row for row in session.preparations.select_related("done_by", "file")}
    taking = [member for member in members if not member.exemption]
    written = sum(1 for member in taking if member.statement_version)
    opinions, talks = session.opinions.count(), talks_before(session)
    known: dict[Preparation, tuple[bool, int | None, int | None]] = {
        Preparation.STUDY: (session.study_id is not None, None, None),
        Preparation.OPINIONS: (opinions > 0, opinions, None),
        Preparation.TALKS: (talks > 0, talks, None),
        Preparation.STATEMENTS: (bool(taking) and written == len(taking), written, len(taking)),
        Preparation.LAST_YEAR: (False, last_year, None),
        Preparation.PLAN_FILED: (False, None, None),
    }
    return [
        PreparationLine(item, known[item][0] or item in rows, known[item][1], known[item][2], rows.get(item))
        for item in Preparation
    ]


def lists_to_review(actor: Person, at: datetime) -> QuerySet[LifeSession]:
    """Return the sessions whose list of corrections is due for another look, and which `actor` runs."""
    rows = LifeSession.objects.filter(review_on__lte=local_day(at), reviewed_at=None).exclude(state__in=sorted(OVER))
    return RUN_SESSION.narrow(actor, rows, at=at)
