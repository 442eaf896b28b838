"""What people type about certificates, lessons, breaks, violations and health."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import Person
from ronghe.domain.qualifications.enums import BreakKind, LessonLevel
from ronghe.domain.qualifications.selectors.book import kind_choices, operation_choices
from ronghe.domain.qualifications.services.certificates import CertificateText
from ronghe.domain.qualifications.services.lessons import LessonText
from ronghe.ui.forms import DateInput

RESULTS = [("", _("没有考核")), ("passed", _("合格")), ("failed", _("不合格"))]


class CertificateForm(forms.Form):
    kind = forms.ChoiceField(label=_("证件种类"))
    number = forms.CharField(label=_("证件编号"), max_length=60, help_text=_("加密保存，页面上只显示后四位。"))
    issuer = forms.CharField(label=_("发证机关"), max_length=80, required=False)
    issued_on = forms.DateField(label=_("发证日期"), widget=DateInput())
    review_on = forms.DateField(
        label=_("复审日期"), required=False, widget=DateInput(), help_text=_("不填就按发证日期推算。")
    )
    expires_on = forms.DateField(
        label=_("有效期至"), required=False, widget=DateInput(), help_text=_("当天还有效；不填就按发证日期推算。")
    )
    is_long_service = forms.BooleanField(label=_("连续从业满十年且守法，复审延至六年"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = kind_choices()

    @property
    def text(self) -> CertificateText:
        return CertificateText(**self.cleaned_data)


class ExamForm(forms.Form):
    on = forms.DateField(label=_("哪一天"), widget=DateInput())
    passed = forms.TypedChoiceField(
        label=_("结果"), choices=RESULTS[1:], coerce=lambda value: value == "passed", widget=forms.RadioSelect
    )


class ReviewForm(ExamForm):
    hours = forms.DecimalField(label=_("复审前培训学时"), min_value=0, max_digits=5, decimal_places=1)
    is_long_service = forms.BooleanField(label=_("连续从业满十年且守法，下次复审延至六年"), required=False)


class LessonForm(forms.Form):
    level = forms.ChoiceField(label=_("哪一级"), choices=LessonLevel.choices)
    held_on = forms.DateField(label=_("哪一天"), widget=DateInput())
    hours = forms.DecimalField(label=_("学时"), max_digits=5, decimal_places=1, help_text=_("一天一条，不超过 24。"))
    topic = forms.CharField(label=_("内容"), max_length=80, required=False)
    result = forms.ChoiceField(label=_("考核"), choices=RESULTS, required=False)
    mark = forms.DecimalField(label=_("成绩"), max_digits=5, decimal_places=1, min_value=0, required=False)

    @property
    def text(self) -> LessonText:
        said = self.cleaned_data
        passed = {"passed": True, "failed": False}.get(said["result"])
        return LessonText(
            LessonLevel(said["level"]), said["held_on"], said["hours"], said["topic"], said["mark"], passed
        )


class ClassForm(LessonForm):
    """One lesson for many people."""

    people = forms.ModelMultipleChoiceField(
        label=_("谁参加了"), queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.queryset, field.label_from_instance = people, named


def named(person: Person) -> str:
    """Say who it is: name and unit."""
    return f"{person.name} · {person.unit.name}" if person.unit is not None else person.name


class BreakForm(forms.Form):
    kind = forms.ChoiceField(label=_("转岗还是离岗"), choices=BreakKind.choices)
    began_on = forms.DateField(label=_("从哪一天起"), widget=DateInput())
    ended_on = forms.DateField(label=_("哪一天回岗"), widget=DateInput(), help_text=_("转岗的填同一天。"))


class ViolationForm(forms.Form):
    on = forms.DateField(label=_("哪一天"), widget=DateInput())
    reference = forms.CharField(label=_("查实的文书编号"), max_length=80)
    is_grave = forms.BooleanField(label=_("造成严重后果"), required=False)


class HealthForm(forms.Form):
    text = forms.CharField(
        label=_("医学意见"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("加密保存。看一次记一次；上票时只提示“健康原因”，不说是什么。"),
    )  # fmt: skip
    operations = forms.MultipleChoiceField(label=_("不宜从事的作业"), widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(label=_("从哪一天起"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        operations: Any = self.fields["operations"]
        operations.choices = operation_choices(of_hands=True)


class DayForm(forms.Form):
    on = forms.DateField(label=_("哪一天"), widget=DateInput())


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200)


class ImportForm(forms.Form):
    table = forms.FileField(label=_("Excel 表"))
    is_real = forms.BooleanField(
        label=_("写入"), required=False, help_text=_("不勾只检查，不写入任何内容；先查一遍再勾上。")
    )
