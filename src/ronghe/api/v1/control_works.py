"""项目管控: reviews, readiness, incidents, and the standards of a body. Comments and points are items, at `/work/items`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1 import control_shapes as shapes
from ronghe.api.v1.shapes import named
from ronghe.domain.control.calc.acceptance import RatingTerms
from ronghe.domain.control.calc.hours import DayHours, in_hours
from ronghe.domain.control.models import (
    DesignReview,
    IdleCause,
    Incident,
    Readiness,
)
from ronghe.domain.control.rules import SET_RULE
from ronghe.domain.control.selectors.readiness import standing_of_project
from ronghe.domain.control.selectors.register import (
    incidents_of,
)
from ronghe.domain.control.selectors.reviews import review_record, reviews_of, reviews_seen_by
from ronghe.domain.control.selectors.sides import people_of_project, projects_controlled
from ronghe.domain.control.selectors.standards import causes_of, pace_of, rule_of, terms_of
from ronghe.domain.control.services.counting import record_incident, withdraw_incident
from ronghe.domain.control.services.losing import add_cause, end_cause
from ronghe.domain.control.services.rating import set_rating_rule
from ronghe.domain.control.services.readying import (
    PointText,
    declare_ready,
    raise_point,
    record_aspect,
    take_ready_back,
)
from ronghe.domain.control.services.reviewing import (
    CommentText,
    ReviewText,
    Seat,
    give_opinion,
    issue,
    resubmit,
    set_baseline,
    submit_review,
    withdraw_review,
)
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.projects.models import Project
from ronghe.kernel.errors import NotFound

router = Router(tags=["control"])
AT_ONCE = 500


@router.get(
    "/{project_id}/reviews", response=list[shapes.ControlReviewRow], summary="审图", operation_id="control_reviews"
)
def reviews(request: HttpRequest, project_id: int, state: str = "", q: str = "") -> Any:
    return [_review_row(one) for one in reviews_of(project_seen(request, project_id), state=state, words=q)[:AT_ONCE]]


@router.post(
    "/{project_id}/reviews", response=shapes.ControlReviewAnswer, summary="送审", operation_id="control_review_submit"
)
def review_submit(request: HttpRequest, project_id: int, wanted: shapes.ControlReviewRequest) -> Any:
    project = project_seen(request, project_id)
    seats = [
        Seat(
            one_of_project(request, project, seat.person),
            one_of_project(request, project, seat.deputy) if seat.deputy is not None else None,
            seat.duty,
        )
        for seat in wanted.seats
    ]
    text = ReviewText(wanted.title, wanted.discipline, seats, wanted.number, wanted.lot)
    return _review(submit_review(project=project, text=text, actor=actor_of(request), at=timezone.now()))


@router.get(
    "/reviews/{review_id}", response=shapes.ControlReviewAnswer, summary="一份图纸的审查", operation_id="control_review"
)
def review(request: HttpRequest, review_id: int) -> Any:
    return _review(_seen_review(request, review_id))


@router.post(
    "/reviews/{review_id}/opinion", response=shapes.ControlReviewAnswer, summary="给意见",
    operation_id="control_review_opinion",
)  # fmt: skip
def review_opinion(request: HttpRequest, review_id: int, wanted: shapes.ControlOpinionRequest) -> Any:
    comments = [CommentText(one.title, one.sheet, one.ground) for one in wanted.comments]
    found = give_opinion(
        review=_seen_review(request, review_id), opinion=wanted.opinion, actor=actor_of(request), at=timezone.now(),
        comments=comments, note=wanted.note,
    )  # fmt: skip
    return _review(found)


@router.post(
    "/reviews/{review_id}/resubmit", response=shapes.ControlReviewAnswer, summary="送下一轮",
    operation_id="control_review_resubmit",
)  # fmt: skip
def review_resubmit(request: HttpRequest, review_id: int) -> Any:
    found = _seen_review(request, review_id)
    return _review(resubmit(review=found, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/reviews/{review_id}/issue",
    response=shapes.ControlReviewAnswer,
    summary="签发",
    operation_id="control_review_issue",
)
def review_issue(request: HttpRequest, review_id: int) -> Any:
    found = _seen_review(request, review_id)
    return _review(issue(review=found, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/reviews/{review_id}/withdraw", response=shapes.ControlReviewAnswer, summary="撤回送审",
    operation_id="control_review_withdraw",
)  # fmt: skip
def review_withdraw(request: HttpRequest, review_id: int, wanted: shapes.ControlReasonRequest) -> Any:
    found = _seen_review(request, review_id)
    return _review(withdraw_review(review=found, reason=wanted.reason, actor=actor_of(request), at=timezone.now()))


@router.get(
    "/{project_id}/readiness",
    response=shapes.ControlReadiness,
    summary="具备投产条件",
    operation_id="control_readiness",
)
def readiness(request: HttpRequest, project_id: int) -> Any:
    return readiness_answer(project_seen(request, project_id))


@router.post(
    "/{project_id}/readiness/aspects",
    response=shapes.ControlReadiness,
    summary="记一次三查",
    operation_id="control_aspect",
)
def aspect(request: HttpRequest, project_id: int, wanted: shapes.ControlAspectRequest) -> Any:
    project = project_seen(request, project_id)
    record_aspect(project=project, actor=actor_of(request), at=timezone.now(), **wanted.dict())
    return readiness_answer(project)


@router.post(
    "/{project_id}/readiness/points", response=shapes.ControlItemAnswer, summary="登记三查四定问题",
    operation_id="control_point",
)  # fmt: skip
def point(request: HttpRequest, project_id: int, wanted: shapes.ControlPointRequest) -> Any:
    project = project_seen(request, project_id)
    text = PointText(
        wanted.aspect, wanted.title, one_of_project(request, project, wanted.owner), wanted.due_at, wanted.measure, wanted.text,
        wanted.place,
    )  # fmt: skip
    return _item(raise_point(project=project, text=text, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/{project_id}/readiness",
    response=shapes.ControlReadiness,
    summary="确认具备投产条件",
    operation_id="control_ready",
)
def ready(request: HttpRequest, project_id: int) -> Any:
    project = project_seen(request, project_id)
    declare_ready(project=project, actor=actor_of(request), at=timezone.now())
    return readiness_answer(project)


@router.delete(
    "/{project_id}/readiness", response=shapes.ControlReadiness, summary="撤回确认", operation_id="control_ready_back"
)
def ready_back(request: HttpRequest, project_id: int, wanted: shapes.ControlReasonRequest) -> Any:
    project = project_seen(request, project_id)
    row = get_object_or_404(Readiness.objects.select_related("project__body"), project=project, taken_back_at=None)
    take_ready_back(readiness=row, reason=wanted.reason, actor=actor_of(request), at=timezone.now())
    return readiness_answer(project)


@router.get(
    "/{project_id}/incidents",
    response=list[shapes.ControlIncidentRow],
    summary="事故和污染",
    operation_id="control_incidents",
)
def incidents(request: HttpRequest, project_id: int) -> Any:
    return [_incident(one) for one in incidents_of(project_seen(request, project_id))[:AT_ONCE]]


@router.post(
    "/{project_id}/incidents", response=shapes.ControlIncidentRow, summary="登记事故、污染",
    operation_id="control_incident_record",
)  # fmt: skip
def incident_record(request: HttpRequest, project_id: int, wanted: shapes.ControlIncidentRequest) -> Any:
    project = project_seen(request, project_id)
    return _incident(record_incident(project=project, actor=actor_of(request), at=timezone.now(), **wanted.dict()))


@router.delete(
    "/{project_id}/incidents/{incident_id}", response=shapes.ControlIncidentRow, summary="撤销事故记录",
    operation_id="control_incident_withdraw",
)  # fmt: skip
def incident_withdraw(
    request: HttpRequest, project_id: int, incident_id: int, wanted: shapes.ControlReasonRequest
) -> Any:
    rows = Incident.objects.select_related("project__body")
    row = get_object_or_404(rows, pk=incident_id, project=project_seen(request, project_id))
    return _incident(withdraw_incident(incident=row, reason=wanted.reason, actor=actor_of(request), at=timezone.now()))


@router.get(
    "/standards/{body_id}", response=shapes.ControlStandards, summary="本单位标准", operation_id="control_standards"
)
def standards(request: HttpRequest, body_id: int) -> Any:
    return _standards(_body(request, body_id))


@router.put(
    "/standards/{body_id}/rating",
    response=shapes.ControlStandards,
    summary="定优质标准",
    operation_id="control_rule_set",
)
def rule_set(request: HttpRequest, body_id: int, wanted: shapes.ControlRatingRule) -> Any:
    body = _body(request, body_id)
    terms = RatingTerms(wanted.least_percent, wanted.forgives_rework, wanted.needs_measuring)
    set_rating_rule(body=body, terms=terms, text=wanted.text, actor=actor_of(request), at=timezone.now())
    return _standards(body)


@router.put(
    "/standards/{body_id}/review",
    response=shapes.ControlStandards,
    summary="定审图时限",
    operation_id="control_baseline_set",
)
def baseline_set(request: HttpRequest, body_id: int, wanted: shapes.ControlReviewPace) -> Any:
    body = _body(request, body_id)
    set_baseline(
        body=body, old_days=wanted.old_days, target_days=wanted.target_days,
        hours=DayHours(wanted.begins, wanted.ends, wanted.break_from, wanted.break_until), actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return _standards(body)


@router.post(
    "/standards/{body_id}/causes",
    response=shapes.ControlStandards,
    summary="加窝工返工的原因",
    operation_id="control_cause_add",
)
def cause_add(request: HttpRequest, body_id: int, wanted: shapes.ControlCauseRequest) -> Any:
    body = _body(request, body_id)
    add_cause(body=body, name=wanted.name, actor=actor_of(request), at=timezone.now())
    return _standards(body)


@router.delete(
    "/standards/{body_id}/causes/{cause_id}",
    response={204: None},
    summary="停用自己加的原因",
    operation_id="control_cause_end",
)
def cause_end(request: HttpRequest, body_id: int, cause_id: int) -> Any:
    rows = IdleCause.objects.filter(body=_body(request, body_id)).select_related("body")
    end_cause(cause=get_object_or_404(rows, pk=cause_id), actor=actor_of(request), at=timezone.now())
    return Status(204, None)


def project_seen(request: HttpRequest, project_id: int) -> Project:
    """Return the project, as far as the actor sees its control."""
    found: Project = get_object_or_404(projects_controlled(actor_of(request), timezone.now()), pk=project_id)
    return found


def one_of_project(request: HttpRequest, project: Project, person_id: int) -> Person:
    """Return one of the project's people, or somebody whom the actor sees."""
    now = timezone.now()
    for rows in (people_of_project(project, local_day(now)), people_seen_by(actor_of(request), now)):
        found = rows.filter(pk=person_id).first()
        if found is not None:
            return found
    raise NotFound


def _body(request: HttpRequest, body_id: int) -> PartyOrg:
    rows = SET_RULE.narrow(actor_of(request), PartyOrg.objects.filter(valid_until=None), at=timezone.now())
    found: PartyOrg = get_object_or_404(rows, pk=body_id)
    return found


def _seen_review(request: HttpRequest, review_id: int) -> DesignReview:
    found: DesignReview = get_object_or_404(reviews_seen_by(actor_of(request), timezone.now()), pk=review_id)
    return found


def _review_row(one: DesignReview) -> dict[str, Any]:
    return {
        "id": one.pk, "project": one.project_id, "title": one.title, "number": one.number, "discipline": one.discipline,
        "state": one.state, "round": one.round, "submitted_by": named(one.submitted_by), "submitted_at": one.submitted_at,
        "due_at": one.due_at, "issued_at": one.issued_at,
    }  # fmt: skip


def _review(one: DesignReview) -> dict[str, Any]:
    record = review_record(one, timezone.now())
    return {
        **_review_row(one),
        "seats": [
            {"person": named(seat.person), "deputy": named(seat.deputy), "has_said": seat.given_round >= one.round}
            for seat in record.seats
        ],
        "comments": [item.pk for item in record.comments],
        "hours": in_hours(record.clock.total),
        "hours_by_side": {side.value: in_hours(seconds) for side, seconds in record.clock.by_side.items()},
    }


def readiness_answer(project: Project) -> dict[str, Any]:
    """Return what stands between a project and commissioning."""
    standing = standing_of_project(project)
    ready = standing.readiness
    return {
        "is_ready": standing.is_ready,
        "gaps": [{"code": gap.code, "words": gap.words, "count": gap.count} for gap in standing.gaps],
        "aspects": [
            {"aspect": line.aspect, "checked_on": line.checked_on, "found": line.found, "open": line.open}
            for line in standing.lines
        ],
        "declared_by": named(ready.declared_by) if ready is not None else None,
        "declared_at": ready.declared_at if ready is not None else None,
    }


def _item(item: WorkItem) -> dict[str, Any]:
    return {"item": item.pk, "state": item.state}


def _incident(one: Incident) -> dict[str, Any]:
    names = ("kind", "happened_on", "class_code", "note", "withdrawn_at")
    return {"id": one.pk, **{name: getattr(one, name) for name in names}}


def _standards(body: PartyOrg) -> dict[str, Any]:
    today = local_day(timezone.now())
    terms, rule, pace = terms_of(body.pk, today), rule_of(body.pk, today), pace_of(body.pk, today)
    hours = pace.hours
    return {
        "rating": {
            "least_percent": terms.least_percent, "forgives_rework": terms.forgives_rework,
            "needs_measuring": terms.needs_measuring, "text": rule.text if rule is not None else "",
        },
        "review": {
            "old_days": pace.old_days, "target_days": pace.target_days, "begins": hours.begins,
            "break_from": hours.break_from, "break_until": hours.break_until, "ends": hours.ends,
        },
        "causes": dict(causes_of(body.pk, today)),
    }  # fmt: skip
