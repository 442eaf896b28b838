"""The four checks of an item: the platform proposes from the records, a named person decides; never without a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.planning.calc.matrix import is_asked
from ronghe.domain.planning.calc.sides import Pair, together
from ronghe.domain.planning.enums import CHECK_FLOW, STANDING, Aspect, CheckState, PlanState
from ronghe.domain.planning.facts import CHECK_DECIDED, EVIDENCE_CHOSEN
from ronghe.domain.planning.models import CheckEvidence, CheckStep, GapTask, ItemCheck, Plan, PlanItem
from ronghe.domain.planning.rules import CHECK_PLAN, CONTEST_CHECK
from ronghe.domain.planning.selectors.finding import MOST, Found, find_evidence, people_of_task, present_at
from ronghe.domain.planning.selectors.sides import Standings, pair_of
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import Activity, AgendaItem
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import CANCEL_TASK, SEE_TASK, SETTLE_TASK
from ronghe.domain.work.services.tasks import accept_task, cancel_task
from ronghe.kernel.calendar.periods import Period
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed


class EvidenceMissing(DomainError):
    code = "check_without_record"
    sentence = N_("“%(title)s”的%(aspect)s还没有依据，不能只打勾。请选一次会议、活动或任务，或写明不适用的理由。")


class EvidenceOneSided(DomainError):
    code = "check_one_sided"
    sentence = N_("“%(title)s”的%(aspect)s只看得到%(side)s一方的人。请补选两方都在场的会议、活动或任务，或列为短板。")


class RecordNotFit(DomainError):
    code = "record_not_fit"
    sentence = N_("这条记录不能作依据：要选本组织已结束的会议、活动，或没有取消的任务。")
    status = 422


class RecordChosenAlready(DomainError):
    code = "record_chosen_already"
    sentence = N_("这条记录已经在依据里了。")


class WhyMissing(DomainError):
    code = "check_why_missing"
    sentence = N_("请写明理由。")
    status = 422


def quarter_of(aspect: Aspect | str, quarter: Period) -> str:
    """Return under which quarter a check is kept: "" for the two that hold for the whole plan."""
    return "" if Aspect(aspect) in STANDING else quarter.label


@transaction.atomic
def fill_checks(*, plan: Plan, quarter: Period, at: datetime) -> int:
    """Look through the records and propose what they show; return how many checks are newly proposed.

    What a person decided stays. What was said not to belong here is not proposed again. A proposal is no act of anybody:
    there is a fact only when somebody decides.
    """
    if plan.state != PlanState.AGREED:
        return 0
    items = list(plan.items.select_related("plan").order_by("number"))
    items = [item for item in items if is_asked(
        quarter_from=quarter.span.from_on, done_on=item.done_on, is_dropped=item.dropped_at is not None
    )]  # fmt: skip
    checks = ensure_checks(items, quarter)
    waiting = {key: check for key, check in checks.items() if check.state in (CheckState.NONE, CheckState.PROPOSED)}
    _keep_found(find_evidence(plan, items, quarter.span), waiting, at)
    pairs: dict[int, list[Pair]] = {check.pk: [] for check in waiting.values()}
    for row in CheckEvidence.objects.filter(check_row__in=pairs, rejected_at=None):
        pairs[row.check_row_id].append(pair_of(row))
    proposed = [check.pk for check in waiting.values() if check.state == CheckState.NONE and together(pairs[check.pk])]
    gone = [
        check.pk for check in waiting.values() if check.state == CheckState.PROPOSED and not together(pairs[check.pk])
    ]
    ItemCheck.objects.filter(pk__in=proposed, state=CheckState.NONE).update(state=CheckState.PROPOSED)
    ItemCheck.objects.filter(pk__in=gone, state=CheckState.PROPOSED).update(state=CheckState.NONE)
    return len(proposed)


def refresh_checks(*, plan: Plan, quarter: Period, actor: Person, at: datetime) -> int:
    """Look through the records now instead of tonight; return how many checks are newly proposed."""
    CHECK_PLAN.require(actor, plan, at=at)
    return fill_checks(plan=plan, quarter=quarter, at=at)


def ensure_checks(items: Iterable[PlanItem], quarter: Period) -> dict[tuple[int, str], ItemCheck]:
    """Return the four checks of each item in a quarter, by item and aspect; made where there were none."""
    items = list(items)
    wanted = [
        ItemCheck(item=item, aspect=aspect, quarter=quarter_of(aspect, quarter)) for item in items for aspect in Aspect
    ]
    ItemCheck.objects.bulk_create(wanted, ignore_conflicts=True)
    rows = ItemCheck.objects.filter(item__in=items, quarter__in=["", quarter.label])
    return {(row.item_id, row.aspect): row for row in rows}


@transaction.atomic
def choose_evidence(
    *, check: ItemCheck, actor: Person, at: datetime, activity: Activity | None = None, topic: AgendaItem | None = None,
    task: Task | None = None,
) -> CheckEvidence:  # fmt: skip
    """Choose a gathering or a task as what shows it; who of which side took part is worked out.

    :raises RecordNotFit: not over, called off, or of elsewhere
    :raises RecordChosenAlready: it is there
    """
    _require_checking(check, actor, at)
    plan = check.item.plan
    if activity is not None:
        if topic is not None and topic.activity_id != activity.pk:
            raise RecordNotFit
        hosts = activity.body_id == plan.body_id or activity.hosts.filter(body=plan.body_id).exists()
        if activity.state != ActivityState.CLOSED or not hosts or not SEE_ACTIVITY.allows(actor, activity, at=at):
            raise RecordNotFit
        people, day = present_at(activity), activity.day
    elif task is not None:
        if task.state == TaskState.CANCELLED or not SEE_TASK.allows(actor, task, at=at):
            raise RecordNotFit
        if check.aspect == Aspect.CARRIED_OUT and task.state != TaskState.ACCEPTED:
            raise RecordNotFit
        people, day = set(people_of_task(task)), local_day(task.settled_at or task.opened_at)
    else:
        raise RecordNotFit
    pair = Standings(people).pair(people, check.item, day)
    known = CheckEvidence.objects.filter(check_row=check, activity=activity, task=task, fact=None).first()
    if known is not None and known.rejected_at is None:
        raise RecordChosenAlready
    if known is not None:
        known.rejected_at, known.is_found, known.added_by, known.added_at = None, False, actor, at
        known.save(update_fields=["rejected_at", "is_found", "added_by", "added_at"])
        row = known
    else:
        try:
            with transaction.atomic():
                row = CheckEvidence.objects.create(
                    check_row=check, activity=activity, topic=topic, task=task, day=day, party_person_id=pair.party,
                    production_person_id=pair.production, added_by=actor, added_at=at,
                )  # fmt: skip
        except IntegrityError as error:
            raise RecordChosenAlready from error
    _follow_evidence(check)
    _record_evidence(check, actor, at, is_chosen=True)
    return row


@transaction.atomic
def reject_evidence(*, evidence: CheckEvidence, actor: Person, at: datetime) -> None:
    """Say that a record does not belong here; choosing it again brings it back.

    :raises StepNotAllowed: the check was decided on it
    """
    check = evidence.check_row
    _require_checking(check, actor, at)
    if check.state not in (CheckState.NONE, CheckState.PROPOSED, CheckState.CONTESTED):
        raise StepNotAllowed(state=check.get_state_display())
    if CheckEvidence.objects.filter(pk=evidence.pk, rejected_at=None).update(rejected_at=at):
        _follow_evidence(check)
        _record_evidence(check, actor, at, is_chosen=False)


@transaction.atomic
def confirm_check(*, check: ItemCheck, actor: Person, at: datetime) -> ItemCheck:
    """Confirm by name that it was done jointly, on the records beside it; an open gap of it is settled.

    :raises EvidenceMissing: no record
    :raises EvidenceOneSided: the records show one side alone
    """
    _require_checking(check, actor, at)
    pairs = [pair_of(row) for row in check.evidence.filter(rejected_at=None)]
    told = {"title": check.item.title, "aspect": check.get_aspect_display()}
    if not pairs:
        raise EvidenceMissing(**told)
    if not together(pairs):
        side = _("党务") if any(pair.party is not None for pair in pairs) else _("生产")
        raise EvidenceOneSided(**told, side=side)
    return _decide(check, "confirm", "", actor, at)


@transaction.atomic
def waive_check(*, check: ItemCheck, reason: str, actor: Person, at: datetime) -> ItemCheck:
    """Say that one of the four does not apply to the item, with the reason.

    :raises WhyMissing: no reason
    """
    _require_checking(check, actor, at)
    return _decide(check, "waive", _needed(reason), actor, at)


@transaction.atomic
def contest_check(*, check: ItemCheck, reason: str, actor: Person, at: datetime) -> ItemCheck:
    """Contest what was proposed or decided, with the reason; it is a gap until somebody decides anew.

    :raises WhyMissing: no reason
    """
    CONTEST_CHECK.require(actor, check.item.plan, at=at)
    _require_in_force(check)
    return _decide(check, "contest", _needed(reason), actor, at)


@transaction.atomic
def take_check_back(*, check: ItemCheck, actor: Person, at: datetime) -> ItemCheck:
    """Take back what was decided; the check is as the records have it. A contest is taken back by whoever raised it too."""
    if not (check.state == CheckState.CONTESTED and check.decided_by_id == actor.pk):
        CHECK_PLAN.require(actor, check.item.plan, at=at)
    _require_in_force(check)
    check = _decide(check, "take_back", "", actor, at)
    _follow_evidence(check)
    return check


def settle_gap(check: ItemCheck, actor: Person, at: datetime) -> None:
    """Settle the open gap of a check that needs nothing more; its task is accepted or called off where the actor may."""
    gap = GapTask.objects.filter(check_row=check, settled_at=None).select_related("task").first()
    if gap is None:
        return
    gap.settled_at = at
    gap.save(update_fields=["settled_at"])
    task = gap.task
    if task.state == TaskState.SUBMITTED and SETTLE_TASK.allows(actor, task, at=at):
        accept_task(task=task, actor=actor, at=at)
    elif task.state in (TaskState.OPEN, TaskState.RETURNED) and CANCEL_TASK.allows(actor, task, at=at):
        cancel_task(task=task, reason=_("四同检查已认定，不用再补。"), actor=actor, at=at)


def _decide(check: ItemCheck, step: str, reason: str, actor: Person, at: datetime) -> ItemCheck:
    CHECK_FLOW.advance(check, step, reason=reason, decided_by=actor, decided_at=at)
    CheckStep.objects.create(check_row=check, step=step, reason=reason, made_by=actor, made_at=at)
    if check.state in (CheckState.CONFIRMED, CheckState.NOT_APPLICABLE):
        settle_gap(check, actor, at)
    attributes = {"aspect": check.aspect, "step": step, "quarter": check.quarter or None}
    record(Draft(CHECK_DECIDED, at, actor, body=check.item.plan.body_id, attributes=attributes, source=check.item))
    return check


def _require_checking(check: ItemCheck, actor: Person, at: datetime) -> None:
    CHECK_PLAN.require(actor, check.item.plan, at=at)
    _require_in_force(check)


def _require_in_force(check: ItemCheck) -> None:
    plan = Plan.objects.get(pk=check.item.plan_id)
    if plan.state != PlanState.AGREED:
        raise StepNotAllowed(state=plan.get_state_display())
    if check.item.dropped_at is not None:
        raise NotAllowed


def _follow_evidence(check: ItemCheck) -> None:
    """Let a check that nobody decided follow its records."""
    shown = together(pair_of(row) for row in check.evidence.filter(rejected_at=None))
    if shown and check.state == CheckState.NONE:
        CHECK_FLOW.advance(check, "propose")
    elif not shown and check.state == CheckState.PROPOSED:
        CHECK_FLOW.advance(check, "withdraw")


def _needed(reason: str) -> str:
    if not reason.strip():
        raise WhyMissing
    return reason.strip()


def _record_evidence(check: ItemCheck, actor: Person, at: datetime, *, is_chosen: bool) -> None:
    attributes = {"aspect": check.aspect, "chosen": is_chosen}
    record(Draft(EVIDENCE_CHOSEN, at, actor, body=check.item.plan.body_id, attributes=attributes, source=check.item))


def _keep_found(found: Iterable[Found], waiting: dict[tuple[int, str], ItemCheck], at: datetime) -> None:
    """Keep what was found; what is kept already, or was said not to belong here, stays as it is."""
    kept: Counter[int] = Counter(
        CheckEvidence.objects.filter(check_row__in=waiting.values()).values_list("check_row_id", flat=True)
    )
    rows = [
        CheckEvidence(
            check_row=waiting[one.item.pk, one.aspect], activity=one.activity, topic=one.topic, task=one.task,
            fact=one.fact, day=one.day, party_person_id=one.pair.party, production_person_id=one.pair.production,
            is_found=True, added_at=at,
        )
        for one in found
        if (one.item.pk, one.aspect) in waiting
        and (one.pair.is_joint or kept[waiting[one.item.pk, one.aspect].pk] < MOST)
    ]  # fmt: skip
    CheckEvidence.objects.bulk_create(rows, ignore_conflicts=True)
