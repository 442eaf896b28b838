"""紧急集结: calling teams up, answers, shifts with their hand-over, log, needs, and the end with its result."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Query, Router, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.callup_shapes import (
    CallCommandRequest,
    CallCorrection,
    CallLineRequest,
    CallNeedRequest,
    CallNeedSettling,
    CallNote,
    CallOnShiftRequest,
    CallOutcome,
    CallPersonRow,
    CallPlanRequest,
    CallReason,
    CallSpanRequest,
    CallTeamReply,
    CallTeamRequest,
    CallUpAnswer,
    CallUpRequest,
    CallUpRow,
    CallVerdict,
    RosterAct,
)
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer, named
from ronghe.domain.carriers.documents import call_document
from ronghe.domain.carriers.enums import Answer, CallState, Occasion
from ronghe.domain.carriers.models import CallNeed, CallPerson, CallTeam, CallUp, Carrier, LogLine, Shift, ShiftPerson
from ronghe.domain.carriers.selectors.calls import (
    CallView,
    Counts,
    OnShift,
    calls_filtered,
    calls_of,
    calls_seen_by,
    counts_of,
    items_to_book,
    list_calls,
    view_of,
)
from ronghe.domain.carriers.selectors.carriers import carriers_seen_by
from ronghe.domain.carriers.services.answering import answer_call, arrive, take_back_arrival
from ronghe.domain.carriers.services.calling import (
    CallText,
    add_team,
    answer_request,
    call_off,
    call_up,
    pass_command,
)
from ronghe.domain.carriers.services.ending import Outcome, resume_call, stand_down, verify_call
from ronghe.domain.carriers.services.handing import correct_hours, hand_over, mark_away, take_over
from ronghe.domain.carriers.services.log import write_line
from ronghe.domain.carriers.services.needs import ask_for_need, book_for_need, raise_need, reopen_need, settle_need
from ronghe.domain.carriers.services.shifts import drop_shift, move_shift, plan_shifts, put_on_shift, take_off_shift
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.errors import NotFound
from ronghe.kernel.printing import PaperForm

router = Router(tags=["carriers"])


@router.get("", response=Page[CallUpRow], summary="紧急集结清单", operation_id="callups_list")
def call_list(
    request: HttpRequest, occasion: Occasion | None = None, state: CallState | None = None, q: str = "",
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    rows = calls_filtered(words=q.strip(), occasion=occasion or "", state=state or "")
    listed = list_calls(actor_of(request), timezone.now(), rows, page=page, size=PAGE_SIZE)
    counts = counts_of([call.pk for call in listed.rows])
    return listed_answer(listed, lambda call: _row(call, counts[call.pk]))


@router.post("", response={201: CallUpAnswer}, summary="紧急集结", operation_id="callups_call")
def call_create(request: HttpRequest, wanted: CallUpRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    seen = carriers_seen_by(actor, now)
    given = wanted.dict()
    teams = [get_object_or_404(seen, pk=key) for key in given.pop("teams")]
    call = call_up(teams=teams, text=CallText(**given), actor=actor, at=now)
    return Status(201, _whole(actor, call.pk))


@router.get("/mine", response=list[CallPersonRow], summary="叫到我的集结", operation_id="callups_mine")
def call_mine(request: HttpRequest) -> Any:
    return [_person(row, Decimal(0)) for row in calls_of(actor_of(request)).select_related("person")]


@router.get("/{call_id}", response=CallUpAnswer, summary="一次集结", operation_id="callups_detail")
def call_detail(request: HttpRequest, call_id: int) -> Any:
    return _whole(actor_of(request), call_id)


@router.get("/{call_id}/report.{form}", summary="集结情况报告", operation_id="callups_report")
def call_report(request: HttpRequest, call_id: int, form: PaperForm) -> HttpResponse:
    call, now = _seen(actor_of(request), call_id), timezone.now()
    document = call_document(view_of(call, now), printed_on=local_day(now))
    return paper_answer(request, document, form, source=call, layout=GBT_9704_LANDSCAPE)


@router.post("/{call_id}/roster/{row_id}/{act}", response=CallUpAnswer, summary="来、来不了、已到、撤销到位",
             operation_id="callups_answer")  # fmt: skip
def row_answer(request: HttpRequest, call_id: int, row_id: int, act: RosterAct, wanted: CallReason) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = CallPerson.objects.filter(call=_seen(actor, call_id)).select_related("call", "team__carrier", "person")
    row = get_object_or_404(rows, pk=row_id)
    if act == RosterAct.HERE:
        arrive(row=row, actor=actor, at=now)
    elif act == RosterAct.NOT_HERE:
        take_back_arrival(row=row, actor=actor, at=now)
    else:
        answer_call(row=row, answer=Answer(act.value), reason=wanted.reason, actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/teams", response=CallUpAnswer, summary="叫上别的队伍", operation_id="callups_add_team")
def team_add(request: HttpRequest, call_id: int, wanted: CallTeamRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    add_team(call=_seen(actor, call_id), team=_team(actor, wanted.team), actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/teams/{team_id}/answer", response=CallUpAnswer, summary="答复支援请求",
             operation_id="callups_answer_request")  # fmt: skip
def team_answer(request: HttpRequest, call_id: int, team_id: int, wanted: CallTeamReply) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = CallTeam.objects.filter(call=_seen(actor, call_id)).select_related("call", "carrier__body")
    team = get_object_or_404(rows, pk=team_id)
    answer_request(team=team, sends=wanted.sends, note=wanted.note, actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/command", response=CallUpAnswer, summary="移交指挥", operation_id="callups_pass_command")
def command_pass(request: HttpRequest, call_id: int, wanted: CallCommandRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    person = get_object_or_404(Person, pk=wanted.person)
    pass_command(call=_seen(actor, call_id), to=person, actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/log", response=CallUpAnswer, summary="记现场日志", operation_id="callups_log")
def line_add(request: HttpRequest, call_id: int, wanted: CallLineRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    call = _seen(actor, call_id)
    corrects = get_object_or_404(LogLine, pk=wanted.corrects, call=call) if wanted.corrects is not None else None
    write_line(call=call, text=wanted.text, happened_at=wanted.happened_at, corrects=corrects, actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/photos", response=CallUpAnswer, summary="记现场照片", operation_id="callups_photos")
def line_photos(request: HttpRequest, call_id: int, photo: File[list[UploadedFile]], text: Form[str] = "") -> Any:
    actor, now = actor_of(request), timezone.now()
    uploads = [Upload(file.name or "", file) for file in photo]
    write_line(call=_seen(actor, call_id), text=text, uploads=uploads, actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/needs", response=CallUpAnswer, summary="提出需要", operation_id="callups_need")
def need_add(request: HttpRequest, call_id: int, wanted: CallNeedRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    raise_need(call=_seen(actor, call_id), actor=actor, at=now, **wanted.dict())
    return _whole(actor, call_id)


@router.post("/{call_id}/needs/{need_id}/settle", response=CallUpAnswer, summary="落实需要",
             operation_id="callups_settle_need")  # fmt: skip
def need_settle(request: HttpRequest, call_id: int, need_id: int, wanted: CallNeedSettling) -> Any:
    actor, now = actor_of(request), timezone.now()
    need = _need(actor, call_id, need_id)
    if wanted.team is not None:
        ask_for_need(need=need, team=_team(actor, wanted.team), actor=actor, at=now)
    elif wanted.item is not None:
        item = get_object_or_404(items_to_book(need.call, actor, now), pk=wanted.item)
        book_for_need(
            need=need, item=item, starts_at=wanted.starts_at or now, ends_at=wanted.ends_at or now,
            quantity=wanted.quantity, actor=actor, at=now,
        )  # fmt: skip
    else:
        settle_need(need=need, is_met=wanted.is_met, how=wanted.how, actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/needs/{need_id}/reopen", response=CallUpAnswer, summary="需要重新打开",
             operation_id="callups_reopen_need")  # fmt: skip
def need_reopen(request: HttpRequest, call_id: int, need_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    reopen_need(need=_need(actor, call_id, need_id), actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/shifts", response=CallUpAnswer, summary="排班", operation_id="callups_plan_shifts")
def shifts_plan(request: HttpRequest, call_id: int, wanted: CallPlanRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    call, given = _seen(actor, call_id), wanted.dict()
    keys = given.pop("people")
    rows = list(call.roster.filter(pk__in=keys).select_related("person").order_by("pk"))
    if len(rows) != len(set(keys)):
        raise NotFound
    plan_shifts(call=call, people=rows, actor=actor, at=now, **given)
    return _whole(actor, call_id)


@router.put("/{call_id}/shifts/{shift_id}", response=CallUpAnswer, summary="改班次时间",
            operation_id="callups_move_shift")  # fmt: skip
def shift_move(request: HttpRequest, call_id: int, shift_id: int, wanted: CallSpanRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    move_shift(shift=_shift(actor, call_id, shift_id), actor=actor, at=now, **wanted.dict())
    return _whole(actor, call_id)


@router.delete("/{call_id}/shifts/{shift_id}", response=CallUpAnswer, summary="划去一班",
               operation_id="callups_drop_shift")  # fmt: skip
def shift_drop(request: HttpRequest, call_id: int, shift_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    drop_shift(shift=_shift(actor, call_id, shift_id), actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/shifts/{shift_id}/people", response=CallUpAnswer, summary="排上一人",
             operation_id="callups_put_on_shift")  # fmt: skip
def shift_put_on(request: HttpRequest, call_id: int, shift_id: int, wanted: CallOnShiftRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    shift = _shift(actor, call_id, shift_id)
    row = get_object_or_404(CallPerson, pk=wanted.row, call=shift.call)
    put_on_shift(shift=shift, row=row, starts_at=wanted.starts_at, ends_at=wanted.ends_at, actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/shifts/{shift_id}/hand-over", response=CallUpAnswer, summary="签字交班",
             operation_id="callups_hand_over")  # fmt: skip
def shift_hand_over(request: HttpRequest, call_id: int, shift_id: int, wanted: CallNote) -> Any:
    actor, now = actor_of(request), timezone.now()
    hand_over(shift=_shift(actor, call_id, shift_id), note=wanted.note, actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/shifts/{shift_id}/take-over", response=CallUpAnswer, summary="签字接班",
             operation_id="callups_take_over")  # fmt: skip
def shift_take_over(request: HttpRequest, call_id: int, shift_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    take_over(shift=_shift(actor, call_id, shift_id), actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/shift-people/{part_id}/{act}", response=CallUpAnswer, summary="换下、未到、其实到了",
             operation_id="callups_change_part")  # fmt: skip
def part_change(request: HttpRequest, call_id: int, part_id: int, act: str) -> Any:
    actor, now = actor_of(request), timezone.now()
    part = _part(actor, call_id, part_id)
    if act == "off":
        take_off_shift(part=part, actor=actor, at=now)
    elif act in ("away", "back"):
        mark_away(part=part, is_away=act == "away", actor=actor, at=now)
    else:
        raise NotFound
    return _whole(actor, call_id)


@router.put("/{call_id}/shift-people/{part_id}", response=CallUpAnswer, summary="更正值守时间",
            operation_id="callups_correct_hours")  # fmt: skip
def part_correct(request: HttpRequest, call_id: int, part_id: int, wanted: CallCorrection) -> Any:
    actor, now = actor_of(request), timezone.now()
    correct_hours(part=_part(actor, call_id, part_id), actor=actor, at=now, **wanted.dict())
    return _whole(actor, call_id)


@router.post("/{call_id}/call-off", response=CallUpAnswer, summary="误报，取消集结", operation_id="callups_call_off")
def call_call_off(request: HttpRequest, call_id: int, wanted: CallNote) -> Any:
    actor, now = actor_of(request), timezone.now()
    call_off(call=_seen(actor, call_id), reason=wanted.note, actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/stand-down", response=CallUpAnswer, summary="解除集结", operation_id="callups_stand_down")
def call_stand_down(request: HttpRequest, call_id: int, wanted: CallOutcome) -> Any:
    actor, now = actor_of(request), timezone.now()
    given = wanted.dict()
    yuan = given.pop("saved_yuan")
    outcome = Outcome(saved_fen=int(yuan * 100) if yuan is not None else None, **given)
    stand_down(call=_seen(actor, call_id), outcome=outcome, actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/resume", response=CallUpAnswer, summary="继续集结", operation_id="callups_resume")
def call_resume(request: HttpRequest, call_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    resume_call(call=_seen(actor, call_id), actor=actor, at=now)
    return _whole(actor, call_id)


@router.post("/{call_id}/verify", response=CallUpAnswer, summary="核实成效", operation_id="callups_verify")
def call_verify(request: HttpRequest, call_id: int, wanted: CallVerdict) -> Any:
    actor, now = actor_of(request), timezone.now()
    verify_call(call=_seen(actor, call_id), agrees=wanted.agrees, note=wanted.note, actor=actor, at=now)
    return _whole(actor, call_id)


def _seen(actor: Person, key: int) -> CallUp:
    found: CallUp = get_object_or_404(calls_seen_by(actor, timezone.now()), pk=key)
    return found


def _team(actor: Person, key: int) -> Carrier:
    found: Carrier = get_object_or_404(carriers_seen_by(actor, timezone.now()), pk=key)
    return found


def _need(actor: Person, call: int, key: int) -> CallNeed:
    return get_object_or_404(CallNeed.objects.select_related("call__body"), pk=key, call=_seen(actor, call))


def _shift(actor: Person, call: int, key: int) -> Shift:
    return get_object_or_404(Shift.objects.select_related("call"), pk=key, call=_seen(actor, call))


def _part(actor: Person, call: int, key: int) -> ShiftPerson:
    rows = ShiftPerson.objects.select_related("shift__call", "row__person", "row__team__carrier")
    return get_object_or_404(rows, pk=key, shift__call=_seen(actor, call))


def _row(call: CallUp, counts: Counts) -> dict[str, Any]:
    names = ("occasion", "what", "place", "rally_place", "rally_at", "state", "called_at")
    found = {name: getattr(call, name) for name in names}
    numbers = {name: getattr(counts, name) for name in ("called", "arrived", "coming", "cannot", "silent")}
    return {"id": call.pk, **found, "body": named(call.body), "commander": named(call.commander), **numbers}


def _person(row: CallPerson, hours: Decimal) -> dict[str, Any]:
    return {
        "id": row.pk, "person": named(row.person), "team": named(row.team.carrier), "answer": row.answer,
        "reason": row.reason, "answered_at": row.answered_at, "answered_by": named(row.answered_by),
        "arrived_at": row.arrived_at, "arrived_by": named(row.arrived_by), "hours": hours,
    }  # fmt: skip


def _on(on: OnShift) -> dict[str, Any]:
    part = on.part
    return {
        "id": part.pk, "person": named(part.row.person), "is_lead": part.is_lead, "starts_at": part.starts_at,
        "ends_at": part.ends_at, "is_held": part.is_held, "in_row": on.in_row,
    }  # fmt: skip


def _pictures(line: LogLine) -> int:
    return len(line.shown)  # type: ignore[attr-defined]


def _whole(actor: Person, key: int) -> dict[str, Any]:
    call = _seen(actor, key)
    view: CallView = view_of(call, timezone.now())
    hours = {row.pk: held for row, held in view.hours}
    for team in view.teams:
        for row in team.rows:
            row.team = team.team
    names = ("result", "saved", "injuries", "people", "hours")
    return {
        **_row(call, view.counts),
        **{name: getattr(call, name) for name in names},
        "saved_yuan": Decimal(call.saved_fen).scaleb(-2) if call.saved_fen is not None else None,
        "verified_by": named(call.verified_by),
        "teams": [
            {"id": one.team.pk, "team": named(one.team.carrier), "state": one.team.state, "note": one.team.note}
            for one in view.teams
        ],
        "roster": [_person(row, hours.get(row.pk, Decimal(0))) for row in view.roster],
        "shifts": [
            {"id": shift.pk, "number": shift.number, "starts_at": shift.starts_at, "ends_at": shift.ends_at,
             "note": shift.note, "handed_by": named(shift.handed_by), "taken_by": named(shift.taken_by),
             "is_closed": shift.is_closed, "people": [_on(on) for on in people]}
            for shift, people in view.shifts
        ],
        "log": [
            {"id": line.pk, "happened_at": line.happened_at, "text": line.text, "corrects": line.corrects_id,
             "by": named(line.by), "pictures": _pictures(line)}
            for line in view.log
        ],
        "needs": [
            {"id": need.pk, "kind": need.kind, "what": need.what, "quantity": need.quantity, "unit": need.unit,
             "state": need.state, "how": need.how, "booking": need.booking_id}
            for need in view.needs
        ],
    }  # fmt: skip
