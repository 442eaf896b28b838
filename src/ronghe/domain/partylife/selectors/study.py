"""Study hours of a person's year with where each comes from, and of everybody at home in a body (PS-01 to PS-03)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.org.enums import (
    PARTY_KINDS,
    PARTY_MEMBERS,
    BodyTree,
    MembershipKind,
    PoliticalStatus,
    PostRole,
    PostSource,
)
from ronghe.domain.org.models import Membership, PartyOrg, Person, PersonStatus, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.calc.hours import (
    Balance,
    Form,
    Line,
    Rules,
    TrainingDue,
    TrainingNeed,
    balance,
    converted,
    is_behind,
    sat_through,
    training_due,
)
from ronghe.domain.partylife.enums import DisputeState, EntryState
from ronghe.domain.partylife.models import StudyDispute, StudyEntry, StudyRules
from ronghe.domain.partylife.rules import (
    ANSWER_DISPUTE,
    SEE_ENTRY,
    SEE_HOURS,
    SET_STUDY_RULES,
    SETTLE_ENTRY,
)
from ronghe.domain.rhythm.enums import (
    TYPES_OF_TREE,
    ActivityState,
    ActivityType,
    AttendanceStatus,
    AttendanceWay,
    CorrectionKind,
)
from ronghe.domain.rhythm.models import Activity, Attendance, Correction
from ronghe.domain.rhythm.selectors.expected import COMMITTEE
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day

LOOKED_BACK = 3
"""Years back in which PS-02 looks for somebody who became a secretary or a member."""


@dataclass(frozen=True, slots=True)
class Studied:
    """One line with its source: the activity with how long it was sat through, or the entry."""

    line: Line
    activity: Activity | None = None
    sat: timedelta = timedelta()
    entry: StudyEntry | None = None

    @property
    def minutes(self) -> int:
        return int(self.sat.total_seconds()) // 60

    @property
    def is_capped(self) -> bool:
        """Tell whether some of it does not count, because the cap of online hours is reached."""
        return self.line.counted < self.line.hours


@dataclass(frozen=True, slots=True)
class StudyYear:
    """A person's year: the balance, each line with its source, what PS-02 asks for, and by which rules."""

    person: Person
    year: int
    is_leader: bool
    rules: Rules
    balance: Balance
    studied: list[Studied]
    trainings: list[TrainingDue] = field(default_factory=list)

    def is_behind(self, day: date) -> bool:
        return is_behind(self.balance, self.year, day) or any(due.is_missed(day) for due in self.trainings)


def rules_of(row: StudyRules | None) -> Rules:
    """Return the figures of a version, the shipped ones where there is none."""
    if row is None:
        return Rules()
    return Rules(
        row.member_goal, row.leader_goal, row.together_hour, row.lecture_half_day, row.off_job_day, row.online_cap,
        {kind: Form(form) for kind, form in row.kinds.items()}, row.version,
    )  # fmt: skip


def versions_of(body: PartyOrg) -> QuerySet[StudyRules]:
    """Return the versions that a body set, the latest first."""
    return StudyRules.objects.filter(body=body).select_related("set_by").order_by("-version")


def rules_in_force(body_ids: Iterable[int], day: date) -> dict[int, StudyRules | None]:
    """Return the version in force for each body on `day`: its own, else that of the nearest body above; two reads."""
    wanted = set(body_ids)
    links = PartyOrg.links().filter(on_day(day), descendant_id__in=wanted).order_by("descendant_id", "depth")
    above: dict[int, list[int]] = defaultdict(list)
    for descendant, ancestor in links.values_list("descendant_id", "ancestor_id"):
        above[descendant].append(ancestor)
    set_by = {ancestor for found in above.values() for ancestor in found}
    latest: dict[int, StudyRules] = {}
    for row in StudyRules.objects.filter(body_id__in=set_by, valid_from__lte=day).order_by("valid_from", "version"):
        latest[row.body_id] = row
    return {pk: next((latest[one] for one in above.get(pk, []) if one in latest), None) for pk in wanted}


def bodies_with_rules(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` sets the figures, by name."""
    kinds = ("committee", "general_branch", "branch", "joint_branch", "floating_branch")
    return SET_STUDY_RULES.narrow(actor, PartyOrg.objects.filter(valid_until=None, kind__in=kinds), at=at).order_by(
        "name", "pk"
    )


def study_year(person: Person, year: int, today: date) -> StudyYear:
    """Return one person's year; the same few reads as for many."""
    return study_years([person], year, today)[0]


def study_years(people: Sequence[Person], year: int, today: date) -> list[StudyYear]:
    """Return the year of each of `people`, in their order; eight reads, however many they are.

    The rules are those in force at the home branch on the last day of the year, or today while it runs. Somebody is held
    to the leaders' goal who sits on a committee on that day.
    """
    day = min(today, date(year, 12, 31))
    keys = [person.pk for person in people]
    homes = _homes(keys, day)
    in_force = rules_in_force(homes.values(), day)
    rules = {key: rules_of(in_force.get(homes[key]) if key in homes else None) for key in keys}
    leaders = set(
        PostHolding.objects.filter(
            on_day(day), person_id__in=keys, role__in=COMMITTEE, body__kind__in=PARTY_KINDS
        ).order_by().values_list("person_id", flat=True)
    )  # fmt: skip
    sources = _sat_in(keys, year, rules)
    for entry in StudyEntry.objects.filter(person_id__in=keys, day__year=year, state=EntryState.CONFIRMED):
        form = Form(entry.form)
        line = Line(f"e{entry.pk}", entry.day, form, entry.hours, is_training=form == Form.OFF_JOB)
        sources[entry.person_id].append(Studied(line, entry=entry))
    dues = _training_dues(people, year, day)
    years = []
    for person in people:
        own = sources[person.pk]
        found = balance([one.line for one in own], rules[person.pk], is_leader=person.pk in leaders)
        by_key = {one.line.key: one for one in own}
        studied = [
            Studied(line, by_key[line.key].activity, by_key[line.key].sat, by_key[line.key].entry)
            for line in found.lines
        ]
        years.append(
            StudyYear(person, year, person.pk in leaders, rules[person.pk], found, studied, dues.get(person.pk, []))
        )
    return years


def people_counted(body: PartyOrg, actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the members at home in a body or below it whose hours `actor` may see, by name."""
    day = local_day(at)
    below = descendants(PartyOrg, [body.pk], day=day)
    homes = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, body_id__in=below).order_by()
    rows = Person.objects.filter(pk__in=homes.values("person_id"), political_status__in=PARTY_MEMBERS, valid_until=None)
    return SEE_HOURS.narrow(actor, rows, at=at).select_related("unit").order_by("name", "pk")


def home_of(person: Person, day: date) -> PartyOrg | None:
    """Return the body in which somebody is at home on `day`."""
    row = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, person=person).select_related("body").first()
    return row.body if row is not None else None


def entries_seen_by(actor: Person, at: datetime) -> QuerySet[StudyEntry]:
    rows = SEE_ENTRY.narrow(actor, StudyEntry.objects.all(), at=at, walk=True)
    return rows.select_related("person", "body", "proof", "settled_by", "entered_by").order_by("-day", "-pk")


def list_entries(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[StudyEntry]:
    """Return one page of the entries that `actor` may see, the latest first; two statements."""
    rows = StudyEntry.objects.filter(filters or Q()).select_related("person", "body", "proof", "settled_by")
    return list_seen(SEE_ENTRY, actor, rows, order_by=("-day", "-pk"), at=at, page=page, size=size)


def entries_to_settle(actor: Person, at: datetime) -> QuerySet[StudyEntry]:
    """Return the entries that wait for `actor` to confirm or refuse them, the oldest first."""
    rows = SETTLE_ENTRY.narrow(actor, StudyEntry.objects.filter(state=EntryState.WAITING), at=at)
    return rows.select_related("person", "body", "proof").order_by("entered_at", "pk")


def disputes_to_answer(actor: Person, at: datetime) -> QuerySet[StudyDispute]:
    """Return what others want put right and `actor` is to answer, the oldest first."""
    rows = ANSWER_DISPUTE.narrow(actor, StudyDispute.objects.filter(state=DisputeState.OPEN), at=at)
    return rows.select_related("person", "body", "activity").order_by("asked_at", "pk")


def disputes_of(person: Person, year: int) -> QuerySet[StudyDispute]:
    rows = StudyDispute.objects.filter(person=person, year=year).select_related("activity", "answered_by")
    return rows.order_by("-asked_at", "-pk")


def _homes(keys: Sequence[int], day: date) -> dict[int, int]:
    rows = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, person_id__in=keys).order_by()
    return dict(rows.values_list("person_id", "body_id"))


def _sat_in(keys: Sequence[int], year: int, rules: Mapping[int, Rules]) -> dict[int, list[Studied]]:
    """Return what each sat through, as it was recorded and as it was corrected afterwards; three reads."""
    kinds = {kind for one in rules.values() for kind in one.kinds}
    held = Q(activity__state=ActivityState.CLOSED, activity__day__year=year, activity__activity_type__in=kinds)
    sources: dict[int, list[Studied]] = defaultdict(list)
    right: dict[tuple[int, int], str] = {}
    corrections = Correction.objects.filter(
        held, person_id__in=keys, kind__in=[CorrectionKind.CAME, CorrectionKind.DID_NOT_COME]
    )
    for row in corrections.order_by("made_at", "pk").values_list("activity_id", "person_id", "kind"):
        right[row[0], row[1]] = row[2]
    rows = Attendance.objects.filter(held, person_id__in=keys, status=AttendanceStatus.PRESENT)
    came: set[tuple[int, int]] = set()
    for attendance in rows.select_related("activity__body").order_by("activity__day", "pk"):
        place = (attendance.activity_id, attendance.person_id)
        came.add(place)
        if right.get(place) != CorrectionKind.DID_NOT_COME:
            _add(sources, attendance.activity, attendance.person_id, rules, attendance)
    added = [place for place, kind in right.items() if kind == CorrectionKind.CAME and place not in came]
    if added:
        found = Activity.objects.filter(pk__in=[pk for pk, _person in added]).select_related("body").in_bulk()
        for activity_id, person_id in added:
            _add(sources, found[activity_id], person_id, rules, None)
    return sources


def _add(
    sources: dict[int, list[Studied]], activity: Activity, person_id: int, rules: Mapping[int, Rules],
    attendance: Attendance | None,
) -> None:  # fmt: skip
    own = rules[person_id]
    form = own.kinds.get(activity.activity_type)
    if form is None or activity.opened_at is None or activity.closed_at is None:
        return
    if attendance is not None and attendance.way == AttendanceWay.ONLINE:
        form = Form.ONLINE
    planned = (
        activity.scheduled_until - activity.scheduled_from
        if activity.scheduled_from is not None and activity.scheduled_until is not None
        else None
    )
    sat = sat_through(
        activity.opened_at, activity.closed_at, planned=planned,
        left_at=attendance.left_at if attendance is not None else None,
    )  # fmt: skip
    hours = converted(form, sat, own)
    sources[person_id].append(Studied(Line(f"a{activity.pk}", activity.day, form, hours), activity, sat))


def _training_dues(people: Sequence[Person], year: int, day: date) -> dict[int, list[TrainingDue]]:
    """Return what PS-02 asks of each whose time for it touches the year; three reads.

    A post or status that came with a roster says nothing of when it began, so it asks for nothing.
    """
    keys = [person.pk for person in people]
    since = date(year - LOOKED_BACK, 1, 1)
    begun: list[tuple[int, TrainingNeed, date]] = []
    posts = PostHolding.objects.filter(
        on_day(day), person_id__in=keys, role=PostRole.SECRETARY, valid_from__gte=since, body__kind__in=PARTY_KINDS
    ).exclude(source=PostSource.IMPORTED)
    begun += [
        (pk, TrainingNeed.NEW_SECRETARY, on) for pk, on in posts.order_by().values_list("person_id", "valid_from")
    ]
    on_probation: dict[int, Any] = {}
    statuses = PersonStatus.objects.filter(person_id__in=keys, valid_from__lte=day).order_by("valid_from", "pk")
    for pk, status, on in statuses.values_list("person_id", "status", "valid_from"):
        if status == PoliticalStatus.PROBATIONARY_MEMBER:
            on_probation[pk] = on
            begun.append((pk, TrainingNeed.PROBATION, on))
        elif status == PoliticalStatus.FULL_MEMBER and pk in on_probation:
            begun.append((pk, TrainingNeed.ADMITTED, on))
    for person in people:
        is_new = person.political_status == PoliticalStatus.PROBATIONARY_MEMBER and person.pk not in on_probation
        if is_new and person.joined_party_on is not None:
            begun.append((person.pk, TrainingNeed.PROBATION, person.joined_party_on))
    if not begun:
        return {}
    had: dict[int, list[date]] = defaultdict(list)
    rows = StudyEntry.objects.filter(
        person_id__in=[pk for pk, _need, _on in begun], form=Form.OFF_JOB, state=EntryState.CONFIRMED
    )
    for pk, on in rows.order_by().values_list("person_id", "day"):
        had[pk].append(on)
    dues: dict[int, list[TrainingDue]] = defaultdict(list)
    for pk, need, on in begun:
        due = training_due(need, on, had[pk])
        if due.until.year >= year and due.since.year <= year:
            dues[pk].append(due)
    return dues


def study_kinds() -> list[tuple[str, str]]:
    """Return the kinds of gathering of the Party that may count as study, with their names."""
    return [(kind.value, str(kind.label)) for kind in ActivityType if kind in TYPES_OF_TREE[BodyTree.PARTY]]
