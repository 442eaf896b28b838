"""提醒: messages with their lines, taken note of or put off; and the own settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.reminders.enums import ReminderStep
from ronghe.domain.reminders.models import Reminder, ReminderMessage
from ronghe.domain.reminders.selectors import list_messages, mail_shown, messages_of, setting_of
from ronghe.domain.reminders.services.keeping import (
    read_all,
    read_message,
    set_reminders,
    snooze_message,
    unread_message,
)
from ronghe.domain.reminders.services.sending import MAIL, channels
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.paging import asked_page, page_of
from ronghe.web.reminders.forms import SettingForm
from ronghe.web.requests import actor_of

SHAPES = {ObligationState.MISSED: "failed"}
STEP_SHAPES = {
    ReminderStep.OPENED: "upcoming",
    ReminderStep.AHEAD: "due",
    ReminderStep.DUE_DAY: "attention",
    ReminderStep.OVERDUE: "attention",
    ReminderStep.MISSED: "failed",
}


@login_required
def reminders(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    only_waiting = request.GET.get("state") == "waiting"
    page = page_of(list_messages(actor, now, only_waiting=only_waiting, page=asked_page(request)))
    context = {
        "page": page,
        "messages_shown": [(message, _is_waiting(message, now), _lines(message)) for message in page.object_list],
        "choices": [("", _("全部")), ("waiting", _("未读"))],
        "only_waiting": only_waiting,
    }
    return render(request, "reminders/reminders.html", context)


def _is_waiting(message: ReminderMessage, now: Any) -> bool:
    return message.read_at is None and (message.snoozed_until is None or message.snoozed_until <= now)


def _lines(message: Any) -> list[tuple[Reminder, str, str, str]]:
    """Each line with the shape of its step, and how the duty stands now."""
    found = []
    for line in message.lines:
        state = ObligationState(line.obligation.state)
        shape = SHAPES.get(state, state.value)
        found.append((line, STEP_SHAPES[ReminderStep(line.step)], shape, str(state.label)))
    return found


@login_required
@require_POST
def reminder_read(request: HttpRequest, pk: int) -> HttpResponse:
    message = _own(request, pk)
    read_message(message=message, actor=actor_of(request), at=timezone.now())
    toasts.done(request, _("已读。"), undo=reverse("web:reminder_unread", args=[pk]))
    return redirect("web:reminders")


@login_required
@require_POST
def reminder_unread(request: HttpRequest, pk: int) -> HttpResponse:
    unread_message(message=_own(request, pk), actor=actor_of(request), at=timezone.now())
    return redirect("web:reminders")


@login_required
@require_POST
def reminder_read_all(request: HttpRequest) -> HttpResponse:
    read_all(actor=actor_of(request), at=timezone.now())
    toasts.done(request, _("都已读。"))
    return redirect("web:reminders")


@login_required
@require_POST
def reminder_snooze(request: HttpRequest, pk: int) -> HttpResponse:
    message = _own(request, pk)

    def act() -> None:
        snooze_message(message=message, until=request.POST.get("until", ""), actor=actor_of(request), at=timezone.now())

    return _or_say_why(request, act, said=_("到时再提醒。"))


@login_required
def reminder_settings(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    setting = setting_of(actor)
    has_mail = MAIL in channels()
    known = {
        "send_at": setting.send_at, "quiet_from": setting.quiet_from, "quiet_until": setting.quiet_until,
        "on_free_days": setting.on_free_days, "mail": mail_shown(setting),
    }  # fmt: skip
    form = SettingForm(request.POST or None, has_mail=has_mail, initial=known)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        if given.get("mail") == known["mail"]:
            given.pop("mail", None)  # shown with its middle hidden, so what comes back unchanged says nothing
        try:
            set_reminders(actor=actor, at=now, **given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已存下，从下一次提醒起。"))
            return redirect("web:reminders")
    context = {"form": form, "has_mail": has_mail}
    return render(request, "reminders/settings.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest, pk: int) -> ReminderMessage:
    return get_object_or_404(messages_of(actor_of(request), timezone.now()), pk=pk)


def _or_say_why(request: HttpRequest, act: Callable[[], None], *, said: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
    return redirect("web:reminders")
