"""What the page of one call-up shows: who answered, who may enter what, and the forms of whoever leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.carriers.calc.shifts import next_quarter
from ronghe.domain.carriers.enums import Answer, CallState, NeedState, TeamState
from ronghe.domain.carriers.models import CallNeed, CallPerson, CallUp, Shift
from ronghe.domain.carriers.rules import ANSWER_CALL, COMMAND, SEND_TEAM, TAKE_PART, VERIFY_CALL
from ronghe.domain.carriers.selectors.calls import CallView, OnShift, items_to_book, neighbouring_teams, view_of
from ronghe.domain.org.models import Person
from ronghe.kernel.words import _
from ronghe.ui.formats import moment_of
from ronghe.web.carriers.call_forms import (
    REASONS,
    BookForm,
    CommandForm,
    EndForm,
    HandOverForm,
    LineForm,
    NeedForm,
    NoteForm,
    OnShiftForm,
    PlanForm,
    SettleForm,
    TeamForm,
    TimesForm,
    outcome_initial,
    span_initial,
)
from ronghe.web.lookbacks.linking import look_back_on
from ronghe.web.requests import actor_of

SHAPES = {
    CallState.RUNNING: "running",
    CallState.STOOD_DOWN: "attention",
    CallState.DISPUTED: "failed",
    CallState.VERIFIED: "done",
    CallState.CALLED_OFF: "waived",
}
ANSWER_SHAPES = {
    Answer.NONE: "failed",
    Answer.COMING: "running",
    Answer.CANNOT: "waived",
    Answer.ARRIVED: "done",
}
ELSEWHERE = (OnShiftForm, TimesForm, SettleForm, BookForm)
"""Forms of one line of many: what is wrong with one stands at the top of the page."""
TEAM_SHAPES = {TeamState.CALLED: "running", TeamState.ASKED: "attention", TeamState.DECLINED: "waived"}


@dataclass(frozen=True, slots=True)
class RowShown:
    """Somebody on the roster: the answer drawn and said, by whom it was entered, and whether the reader may enter one."""

    row: CallPerson
    shape: str
    word: str
    note: str
    can_enter: bool


@dataclass(frozen=True, slots=True)
class ShiftShown:
    """A shift with its people and what the reader may do with it now."""

    shift: Shift
    people: list[OnShift]
    shape: str
    is_due: bool
    can_hand_over: bool
    can_take_over: bool
    hand_over: HandOverForm | None
    put_on: OnShiftForm | None
    times: TimesForm | None


def call_context(request: HttpRequest, call: CallUp, *, failed: Any = None) -> dict[str, Any]:
    """Return the context of the page; a form that failed is handed back in."""
    actor, now = actor_of(request), timezone.now()
    view = view_of(call, now)
    leads = COMMAND.allows(actor, call, at=now)
    can = {
        "can_command": leads and call.is_running,
        "can_write": call.is_writable and TAKE_PART.allows(actor, call, at=now),
        "can_end": leads and call.state in (CallState.RUNNING, CallState.DISPUTED),
        "can_resume": leads and call.state in (CallState.STOOD_DOWN, CallState.DISPUTED),
        "can_verify": call.state == CallState.STOOD_DOWN and VERIFY_CALL.allows(actor, call, at=now),
        "can_correct": leads and call.is_writable,
    }
    forms = _forms(actor, view, can, now)
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    mine = next((row for row in view.roster if row.person_id == actor.pk), None)
    return forms | can | {
        "call": call,
        "view": view,
        "shape": SHAPES[CallState(call.state)],
        "mine": row_shown(mine, actor, now) if mine is not None else None,
        "reasons": REASONS,
        "teams": _teams(actor, view, now, leads=leads),
        "shifts": _shifts(actor, view, now, leads=leads),
        "needs": [(need, _need_shape(need)) for need in view.needs],
        "look_back": look_back_on("carriers.callup", call.pk, actor, now) if not call.is_running else "",
        "saved_words": f"{Decimal(call.saved_fen).scaleb(-2):,.2f}" if call.saved_fen is not None else "",
        "failed": type(failed).__name__ if failed is not None else "",
        "hand_over_form": failed if isinstance(failed, HandOverForm) else None,
        "refused_form": failed if isinstance(failed, ELSEWHERE) else None,
    }  # fmt: skip


def row_shown(row: CallPerson, actor: Person, now: datetime, *, leads: bool = False) -> RowShown:
    """Return a row as the page shows it; `leads` says that the reader commands and needs no second asking."""
    other = row.arrived_by if row.is_present else row.answered_by
    when = row.arrived_at if row.is_present else row.answered_at
    parts = [row.reason] if row.answer == Answer.CANNOT else []
    if when is not None:
        parts.append(moment_of(when))
    if other is not None and other.pk != row.person_id:
        parts.append(_("%(name)s代记") % {"name": other.name})
    can_enter = row.call.is_running and (leads or ANSWER_CALL.allows(actor, row, at=now))
    return RowShown(row, ANSWER_SHAPES[Answer(row.answer)], row.get_answer_display(), _(" · ").join(parts), can_enter)


def _teams(actor: Person, view: CallView, now: datetime, *, leads: bool) -> list[dict[str, Any]]:
    shown = []
    for one in view.teams:
        team = one.team
        team.call = view.call
        may_send = view.call.is_running and team.state == TeamState.ASKED and SEND_TEAM.allows(actor, team, at=now)
        for row in one.rows:
            row.call, row.team = view.call, team
        shown.append({
            "team": team,
            "shape": TEAM_SHAPES[TeamState(team.state)],
            "may_send": may_send,
            "rows": [row_shown(row, actor, now, leads=leads) for row in one.rows],
            "here": sum(row.is_present for row in one.rows),
        })  # fmt: skip
    return shown


def _shifts(actor: Person, view: CallView, now: datetime, *, leads: bool) -> list[ShiftShown]:
    shown: list[ShiftShown] = []
    current = view.current
    following = next((s for s, _people in view.shifts if current is not None and s.number > current.number), None)
    present = view.call.roster.filter(answer=Answer.ARRIVED).select_related("person").order_by("person__name", "pk")
    on_next = following is not None and _is_on(view, following, actor)
    for shift, people in view.shifts:
        is_due = view.call.is_running and current is not None and shift.pk == current.pk and shift.starts_at <= now
        can_change = leads and view.call.is_running and not shift.is_closed
        can_hand = is_due and (leads or _is_on(view, shift, actor))
        can_take = is_due and shift.handed_at is not None and shift.handed_by_id != actor.pk and (leads or on_next)
        shown.append(
            ShiftShown(
                shift, people, _shift_shape(shift, now), is_due, can_hand, can_take,
                HandOverForm(initial={"note": shift.note}) if can_hand else None,
                OnShiftForm(rows=present, prefix=f"on-{shift.pk}") if can_change else None,
                TimesForm(initial=span_initial(shift.starts_at, shift.ends_at), prefix=f"at-{shift.pk}")
                if can_change else None,
            )
        )  # fmt: skip
    return shown


def _is_on(view: CallView, shift: Shift, actor: Person) -> bool:
    people = next((people for one, people in view.shifts if one.pk == shift.pk), [])
    return any(on.part.row.person_id == actor.pk and on.part.is_held is not False for on in people)


def _shift_shape(shift: Shift, now: datetime) -> str:
    if shift.is_closed:
        return "done"
    if shift.ends_at < now:
        return "failed"
    return "running" if shift.starts_at <= now else "upcoming"


def _need_shape(need: CallNeed) -> str:
    return {NeedState.OPEN: "attention", NeedState.MET: "done", NeedState.DROPPED: "waived"}[NeedState(need.state)]


def _forms(actor: Person, view: CallView, can: dict[str, bool], now: datetime) -> dict[str, Any]:
    """Only the forms that the reader may use."""
    found: dict[str, Any] = {}
    call = view.call
    if can["can_command"]:
        last = view.shifts[-1][0].ends_at if view.shifts else next_quarter(now)
        found["plan_form"] = PlanForm(initial={"starts_at": last})
        found["team_form"] = TeamForm(teams=neighbouring_teams(call))
        called = Person.objects.filter(call_parts__call=call).exclude(pk=call.commander_id)
        found["command_form"] = CommandForm(people=called.order_by("name", "pk"))
        found["settle_form"] = SettleForm()
        items = items_to_book(call, actor, now)
        if items.exists():
            start = next_quarter(now)
            found["book_form"] = BookForm(items=items, initial=span_initial(start, max(start, call.rally_at)))
        found["off_form"] = NoteForm()
    if can["can_write"]:
        found["line_form"] = LineForm()
        if call.is_running:
            found["need_form"] = NeedForm()
    if can["can_end"]:
        found["end_form"] = EndForm(initial=outcome_initial(call))
    if can["can_verify"]:
        found["verify_form"] = NoteForm()
    return found
