"""What people type at a huddle: as little as can be."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.enums import BodyTree
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.rhythm.enums import HUDDLES, TYPES_OF_TREE, ActivityType, LeaveKind
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer

DOCUMENT_NUMBER = re.compile(r"[^〔〕\d]+〔\d{4}〕[1-9]\d*号")
"""Issuer's code, year in hexagonal brackets, serial without leading zeros (DL-04)."""
END_OF_DAY = time(17, 30)
"""The deadline offered for what a huddle decides: the evening of the same day."""


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
    """A gathering to come; who plans it chairs it."""

    activity_type = forms.ChoiceField(label=_("类别"), choices=types_by_tree)
    body = forms.ModelChoiceField(label=_("组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    scheduled_from = forms.DateTimeField(label=_("开始"), widget=DateTimeInput())
    scheduled_until = forms.DateTimeField(label=_("结束"), widget=DateTimeInput())
    place = forms.CharField(
        label=_("地点"), required=False, max_length=80, help_text=_("不填为协作区地点；没有协作区的，为所在单位。")
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["body"]
        choices.queryset = bodies


class MoveForm(forms.Form):
    scheduled_from = forms.DateTimeField(label=_("改到几时开始"), widget=DateTimeInput())
    scheduled_until = forms.DateTimeField(label=_("几时结束"), widget=DateTimeInput())
    reason = forms.CharField(label=_("原因"), max_length=120)


class OffForm(forms.Form):
    reason = forms.CharField(label=_("为什么取消"), max_length=120)


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
