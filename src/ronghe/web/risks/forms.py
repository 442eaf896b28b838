"""What people type about areas and risks; the unit and the next review are filled in by the platform."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.models import Risk, RiskArea
from ronghe.domain.risks.services.areas import AreaText
from ronghe.domain.risks.services.registering import RiskText
from ronghe.domain.zones.models import CollaborationZone
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer

GRADES = [(grade.value, grade.label) for grade in sorted(RiskGrade, reverse=True)]


def _grade(value: str) -> RiskGrade:
    return RiskGrade(int(value))


class AreaForm(forms.Form):
    body = forms.ModelChoiceField(
        label=_("哪个组织负责"), queryset=PartyOrg.objects.none(), empty_label=None, required=False
    )
    name = forms.CharField(label=_("区域名称"), max_length=60, help_text=_("现场怎么叫就怎么写，如“原油脱水区”。"))
    bounds = forms.CharField(
        label=_("四至"), max_length=200, required=False, help_text=_("从哪里到哪里，写得让人不会走错。")
    )
    zone = forms.ModelChoiceField(
        label=_("协作区"), queryset=CollaborationZone.objects.none(), required=False, empty_label=_("不在协作区内")
    )

    def __init__(self, *args: Any, bodies: Any, zones: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if bodies is None:
            del fields["body"]
        else:
            fields["body"].queryset, fields["body"].required = bodies, True
            fields["body"].label_from_instance = lambda row: row.name
        fields["zone"].queryset = zones
        fields["zone"].label_from_instance = lambda row: row.name

    def text(self) -> AreaText:
        typed = self.cleaned_data
        return AreaText(typed["name"], typed["bounds"], zone=typed["zone"])


class RiskForm(forms.Form):
    title = forms.CharField(label=_("危害"), max_length=120, help_text=_("会发生什么，如“管沟内油气积聚”。"))
    grade = forms.TypedChoiceField(label=_("风险等级"), choices=GRADES, coerce=_grade, widget=forms.RadioSelect)
    measures = forms.CharField(label=_("管控措施"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    owner = PersonField(label=_("责任人"), empty_label=_("请选人"))
    harm = forms.CharField(label=_("可能后果"), max_length=200, required=False)
    valid_from = forms.DateField(label=_("从哪天起"), required=False, widget=DateInput(), help_text=_("不填就是今天。"))
    review_on = forms.DateField(
        label=_("下次复评"), required=False, widget=DateInput(), help_text=_("不填就按等级推算。")
    )
    reason = forms.CharField(label=_("为什么改"), max_length=400, required=False)

    def __init__(self, *args: Any, people: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people)
        if is_new:
            del self.fields["reason"]

    def text(self) -> RiskText:
        return RiskText(**self.cleaned_data)


def initial_of(risk: Risk) -> dict[str, Any]:
    return {
        "title": risk.title, "grade": risk.grade, "measures": risk.measures, "owner": risk.owner_id, "harm": risk.harm,
        "review_on": None,
    }  # fmt: skip


class RaiseForm(forms.Form):
    reason = forms.CharField(label=_("依据"), max_length=400, widget=forms.Textarea({"rows": 2}))
    to = forms.TypedChoiceField(
        label=_("升到"), choices=[("", _("升一级")), *GRADES], coerce=_grade, required=False, empty_value=None
    )


class ReviewForm(forms.Form):
    grade = forms.TypedChoiceField(label=_("复评后的等级"), choices=GRADES, coerce=_grade)
    reason = forms.CharField(label=_("依据"), max_length=400, widget=forms.Textarea({"rows": 2}))
    review_on = forms.DateField(
        label=_("下次复评"), required=False, widget=DateInput(), help_text=_("不填就按等级推算。")
    )


class CloseForm(forms.Form):
    reason = forms.CharField(label=_("为什么销去"), max_length=400)


def area_initial(area: RiskArea) -> dict[str, Any]:
    return {"name": area.name, "bounds": area.bounds, "zone": area.zone_id}
