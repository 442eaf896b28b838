"""A hearing is planned with everything proposed, and arranged as a meeting of the body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.hearings.calc.marks import Grade
from ronghe.domain.hearings.enums import HEARING_FLOW, GroupKind, HearingState
from ronghe.domain.hearings.facts import HEARING_CALLED_OFF, HEARING_PLANNED
from ronghe.domain.hearings.models import Evaluator, EvaluatorGroup, Hearing, HearingReporter
from ronghe.domain.hearings.rules import PLAN_HEARING
from ronghe.domain.hearings.selectors import (
    DEFAULT_WEIGHTS,
    chairs_for,
    evaluators_proposed,
    grades_for,
    people_below,
    reporters_proposed,
    secretaries_below,
)
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.changes import call_off_activity
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed

FIRST_YEAR, LAST_YEAR = 2000, 2999
HUNDRED = Decimal(100)


class HearingShapeless(DomainError):
    code = "hearing_shapeless"
    sentence = N_("请写明名称和地点，年度在 2000 到 2999 之间，结束要晚于开始，提交报告的截止日不晚于开会那天。")
    status = 422


class ChairNotLeading(DomainError):
    code = "chair_not_leading"
    sentence = N_("%(name)s不是“%(body)s”的班子成员。述职评议由分管领导主持，请另选。")
    status = 422


class ChairReports(DomainError):
    code = "chair_reports"
    sentence = N_("%(name)s自己要述职，不能主持。请另选主持人，或改由上级主持。")
    status = 422


class NobodyReports(DomainError):
    code = "nobody_reports"
    sentence = N_("“%(body)s”下面没有书记可以述职。请先在下级党组织里任职书记。")


class NoSecretaryHere(DomainError):
    code = "no_secretary_here"
    sentence = N_("%(name)s不是“%(body)s”下级党组织的书记，不能列为述职人。")
    status = 422


class MarksInAnother(DomainError):
    code = "marks_in_another"
    sentence = N_("%(name)s已在“%(group)s”里，一个人只在一组测评。")


class NotFromHere(DomainError):
    code = "evaluator_not_from_here"
    sentence = N_("%(name)s不在“%(body)s”及下级，不能列为测评人。")
    status = 422


class WeightsOff(DomainError):
    code = "weights_off"
    sentence = N_("各组权重合计 %(sum)s%%，须为 100%%。")
    status = 422


class MeetingThere(DomainError):
    code = "hearing_meeting_there"
    sentence = N_("会议已经安排好了。")


@dataclass(frozen=True, slots=True)
class HearingText:
    """What is said of a hearing when it is planned; moments with their zone."""

    title: str
    year: int
    chair: Person
    starts_at: datetime
    ends_at: datetime
    place: str
    reports_due_on: date
    field: str = ""
    shows_rank: bool = False
    objection_days: int = 5


@transaction.atomic
def plan_hearing(
    *, body: PartyOrg, text: HearingText, actor: Person, at: datetime, reporters: Sequence[Person] | None = None,
    weights: Mapping[GroupKind, Decimal] | None = None, grades: Sequence[Grade] | None = None,
) -> Hearing:  # fmt: skip
    """Plan a hearing; who reports, who marks, weights and grades are proposed where they are not told.

    Whoever may call the body together, its own clerk among them, arranges the meeting with it; a hearing planned from
    above for a body below waits for somebody there (`arrange_meeting`).

    :raises HearingShapeless: words, year or times that do not hold together
    :raises ChairNotLeading, ChairReports: the chair does not lead the body, or reports
    :raises NobodyReports, NoSecretaryHere: nobody below, or somebody who is no secretary there
    :raises WeightsOff: not 100 percent together
    """
    PLAN_HEARING.require(actor, body, at=at)
    day = local_day(at)
    if not text.title.strip() or not text.place.strip() or not FIRST_YEAR <= text.year <= LAST_YEAR:
        raise HearingShapeless
    if text.ends_at <= text.starts_at or text.reports_due_on > local_day(text.starts_at):
        raise HearingShapeless
    if not chairs_for(body, day).filter(pk=text.chair.pk).exists():
        raise ChairNotLeading(name=text.chair.name, body=body.name)
    posts = reporters_proposed(body, text.chair, day)
    if reporters is not None:
        below = {post.person_id: post for post in secretaries_below(body, day)}
        for person in reporters:
            if person.pk == text.chair.pk:
                raise ChairReports(name=person.name)
            if person.pk not in below:
                raise NoSecretaryHere(name=person.name, body=body.name)
        posts = [below[person.pk] for person in reporters]
    if not posts:
        raise NobodyReports(body=body.name)
    shares = dict(weights or DEFAULT_WEIGHTS)
    refuse_weights(shares.values())
    hearing = Hearing.objects.create(
        body=body, title=text.title.strip(), year=text.year, field=text.field.strip(), chair=text.chair,
        starts_at=text.starts_at, ends_at=text.ends_at, place=text.place.strip(), reports_due_on=text.reports_due_on,
        grades=[grade.as_data() for grade in grades or grades_for(body, day)], shows_rank=text.shows_rank,
        objection_days=text.objection_days, planned_by=actor, planned_at=at,
    )  # fmt: skip
    HearingReporter.objects.bulk_create(
        HearingReporter(hearing=hearing, person=post.person, body=post.body or body, place=place)
        for place, post in enumerate(posts, start=1)
    )
    proposed = evaluators_proposed(body, posts, day)
    for kind in GroupKind:
        group = EvaluatorGroup.objects.create(hearing=hearing, kind=kind, weight=shares.get(kind, Decimal(0)))
        Evaluator.objects.bulk_create(
            Evaluator(hearing=hearing, group=group, person=person) for person in proposed[kind]
        )
    attributes = {"day": local_day(text.starts_at), "reporters": len(posts)}
    record(Draft(HEARING_PLANNED, at, actor, body=body.pk, attributes=attributes, source=hearing))
    if PLAN_ACTIVITY.allows(actor, body, at=at):
        arrange_meeting(hearing=hearing, actor=actor, at=at)
    return hearing


@transaction.atomic
def arrange_meeting(*, hearing: Hearing, actor: Person, at: datetime) -> Hearing:
    """Arrange the hearing as a meeting of the body, chaired by its chair, recorded by whoever planned it.

    :raises MeetingThere: it is
    :raises StepNotAllowed: the hearing is over
    """
    fresh = Hearing.objects.select_for_update().get(pk=hearing.pk)
    if fresh.activity_id is not None:
        raise MeetingThere
    if fresh.state not in (HearingState.PLANNED, HearingState.VOTING):
        raise StepNotAllowed(state=fresh.get_state_display())
    hearing.activity = plan_activity(
        activity_type=ActivityType.REPORT_HEARING, body=hearing.body, place=hearing.place,
        scheduled_from=hearing.starts_at, scheduled_until=hearing.ends_at, chair=hearing.chair,
        recorder=hearing.planned_by, actor=actor, at=at,
    )  # fmt: skip
    hearing.save(update_fields=["activity"])
    return hearing


@transaction.atomic
def set_reporters(*, hearing: Hearing, people: Sequence[Person], actor: Person, at: datetime) -> None:
    """Say who reports; whoever comes new speaks after those who stay, in the order given, and who handed in a report stays.

    :raises NoSecretaryHere, ChairReports, NobodyReports: as when it was planned
    :raises StepNotAllowed: marking has begun
    """
    PLAN_HEARING.require(actor, hearing.body, at=at)
    require_planned(hearing)
    below = {post.person_id: post for post in secretaries_below(hearing.body, local_day(at))}
    kept = {row.person_id: row for row in hearing.reporters.all()}
    wanted: list[int] = []
    for person in people:
        if person.pk == hearing.chair_id:
            raise ChairReports(name=person.name)
        if person.pk not in below and person.pk not in kept:
            raise NoSecretaryHere(name=person.name, body=hearing.body.name)
        wanted.append(person.pk)
    wanted += [pk for pk, row in kept.items() if row.version and pk not in wanted]
    if not wanted:
        raise NobodyReports(body=hearing.body.name)
    HearingReporter.objects.filter(hearing=hearing).exclude(person__in=wanted).delete()
    last = hearing.reporters.aggregate(last=Max("place"))["last"] or 0
    for place, pk in enumerate((pk for pk in wanted if pk not in kept), start=last + 1):
        HearingReporter.objects.create(hearing=hearing, person_id=pk, body=below[pk].body or hearing.body, place=place)


@transaction.atomic
def set_evaluators(
    *, group: EvaluatorGroup, people: Sequence[Person], weight: Decimal, actor: Person, at: datetime
) -> EvaluatorGroup:
    """Say who marks in a group, and what it weighs.

    :raises MarksInAnother: somebody marks in another group
    :raises NotFromHere: somebody from elsewhere
    :raises WeightsOff: a weight out of reach
    :raises StepNotAllowed: marking has begun
    """
    hearing = group.hearing
    PLAN_HEARING.require(actor, hearing.body, at=at)
    require_planned(hearing)
    if not 0 <= weight <= HUNDRED:
        raise WeightsOff(sum=weight)
    wanted = people_below(hearing.body, local_day(at)).filter(pk__in=[person.pk for person in people])
    here = set(wanted.values_list("pk", flat=True))
    elsewhere = dict(
        Evaluator.objects.filter(hearing=hearing).exclude(group=group).values_list("person_id", "group__kind")
    )
    for person in people:
        if person.pk in elsewhere:
            raise MarksInAnother(name=person.name, group=_(str(GroupKind(elsewhere[person.pk]).label)))
        if person.pk not in here:
            raise NotFromHere(name=person.name, body=hearing.body.name)
    Evaluator.objects.filter(group=group).delete()
    try:
        with transaction.atomic():
            Evaluator.objects.bulk_create(
                Evaluator(hearing=hearing, group=group, person=person) for person in dict.fromkeys(people)
            )
    except IntegrityError as error:
        raise MarksInAnother(name="", group="") from error
    group.weight = weight
    group.save(update_fields=["weight"])
    return group


@transaction.atomic
def call_off_hearing(*, hearing: Hearing, reason: str, actor: Person, at: datetime) -> Hearing:
    """Call off a hearing that is being prepared, and the meeting with it.

    :raises StepNotAllowed: marking has begun
    :raises DomainError: what calling off the meeting refuses
    """
    PLAN_HEARING.require(actor, hearing.body, at=at)
    HEARING_FLOW.advance(hearing, "call_off")
    if hearing.activity is not None and hearing.activity.state == ActivityState.PLANNED:
        try:
            call_off_activity(activity=hearing.activity, reason=reason, actor=actor, at=at)
        except NotAllowed:
            # Whoever may not run the body's meetings leaves this one to those who may; the hearing is off all the same.
            hearing.activity.refresh_from_db()
    record(Draft(HEARING_CALLED_OFF, at, actor, body=hearing.body_id, source=hearing))
    return hearing


def require_planned(hearing: Hearing) -> None:
    """Hold the hearing, which is being prepared, until the transaction ends.

    :raises StepNotAllowed: it is not
    """
    fresh = Hearing.objects.select_for_update().get(pk=hearing.pk)
    if fresh.state != HearingState.PLANNED:
        raise StepNotAllowed(state=fresh.get_state_display())


def refuse_weights(weights: Iterable[Decimal]) -> None:
    """:raises WeightsOff: they are not 100 percent together"""
    total = sum(weights, Decimal(0))
    if total != HUNDRED:
        raise WeightsOff(sum=total)
