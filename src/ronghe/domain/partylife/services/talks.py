"""谈心谈话: recorded in one act, confirmed by the other, taken back with the reason; the words are sealed (PM-09)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.enums import COUNTING, TALK_FLOW, TalkDoubt, TalkTopic
from ronghe.domain.partylife.facts import TALK_CONFIRMED, TALK_HELD, TALK_TAKEN_BACK, TALKS_COMPLETE
from ronghe.domain.partylife.models import PlannedTalk, Talk, TalkYear
from ronghe.domain.partylife.rules import ANSWER_TALK, READ_TALK, RUN_PLAN, VOID_TALK
from ronghe.domain.partylife.selectors.talks import between, bodies_of_pair, matrix_of, people_to_talk_with
from ronghe.domain.partylife.services.moments import counted_at, reverse_fact
from ronghe.domain.work.services.tasks import give_task
from ronghe.domain.zones.selectors import zone_of
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.sealed import open_text, seal_text
from ronghe.kernel.words import N_

COMPARTMENT = "talk"
SOURCE = "partylife.talk"


class TalkWithOneself(DomainError):
    code = "talk_with_oneself"
    sentence = N_("谈心谈话要两个人，请选对方。")
    status = 422


class TalkAhead(DomainError):
    code = "talk_ahead"
    sentence = N_("%(day)s 还没到，请先约定日期，谈过再记。")
    status = 422


class TalkThereAlready(DomainError):
    code = "talk_there_already"
    sentence = N_("%(day)s 和%(name)s的谈话已经记过了，不用再记。")


class TalkWaitsForYou(DomainError):
    code = "talk_waits_for_you"
    sentence = N_("%(name)s已经记了 %(day)s 的这次谈话，请到谈心谈话里点“谈过”。")


class NoGroundForTalk(DomainError):
    code = "no_ground_for_talk"
    sentence = N_("您和%(name)s都不在任何党组织里，谈话没有地方计入。")
    status = 422


class FollowUpUntitled(DomainError):
    code = "talk_follow_up_untitled"
    sentence = N_("请写明要跟进什么、何时办完；不要写谈话内容，任务别人看得到。")
    status = 422


class PlanPast(DomainError):
    code = "talk_plan_past"
    sentence = N_("%(day)s 已经过去，请另定日期；已经谈过的，请直接记录。")
    status = 422


class PlannedAlready(DomainError):
    code = "talk_planned_already"
    sentence = N_("已经约了和%(name)s谈心，请改那一次的日期。")


@dataclass(frozen=True, slots=True)
class TalkFollowUp:
    """What is to be done after the talk: a task that others may see, never with the talk's words."""

    title: str
    due_at: datetime
    assignee: Person | None = None


def record_talk(
    *, other: Person, day: date, actor: Person, at: datetime, topics: Collection[TalkTopic] = (), text: str = "",
    follow_up: TalkFollowUp | None = None,
) -> Talk:  # fmt: skip
    """Record a talk of the actor with somebody; it counts at once and waits for the other's word.

    A talk that was planned with the same person is done by it. When it is the last open pair of a body's year, the year is
    told complete.

    :raises TalkWithOneself, TalkAhead, TalkThereAlready, TalkWaitsForYou, NoGroundForTalk, FollowUpUntitled: see there
    :raises NotAllowed: the other is out of the actor's bodies and reach
    :raises DeadlinePast: the follow-up is due before now
    """
    if other.pk == actor.pk:
        raise TalkWithOneself
    if day > local_day(at):
        raise TalkAhead(day=day)
    if not people_to_talk_with(actor, at).filter(pk=other.pk).exists():
        raise NotAllowed
    if follow_up is not None and not follow_up.title.strip():
        raise FollowUpUntitled
    try:
        return _write(other, day, topics, text, follow_up, actor, at)
    except IntegrityError as error:
        raise TalkThereAlready(day=day, name=other.name) from error


@transaction.atomic
def confirm_talk(*, talk: Talk, actor: Person, at: datetime) -> Talk:
    """Say that the talk was held.

    :raises StepNotAllowed: it was answered or taken back
    """
    ANSWER_TALK.require(actor, talk, at=at)
    TALK_FLOW.advance(talk, "confirm", settled_at=at)
    record(
        Draft(TALK_CONFIRMED, at, actor, about=actor, body=talk.body_id, attributes={"talk": talk.kind}, source=talk)
    )
    return talk


@transaction.atomic
def decline_talk(*, talk: Talk, doubt: TalkDoubt, actor: Person, at: datetime) -> Talk:
    """Say that it does not hold: it counts no more, and whoever recorded it sees why."""
    ANSWER_TALK.require(actor, talk, at=at)
    TALK_FLOW.advance(talk, "decline", doubt=doubt, settled_at=at)
    return _take_back(talk, doubt, actor, at, by_other=True)


@transaction.atomic
def void_talk(*, talk: Talk, doubt: TalkDoubt, actor: Person, at: datetime) -> Talk:
    """Take back a talk that was recorded wrongly; the record stays and does not count."""
    VOID_TALK.require(actor, talk, at=at)
    TALK_FLOW.advance(talk, "void", doubt=doubt, settled_at=at)
    return _take_back(talk, doubt, actor, at, by_other=False)


def read_talk(*, talk: Talk, actor: Person, at: datetime) -> str:
    """Return what was said; the look is on record before anything is shown (SE-11).

    :raises NotAllowed: the actor is not one of the two
    :raises NotFound: nothing was written down
    """
    READ_TALK.require(actor, talk, at=at)
    if talk.sealed is None:
        raise NotFound
    record_look(by=actor, about=talk.other if actor.pk == talk.by_id else talk.by, compartment=COMPARTMENT, at=at)
    return open_text(talk.sealed)


@transaction.atomic
def plan_talk(*, other: Person, day: date, actor: Person, at: datetime) -> PlannedTalk:
    """Mean to talk with somebody on a day; planned again, it is moved. From that day on it waits on the planner's 今日.

    :raises TalkWithOneself, PlanPast: see there
    :raises NotAllowed: the other is out of the actor's bodies and reach
    """
    if other.pk == actor.pk:
        raise TalkWithOneself
    if day < local_day(at):
        raise PlanPast(day=day)
    if not people_to_talk_with(actor, at).filter(pk=other.pk).exists():
        raise NotAllowed
    known = PlannedTalk.objects.filter(by=actor, other=other, talk=None, dropped_at=None)
    if known.update(planned_on=day):
        return known.select_related("other").get()
    try:
        with transaction.atomic():
            return PlannedTalk.objects.create(by=actor, other=other, planned_on=day, planned_at=at)
    except IntegrityError as error:
        raise PlannedAlready(name=other.name) from error


@transaction.atomic
def drop_plan(*, plan: PlannedTalk, actor: Person, at: datetime) -> PlannedTalk:
    """Mean it no more.

    :raises Stale: it was held or dropped before
    """
    RUN_PLAN.require(actor, plan, at=at)
    if not PlannedTalk.objects.filter(pk=plan.pk, talk=None, dropped_at=None).update(dropped_at=at):
        raise Stale
    plan.dropped_at = at
    return plan


@transaction.atomic
def settle_year(*, body: PartyOrg, year: int, actor: Person, at: datetime) -> TalkYear | None:
    """Tell a body's year complete, or no more complete, as its pairs stand now; part of the act that changed them.

    :returns: the year as it is kept, `None` where it was never complete
    """
    # Two talks that end at once: the second waits here, and sees the year as the first one left it.
    PartyOrg.objects.select_for_update().get(pk=body.pk)
    matrix = matrix_of(body, year, local_day(at))
    row = TalkYear.objects.filter(body=body, year=year).first()
    is_told = row is not None and row.completed_at is not None
    if matrix.progress.is_complete and not is_told:
        row = row or TalkYear(body=body, year=year)
        row.pairs, row.completed_at = matrix.progress.total, at
        row.save()
        told = {"year": year, "pairs": row.pairs, "members": len(matrix.committee) + len(matrix.members)}
        fact = record(
            Draft(TALKS_COMPLETE, _last_talk(body, year, at), actor, body=body.pk, attributes=told, source=row)
        )
        TalkYear.objects.filter(pk=row.pk).update(fact_id=fact.pk)
        row.fact_id = fact.pk
    elif row is not None and is_told and not matrix.progress.is_complete:
        reverse(Fact.objects.get(pk=row.fact_id or 0), by=actor, at=at)
        row.completed_at, row.fact_id = None, None
        row.save(update_fields=["completed_at", "fact_id"])
    return row


@transaction.atomic
def _write(
    other: Person, day: date, topics: Collection[TalkTopic], text: str, follow_up: TalkFollowUp | None,
    actor: Person, at: datetime,
) -> Talk:  # fmt: skip
    found = between(actor, other, day)
    if found is None:
        raise NoGroundForTalk(name=other.name)
    if Talk.objects.filter(by=other, other=actor, day=day, state__in=COUNTING).exists():
        raise TalkWaitsForYou(name=other.name, day=day)
    task = None
    if follow_up is not None:
        body = PartyOrg.objects.get(pk=found.body_id)
        task = give_task(
            title=follow_up.title.strip(), assignee=follow_up.assignee or actor, due_at=follow_up.due_at, body=body,
            zone=zone_of(body), actor=actor, at=at,
        )  # fmt: skip
    talk = Talk.objects.create(
        kind=found.kind, body_id=found.body_id, by=actor, other=other, day=day,
        topics=[topic.value for topic in TalkTopic if topic in topics],
        sealed=seal_text(text.strip()) if text.strip() else None, task=task, recorded_at=at,
    )  # fmt: skip
    PlannedTalk.objects.filter(by=actor, other=other, talk=None, dropped_at=None).update(talk=talk)
    record(
        Draft(TALK_HELD, counted_at(day, at), actor, about=actor, body=talk.body_id,
              attributes={"talk": talk.kind, "day": day}, source=talk)
    )  # fmt: skip
    _settle_years(talk, actor, at)
    return talk


def _take_back(talk: Talk, doubt: TalkDoubt, actor: Person, at: datetime, *, by_other: bool) -> Talk:
    reverse_fact(TALK_HELD.name, SOURCE, talk.pk, by=actor, at=at)
    record(
        Draft(TALK_TAKEN_BACK, at, actor, about=talk.by, body=talk.body_id,
              attributes={"talk": talk.kind, "why": doubt, "by_other": by_other}, source=talk)
    )  # fmt: skip
    _settle_years(talk, actor, at)
    return talk


def _settle_years(talk: Talk, actor: Person, at: datetime) -> None:
    for body in PartyOrg.objects.filter(pk__in=bodies_of_pair(talk.by, talk.other, talk.day)).order_by("pk"):
        settle_year(body=body, year=talk.day.year, actor=actor, at=at)


def _last_talk(body: PartyOrg, year: int, at: datetime) -> datetime:
    """Return when the year became complete: on the day of its last talk that counts, however late it was recorded."""
    matrix = matrix_of(body, year, local_day(at))
    inside = [person.pk for person in (*matrix.committee, *matrix.members)]
    rows = Talk.objects.filter(Q(by__in=inside) & Q(other__in=inside), state__in=COUNTING, day__year=year)
    last: date | None = rows.aggregate(last=Max("day"))["last"]
    return counted_at(last or local_day(at), at)
