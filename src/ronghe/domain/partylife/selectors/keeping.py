"""Political birthdays to come and kept, and oaths, as an actor may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from ronghe.domain.org.enums import GROUP_KINDS, HOME_KINDS, PARTY_MEMBERS, MembershipKind, PoliticalStatus
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.domain.org.selectors.headcounts import with_status
from ronghe.domain.partylife.calc.birthdays import HALF_CENTURY, birthday_in, is_round, years_in
from ronghe.domain.partylife.models import BirthdayKeeping, BirthdayPerson, OathCeremony, OathTaker
from ronghe.domain.partylife.rules import HOLD_OATH, KEEP_BIRTHDAY, SEE_KEEPING, SEE_OATH
from ronghe.domain.rhythm.enums import ActivityState, AttendanceStatus
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.selectors.activities import held_by
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day


@dataclass(frozen=True, slots=True)
class Birthday:
    """One person's birthday of a year: the day, how many years, and how it was kept, if it was."""

    person: Person
    day: date
    years: int
    kept: BirthdayPerson | None

    @property
    def is_round(self) -> bool:
        return is_round(self.years)

    @property
    def is_half_century(self) -> bool:
        return self.years == HALF_CENTURY


def members_of(body: PartyOrg, actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the Party members of a body and all below it whom `actor` may see, by name.

    Of a body of people who take part (a zone's branch, a task force) those who take part; of a group those put into it.
    """
    day = local_day(at)
    below = descendants(PartyOrg, [body.pk], day=day)
    rows = Membership.objects.filter(
        on_day(day), kind__in=[MembershipKind.HOME, MembershipKind.PARTICIPATION]
    ).order_by()
    here = Q(group_id=body.pk) | Q(body_id__in=below) if body.kind in GROUP_KINDS else Q(body_id__in=below)
    people = Person.objects.filter(
        pk__in=rows.filter(here).values("person_id"), political_status__in=PARTY_MEMBERS, valid_until=None
    )
    seen = SEE_PERSON.narrow(actor, people, at=at)
    return seen.select_related("unit").order_by("name", "pk")


def birthdays_of(body: PartyOrg, year: int, actor: Person, at: datetime, *, month: int | None = None) -> list[Birthday]:
    """Return the political birthdays of a year, by day; nobody whose first year it is, nobody out of the actor's reach."""
    rows = members_of(body, actor, at).filter(joined_party_on__isnull=False, joined_party_on__year__lt=year)
    if month is not None:
        rows = rows.filter(joined_party_on__month=month)
    return birthdays_in(rows, year)


def birthdays_in(people: Iterable[Person], year: int) -> list[Birthday]:
    """Return the birthdays of people whose day of joining is known, by day, with how each was kept."""
    found = [person for person in people if person.joined_party_on is not None]
    kept = {
        row.person_id: row
        for row in BirthdayPerson.objects.filter(year=year, is_void=False, person__in=found).select_related("keeping")
    }
    lines = [
        Birthday(
            person, birthday_in(person.joined_party_on, year), years_in(person.joined_party_on, year),
            kept.get(person.pk),
        )
        for person in found
        if person.joined_party_on is not None and years_in(person.joined_party_on, year) > 0
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (line.day, line.person.name, line.person.pk))


def dates_missing(body: PartyOrg, actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the members whose day of joining is not on file, by name."""
    return members_of(body, actor, at).filter(joined_party_on=None)


def bodies_keeping(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` looks after birthdays, by name."""
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=_KINDS)
    return KEEP_BIRTHDAY.narrow(actor, rows, at=at).select_related("unit").order_by("name", "pk")


def bodies_swearing(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` holds oaths, by name."""
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=_KINDS)
    return HOLD_OATH.narrow(actor, rows, at=at).select_related("unit").order_by("name", "pk")


def nearest_body(actor: Person, at: datetime, bodies: QuerySet[PartyOrg]) -> PartyOrg | None:
    """Return the one of `bodies` that a page begins with: a branch where the actor has a post or belongs, else any such body."""
    standing = standing_of(actor, local_day(at))
    mine = [post.body_id for post in standing.posts if post.body_id] + standing.bodies
    own = bodies.filter(pk__in=mine)
    return own.filter(kind__in=HOME_KINDS).first() or own.first() or bodies.first()


def keepings_seen_by(actor: Person, at: datetime) -> QuerySet[BirthdayKeeping]:
    rows = SEE_KEEPING.narrow(actor, BirthdayKeeping.objects.all(), at=at, walk=True)
    return rows.select_related("body", "activity", "kept_by").order_by("-day", "-pk")


def list_keepings(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[BirthdayKeeping]:
    """Return one page of the birthdays that were kept, the latest first, each with its people; three statements."""
    people = BirthdayPerson.objects.select_related("person").order_by("person__name", "pk")
    rows = BirthdayKeeping.objects.filter(filters or Q()).select_related("body").prefetch_related(
        Prefetch("people", people)
    )  # fmt: skip
    return list_seen(SEE_KEEPING, actor, rows, order_by=("-day", "-pk"), at=at, page=page, size=size)


def oaths_seen_by(actor: Person, at: datetime) -> QuerySet[OathCeremony]:
    rows = SEE_OATH.narrow(actor, OathCeremony.objects.all(), at=at, walk=True)
    return rows.select_related("body", "activity", "led_by", "site", "recorded_by").order_by("-day", "-pk")


def list_oaths(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[OathCeremony]:
    """Return one page of the oaths, the latest first, each with its `size_of`, how many took it."""
    rows = OathCeremony.objects.filter(filters or Q()).annotate(size_of=Count("takers"))
    rows = rows.select_related("body", "led_by", "site")
    return list_seen(SEE_OATH, actor, rows, order_by=("-day", "-pk"), at=at, page=page, size=size)


def sworn_in(actor: Person) -> QuerySet[OathTaker]:
    """Return the oaths that `actor` took, the latest first."""
    rows = OathTaker.objects.filter(person=actor, is_void=False).select_related("ceremony__body")
    return rows.order_by("-ceremony__day", "-pk")


def activities_to_link(body: PartyOrg, day: date) -> QuerySet[Activity]:
    """Return the body's activities of the month around `day` that were held or are under way, the latest first."""
    rows = Activity.objects.filter(held_by(body.pk), state__in=[ActivityState.OPEN, ActivityState.CLOSED])
    return rows.filter(day__year=day.year, day__month=day.month).order_by("-day", "-pk")


def came_to(activity: Activity) -> QuerySet[Person]:
    """Return who came, as the sign-in sheet says, by name."""
    came = Attendance.objects.filter(activity=activity, status=AttendanceStatus.PRESENT).order_by()
    return Person.objects.filter(pk__in=came.values("person_id")).order_by("name", "pk")


def not_probationary(people: Iterable[Person], day: date) -> list[Person]:
    """Return those of `people` who were no probationary members on `day` nor are on the way to it, by name."""
    rows = with_status(Person.objects.filter(pk__in=[person.pk for person in people]), day, "")
    wrong = rows.exclude(status=PoliticalStatus.PROBATIONARY_MEMBER)
    return list(wrong.order_by("name", "pk"))


_KINDS = (
    "committee", "general_branch", "branch", "joint_branch", "floating_branch", "co_built_branch", "regional_branch",
    "temporary_branch", "party_group", "temporary_party_group",
)  # fmt: skip
