"""What people type about a task."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.ui.forms import DateTimeInput
from ronghe.web.choosing import PersonField, offer


class TaskForm(forms.Form):
    title = forms.CharField(label=_("任务"), max_length=120)
    goal = forms.CharField(label=_("目标"), required=False, max_length=400, widget=forms.Textarea({"rows": 2}))
    body = forms.ModelChoiceField(label=_("组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    assignee = PersonField(label=_("谁来办"), empty_label=_("请选人"))
    due_at = forms.DateTimeField(label=_("何时办完"), widget=DateTimeInput())

    def __init__(
        self, *args: Any, bodies: Any, people: Any, reader: tuple[Person, datetime] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["body"]
        choices.queryset = bodies
        offer(self, "assignee", people, reader=reader)


class SubmitForm(forms.Form):
    note = forms.CharField(label=_("办得怎样"), required=False, max_length=400, widget=forms.Textarea({"rows": 2}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=400, widget=forms.Textarea({"rows": 2}))
