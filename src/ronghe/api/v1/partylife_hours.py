"""学时: what somebody studied in a year, what is claimed, confirmed and put right, and by which figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.partylife.enums import DisputeState, StudyForm
from ronghe.domain.partylife.models import StudyDispute
from ronghe.domain.partylife.rules import SEE_DISPUTE
from ronghe.domain.partylife.selectors.study import (
    bodies_with_rules,
    disputes_to_answer,
    entries_seen_by,
    list_entries,
    people_counted,
    study_year,
    study_years,
)
from ronghe.domain.partylife.services.study import (
    StudyFigures,
    StudyText,
    answer_dispute,
    claim_hours,
    confirm_entry,
    dispute_hours,
    refuse_entry,
    set_study_rules,
    withdraw_entry,
)

router = Router(tags=["partylife"])
MOST = 600
"""People of a body whose year is counted in one answer."""


class StudyLine(Schema):
    day: date
    form: StudyForm
    title: str
    activity: int | None
    minutes: int
    hours: Decimal = Field(description="折合学时")
    counted: Decimal = Field(description="计入学时；线上到上限后不再计入")


class StudySummary(Schema):
    person: Named
    year: int
    total: Decimal
    goal: Decimal
    missing: Decimal
    has_training: bool
    is_behind: bool


class StudyYearAnswer(StudySummary):
    rules_version: int = Field(description="0 为默认规则")
    lines: list[StudyLine]


class StudyEntryRow(Schema):
    id: int
    person: Named
    day: date
    title: str
    form: StudyForm
    amount: Decimal
    hours: Decimal
    state: str
    reason: str


class StudyEntryRequest(Schema):
    person: int
    day: date
    title: str = Field(max_length=80)
    form: StudyForm
    amount: Decimal = Field(gt=0, le=200, description="集中学习、线上为小时，讲座为半天，脱产为天")


class StudyReason(Schema):
    reason: str = Field(max_length=120)


class StudyDisputeRow(Schema):
    id: int
    person: Named
    year: int
    text: str
    state: DisputeState
    answer: str


class StudyDisputeRequest(Schema):
    year: int | None = Field(None, ge=1950, le=2999, description="不写为今年")
    text: str = Field(max_length=200, description="哪里不对、应该是多少")


class StudyDisputeAnswer(Schema):
    is_upheld: bool = Field(description="是不是该更正")
    answer: str = Field(max_length=200)


class StudyRulesRequest(Schema):
    member_goal: Decimal = Field(max_digits=6, decimal_places=2, description="党员一年多少学时")
    leader_goal: Decimal = Field(max_digits=6, decimal_places=2, description="书记、委员一年多少学时")
    together_hour: Decimal = Field(max_digits=6, decimal_places=2, description="集中学习一小时计多少")
    lecture_half_day: Decimal = Field(max_digits=6, decimal_places=2, description="讲党课半天计多少")
    off_job_day: Decimal = Field(max_digits=6, decimal_places=2, description="脱产培训一天计多少")
    online_cap: Decimal = Field(max_digits=6, decimal_places=2, description="网上学习一年最多计多少")
    kinds: dict[str, StudyForm] | None = Field(None, description="哪种活动按哪种形式计，不写按平台的")
    valid_from: date
    basis: str = Field(max_length=120, description="依据的文件")


class StudyRulesAnswer(Schema):
    body: Named
    version: int
    valid_from: date
    basis: str


@router.get("/hours", response=StudyYearAnswer, summary="我的学时", operation_id="partylife_hours")
def own_hours(request: HttpRequest, year: int | None = Query(None, ge=1950, le=2999)) -> Any:
    today = local_day(timezone.now())
    found = study_year(actor_of(request), year or today.year, today)
    lines = [
        {
            "day": one.line.day, "form": one.line.form.value, "title": _title(one),
            "activity": one.activity.pk if one.activity is not None else None, "minutes": one.minutes,
            "hours": one.line.hours, "counted": one.line.counted,
        }
        for one in found.studied
    ]  # fmt: skip
    return _summary(found, today) | {"rules_version": found.rules.version, "lines": lines}


@router.get("/hours/{body_id}", response=list[StudySummary], summary="支部学时", operation_id="partylife_hours_of_body")
def body_hours(
    request: HttpRequest, body_id: int, year: int | None = Query(None, ge=1950, le=2999), behind: bool = False
) -> Any:
    actor, now = actor_of(request), timezone.now()
    body, today = get_object_or_404(bodies_seen_by(actor, now), pk=body_id), local_day(now)
    found = study_years(list(people_counted(body, actor, now)[:MOST]), year or today.year, today)
    return [_summary(one, today) for one in found if not behind or one.is_behind(today)]


@router.get("/study-entries", response=Page[StudyEntryRow], summary="学时登记", operation_id="partylife_entries")
def entry_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_entries(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _entry)


@router.post("/study-entries", response={201: StudyEntryRow}, summary="登记学时", operation_id="partylife_claim_hours")
def entry_claim(request: HttpRequest, wanted: StudyEntryRequest) -> Status[Any]:
    """替别人登记的直接认定；本人的要附证明，请在页面登记。"""
    actor, now = actor_of(request), timezone.now()
    person = actor if wanted.person == actor.pk else get_object_or_404(Person, pk=wanted.person)
    text = StudyText(wanted.day, wanted.title, wanted.form, wanted.amount)
    return Status(201, _entry(claim_hours(person=person, text=text, actor=actor, at=now)))


@router.post(
    "/study-entries/{entry_id}/confirm",
    response=StudyEntryRow,
    summary="认定学时",
    operation_id="partylife_confirm_hours",
)
def entry_confirm(request: HttpRequest, entry_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    entry = get_object_or_404(entries_seen_by(actor, now), pk=entry_id)
    return _entry(confirm_entry(entry=entry, actor=actor, at=now))


@router.post(
    "/study-entries/{entry_id}/refuse",
    response=StudyEntryRow,
    summary="不认定学时",
    operation_id="partylife_refuse_hours",
)
def entry_refuse(request: HttpRequest, entry_id: int, wanted: StudyReason) -> Any:
    actor, now = actor_of(request), timezone.now()
    entry = get_object_or_404(entries_seen_by(actor, now), pk=entry_id)
    return _entry(refuse_entry(entry=entry, reason=wanted.reason, actor=actor, at=now))


@router.post(
    "/study-entries/{entry_id}/withdraw", response=StudyEntryRow, summary="撤回学时登记",
    operation_id="partylife_withdraw_hours",
)  # fmt: skip
def entry_withdraw(request: HttpRequest, entry_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    entry = get_object_or_404(entries_seen_by(actor, now), pk=entry_id)
    return _entry(withdraw_entry(entry=entry, actor=actor, at=now))


@router.get(
    "/study-disputes", response=list[StudyDisputeRow], summary="等您答复的学时更正", operation_id="partylife_disputes"
)
def dispute_list(request: HttpRequest) -> Any:
    rows = disputes_to_answer(actor_of(request), timezone.now()).select_related("person")[:200]
    return [_dispute(row) for row in rows]


@router.post(
    "/study-disputes", response={201: StudyDisputeRow}, summary="请更正学时", operation_id="partylife_dispute_hours"
)
def dispute_make(request: HttpRequest, wanted: StudyDisputeRequest) -> Status[Any]:
    """只能说自己的学时哪里不对。"""
    actor, now = actor_of(request), timezone.now()
    year = wanted.year or local_day(now).year
    return Status(201, _dispute(dispute_hours(person=actor, year=year, text=wanted.text, actor=actor, at=now)))


@router.post(
    "/study-disputes/{dispute_id}/answer", response=StudyDisputeRow, summary="答复学时更正",
    operation_id="partylife_answer_dispute",
)  # fmt: skip
def dispute_answer(request: HttpRequest, dispute_id: int, wanted: StudyDisputeAnswer) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = SEE_DISPUTE.narrow(actor, StudyDispute.objects.all(), at=now, walk=True).select_related("person")
    dispute = get_object_or_404(rows, pk=dispute_id)
    return _dispute(answer_dispute(dispute=dispute, actor=actor, at=now, **wanted.dict()))


@router.put(
    "/study-rules/{body_id}", response=StudyRulesAnswer, summary="设学时规则", operation_id="partylife_study_rules"
)
def rules_set(request: HttpRequest, body_id: int, wanted: StudyRulesRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_with_rules(actor, now), pk=body_id)
    given = wanted.dict()
    valid_from, basis, kinds = given.pop("valid_from"), given.pop("basis"), given.pop("kinds")
    figures = StudyFigures(**given) if kinds is None else StudyFigures(**given, kinds=kinds)
    made = set_study_rules(body=body, figures=figures, valid_from=valid_from, basis=basis, actor=actor, at=now)
    return {"body": named(body), "version": made.version, "valid_from": made.valid_from, "basis": made.basis}


def _dispute(row: StudyDispute) -> dict[str, Any]:
    return {
        "id": row.pk, "person": named(row.person), "year": row.year, "text": row.text, "state": row.state,
        "answer": row.answer,
    }  # fmt: skip


def _summary(found: Any, today: date) -> dict[str, Any]:
    return {
        "person": named(found.person), "year": found.year, "total": found.balance.total, "goal": found.balance.goal,
        "missing": found.balance.missing, "has_training": found.balance.has_training,
        "is_behind": found.is_behind(today),
    }  # fmt: skip


def _title(one: Any) -> str:
    if one.entry is not None:
        return str(one.entry.title)
    return str(one.activity.get_activity_type_display()) if one.activity is not None else ""


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "id": entry.pk, "person": named(entry.person), "day": entry.day, "title": entry.title, "form": entry.form,
        "amount": entry.amount, "hours": entry.hours, "state": entry.state, "reason": entry.reason,
    }  # fmt: skip
