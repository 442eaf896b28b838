"""What people type about projects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.domain.projects.enums import Difficulty, ProjectKind
from ronghe.domain.projects.models import Project
from ronghe.ui.forms import DateInput

MOST_YUAN = 10**13


class ProjectForm(forms.Form):
    """Money is typed in 万元 and kept in yuan. `body` and `unit` are asked only where there is a choice."""

    name = forms.CharField(label=_("项目名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类别"), choices=ProjectKind.choices)
    difficulty = forms.ChoiceField(label=_("难度"), choices=Difficulty.choices, initial=Difficulty.ORDINARY)
    body = forms.ModelChoiceField(label=_("哪个党组织负责"), queryset=PartyOrg.objects.none(), empty_label=None)
    unit = forms.ModelChoiceField(
        label=_("哪个单位建设"), queryset=AdminUnit.objects.none(), required=False,
        empty_label=_("党组织所在单位"),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("计划开工"), widget=DateInput())
    ends_on = forms.DateField(label=_("计划完工"), widget=DateInput())
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    investment = forms.DecimalField(
        label=_("投资（万元）"), min_value=0, max_value=MOST_YUAN // 10_000, decimal_places=4, required=False
    )
    is_epc = forms.BooleanField(label=_("总承包（EPC）"), required=False)
    summary = forms.CharField(label=_("概况"), max_length=400, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, bodies: Any = None, units: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if bodies is None:
            del fields["body"], fields["unit"]
        else:
            fields["body"].queryset, fields["unit"].queryset = bodies, units

    @property
    def given(self) -> dict[str, Any]:
        """What the services take: money in whole yuan, the unit of the body where none was chosen."""
        typed = dict(self.cleaned_data)
        money = typed.pop("investment")
        typed["investment_yuan"] = None if money is None else int(money * 10_000)
        for name in ("name", "place", "summary"):
            typed[name] = typed[name].strip()
        if "body" in typed:
            typed["unit"] = typed["unit"] or typed["body"].unit
        return typed


def initial_of(project: Project) -> dict[str, Any]:
    """Return the values of the form that shows a project."""
    names = ("name", "kind", "difficulty", "starts_on", "ends_on", "place", "is_epc", "summary")
    money = project.investment_yuan
    return {name: getattr(project, name) for name in names} | {
        "investment": None if money is None else Decimal(money) / 10_000
    }


class DayForm(forms.Form):
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
