"""What people type about a hearing and its reporters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.hearings.enums import RemarkKind
from ronghe.domain.hearings.services.planning import HearingText
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.paging import LONGEST


def area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class HearingForm(forms.Form):
    """Everything is proposed; whoever plans looks it through."""

    body = forms.ModelChoiceField(label=_("哪个组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    title = forms.CharField(label=_("名称"), max_length=120)
    year = forms.IntegerField(label=_("哪一年"), min_value=2000, max_value=2999)
    chair = PersonField(label=_("谁主持"), empty_label=_("请选分管领导"))
    field = forms.CharField(label=_("分管领域"), max_length=60, required=False)
    starts_at = forms.DateTimeField(label=_("何时开"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("何时结束"), widget=DateTimeInput())
    place = forms.CharField(label=_("在哪里开"), max_length=80)
    reports_due_on = forms.DateField(label=_("报告交到哪一天"), widget=DateInput())
    objection_days = forms.IntegerField(label=_("异议期几个工作日"), min_value=1, max_value=30, initial=5)
    shows_rank = forms.BooleanField(
        label=_("排名次"), required=False, help_text=_("一般不排；只有能看全部结果的人看得到。")
    )

    def __init__(self, *args: Any, bodies: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = bodies
        offer(self, "chair", people)

    def text(self) -> HearingText:
        return HearingText(**{name: value for name, value in self.cleaned_data.items() if name != "body"})


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name} · {person.unit.name}" if person.unit else str(person.name)

    def clean(self, value: Any) -> Any:
        """Leave out what is longer than any id: no database takes it."""
        return super().clean([one for one in value or [] if len(str(one)) <= LONGEST])


class ReportersForm(forms.Form):
    people = PeopleField(label=_("谁述职"), queryset=Person.objects.none())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.queryset = people


class EvaluatorsForm(forms.Form):
    """Who marks in one group; whoever is not offered is added by name or staff number."""

    weight = forms.DecimalField(label=_("权重（%）"), min_value=0, max_value=100, max_digits=5, decimal_places=2)
    people = PeopleField(label=_("谁测评"), queryset=Person.objects.none(), required=False)
    more = forms.CharField(
        label=_("再加人"), max_length=2000, required=False, help_text=_("姓名或员工号，用空格隔开。")
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.queryset = people


class ReportForm(forms.Form):
    text = forms.CharField(label=_("述职报告"), max_length=20_000, required=False, widget=area(12))
    file = forms.FileField(label=_("或附上文件"), required=False, help_text=_("PDF 或照片。"))


class RemarkForm(forms.Form):
    kind = forms.ChoiceField(label=_("提问还是点评"), choices=RemarkKind.choices, initial=RemarkKind.COMMENT)
    said_by = PersonField(label=_("谁说的"), empty_label=_("请选人"))
    text = forms.CharField(label=_("说了什么"), max_length=600, widget=area(3))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "said_by", people)


class ProblemForm(forms.Form):
    problem = forms.CharField(label=_("什么问题"), max_length=120)
    due_at = forms.DateTimeField(label=_("何时改好"), widget=DateTimeInput())


class ObjectionForm(forms.Form):
    text = forms.CharField(label=_("对结果有什么异议"), max_length=600, widget=area(3))


class AnswerForm(forms.Form):
    is_upheld = forms.TypedChoiceField(
        label=_("是否成立"), choices=[("0", _("不成立")), ("1", _("成立"))], coerce=lambda word: word == "1"
    )
    answer = forms.CharField(label=_("怎样答复"), max_length=600, widget=area(3))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=120)
