"""Who has a vote in a matter of an activity, who of them is there, and what the matter still needs (PM-11, PM-12, PM-15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ronghe.domain.elections.calc.checks import Check
from ronghe.domain.elections.rules import figures_in_force
from ronghe.domain.org.enums import PARTY_MEMBERS, PoliticalStatus
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.org.selectors.voting import voters_of
from ronghe.domain.rhythm.calc.counting import Counted, Electorate, Rule, VotesCast, count_votes
from ronghe.domain.rhythm.enums import ActivityType, AttendanceStatus, AttendanceWay, Matter, VoteMethod
from ronghe.domain.rhythm.models import Activity, AgendaItem, Attendance
from ronghe.domain.rhythm.selectors.expected import committee_of, expected_people
from ronghe.kernel.words import N_, _

_RULES = {Matter.GENERAL: Rule.GENERAL, Matter.ADMISSION: Rule.ADMISSION, Matter.COMMITTEE: Rule.COMMITTEE}
_MEMBERS_MEET = frozenset({ActivityType.GENERAL_MEETING, ActivityType.GROUP_MEETING})

NO_VOTE = {
    "ticked": N_("由负责人代记，不是本人签到（PM-15）"),
    "online": N_("线上参会，不算表决到会（PM-15）"),
    "left": N_("已提前离会（PM-15）"),
    "not_full": N_("不是正式党员，没有表决权（PE-08）"),
    "no_member": N_("不是党员，没有表决权（PE-08）"),
    "elsewhere": N_("没有本组织的表决权，在自己的支部表决（PO-12、PF-02、PE-08）"),
    "no_committee": N_("不是委员，没有表决权（PM-02）"),
}
"""Why somebody who is there has no vote; whom a decision bars is not told apart from whom it does not."""


@dataclass(frozen=True, slots=True)
class WithoutVote:
    """Somebody who is there and has no vote in the matter, and why."""

    person: Person
    why: str

    @property
    def reason(self) -> str:
        return _(NO_VOTE[self.why])


@dataclass(frozen=True, slots=True)
class Floor:
    """Who votes in a matter: `entitled` of the body, `present` of them in person; and who is there without a vote.

    `rule` is `None` where no rule counts the matter: then whoever signed in and is no guest votes.
    """

    rule: Rule | None
    entitled: int
    present: list[Person]
    without: list[WithoutVote]

    @property
    def electorate(self) -> Electorate:
        return Electorate(self.entitled, len(self.present))


def default_matter(activity_type: str) -> Matter:
    """Return what is usually voted on in a gathering of this kind."""
    if activity_type in _MEMBERS_MEET:
        return Matter.GENERAL
    return Matter.COMMITTEE if activity_type == ActivityType.COMMITTEE_MEETING else Matter.OTHER


def applicants_for(activity: Activity, actor: Person, at: datetime) -> QuerySet[Person]:
    """Return whom an admission in this meeting can be about, by name: no full members, whom it expects or the actor sees."""
    expected = expected_people(activity).order_by().values("pk")
    seen = people_seen_by(actor, at).order_by().values("pk")
    people = Person.objects.filter(Q(pk__in=expected) | Q(pk__in=seen), valid_until=None)
    return people.exclude(political_status=PoliticalStatus.FULL_MEMBER).select_related("unit").order_by("name", "pk")


def came_to(activity: Activity) -> list[Attendance]:
    """Return who is there, in the order of coming: one read for the floors of all topics."""
    rows = activity.attendances.filter(status=AttendanceStatus.PRESENT).select_related("person", "person__unit")
    return list(rows.order_by("signed_at", "pk"))


def floor_of(activity: Activity, matter: Matter, came: Iterable[Attendance] | None = None) -> Floor:
    """Return who votes in a matter of this activity; `came` where it was read already."""
    there = list(came) if came is not None else came_to(activity)
    rule = _RULES.get(matter)
    if rule is None:
        present = [row.person for row in there if _counts(row) and not row.is_guest]
        return Floor(None, len(present), present, [])
    if rule is Rule.COMMITTEE:
        rows = committee_of(activity.body, activity.activity_type, activity.day)
    else:
        rows = voters_of(activity.body, activity.day)
    entitled = set(rows.values_list("pk", flat=True))
    present = [row.person for row in there if row.person_id in entitled and _counts(row)]
    voting = {person.pk for person in present}
    without = [
        WithoutVote(row.person, _why(row, rule, is_entitled=row.person_id in entitled))
        for row in there
        if row.person_id not in voting
    ]
    return Floor(rule, len(entitled), present, without)


def needs_of(floor: Floor) -> tuple[Check, ...]:
    """Return what a matter needs before a vote is held: who must be there, how many must agree; nothing without a rule."""
    if floor.rule is None or not floor.entitled:
        return ()
    return counted(floor.rule, floor.electorate, VotesCast(), method=VoteMethod.SECRET_BALLOT).checks


def counted(rule: Rule, electorate: Electorate, cast: VotesCast, *, method: str) -> Counted:
    """Count a vote with the figures in force.

    :raises DomainError: figures that do not fit together, or an admission voted on openly
    """
    is_secret = method == VoteMethod.SECRET_BALLOT
    return count_votes(rule, electorate, cast, is_secret=is_secret, figures=figures_in_force())


def checks_of(item: AgendaItem) -> tuple[Check, ...]:
    """Return the checks behind a recorded outcome; nothing where no rule counted it."""
    rule = _RULES.get(Matter(item.matter))
    if rule is None or item.vote_outcome is None or item.vote_entitled is None or item.vote_present is None:
        return ()
    cast = VotesCast(
        item.votes_for or 0, item.votes_against or 0, item.votes_abstained or 0, item.written_for,
        item.written_against, item.written_abstained,
    )  # fmt: skip
    electorate = Electorate(item.vote_entitled, item.vote_present)
    return counted(rule, electorate, cast, method=item.vote_method or "").checks


def _counts(row: Attendance) -> bool:
    """Signed in by the own act, in the room, and still there (PM-15)."""
    return row.counts_as_signature and row.left_at is None


def _why(row: Attendance, rule: Rule, *, is_entitled: bool) -> str:
    if is_entitled:
        if row.way == AttendanceWay.ONLINE:
            return "online"
        return "left" if row.left_at is not None else "ticked"
    if rule is Rule.COMMITTEE:
        return "no_committee"
    status = row.person.political_status
    if status not in PARTY_MEMBERS:
        return "no_member"
    return "elsewhere" if status == PoliticalStatus.FULL_MEMBER else "not_full"
