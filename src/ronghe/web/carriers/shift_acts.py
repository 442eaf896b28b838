"""Acts on the shifts of a call-up: planned, changed, handed over, corrected."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from ronghe.domain.carriers.enums import Answer
from ronghe.domain.carriers.models import CallUp, Shift, ShiftPerson
from ronghe.domain.carriers.services.handing import correct_hours, hand_over, mark_away, take_over
from ronghe.domain.carriers.services.shifts import drop_shift, move_shift, plan_shifts, put_on_shift, take_off_shift
from ronghe.domain.org.models import Person
from ronghe.kernel.words import _
from ronghe.web.carriers.call_acts import do
from ronghe.web.carriers.call_forms import CorrectForm, HandOverForm, OnShiftForm, PlanForm, TimesForm
from ronghe.web.carriers.call_views import seen_call


@login_required
@require_POST
def shifts_plan(request: HttpRequest, pk: int) -> HttpResponse:
    form = PlanForm(request.POST)

    def act(call: CallUp, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        plan_shifts(
            call=call, length_hours=int(typed["length_hours"]), count=typed["count"], starts_at=typed["starts_at"],
            actor=actor, at=at,
        )  # fmt: skip

    return do(request, pk, act, _("班排好了。"), form=form)


@login_required
@require_POST
def shift_put_on(request: HttpRequest, pk: int, shift: int) -> HttpResponse:
    row = _shift(request, pk, shift)
    present = row.call.roster.filter(answer=Answer.ARRIVED).select_related("person").order_by("person__name", "pk")
    form = OnShiftForm(request.POST, rows=present, prefix=f"on-{shift}")

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        put_on_shift(shift=row, actor=actor, at=at, **form.cleaned_data)

    return do(request, pk, act, _("已排上。"), form=form)


@login_required
@require_POST
def shift_move(request: HttpRequest, pk: int, shift: int) -> HttpResponse:
    row = _shift(request, pk, shift)
    form = TimesForm(request.POST, prefix=f"at-{shift}")

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        move_shift(shift=row, actor=actor, at=at, **form.cleaned_data)

    return do(request, pk, act, _("时间已改。"), form=form)


@login_required
@require_POST
def shift_drop(request: HttpRequest, pk: int, shift: int) -> HttpResponse:
    row = _shift(request, pk, shift)

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        drop_shift(shift=row, actor=actor, at=at)

    return do(request, pk, act, _("这一班已划去。"))


@login_required
@require_POST
def shift_hand_over(request: HttpRequest, pk: int, shift: int) -> HttpResponse:
    row = _shift(request, pk, shift)
    form = HandOverForm(request.POST)

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        hand_over(shift=row, note=form.cleaned_data["note"], actor=actor, at=at)

    return do(request, pk, act, _("已签字交班，等接班人签字。"), form=form)


@login_required
@require_POST
def shift_take_over(request: HttpRequest, pk: int, shift: int) -> HttpResponse:
    row = _shift(request, pk, shift)

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        take_over(shift=row, actor=actor, at=at)

    return do(request, pk, act, _("已签字接班，上一班的时数已记下。"))


@login_required
@require_POST
def part_off(request: HttpRequest, pk: int, shift: int, part: int) -> HttpResponse:
    row = _part(request, pk, shift, part)

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        take_off_shift(part=row, actor=actor, at=at)

    return do(request, pk, act, _("已换下。"))


@login_required
@require_POST
def part_away(request: HttpRequest, pk: int, shift: int, part: int) -> HttpResponse:
    """`back` comes with the button that takes it back."""
    row, is_away = _part(request, pk, shift, part), not request.POST.get("back")

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        mark_away(part=row, is_away=is_away, actor=actor, at=at)

    return do(request, pk, act, _("已记未到，不计时数。") if is_away else _("已改回。"))


@login_required
@require_POST
def part_correct(request: HttpRequest, pk: int, shift: int, part: int) -> HttpResponse:
    row = _part(request, pk, shift, part)
    form = CorrectForm(request.POST)

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        correct_hours(part=row, actor=actor, at=at, **form.cleaned_data)

    return do(request, pk, act, _("值守时间已更正，原来的记录冲销了。"), form=form)


def _shift(request: HttpRequest, pk: int, shift: int) -> Shift:
    return get_object_or_404(Shift.objects.select_related("call"), pk=shift, call=seen_call(request, pk))


def _part(request: HttpRequest, pk: int, shift: int, part: int) -> ShiftPerson:
    rows = ShiftPerson.objects.select_related("shift__call", "row__person", "row__team__carrier")
    return get_object_or_404(rows, pk=part, shift=_shift(request, pk, shift))
