"""What people type about an organization-life session and its members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.orglife.enums import Exemption, ListLevel, MeetingForm, Preparation, ReviewGrade
from ronghe.domain.orglife.models import SessionMember
from ronghe.domain.orglife.services.grading import MEASURES_FOR
from ronghe.domain.orglife.services.planning import SessionText
from ronghe.domain.rhythm.models import Activity
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class SessionForm(forms.Form):
    """Everything is proposed; whoever plans looks it through."""

    body = forms.ModelChoiceField(label=_("哪个支部"), queryset=PartyOrg.objects.none(), empty_label=None)
    theme = forms.CharField(label=_("主题"), max_length=120)
    form = forms.ChoiceField(label=_("会议形式"), choices=MeetingForm.choices, initial=MeetingForm.GENERAL)
    chair = PersonField(label=_("谁主持"), empty_label=_("请选主持人"))
    starts_at = forms.DateTimeField(label=_("何时开"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("何时结束"), widget=DateTimeInput())
    place = forms.CharField(label=_("在哪里开"), max_length=80)
    has_review = forms.BooleanField(label=_("同时民主评议党员"), required=False)
    is_combined = forms.BooleanField(
        label=_("一次会开完"), required=False, help_text=_("不选就另开一次民主评议会。支委会形式的总是另开。")
    )
    peers_by_group = forms.BooleanField(
        label=_("互评在党小组内进行"), required=False, help_text=_("党员多的支部可以选。")
    )
    year = forms.IntegerField(label=_("哪一年"), min_value=2000, max_value=2999)
    objection_days = forms.IntegerField(label=_("异议期几个工作日"), min_value=1, max_value=30, initial=5)

    def __init__(self, *args: Any, bodies: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = bodies
        offer(self, "chair", people)

    def text(self) -> SessionText:
        given = {name: value for name, value in self.cleaned_data.items() if name != "body"}
        return SessionText(**{**given, "form": MeetingForm(given["form"])})


class StudyForm(forms.Form):
    study = forms.ModelChoiceField(
        label=_("会前集中学习是哪一次"), queryset=Activity.objects.none(), empty_label=_("请选一次活动")
    )

    def __init__(self, *args: Any, studies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["study"]
        field.queryset = studies
        field.label_from_instance = lambda row: f"{row.day:%Y-%m-%d} {row.get_activity_type_display()}"


class PreparationForm(forms.Form):
    item = forms.ChoiceField(label=_("哪一项"), choices=[(one.value, one.label) for one in Preparation])
    note = forms.CharField(label=_("怎样办的"), max_length=200, required=False, widget=area(2))
    file = forms.FileField(label=_("附上材料"), required=False, help_text=_("PDF 或照片。"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=120)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("整改得怎么样"), max_length=400, widget=area(3))


class ExemptForm(forms.Form):
    reason = forms.ChoiceField(label=_("为什么免参加"), choices=Exemption.choices)
    note = forms.CharField(label=_("说明"), max_length=120, required=False)


class StatementForm(forms.Form):
    text = forms.CharField(
        label=_("对照检查"),
        max_length=10_000,
        widget=area(8),
        help_text=_("写自己的问题、原因和改的办法。加密保存，会上党员看得到。"),
    )


class SelfForm(forms.Form):
    grade = forms.ChoiceField(label=_("给自己评几档"), choices=ReviewGrade.choices, initial=ReviewGrade.QUALIFIED)
    text = forms.CharField(label=_("自评"), max_length=10_000, widget=area(4), help_text=_("加密保存，支委会看得到。"))


class OpinionForm(forms.Form):
    about = forms.ModelChoiceField(
        label=_("对谁提"), queryset=SessionMember.objects.none(), required=False, empty_label=_("支委会班子")
    )
    text = forms.CharField(label=_("意见"), max_length=600, widget=area(4))
    is_named = forms.BooleanField(
        label=_("署名"), required=False, help_text=_("不署名就不记是谁提的，也不记几点提的。")
    )

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["about"]
        field.queryset = members
        field.label_from_instance = lambda row: row.person.name


class CriticismForm(forms.Form):
    said_by = PersonField(label=_("谁提的"), empty_label=_("请选人"))
    text = forms.CharField(label=_("提了什么"), max_length=600, widget=area(2))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "said_by", people)


class GradesForm(forms.Form):
    """A grade and a few words for each of several members: ratings of others, or the committee's opinion."""

    def __init__(self, *args: Any, members: Iterable[SessionMember], words: Any, needs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(members)
        choices = [("", _("请选")), *ReviewGrade.choices]
        for member in self.members:
            name = member.person.name
            self.fields[f"grade_{member.pk}"] = forms.ChoiceField(label=name, choices=choices, required=needs)
            self.fields[f"say_{member.pk}"] = forms.CharField(
                label=words % {"name": name}, max_length=200, required=False
            )

    def given(self) -> dict[int, tuple[str, str]]:
        """Return what was chosen: member id → grade and words."""
        chosen = {
            member.pk: (self.cleaned_data[f"grade_{member.pk}"], self.cleaned_data[f"say_{member.pk}"])
            for member in self.members
        }
        return {pk: value for pk, value in chosen.items() if value[0]}

    @property
    def rows(self) -> list[tuple[SessionMember, Any, Any]]:
        return [(one, self[f"grade_{one.pk}"], self[f"say_{one.pk}"]) for one in self.members]


class MeasureForm(forms.Form):
    kind = forms.ChoiceField(label=_("怎样办"))
    until = forms.DateField(
        label=_("到哪一天"),
        required=False,
        widget=DateInput(),
        help_text=_("限期改正须半年到一年；提请组织处置的不填。"),
    )
    helper = PersonField(label=_("谁来帮"), empty_label=_("不指定"), required=False)
    reasons = forms.CharField(
        label=_("理由和办法"), max_length=1000, widget=area(3), help_text=_("加密保存，只有少数人看得到。")
    )

    def __init__(self, *args: Any, grade: str, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in MEASURES_FOR[ReviewGrade(grade)]]
        offer(self, "helper", people)


class ObjectionForm(forms.Form):
    text = forms.CharField(label=_("对结果有什么异议"), max_length=600, widget=area(3))


class AnswerForm(forms.Form):
    is_upheld = forms.TypedChoiceField(
        label=_("是否成立"), choices=[("0", _("不成立")), ("1", _("成立"))], coerce=lambda word: word == "1"
    )
    grade = forms.ChoiceField(label=_("改为几档"), choices=[("", _("不改")), *ReviewGrade.choices], required=False)
    answer = forms.CharField(label=_("怎样答复"), max_length=600, widget=area(3))


class CorrectionForm(forms.Form):
    level = forms.ChoiceField(label=_("谁的整改"), choices=ListLevel.choices)
    member = forms.ModelChoiceField(
        label=_("党员个人的，是谁"), queryset=SessionMember.objects.none(), required=False, empty_label=_("不是个人的")
    )
    problem = forms.CharField(label=_("什么问题"), max_length=120)
    measure = forms.CharField(label=_("怎样改"), max_length=300, widget=area(2))
    assignee = PersonField(label=_("谁负责"), empty_label=_("请选人（个人的不用选）"), required=False)
    due_at = forms.DateTimeField(label=_("何时改好"), widget=DateTimeInput())

    def __init__(self, *args: Any, members: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["member"]
        field.queryset = members
        field.label_from_instance = lambda row: row.person.name
        offer(self, "assignee", people)


class OwnCorrectionForm(forms.Form):
    problem = forms.CharField(label=_("什么问题"), max_length=120)
    measure = forms.CharField(label=_("怎样改"), max_length=300, widget=area(2))
    due_at = forms.DateTimeField(label=_("何时改好"), widget=DateTimeInput())
