"""Fields and experts as an actor may see them, their figures, and when they may be booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from ronghe.domain.clinic.calc.ratings import shown_mean
from ronghe.domain.clinic.calc.slots import Slot, Span, WeeklyHours, free_slots
from ronghe.domain.clinic.enums import ExpertState, HelpKind, PieceState, VisitState
from ronghe.domain.clinic.models import CaseSheet, ClinicField, Expert, ExpertAway, ExpertHours, Piece, Visit
from ronghe.domain.clinic.rules import OPEN_FIELD, PUT_UP, SEE_EXPERT, SETTLE_APPLICATION
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.calendars import statutory_calendar

LEAST_KEY = "clinic_least_shown"
WEEK = 7
WEEKS_AHEAD = 8
"""How many weeks from this one may be booked."""


def open_fields() -> QuerySet[Any]:
    """Return the fields that have not been closed, by name, each with its `sitting` experts and `told` pieces."""
    sitting = Count("experts", filter=Q(experts__state=ExpertState.ACTIVE), distinct=True)
    told = Count("pieces", filter=Q(pieces__state=PieceState.PUBLISHED), distinct=True)
    rows = ClinicField.objects.filter(closed_at=None).select_related("body")
    return rows.annotate(sitting=sitting, told=told).order_by("name", "pk")


def bodies_opening_fields(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may open a field, by name."""
    return OPEN_FIELD.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def bodies_putting_up(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may put an expert up, by name."""
    return PUT_UP.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def experts_seen_by(actor: Person, at: datetime) -> QuerySet[Expert]:
    """Return the experts whom `actor` may see: to be cut to one or a few."""
    rows = SEE_EXPERT.narrow(actor, Expert.objects.all(), at=at, walk=True)
    return rows.select_related("person__unit", "body", "named_by").order_by("person__name", "pk")


def list_experts(
    actor: Person, at: datetime, *, words: str = "", field: int | None = None, help: str = "", state: str = "",  # noqa: A002
    page: int = 1, size: int = 20,
) -> Listed[Expert]:  # fmt: skip
    """Return one page of the experts whom `actor` may see, by name; those who sit unless another state is asked for."""
    wanted = state if state in ExpertState.values else ExpertState.ACTIVE
    rows = Expert.objects.filter(state=wanted)
    if words.strip():
        rows = rows.matching(words)
    if field is not None:
        rows = rows.filter(fields=field)
    if help in HelpKind.values:
        rows = rows.filter(**{f"gives_{help}": True})
    rows = rows.select_related("person__unit", "body").prefetch_related("fields")
    return list_seen(SEE_EXPERT, actor, rows, order_by=("person__name",), at=at, page=page, size=size)


def sitting_experts() -> QuerySet[Expert]:
    """Return the experts who sit, by name: everybody may ask them."""
    rows = Expert.objects.filter(state=ExpertState.ACTIVE).select_related("person__unit", "body")
    return rows.prefetch_related("fields").order_by("person__name", "pk")


def expert_of(person: Person) -> Expert | None:
    """Return the expert that a person sits as, or is to become."""
    rows = Expert.objects.filter(
        person=person, state__in=(ExpertState.INVITED, ExpertState.APPLIED, ExpertState.ACTIVE)
    )
    return rows.select_related("person", "body").first()


def invitations_of(person: Person, at: datetime) -> QuerySet[Expert]:  # noqa: ARG001 - as every inbox
    """Return the invitations to sit that wait for `person`."""
    return Expert.objects.filter(person=person, state=ExpertState.INVITED).order_by("named_at", "pk")


def applications_waiting(actor: Person, at: datetime) -> QuerySet[Expert]:
    """Return the applications to sit that wait for `actor`."""
    rows = SETTLE_APPLICATION.narrow(actor, Expert.objects.filter(state=ExpertState.APPLIED), at=at)
    return rows.order_by("named_at", "pk")


@dataclass(frozen=True, slots=True)
class Figures:
    """What an expert did: cases that stand solved, visits held, pieces with the credit; `mean` once there are enough ratings."""

    solved: int = 0
    held: int = 0
    told: int = 0
    mean: Decimal | None = None
    rated: int = 0


def figures_of(experts: Sequence[Expert], at: datetime) -> dict[int, Figures]:
    """Return the figures of experts by their key; three statements, and one a body for how many ratings are enough."""
    keys = [expert.pk for expert in experts]
    scores: dict[int, list[int]] = {key: [] for key in keys}
    solved: dict[int, int] = dict.fromkeys(keys, 0)
    rows = CaseSheet.objects.filter(expert__in=keys, item__state="closed").order_by("pk")
    for key, score in rows.values_list("expert_id", "score"):
        if key is not None:
            solved[key] += 1
            scores[key] += [score] if score is not None else []
    visits = Visit.objects.filter(expert__in=keys, state=VisitState.HELD).order_by().values_list("expert_id")
    held = dict(visits.annotate(n=Count("pk")))
    people = {expert.person_id: expert.pk for expert in experts}
    pieces = Piece.objects.filter(expert__in=people, state=PieceState.PUBLISHED).order_by().values_list("expert_id")
    told = {people[person]: n for person, n in pieces.annotate(n=Count("pk"))}
    least: dict[int, int] = {}
    found = {}
    for expert in experts:
        if expert.body_id not in least:
            least[expert.body_id] = key_of(LEAST_KEY, expert.body, local_day(at)) if scores[expert.pk] else 1
        mean = shown_mean(scores[expert.pk], least[expert.body_id])
        found[expert.pk] = Figures(
            solved[expert.pk], held.get(expert.pk, 0), told.get(expert.pk, 0), mean, len(scores[expert.pk])
        )
    return found


def hours_of(expert: Expert) -> list[ExpertHours]:
    """Return the weekly hours that an expert keeps, in the order of the week."""
    return list(expert.hours.filter(closed_at=None).order_by("weekday", "starts", "pk"))


def away_of(expert: Expert, day: date) -> list[ExpertAway]:
    """Return when an expert is away from `day` on."""
    return list(expert.away.filter(ended_at=None, until_on__gte=day).order_by("from_on", "pk"))


def weekly(hours: Sequence[ExpertHours]) -> list[WeeklyHours]:
    """Return hours as the arithmetic reads them."""
    return [WeeklyHours(row.pk, row.weekday, row.starts, row.ends, row.minutes) for row in hours]


def slots_of(expert: Expert, from_on: date, at: datetime, *, days: int = WEEK) -> list[Slot]:
    """Return what may be booked of an expert on `days` days from `from_on`, after `at`; three statements."""
    limit = local_day(at) + timedelta(weeks=WEEKS_AHEAD)
    hours = hours_of(expert) if from_on < limit else []
    if not hours:
        return []
    away = away_of(expert, from_on)
    wanted = [from_on + timedelta(days=number) for number in range(days)]
    booked = Visit.objects.filter(expert=expert, state=VisitState.BOOKED, ends_at__gt=at)
    taken = [Span(begins, ends) for begins, ends in booked.order_by().values_list("starts_at", "ends_at")]
    return free_slots(
        weekly(hours), [day for day in wanted if day < limit], is_working=statutory_calendar().is_working,
        is_away=lambda day: any(row.from_on <= day <= row.until_on for row in away), taken=taken, after=at,
    )  # fmt: skip


def next_slot(expert: Expert, at: datetime) -> Slot | None:
    """Return the first time that may be booked."""
    return next(iter(slots_of(expert, local_day(at), at, days=WEEK * WEEKS_AHEAD)), None)


def visits_of(person: Person, from_at: datetime, until_at: datetime) -> QuerySet[Visit]:
    """Return the visits of a person as expert or asker in a span, the earliest first."""
    rows = Visit.objects.filter(_of(person), starts_at__gte=from_at, starts_at__lt=until_at)
    return _joined(rows).order_by("starts_at", "pk")


def visits_coming(person: Person, at: datetime) -> QuerySet[Visit]:
    """Return the booked visits of a person that are not over, the next one first."""
    return _joined(Visit.objects.filter(_of(person), state=VisitState.BOOKED, ends_at__gt=at)).order_by(
        "starts_at", "pk"
    )


def visits_today(person: Person, at: datetime) -> QuerySet[Visit]:
    """Return those of them that begin today."""
    return visits_coming(person, at).filter(starts_at__date=local_day(at))


def visits_to_tell(person: Person, at: datetime) -> QuerySet[Visit]:
    """Return the visits of an expert that are over and of which nobody said yet what came of them."""
    rows = Visit.objects.filter(expert__person=person, state=VisitState.BOOKED, ends_at__lte=at)
    return _joined(rows).order_by("starts_at", "pk")


def _of(person: Person) -> Q:
    """Return the condition that a visit is a person's: two look-ups, for an OR over two tables reads one of them whole."""
    given = Visit.objects.filter(expert__person=person).order_by().values("pk")
    return Q(pk__in=given.union(Visit.objects.filter(item__raised_by=person).order_by().values("pk")))


def _joined(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    return rows.select_related("expert__person", "item__case_sheet", "item__raised_by")
