"""提醒: one message a day, taken note of or put off; and the own settings."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.reminders.enums import ReminderStep
from ronghe.domain.reminders.models import ReminderMessage, ReminderSetting
from ronghe.domain.reminders.selectors import list_messages, mail_shown, messages_of, setting_of
from ronghe.domain.reminders.services.keeping import (
    read_all,
    read_message,
    set_reminders,
    snooze_message,
    unread_message,
)

router = Router(tags=["reminders"])


class ReminderLineRow(Schema):
    obligation: int
    title: str
    body: str
    due_on: date
    step: ReminderStep
    state: ObligationState = Field(description="现在的状态")
    is_escalated: bool = Field(description="不是由您负责，请您过问")


class ReminderMessageRow(Schema):
    id: int
    day: date
    sent_at: datetime
    read_at: datetime | None
    snoozed_until: datetime | None
    lines: list[ReminderLineRow]


class ReminderMark(Schema):
    id: int
    read_at: datetime | None
    snoozed_until: datetime | None


class SnoozeRequest(Schema):
    until: Literal["hour", "tomorrow"]


class ReminderSettingShape(Schema):
    send_at: time
    quiet_from: time
    quiet_until: time
    on_free_days: bool
    mail: str | None = Field(None, description="读时中间几位遮住；写时空串为不用邮箱，不写为不改")


class ReminderCount(Schema):
    count: int = Field(description="几条改为已读")


@router.get("/", response=Page[ReminderMessageRow], summary="我的提醒", operation_id="reminders_list")
def reminder_list(request: HttpRequest, waiting: bool = False, page: int = Query(1, ge=1)) -> Any:
    listed = list_messages(actor_of(request), timezone.now(), only_waiting=waiting, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _message)


@router.get("/settings", response=ReminderSettingShape, summary="我的提醒时间", operation_id="reminders_settings")
def reminder_settings(request: HttpRequest) -> Any:
    return _setting(setting_of(actor_of(request)))


@router.put("/settings", response=ReminderSettingShape, summary="改提醒时间", operation_id="reminders_set")
def reminder_set(request: HttpRequest, wanted: ReminderSettingShape) -> Any:
    given = {name: value for name, value in wanted.dict().items() if name != "mail"}
    for name in ("send_at", "quiet_from", "quiet_until"):
        given[name] = given[name].replace(tzinfo=None)
    return _setting(set_reminders(**given, mail=wanted.mail, actor=actor_of(request), at=timezone.now()))


@router.post("/read-all", response=ReminderCount, summary="全部已读", operation_id="reminders_read_all")
def reminder_read_all(request: HttpRequest) -> Any:
    return {"count": read_all(actor=actor_of(request), at=timezone.now())}


@router.post("/{message_id}/read", response=ReminderMark, summary="已读一条提醒", operation_id="reminders_read")
def reminder_read(request: HttpRequest, message_id: int) -> Any:
    return read_message(message=_own(request, message_id), actor=actor_of(request), at=timezone.now())


@router.delete("/{message_id}/read", response=ReminderMark, summary="改回未读", operation_id="reminders_unread")
def reminder_unread(request: HttpRequest, message_id: int) -> Any:
    return unread_message(message=_own(request, message_id), actor=actor_of(request), at=timezone.now())


@router.post("/{message_id}/snooze", response=ReminderMark, summary="过一会儿再提醒", operation_id="reminders_snooze")
def reminder_snooze(request: HttpRequest, message_id: int, wanted: SnoozeRequest) -> Any:
    message = _own(request, message_id)
    return snooze_message(message=message, until=wanted.until, actor=actor_of(request), at=timezone.now())


def _own(request: HttpRequest, message_id: int) -> ReminderMessage:
    return get_object_or_404(messages_of(actor_of(request), timezone.now()), pk=message_id)


def _message(row: Any) -> dict[str, Any]:
    lines = [
        {
            "obligation": line.obligation_id, "title": line.obligation.title, "body": line.obligation.body.name,
            "due_on": line.obligation.due_on, "step": line.step, "state": line.obligation.state,
            "is_escalated": line.is_escalated,
        }
        for line in row.lines
    ]  # fmt: skip
    return {
        "id": row.pk, "day": row.day, "sent_at": row.sent_at, "read_at": row.read_at,
        "snoozed_until": row.snoozed_until, "lines": lines,
    }  # fmt: skip


def _setting(row: ReminderSetting) -> dict[str, Any]:
    return {
        "send_at": row.send_at, "quiet_from": row.quiet_from, "quiet_until": row.quiet_until,
        "on_free_days": row.on_free_days, "mail": mail_shown(row),
    }  # fmt: skip
