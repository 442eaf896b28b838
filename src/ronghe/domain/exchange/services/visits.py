"""A visit to learn is planned, held and answered by its host; figures are put side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction

from ronghe.domain.exchange.calc.figures import gap, is_reached
from ronghe.domain.exchange.enums import VISIT_FLOW, Better, VisitDirection, VisitState
from ronghe.domain.exchange.facts import (
    GAP_FOLLOWED,
    GAP_NOTED,
    VISIT_ANSWERED,
    VISIT_CALLED_OFF,
    VISIT_HELD,
    VISIT_HOSTED,
    VISIT_PLANNED,
)
from ronghe.domain.exchange.models import BenchmarkLine, LearningVisit, VisitPerson
from ronghe.domain.exchange.rules import ANSWER_VISIT, KEEP_VISIT, PLAN_VISIT
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

NOON = time(12, 0)


class VisitShapeless(DomainError):
    code = "visit_shapeless"
    sentence = N_("请写明去哪里（或请谁来）、在哪里、学什么。")
    status = 422


class HostIsVisitor(DomainError):
    code = "visit_host_is_visitor"
    sentence = N_("“%(body)s”不能观摩自己，请选另一个党组织，或写明外单位名称。")
    status = 422


class VisitAhead(DomainError):
    code = "visit_ahead"
    sentence = N_("安排在 %(day)s，到那天以后再记。")


class NobodyWent(DomainError):
    code = "nobody_went"
    sentence = N_("请选出参加的人，至少一人。")
    status = 422


class SignedInThere(DomainError):
    code = "visit_signed_in_there"
    sentence = N_("这次观摩已安排成活动，请在那一场签到，结束以后这里自动记上。")


class VisitRecordOver(DomainError):
    code = "visit_record_over"
    sentence = N_("这次观摩已取消，不能再记。")


class HostWordMissing(DomainError):
    code = "visit_host_word_missing"
    sentence = N_("请写几句反馈。")
    status = 422


class BenchmarkShapeless(DomainError):
    code = "benchmark_shapeless"
    sentence = N_("请写明指标；定了目标值的，要写明谁负责、到哪一天。")
    status = 422


@dataclass(frozen=True, slots=True)
class VisitText:
    """What is said of a visit. The host is a body, a unit, or an outside name; `host_name` may be left out for the first two."""

    direction: VisitDirection
    day: date
    place: str
    purpose: str
    host_body: PartyOrg | None = None
    host_unit: AdminUnit | None = None
    host_name: str = ""
    to_see: str = ""


@dataclass(frozen=True, slots=True)
class BenchmarkText:
    """One indicator of both sides; a target wants an owner and a day."""

    indicator: str
    better: Better
    ours: Decimal
    theirs: Decimal
    unit: str = ""
    target: Decimal | None = None
    due_on: date | None = None
    measure: str = ""
    owner: Person | None = None


@transaction.atomic
def plan_visit(
    *, body: PartyOrg, text: VisitText, actor: Person, at: datetime, lead: Person | None = None,
    people: Sequence[Person] = (),
) -> LearningVisit:  # fmt: skip
    """Plan a visit of a body, or put one down that was; whoever plans it leads unless told.

    :raises VisitShapeless: words are missing
    :raises HostIsVisitor: the host is the body itself
    """
    PLAN_VISIT.require(actor, body, at=at)
    name = text.host_name.strip() or next((one.name for one in (text.host_body, text.host_unit) if one is not None), "")
    if not name or not text.place.strip() or not text.purpose.strip():
        raise VisitShapeless
    if text.host_body is not None and text.host_body.pk == body.pk:
        raise HostIsVisitor(body=body.name)
    visit = LearningVisit.objects.create(
        direction=text.direction, body=body, host_body=text.host_body, host_unit=text.host_unit, host_name=name[:80],
        day=text.day, place=text.place.strip(), purpose=text.purpose.strip(), to_see=text.to_see.strip(),
        lead=lead or actor, planned_by=actor, planned_at=at,
    )  # fmt: skip
    VisitPerson.objects.bulk_create(VisitPerson(visit=visit, person=person) for person in _once(people))
    told = {"direction": visit.direction, "day": visit.day}
    record(Draft(VISIT_PLANNED, at, actor, body=body.pk, attributes=told, source=visit))
    return visit


@transaction.atomic
def hold_visit(
    *, visit: LearningVisit, people: Sequence[Person], actor: Person, at: datetime, seen: str = ""
) -> LearningVisit:
    """Say that a free visit took place, who was there and what was seen; one that is an activity is signed in to there.

    :raises SignedInThere: it is an activity
    :raises VisitAhead: its day is to come
    :raises NobodyWent: no people
    :raises StepNotAllowed: it took place, or was called off
    """
    KEEP_VISIT.require(actor, visit, at=at)
    if visit.activity_id is not None and visit.state == VisitState.PLANNED:
        raise SignedInThere
    if visit.state == VisitState.PLANNED and visit.day > local_day(at):
        raise VisitAhead(day=visit.day)
    if not people:
        raise NobodyWent
    VISIT_FLOW.advance(visit, "hold", held_at=at, seen=seen.strip()[:1000] or visit.seen)
    visit.people.exclude(person__in=people).delete()
    known = set(visit.people.values_list("person_id", flat=True))
    VisitPerson.objects.bulk_create(
        VisitPerson(visit=visit, person=person) for person in _once(people) if person.pk not in known
    )
    record_held(visit, actor, at if visit.day == local_day(at) else datetime.combine(visit.day, NOON, SHANGHAI))
    return visit


@transaction.atomic
def write_seen(*, visit: LearningVisit, seen: str, actor: Person, at: datetime) -> LearningVisit:
    """Write what was seen and heard, or put it better.

    :raises VisitRecordOver: it was called off
    """
    KEEP_VISIT.require(actor, visit, at=at)
    require_alive(visit)
    visit.seen = seen.strip()[:1000]
    visit.save(update_fields=["seen"])
    return visit


@transaction.atomic
def call_off_visit(*, visit: LearningVisit, actor: Person, at: datetime) -> LearningVisit:
    """Call a planned visit off; its activity is called off where it stands.

    :raises SignedInThere: it is an activity: call that off first
    :raises StepNotAllowed: it took place, or was called off
    """
    KEEP_VISIT.require(actor, visit, at=at)
    if visit.activity_id is not None and visit.state == VisitState.PLANNED:
        raise SignedInThere
    VISIT_FLOW.advance(visit, "call_off")
    record(Draft(VISIT_CALLED_OFF, at, actor, body=visit.body_id, source=visit))
    return visit


@transaction.atomic
def answer_visit(*, visit: LearningVisit, thanks: str, actor: Person, at: datetime) -> LearningVisit:
    """Let the host side say what it thinks, or say it better.

    :raises HostWordMissing: no words
    :raises StepNotAllowed: it did not take place yet
    """
    ANSWER_VISIT.require(actor, visit, at=at)
    if visit.state != VisitState.HELD:
        raise StepNotAllowed(state=visit.get_state_display())
    if not thanks.strip():
        raise HostWordMissing
    visit.thanks, visit.answered_by, visit.answered_at = thanks.strip()[:400], actor, at
    visit.save(update_fields=["thanks", "answered_by", "answered_at"])
    record(Draft(VISIT_ANSWERED, at, actor, body=visit.host_body_id, source=visit))
    return visit


@transaction.atomic
def note_benchmark(*, visit: LearningVisit, given: BenchmarkText, actor: Person, at: datetime) -> BenchmarkLine:
    """Put one indicator of both sides down; the gap is computed.

    :raises BenchmarkShapeless: no indicator, or a target without owner and day
    :raises VisitRecordOver: it was called off
    """
    KEEP_VISIT.require(actor, visit, at=at)
    require_alive(visit)
    if not given.indicator.strip() or (given.target is not None and (given.due_on is None or given.owner is None)):
        raise BenchmarkShapeless
    made = BenchmarkLine.objects.create(
        visit=visit, indicator=given.indicator.strip(), unit=given.unit.strip(), better=given.better, ours=given.ours,
        theirs=given.theirs, target=given.target, due_on=given.due_on, measure=given.measure.strip(), owner=given.owner,
        noted_by=actor, noted_at=at,
    )  # fmt: skip
    is_behind = gap(given.ours, given.theirs, is_up=given.better == Better.UP) > 0
    told = {"better": given.better, "is_behind": is_behind}
    record(Draft(GAP_NOTED, at, actor, body=visit.body_id, attributes=told, source=visit))
    return made


@transaction.atomic
def follow_benchmark(*, line: BenchmarkLine, actual: Decimal, actor: Person, at: datetime) -> BenchmarkLine:
    """Write where an indicator came to since: its owner, or whoever keeps the visit."""
    if line.owner_id != actor.pk:
        KEEP_VISIT.require(actor, line.visit, at=at)
    line.actual, line.followed_at = actual, at
    line.save(update_fields=["actual", "followed_at"])
    is_there = bool(is_reached(line.target or line.theirs, actual, is_up=line.better == Better.UP))
    record(
        Draft(GAP_FOLLOWED, at, actor, body=line.visit.body_id, attributes={"is_reached": is_there}, source=line.visit)
    )
    return line


def record_held(visit: LearningVisit, actor: Person | None, at: datetime) -> None:
    """Tell of a visit that took place: of the body that keeps it, and apart of the host's.

    Signed in to as an activity, the activity is the source: with its own closing it is one record and meets a duty once.
    """
    visitors = visit.people.count()
    told = {
        "direction": visit.direction, "day": visit.day, "visitors": visitors, "gaps": visit.benchmarks.count(),
        "practices": visit.practices.count(),
    }  # fmt: skip
    source = visit.activity or visit
    record(Draft(VISIT_HELD, at, actor, body=visit.body_id, quantity=1, attributes=told, source=source))
    if visit.host_body_id is not None:
        hosted = {"day": visit.day, "visitors": visitors}
        record(Draft(VISIT_HOSTED, at, actor, body=visit.host_body_id, attributes=hosted, source=visit))


def require_alive(visit: LearningVisit) -> None:
    """Refuse to write about a visit that was called off.

    :raises VisitRecordOver: it was
    """
    if visit.state == VisitState.CALLED_OFF:
        raise VisitRecordOver


def _once(people: Sequence[Person]) -> list[Person]:
    return list({person.pk: person for person in people}.values())
