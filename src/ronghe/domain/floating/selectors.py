"""Who may be a floating member, who is one, what waits for whom, and what a stay amounted to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Max, Q, QuerySet

from ronghe.domain.floating.enums import OPEN_STATES, StayDirection, StaySource, StayState
from ronghe.domain.floating.models import FloatingBranchSides, FloatingStay
from ronghe.domain.floating.rules import AGREE_SIDES, ANSWER_STAY, REGISTER_STAY, SEE_STAY, TEND_STAY
from ronghe.domain.org.calc.roster.vocabulary import vocabulary
from ronghe.domain.org.enums import PARTY_MEMBERS, WORKING_KINDS, MembershipKind, PartyOrgKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import POINT, Fact
from ronghe.kernel.words import _

AWAY_MONTHS = 6
"""So long away makes a floating member (PF-01)."""
CONTACT_MONTHS = 6
"""So often somebody abroad is contacted (PF-04)."""
GATHERED = 3
"""So many floating members in one place are worth a branch of their own (PO-07, with the least number of PO-01)."""
HOST_KINDS = frozenset({*WORKING_KINDS, PartyOrgKind.FLOATING_BRANCH})
"""Bodies that a floating member may be attached to: the home stays where it is (PF-02, PO-12)."""
APART = ("org.", "floating.")
"""Facts of the register itself are not what somebody did here."""


@dataclass(frozen=True, slots=True)
class AwayLine:
    """A member who is away, and when a contact is due; `due_on` is None where none is asked for."""

    stay: FloatingStay
    last_on: date | None
    due_on: date | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class SlipLine:
    """So many records of one kind in the host body, with the hours of those that have them."""

    kind: str
    title: str
    count: int
    hours: str = ""


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, the last one where the month is shorter."""
    return day + relativedelta(months=months)


def source_of(person: Person) -> StaySource:
    """Return how somebody found by the platform came to be on it: hired and dispatched people came in with a contractor."""
    return StaySource.CONTRACTOR_ENTRY if person.employment in _external_words() else StaySource.ROSTER


def candidates(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the Party members whom `actor` sees, who have no home here and whom nobody has registered before, by unit.

    They came with a roster that names a home elsewhere, with a contractor, or take part in a working body (PF-03). An own
    employee whose branch nobody stated is not among them: that is a gap of the roster.
    """
    day = local_day(at)
    at_home = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME).order_by().values("person_id")
    known = FloatingStay.objects.order_by()
    rows = Person.objects.filter(on_day(day), political_status__in=PARTY_MEMBERS).exclude(pk__in=at_home)
    rows = rows.filter(unit__isnull=False).exclude(pk__in=known.values("person_id")).exclude(pk=actor.pk)
    guests = Membership.objects.filter(on_day(day), kind=MembershipKind.PARTICIPATION, body__kind__in=HOST_KINDS)
    came = Q(outside_home_branch__isnull=False) | Q(employment__in=_external_words())
    rows = rows.filter(came | Q(pk__in=guests.order_by().values("person_id")))
    return SEE_PERSON.narrow(actor, rows, at=at).select_related("unit").order_by("unit__name", "name", "pk")


def hosts(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies that `actor` may attach a floating member to, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=HOST_KINDS)
    return REGISTER_STAY.narrow(actor, rows, at=at).order_by("name", "pk")


def homes_of(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the branches for whose members away `actor` answers, by name."""
    kinds = (PartyOrgKind.BRANCH, PartyOrgKind.JOINT_BRANCH, PartyOrgKind.FLOATING_BRANCH)
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=kinds)
    return REGISTER_STAY.narrow(actor, rows, at=at).order_by("name", "pk")


def members_at_home(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the members of those branches who are not away yet, by name."""
    day = local_day(at)
    inside = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, body__in=homes_of(actor, at))
    away = FloatingStay.objects.filter(state__in=OPEN_STATES).order_by().values("person_id")
    rows = Person.objects.filter(pk__in=inside.order_by().values("person_id"), political_status__in=PARTY_MEMBERS)
    return rows.exclude(pk__in=away).select_related("unit").order_by("name", "pk")


def stays_seen_by(actor: Person, at: datetime) -> QuerySet[FloatingStay]:
    """Return the stays that `actor` may see, newest first."""
    rows = SEE_STAY.narrow(actor, FloatingStay.objects.all(), at=at)
    return _told(rows).order_by("-found_on", "-pk")


def stays_to_answer(actor: Person, at: datetime) -> QuerySet[FloatingStay]:
    """Return the stays of own members elsewhere that `actor` should take note of: begun, or ended with a slip."""
    waiting = Q(informed_at__isnull=False, acknowledged_at=None) | Q(
        state=StayState.LEFT, slip__isnull=False, slip_acknowledged_at=None
    )
    rows = FloatingStay.objects.filter(waiting, direction=StayDirection.INCOMING)
    return _told(ANSWER_STAY.narrow(actor, rows, at=at)).order_by("found_on", "pk")


def away_lines(actor: Person, at: datetime, *, only_due: bool = False) -> list[AwayLine]:
    """Return the own members who are away, soonest contact first; of those abroad one is due every half-year (PF-04)."""
    day = local_day(at)
    rows = FloatingStay.objects.filter(direction=StayDirection.OUTGOING, state=StayState.AWAY)
    seen = _told(TEND_STAY.narrow(actor, rows, at=at)).annotate(last_on=Max("contacts__contacted_on"))
    lines = [_away_line(stay, day) for stay in seen.order_by("pk")]
    wanted = [line for line in lines if not only_due or line.is_overdue]
    return sorted(wanted, key=lambda line: (line.due_on is None, line.due_on or day, line.stay.pk))


def contact_due_on(stay: FloatingStay, last_on: date | None) -> date | None:
    """Return when somebody abroad is to be contacted next (PF-04), None for one who is in the country."""
    since = last_on or stay.away_since
    return months_after(since, CONTACT_MONTHS) if stay.is_abroad and since is not None else None


def _away_line(stay: Any, day: date) -> AwayLine:
    due_on = contact_due_on(stay, stay.last_on)
    return AwayLine(stay, stay.last_on, due_on, due_on is not None and due_on <= day)


def gathered_places(actor: Person, at: datetime) -> list[tuple[PartyOrg, int]]:
    """Return the bodies where so many floating members are attached that a branch of their own is worth asking for (PO-07)."""
    rows = SEE_STAY.narrow(actor, FloatingStay.objects.filter(state=StayState.ATTACHED), at=at)
    grouped = rows.order_by().values("body_id").annotate(n=Count("pk")).filter(n__gte=GATHERED)
    counts = {row["body_id"]: row["n"] for row in grouped}
    bodies = PartyOrg.objects.filter(pk__in=counts).exclude(kind=PartyOrgKind.FLOATING_BRANCH).order_by("name", "pk")
    return [(body, counts[body.pk]) for body in bodies]


def floating_branches(actor: Person, at: datetime) -> list[tuple[PartyOrg, FloatingBranchSides | None]]:
    """Return the branches of floating members that `actor` answers for, each with its two sides where agreed (PO-07)."""
    branches = list(branches_to_agree_on(actor, at))
    sides = {row.body_id: row for row in FloatingBranchSides.objects.filter(body__in=branches).select_related("host")}
    return [(branch, sides.get(branch.pk)) for branch in branches]


def branches_to_agree_on(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the branches of floating members whose two sides `actor` puts on record, by name (PO-07)."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind=PartyOrgKind.FLOATING_BRANCH)
    return AGREE_SIDES.narrow(actor, rows, at=at).order_by("name", "pk")


def bodies_above(branch: PartyOrg) -> QuerySet[PartyOrg]:
    """Return the bodies that may be the receiving side of a branch: those above it."""
    return PartyOrg.objects.filter(links_below__descendant=branch).exclude(pk=branch.pk).distinct().order_by("pk")


def slip_lines(person: Person, body: PartyOrg, since: date, until: date) -> list[SlipLine]:
    """Return what is on record of a person in a body from `since` to `until`, both included, by kind (PF-03).

    Reversed facts and their reversals are left out.
    """
    first = datetime.combine(since, time(), SHANGHAI)
    last = datetime.combine(until + relativedelta(days=1), time(), SHANGHAI)
    rows = Fact.objects.about(person.token).in_period(first, last).filter(body=body.pk)
    facts = list(rows.order_by("pk").values_list("pk", "kind", "reverses", "quantity", "measure"))
    undone = set(
        Fact.objects.filter(reverses__in=[row[0] for row in facts]).order_by().values_list("reverses", flat=True)
    )
    counts: Counter[str] = Counter()
    hours: Counter[str] = Counter()
    for pk, kind, reverses, quantity, measure in facts:
        if reverses is None and pk not in undone and not kind.startswith(APART):
            counts[kind] += 1
            hours[kind] += quantity or 0 if measure == "hour" else 0
    kinds = declared_kinds()
    return [
        SlipLine(
            kind, kinds[kind].title if kind in kinds else kind, count, f"{hours[kind] / POINT:g}" if hours[kind] else ""
        )
        for kind, count in sorted(counts.items())
    ]


def kept_slip(stay: FloatingStay) -> list[SlipLine]:
    """Return what the slip says, frozen when the person left; titles in the reader's language."""
    return [SlipLine(row["kind"], _(row["title"]), row["count"], row["hours"]) for row in (stay.slip or [])]


def _external_words() -> set[str]:
    """Return how the file calls the kinds of employment that come in with a contractor."""
    words = vocabulary()
    return {word for word, code in words.values["employment_kind"].items() if code in words.external_employment}


def _told(rows: QuerySet[FloatingStay]) -> QuerySet[FloatingStay]:
    return rows.select_related("person", "body", "unit", "home_branch")
