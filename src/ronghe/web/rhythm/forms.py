"""What people type at a huddle: as little as can be."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.enums import BodyTree
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.pools.models import SharedItem
from ronghe.domain.rhythm.enums import HUDDLES, TYPES_OF_TREE, ActivityType, LeaveKind
from ronghe.domain.rhythm.services.bookings import BookingMove
from ronghe.ui.formats import clock, day
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer

DOCUMENT_NUMBER = re.compile(r"[^〔〕\d]+〔\d{4}〕[1-9]\d*号")
"""Issuer's code, year in hexagonal brackets, serial without leading zeros (DL-04)."""
END_OF_DAY = time(17, 30)
"""The deadline offered for what a huddle decides: the evening of the same day."""

GIVE_UP = "none"
"""Chosen in place of anything that is booked."""


def types_by_tree(*, but: Collection[ActivityType] = ()) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds of gathering under the tree that holds them; what every tree holds stands apart."""
    shared = frozenset(ActivityType).intersection(*TYPES_OF_TREE.values())
    groups = [(str(tree.label), TYPES_OF_TREE[tree] - shared) for tree in BodyTree]
    groups.append((gettext("党群都可"), shared))
    return [
        (name, [(kind.value, str(kind.label)) for kind in ActivityType if kind in kinds and kind not in but])
        for name, kinds in groups
    ]


class TopicForm(forms.Form):
    """A topic; with a person and a deadline it becomes a task at once."""

    topic = forms.CharField(label=_("议题"), max_length=120)
    notes = forms.CharField(label=_("发言和讨论"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))
    decision = forms.CharField(label=_("决定"), required=False, max_length=400)
    assignee = PersonField(label=_("谁来办"), required=False, empty_label=_("不转为任务"))
    due_at = forms.DateTimeField(label=_("何时办完"), required=False, widget=DateTimeInput())

    def __init__(
        self, *args: Any, people: Any, now: datetime, known: list[Person] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "assignee", people, known)
        self.fields["due_at"].initial = default_deadline(now)

    def clean(self) -> dict[str, Any]:
        """A deadline alone is the one that was offered; it means nothing without a person."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("assignee") is None:
            cleaned["due_at"] = None
        return cleaned


class PlanForm(forms.Form):
    """A gathering to come; who plans it chairs it. `kinds` are those that may be planned at all, all unless told."""

    activity_type = forms.ChoiceField(label=_("类别"), choices=types_by_tree)
    body = forms.ModelChoiceField(label=_("组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    scheduled_from = forms.DateTimeField(label=_("开始"), widget=DateTimeInput())
    scheduled_until = forms.DateTimeField(label=_("结束"), widget=DateTimeInput())
    place = forms.CharField(
        label=_("地点"), required=False, max_length=80, help_text=_("不填为协作区地点；没有协作区的，为所在单位。")
    )

    def __init__(self, *args: Any, bodies: Any, kinds: Collection[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["body"]
        choices.queryset = bodies
        if kinds is not None:
            types: Any = self.fields["activity_type"]
            types.choices = [(kind.value, str(kind.label)) for kind in ActivityType if kind in kinds]


class ChairForm(forms.Form):
    chair = PersonField(label=_("谁主持"), empty_label=_("请选人"))

    def __init__(self, *args: Any, people: Any, known: list[Person] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "chair", people, known)


class HoursForm(forms.Form):
    """Other hours for a plan."""

    scheduled_from = forms.DateTimeField(label=_("改到几时开始"), widget=DateTimeInput())
    scheduled_until = forms.DateTimeField(label=_("几时结束"), widget=DateTimeInput())


class MoveForm(HoursForm):
    """Other hours, why, and what becomes of each thing that is booked (`moves`, known once the hours are)."""

    reason = forms.CharField(label=_("原因"), max_length=120)

    def __init__(self, *args: Any, moves: Sequence[BookingMove] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moves = moves
        for move in moves:
            self.fields[_name_of(move)] = _booking_field(move)

    @property
    def booked(self) -> list[forms.BoundField]:
        return [self[_name_of(move)] for move in self.moves]

    def given(self) -> dict[str, Any]:
        """Return what `move_activity` is told."""
        said = [(move, self.cleaned_data[_name_of(move)]) for move in self.moves]
        return {name: self.cleaned_data[name] for name in ("scheduled_from", "scheduled_until", "reason")} | {
            "without": {move.booking.pk for move, word in said if word == GIVE_UP},
            "instead": {move.booking.pk: item for move, word in said for item in move.instead if word == f"{item.pk}"},
        }


def _name_of(move: BookingMove) -> str:
    return f"booking_{move.booking.pk}"


def _booking_field(move: BookingMove) -> forms.ChoiceField:
    """Ask what becomes of one booking: it moves along unless it cannot; then something has to be chosen."""
    if move.refusal is not None:
        first, told = gettext("请选"), str(move.refusal)
    else:
        hours = f"{day(move.starts_at)} {clock(move.starts_at)}—{clock(move.ends_at)}"
        first, told = gettext("一起改到 %(hours)s") % {"hours": hours}, ""
        if move.asks_again:
            told = gettext("要联系人重新同意。")
    others = [(f"{item.pk}", gettext("改订“%(item)s”") % {"item": ItemField.words_of(item)}) for item in move.instead]
    return forms.ChoiceField(
        label=move.booking.item.title, choices=[("", first), *others, (GIVE_UP, gettext("不要了"))], help_text=told,
        required=move.refusal is not None, error_messages={"required": gettext("请选怎么办。")},
    )  # fmt: skip


class OffForm(forms.Form):
    reason = forms.CharField(label=_("为什么取消"), max_length=120)


class ItemField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Something of a pool, with whose it is."""

    @staticmethod
    def words_of(row: Any) -> str:
        return f"{row.title} · {row.side.name}"

    def label_from_instance(self, row: Any) -> str:
        return self.words_of(row)


class ActivityBookingForm(forms.Form):
    """What the activity needs; its hours are filled in."""

    item = ItemField(label=_("订什么"), queryset=SharedItem.objects.none(), empty_label=None)
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=9999, initial=1)
    starts_at = forms.DateTimeField(label=_("从几时"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("到几时"), widget=DateTimeInput())

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.queryset = items


class HostForm(forms.Form):
    """A body that joins in; what it counts as there is fixed where its tree holds this very kind of gathering."""

    body = forms.ModelChoiceField(label=_("与谁联办"), queryset=PartyOrg.objects.none(), empty_label=None)
    counts_as = forms.ChoiceField(label=_("在那边算作"), choices=lambda: types_by_tree(but=HUDDLES))

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["body"]
        choices.queryset = bodies


class LeaveForm(forms.Form):
    person = PersonField(label=_("谁请假"), empty_label=_("请选人"))
    kind = forms.ChoiceField(label=_("请假类别"), choices=LeaveKind.choices)
    reason = forms.CharField(label=_("原因"), required=False, max_length=120)

    def __init__(self, *args: Any, people: Any, known: list[Person] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people, known)


class SummaryForm(forms.Form):
    """What a 纪要 needs besides the record: its number (DL-04) and its day."""

    number = forms.CharField(label=_("文号"), max_length=40, help_text=_("如“庆油一厂党纪〔2026〕3号”。"))
    issued_on = forms.DateField(label=_("印发日期"), widget=DateInput())

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not DOCUMENT_NUMBER.fullmatch(number):
            raise forms.ValidationError(
                _("文号由发文机关代字、六角括号里的年份和不编虚位的序号组成，如“庆油一厂党纪〔2026〕3号”。")
            )
        return number


class CorrectionForm(forms.Form):
    text = forms.CharField(label=_("更正内容和原因"), max_length=400, widget=forms.Textarea({"rows": 2}))


def next_hour(now: datetime) -> datetime:
    """Return the full hour that begins next: when a meeting planned now may start."""
    return timezone.localtime(now).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def default_deadline(now: datetime) -> datetime:
    """Return this evening, or the next one where this one is over."""
    local = timezone.localtime(now)
    evening = local.replace(hour=END_OF_DAY.hour, minute=END_OF_DAY.minute, second=0, microsecond=0)
    return evening if evening > local else evening + timedelta(days=1)
