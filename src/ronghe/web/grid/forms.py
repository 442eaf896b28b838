"""What people type about the grid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.grid.calc.levels import Terms
from ronghe.domain.grid.enums import RequestKind
from ronghe.domain.org.models import Person
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer


class DismissForm(forms.Form):
    reason = forms.CharField(label=_("为什么暂不处理"), max_length=200, widget=forms.Textarea({"rows": 2}))
    until = forms.DateField(label=_("到哪天再看"), widget=DateInput())


class DueForm(forms.Form):
    due_at = forms.DateTimeField(label=_("何时办完"), widget=DateTimeInput())


class RequestForm(forms.Form):
    kind = forms.ChoiceField(label=_("哪方面"), choices=RequestKind.choices, widget=forms.RadioSelect())
    text = forms.CharField(label=_("要反映的事"), max_length=500, widget=forms.Textarea({"rows": 3}))
    is_anonymous = forms.BooleanField(
        label=_("不让上级知道是我"), required=False, help_text=_("只有您的联系党员知道是谁；上级只看到内容和支部。")
    )
    raiser = forms.ModelChoiceField(
        label=_("替谁反映"), queryset=Person.objects.none(), required=False, empty_label=_("我自己")
    )

    def __init__(self, *args: Any, employees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["raiser"]
        choices.queryset = employees


class TextForm(forms.Form):
    text = forms.CharField(label=_("内容"), max_length=500, widget=forms.Textarea({"rows": 3}))


class RequestTaskForm(forms.Form):
    assignee = PersonField(label=_("谁来办"), empty_label=_("请选人"))
    due_at = forms.DateTimeField(label=_("何时办完"), widget=DateTimeInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "assignee", people)


class NameForm(forms.Form):
    employee = forms.ModelChoiceField(label=_("职工"), queryset=Person.objects.none(), empty_label=None)
    member = forms.ModelChoiceField(label=_("联系党员"), queryset=Person.objects.none(), empty_label=None)

    def __init__(self, *args: Any, employees: list[int], members: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, keys in (("employee", employees), ("member", members)):
            field: Any = self.fields[name]
            field.queryset = Person.objects.filter(pk__in=keys).order_by("name", "pk")
            field.label_from_instance = _named


def _named(person: Any) -> str:
    return str(person.name)


class SettingsForm(forms.Form):
    employees_per_member = forms.IntegerField(label=_("每名党员最多联系职工（人）"), min_value=1, max_value=30)
    member_days = forms.IntegerField(label=_("联系党员答复（工作日）"), min_value=1, max_value=60)
    branch_days = forms.IntegerField(label=_("党支部答复（工作日）"), min_value=1, max_value=60)
    general_branch_days = forms.IntegerField(label=_("党总支答复（工作日）"), min_value=1, max_value=60)
    committee_days = forms.IntegerField(label=_("党委答复（工作日）"), min_value=1, max_value=60)

    def terms(self) -> Terms:
        return Terms(**self.cleaned_data)
