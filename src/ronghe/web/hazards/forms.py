"""What people type about hazards and violations: little on a phone, the five when one is assessed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.hazards.enums import HAZARD_GRADES, VIOLATION_GRADES, FindingGrade, ViolationSort
from ronghe.domain.hazards.services.reporting import Offender, Report
from ronghe.domain.hazards.services.settling import Assessed, Confirmed
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.risks.models import Risk, RiskArea
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer


def _grade(value: str) -> FindingGrade:
    return FindingGrade(value)


def _grades(known: tuple[FindingGrade, ...]) -> list[tuple[str, Any]]:
    return [(grade.value, grade.label) for grade in known]


class _ReportForm(forms.Form):
    """Three taps and a photo in front; the rest is behind a fold."""

    title = forms.CharField(label=_("看到什么"), max_length=120)
    area = forms.ModelChoiceField(
        label=_("在哪个区域"), queryset=RiskArea.objects.none(), required=False, empty_label=_("不在下面的区域里")
    )
    grade = forms.TypedChoiceField(label=_("看着有多严重"), coerce=_grade, widget=forms.RadioSelect)
    place = forms.CharField(label=_("具体位置"), max_length=60, required=False)
    text = forms.CharField(label=_("补充说明"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))
    body = forms.ModelChoiceField(
        label=_("上报到哪个组织"), queryset=PartyOrg.objects.none(), required=False, empty_label=_("按区域"),
        help_text=_("选了区域就不用选。"),
    )  # fmt: skip

    grades: tuple[FindingGrade, ...] = ()

    def __init__(self, *args: Any, areas: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["area"].queryset, fields["body"].queryset = areas, bodies
        fields["area"].label_from_instance = lambda row: f"{row.name} · {row.body.name}"
        fields["body"].label_from_instance = lambda row: row.name
        fields["grade"].choices = _grades(self.grades)
        self.initial.setdefault("grade", FindingGrade.GENERAL.value)

    def report(self) -> Report:
        typed = self.cleaned_data
        return Report(typed["title"], typed["grade"], typed["area"], typed["body"], typed["place"], typed["text"])


class HazardForm(_ReportForm):
    grades = HAZARD_GRADES


class ViolationForm(_ReportForm):
    grades = VIOLATION_GRADES
    sort = forms.ChoiceField(label=_("哪类违章"), choices=ViolationSort.choices, initial=ViolationSort.OPERATION)
    clause = forms.CharField(label=_("违反哪一条"), max_length=120, required=False)
    person = PersonField(label=_("涉及谁"), empty_label=_("不写到人"), required=False)
    certificate = forms.CharField(
        label=_("操作证编号"), max_length=40, required=False, help_text=_("只存密文和尾号，用来核对复审。")
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people.exists():
            offer(self, "person", people)
        else:
            del self.fields["person"], self.fields["certificate"]

    def offender(self) -> Offender:
        return Offender(self.cleaned_data.get("person"), self.cleaned_data.get("certificate", ""))


class _SettleForm(forms.Form):
    grade = forms.TypedChoiceField(label=_("等级"), coerce=_grade)
    owner = PersonField(label=_("责任：谁整改"), empty_label=_("请选人"))
    due_on = forms.DateField(
        label=_("时限：哪天整改完"), required=False, widget=DateInput(), help_text=_("不填就按等级的最长期限。")
    )
    risk = forms.ModelChoiceField(
        label=_("说明哪项风险升高了"), queryset=Risk.objects.none(), required=False, empty_label=_("没有"),
        help_text=_("选了，这项风险就升级，等复评。"),
    )  # fmt: skip
    grades: tuple[FindingGrade, ...] = ()

    def __init__(self, *args: Any, people: Any, risks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people)
        fields: Any = self.fields
        fields["grade"].choices = _grades(self.grades)
        fields["risk"].queryset = risks
        fields["risk"].label_from_instance = lambda row: f"{row.title} · {row.get_grade_display()}"


class AssessForm(_SettleForm):
    grades = HAZARD_GRADES
    measure = forms.CharField(label=_("措施：怎么整改"), max_length=2000, widget=forms.Textarea({"rows": 2}))
    money = forms.DecimalField(
        label=_("资金：要花多少（元）"), min_value=0, max_digits=14, decimal_places=2, help_text=_("不用花钱就填 0。")
    )
    plan = forms.CharField(label=_("预案：整改好以前怎么防"), max_length=2000, widget=forms.Textarea({"rows": 2}))
    note = forms.CharField(label=_("评估说明"), max_length=1000, required=False)

    def assessed(self) -> Assessed:
        return Assessed(**self.cleaned_data)


class ConfirmForm(_SettleForm):
    grades = VIOLATION_GRADES
    note = forms.CharField(label=_("怎么查实的"), max_length=1000, widget=forms.Textarea({"rows": 2}))
    is_serious_harm = forms.BooleanField(label=_("造成严重后果"), required=False)
    person = PersonField(label=_("是谁"), empty_label=_("没有查到人"), required=False)
    certificate = forms.CharField(label=_("操作证编号"), max_length=40, required=False)

    def __init__(self, *args: Any, people: Any, is_named: bool, **kwargs: Any) -> None:
        super().__init__(*args, people=people, **kwargs)
        if is_named:
            del self.fields["person"]
        else:
            offer(self, "person", people)

    def confirmed(self) -> Confirmed:
        typed = dict(self.cleaned_data)
        offender = Offender(typed.pop("person", None), typed.pop("certificate"))
        return Confirmed(**typed, offender=offender)
