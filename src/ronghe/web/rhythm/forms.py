"""What people type at a huddle: as little as can be."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import LeaveKind
from ronghe.ui.forms import DateTimeInput

END_OF_DAY = time(17, 30)
"""The deadline offered for what a huddle decides: the evening of the same day."""


class TopicForm(forms.Form):
    """A topic; with a person and a deadline it becomes a task at once."""

    topic = forms.CharField(label=_("议题"), max_length=120)
    notes = forms.CharField(label=_("发言和讨论"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))
    decision = forms.CharField(label=_("决定"), required=False, max_length=400)
    assignee = forms.ModelChoiceField(
        label=_("谁来办"), queryset=Person.objects.none(), required=False, empty_label=_("不转为任务")
    )
    due_at = forms.DateTimeField(label=_("何时办完"), required=False, widget=DateTimeInput())

    def __init__(self, *args: Any, people: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["assignee"]
        choices.queryset = people
        choices.label_from_instance = lambda person: f"{person.name}  {person.initials}"
        self.fields["due_at"].initial = default_deadline(now)

    def clean(self) -> dict[str, Any]:
        """A deadline alone is the one that was offered; it means nothing without a person."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("assignee") is None:
            cleaned["due_at"] = None
        return cleaned


class LeaveForm(forms.Form):
    kind = forms.ChoiceField(label=_("请假类别"), choices=LeaveKind.choices)
    reason = forms.CharField(label=_("原因"), required=False, max_length=120)


class CorrectionForm(forms.Form):
    text = forms.CharField(label=_("更正内容和原因"), max_length=400, widget=forms.Textarea({"rows": 2}))


def default_deadline(now: datetime) -> datetime:
    """Return this evening, or the next one where this one is over."""
    local = timezone.localtime(now)
    evening = local.replace(hour=END_OF_DAY.hour, minute=END_OF_DAY.minute, second=0, microsecond=0)
    return evening if evening > local else evening + timedelta(days=1)
