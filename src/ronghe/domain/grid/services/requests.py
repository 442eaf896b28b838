"""A request is raised, answered or passed up, rises when its clock runs out, and is solved when the raiser says so."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.grid.calc.levels import BRANCH, MEMBER, Rung, level_of, next_rung
from ronghe.domain.grid.enums import REQUEST_FLOW, RequestAct, RequestKind
from ronghe.domain.grid.facts import (
    REQUEST_ANSWERED,
    REQUEST_PASSED_UP,
    REQUEST_RAISED,
    REQUEST_REOPENED,
    REQUEST_RISEN,
    REQUEST_SOLVED,
    REQUEST_TASKED,
    REQUEST_WITHDRAWN,
)
from ronghe.domain.grid.models import GridRequest, GridRequestStep
from ronghe.domain.grid.rules import ANSWER_REQUEST, CLOSE_REQUEST, RAISE_REQUEST
from ronghe.domain.grid.selectors.liaisons import member_named_for
from ronghe.domain.grid.selectors.requests import branch_for, ladder_of, manned_among
from ronghe.domain.grid.selectors.settings import terms_of
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import NoReason, open_task
from ronghe.kernel.calendar.calendars import WorkCalendar, statutory_calendar
from ronghe.kernel.calendar.workdays import DayUnit, last_day_of
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _


class RequestEmpty(DomainError):
    code = "request_empty"
    sentence = N_("请写明要反映的事情。")
    status = 422


class AnswerEmpty(DomainError):
    code = "answer_empty"
    sentence = N_("请写明怎么答复。")
    status = 422


class NoPlaceInGrid(DomainError):
    code = "no_place_in_grid"
    sentence = N_("%(name)s还没有编入网格：所在单位没有党组织，也没有联系党员。请联系本单位党组织登记。")


class TopOfGrid(DomainError):
    code = "top_of_grid"
    sentence = N_("“%(body)s”已是最高一级，不能再转，请在这里答复。")


class RequestTasked(DomainError):
    code = "request_tasked"
    sentence = N_("这件诉求已转为任务，由%(name)s办理。")


@transaction.atomic
def raise_request(
    *, raiser: Person, kind: RequestKind, text: str, actor: Person, at: datetime, is_anonymous: bool = False
) -> GridRequest:
    """Raise a request: to the named member, or to the branch where nobody is named; the clock starts the next working day.

    A member may write it down for the raiser. `is_anonymous` keeps the name from everybody above the named member, and
    from the facts.

    :raises RequestEmpty: nothing is said
    :raises NoPlaceInGrid: neither branch nor named member nor a body at the raiser's unit
    """
    RAISE_REQUEST.require(actor, raiser, at=at)
    if not text.strip():
        raise RequestEmpty
    day = local_day(at)
    branch = branch_for(raiser, day)
    if branch is None:
        raise NoPlaceInGrid(name=raiser.name)
    handler = member_named_for(raiser, day)
    level = MEMBER if handler is not None else level_of(branch.kind)
    request = GridRequest.objects.create(
        raiser=raiser, entered_by=actor, kind=RequestKind(kind), text=text.strip(), is_anonymous=is_anonymous,
        branch=branch, handler=handler, level=level, body=branch, raised_at=at,
        due_on=_due(branch.pk, level, day),
    )  # fmt: skip
    _write_step(request, RequestAct.RAISED, actor, at, None)
    _record(request, REQUEST_RAISED, actor, at, about=request.kind, level=level)
    return request


@transaction.atomic
def answer_request(*, request: GridRequest, text: str, actor: Person, at: datetime) -> GridRequest:
    """Answer a request; the raiser then says whether it is solved. Of two who answer at once one is told.

    :raises AnswerEmpty: nothing is said
    :raises StepNotAllowed: it is answered, solved or withdrawn
    :raises Stale: it was answered, or rose, a moment ago
    """
    ANSWER_REQUEST.require(actor, request, at=at)
    if not text.strip():
        raise AnswerEmpty
    day = local_day(at)
    on_time = day <= request.due_on
    _step(request, "answer", RequestAct.ANSWERED, actor, at, text.strip(),
          answer=text.strip(), answered_by=actor, answered_at=at)  # fmt: skip
    days = (day - local_day(request.raised_at)).days
    _record(request, REQUEST_ANSWERED, actor, at, level=request.level, on_time=on_time, days=days)
    return request


@transaction.atomic
def pass_up(*, request: GridRequest, note: str, actor: Person, at: datetime) -> GridRequest:
    """Hand a request to the next level up, with what the present one has to say about it.

    :raises NoReason: nothing is said
    :raises TopOfGrid: there is no level above
    """
    ANSWER_REQUEST.require(actor, request, at=at)
    if not note.strip():
        raise NoReason
    rung = _above(request, local_day(at))
    if rung is None:
        raise TopOfGrid(body=request.body.name)
    _move(request, "pass_up", RequestAct.PASSED_UP, rung, actor, at, note.strip())
    _record(request, REQUEST_PASSED_UP, actor, at, level=rung.level)
    return request


def rise_overdue(*, at: datetime) -> int:
    """Let every request whose clock ran out rise one level, and return how many did; at the top it stays, overdue.

    Each is a transaction of its own; one that was answered meanwhile is left alone.
    """
    day, risen = local_day(at), 0
    overdue = GridRequest.objects.past_clock(day).select_related("body", "raiser")
    for request in overdue.order_by("due_on", "pk"):
        rung = _above(request, day)
        if rung is None:
            continue
        try:
            with transaction.atomic():
                _move(request, "rise", RequestAct.RISEN, rung, None, at, None)
                _record(request, REQUEST_RISEN, None, at, level=rung.level)
        except Stale:
            continue
        risen += 1
    return risen


@transaction.atomic
def confirm_solved(*, request: GridRequest, actor: Person, at: datetime) -> GridRequest:
    """Say that the answer solved it."""
    CLOSE_REQUEST.require(actor, request, at=at)
    _step(request, "confirm", RequestAct.SOLVED, actor, at, None)
    days = (local_day(at) - local_day(request.raised_at)).days
    _record(request, REQUEST_SOLVED, actor, at, level=request.level, days=days)
    return request


@transaction.atomic
def reopen_request(*, request: GridRequest, reason: str, actor: Person, at: datetime) -> GridRequest:
    """Say that the answer did not solve it: it goes one level up, or back to the same one at the top.

    :raises NoReason: nothing is said
    """
    CLOSE_REQUEST.require(actor, request, at=at)
    if not reason.strip():
        raise NoReason
    rung = _above(request, local_day(at)) or Rung(request.body_id, request.level)
    _move(request, "reopen", RequestAct.REOPENED, rung, actor, at, reason.strip())
    _record(request, REQUEST_REOPENED, actor, at, level=rung.level)
    return request


@transaction.atomic
def withdraw_request(*, request: GridRequest, actor: Person, at: datetime) -> GridRequest:
    """Take a request back."""
    CLOSE_REQUEST.require(actor, request, at=at)
    _step(request, "withdraw", RequestAct.WITHDRAWN, actor, at, None)
    _record(request, REQUEST_WITHDRAWN, actor, at, level=request.level)
    return request


@transaction.atomic
def make_request_task(
    *, request: GridRequest, assignee: Person, due_at: datetime, actor: Person, at: datetime
) -> Task:  # fmt: skip
    """Give what a request asks for to somebody as a task; the request still waits for its answer.

    :raises RequestTasked: it is one
    :raises NotAllowed: the actor may not give tasks in this body
    """
    ANSWER_REQUEST.require(actor, request, at=at)
    if request.task is not None:
        raise RequestTasked(name=request.task.assignee.name)
    title = _("诉求：%(kind)s") % {"kind": request.get_kind_display()}
    task = open_task(
        title=title, goal=request.text[:400], assignee=assignee, due_at=due_at, body=request.body, actor=actor, at=at
    )
    _step(request, "task", RequestAct.TASKED, actor, at, None, task=task)
    _record(request, REQUEST_TASKED, actor, at, level=request.level)
    return task


def _above(request: GridRequest, day: date) -> Rung | None:
    ladder = ladder_of(request.body_id, day)
    return next_rung(ladder, request.body_id, request.level, manned_among(ladder, day))


def _due(body: int, level: str, day: date, calendar: WorkCalendar | None = None) -> date:
    """Return the last day on which a level answers in time; the day of arrival is not counted (section 0)."""
    days = terms_of(body, day).days_at(level)
    return last_day_of(calendar or statutory_calendar(), day, days, DayUnit.WORKING)


def _move(
    request: GridRequest, step: str, act: RequestAct, rung: Rung, by: Person | None, at: datetime, text: str | None
) -> None:
    level = rung.level if rung.level != MEMBER else BRANCH
    body = request.body if rung.body == request.body_id else PartyOrg.objects.get(pk=rung.body)
    due_on = _due(rung.body, level, local_day(at))
    _step(request, step, act, by, at, text, level=level, body=body, due_on=due_on)


def _step(
    request: GridRequest,
    step: str,
    act: RequestAct,
    by: Person | None,
    at: datetime,
    text: str | None,
    **changes: object,
) -> None:
    """Take a step and write its line: the state has one winner, and the line's number has one where the state stays."""
    REQUEST_FLOW.advance(request, step, round=request.round + 1, **changes)
    try:
        with transaction.atomic():
            _write_step(request, act, by, at, text)
    except IntegrityError as error:
        raise Stale from error


def _write_step(request: GridRequest, act: RequestAct, by: Person | None, at: datetime, text: str | None) -> None:
    GridRequestStep.objects.create(
        request=request, number=request.round, act=act, level=request.level, body=request.body, by=by, text=text, at=at
    )


def _record(request: GridRequest, kind: FactKind, by: Person | None, at: datetime, **attributes: object) -> None:
    """Write the fact; of a request without a name it is about nobody, and who raised it did not record it."""
    own_side = {request.raiser_id, request.entered_by_id}
    is_hidden = request.is_anonymous
    recorder = None if is_hidden and by is not None and by.pk in own_side else by
    about = None if is_hidden else request.raiser
    record(Draft(kind, at, recorder, about=about, body=request.branch_id, attributes=attributes, source=request))
