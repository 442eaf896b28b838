"""What people type about studies, lectures and what was taken home."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.exchange.enums import LectureKind, PracticeState, StudyMode, TopicKind
from ronghe.domain.org.models import PartyOrg
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer


def area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def amount(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=14, decimal_places=4, required=required, help_text=help_text)


class ProgrammeForm(forms.Form):
    """One choice of whose it is; the name may be left to the platform."""

    holder = forms.ChoiceField(label=_("谁的计划"))
    title = forms.CharField(label=_("名称"), max_length=80, required=False, help_text=_("不写就按谁的计划来起。"))
    starts_on = forms.DateField(label=_("从哪个月"), widget=DateInput())
    ends_on = forms.DateField(label=_("到哪一天"), widget=DateInput())
    place = forms.CharField(label=_("在哪里学"), max_length=80)
    mode = forms.ChoiceField(label=_("怎样学"), choices=StudyMode.choices)
    chat = forms.CharField(label=_("学习群"), max_length=200, required=False, help_text=_("群名称或链接。"))

    def __init__(self, *args: Any, holders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["holder"]
        field.choices = holders


class LineForm(forms.Form):
    month = forms.ChoiceField(label=_("哪个月"))
    kind = forms.ChoiceField(label=_("类别"), choices=TopicKind.choices)
    topic = forms.CharField(label=_("学什么"), max_length=110)
    preparer = PersonField(label=_("谁准备"), empty_label=_("还没定"), required=False)
    mode = forms.ChoiceField(label=_("怎样学"), choices=StudyMode.choices)

    def __init__(self, *args: Any, months: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["month"]
        field.choices = months
        offer(self, "preparer", people)


class SpanForm(forms.Form):
    """When, and where; everything is proposed."""

    scheduled_from = forms.DateTimeField(label=_("何时开始"), widget=DateTimeInput())
    scheduled_until = forms.DateTimeField(label=_("何时结束"), widget=DateTimeInput())


class PlanForm(SpanForm):
    place = forms.CharField(label=_("在哪里"), max_length=80)


class PlanLectureForm(PlanForm):
    body = forms.ModelChoiceField(label=_("哪个组织听"), queryset=PartyOrg.objects.none(), empty_label=None)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = bodies


class QuestionForm(forms.Form):
    text = forms.CharField(label=_("想问什么"), max_length=300, widget=area())


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("怎样答复"), max_length=600, widget=area())


class MaterialForm(forms.Form):
    file = forms.FileField(label=_("学习材料"), help_text=_("PDF 或照片。"))


class LectureForm(forms.Form):
    title = forms.CharField(label=_("讲什么"), max_length=80)
    kind = forms.ChoiceField(label=_("类别"), choices=LectureKind.choices)
    minutes = forms.IntegerField(label=_("讲多少分钟"), min_value=5, max_value=480)
    audience = forms.CharField(label=_("讲给谁听"), max_length=80)
    outline = forms.CharField(label=_("提纲"), max_length=1000, required=False, widget=area(4))


class RateForm(forms.Form):
    """Two marks and a short word; the lecturer learns neither whose they are nor, below three, what they say."""

    usefulness = forms.TypedChoiceField(label=_("有没有用"), coerce=int, widget=forms.RadioSelect)
    clarity = forms.TypedChoiceField(label=_("听不听得懂"), coerce=int, widget=forms.RadioSelect)
    word = forms.CharField(label=_("一句话"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("usefulness", "clarity"):
            field: Any = self.fields[name]
            field.choices = [(mark, f"{mark}") for mark in (5, 4, 3, 2, 1)]


class SettleForm(forms.Form):
    """Whether a practice is used, and what changed."""

    outcome = forms.ChoiceField(label=_("采用了吗"), choices=[row for row in PracticeState.choices if row[0] != "open"])
    said = forms.CharField(label=_("效果，或没有采用的原因"), max_length=400, required=False, widget=area(3))
    figure = forms.CharField(label=_("哪个指标"), max_length=40, required=False)
    unit = forms.CharField(label=_("单位"), max_length=12, required=False)
    before = amount(_("原来"))
    after = amount(_("现在"))
