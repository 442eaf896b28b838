"""What people type about inspections: whom to visit, one item on a phone, a measure, a grade."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.inspections.enums import InspectionForm
from ronghe.domain.inspections.models import Inspection
from ronghe.domain.inspections.selectors.checklists import checklists
from ronghe.domain.inspections.services.arranging import VisitPlan
from ronghe.domain.inspections.services.findings import Board, FindingText, Measure
from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.models import PartyOrg
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer

GROUPS = frozenset({PartyOrgKind.PARTY_GROUP, PartyOrgKind.UNION_GROUP})
GROUP = ("leader", "second", "third", "fourth")


def _area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def _told_apart(body: PartyOrg) -> str:
    """Return a body's name; groups are numbered alike everywhere, so theirs comes with the unit."""
    return f"{body.name} · {body.unit.name}" if body.kind in GROUPS and body.unit is not None else body.name


class _PlanForm(forms.Form):
    checklist = forms.ChoiceField(label=_("检查表"))
    planned_on = forms.DateField(label=_("从哪天"), widget=DateInput())
    until_on = forms.DateField(label=_("到哪天"), widget=DateInput())
    leader = PersonField(label=_("组长"), empty_label=_("请选人"))
    second = PersonField(label=_("组员"), empty_label=_("没有"), required=False)
    third = PersonField(label=_("组员"), empty_label=_("没有"), required=False)
    fourth = PersonField(label=_("组员"), empty_label=_("没有"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in GROUP:
            offer(self, name, people)

    def offer_checklists(self, form: str = "") -> None:
        """Offer the checklists, those of one form where it is known."""
        field: Any = self.fields["checklist"]
        field.choices = [(one.id, one.title) for one in checklists(form).values()]

    def plan(self, form: str) -> VisitPlan:
        typed = self.cleaned_data
        group = [typed[name] for name in GROUP if typed[name] is not None]
        return VisitPlan(InspectionForm(form), typed["checklist"], typed["planned_on"], typed["until_on"], group)


class InspectionNewForm(_PlanForm):
    body = forms.ModelChoiceField(label=_("去哪个组织"), queryset=PartyOrg.objects.none(), empty_label=_("请选组织"))
    form = forms.ChoiceField(label=_("为什么去"), choices=InspectionForm.choices, widget=forms.RadioSelect)
    field_order = ("body", "form", "checklist", "planned_on", "until_on", *GROUP)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset, field.label_from_instance = bodies.select_related("unit"), _told_apart
        self.offer_checklists()


class CallForm(_PlanForm):
    title = forms.CharField(label=_("督察什么"), max_length=120)
    body = forms.ModelChoiceField(
        label=_("由哪个组织部署"), queryset=PartyOrg.objects.none(), empty_label=_("请选组织")
    )
    bodies = forms.ModelMultipleChoiceField(
        label=_("去哪些组织"), queryset=PartyOrg.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("title", "body", "checklist", "planned_on", "until_on", *GROUP, "bodies")

    def __init__(self, *args: Any, issuers: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("body", issuers), ("bodies", bodies)):
            field: Any = self.fields[name]
            field.queryset, field.label_from_instance = rows.select_related("unit"), _told_apart
        self.offer_checklists(InspectionForm.SPECIAL)


class JudgeForm(forms.Form):
    """One item; the service knows which verdict and which mark fit it."""

    verdict = forms.CharField(max_length=16, required=False)
    mark = forms.CharField(max_length=12, required=False)
    words = forms.CharField(max_length=1000, required=False)


class SealForm(forms.Form):
    words = forms.CharField(label=_("总体评价"), max_length=2000, required=False, widget=_area(3))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("为什么取消"), max_length=400, widget=_area())


class ConclusionForm(forms.Form):
    conclusion = forms.CharField(label=_("结论：共性问题是什么，下一步怎么办"), max_length=2000, widget=_area(3))


class GradeForm(forms.Form):
    grade = forms.ChoiceField(label=_("定为"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("理由"), max_length=1000, required=False, widget=_area(), help_text=_("和建议的等级不同，要写理由。")
    )

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["grade"]
        field.choices = [(one.id, one.title) for one in inspection.sheet.grades]
        self.initial.setdefault("grade", inspection.proposed)


class MeasureForm(forms.Form):
    measure = forms.CharField(label=_("整改措施"), max_length=2000, widget=_area(3))
    owner = PersonField(label=_("谁来办"), empty_label=_("请选人"))
    due_on = forms.DateField(label=_("哪天前办完"), widget=DateInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people)

    def given(self) -> Measure:
        typed = self.cleaned_data
        return Measure(typed["measure"], typed["owner"], typed["due_on"])


class FindingForm(MeasureForm):
    """A finding with its measure; what a board showed comes with the address and is handed on as it stands."""

    title = forms.CharField(label=_("发现什么问题"), max_length=120)
    text = forms.CharField(label=_("发现的情况"), max_length=2000, required=False, widget=_area(3))
    body = forms.ModelChoiceField(label=_("哪个组织"), queryset=PartyOrg.objects.none(), empty_label=_("请选组织"))
    about = forms.CharField(label=_("关于哪方面"), max_length=120, required=False)
    effect_days = forms.IntegerField(
        label=_("办完后几天看成效"),
        required=False,
        min_value=1,
        max_value=366,
        help_text=_("不填就按实施方案，一般 30 天。"),
    )
    board = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    run = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    subject = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    period = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
    figure = forms.DecimalField(required=False, max_digits=14, decimal_places=4, widget=forms.HiddenInput)
    field_order = ("body", "about", "title", "text", "measure", "owner", "due_on", "effect_days")

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("measure", "owner", "due_on"):
            self.fields[name].required = False
        field: Any = self.fields["body"]
        field.queryset, field.label_from_instance = bodies.select_related("unit"), _told_apart

    def text_given(self) -> FindingText:
        typed = self.cleaned_data
        board = None
        if typed["board"]:
            board = Board(typed["board"], typed["run"], typed["subject"], typed["period"], typed["figure"])
        return FindingText(
            typed["title"], text=typed["text"], about=typed["about"], board=board, effect_days=typed["effect_days"]
        )

    def measure_given(self) -> Measure | None:
        """Return the measure, where one was begun; it may be settled later by those who answer for it."""
        typed = self.cleaned_data
        return self.given() if typed["measure"] or typed["owner"] or typed["due_on"] else None


class ObjectionForm(forms.Form):
    reason = forms.CharField(label=_("异议的理由"), max_length=1000, widget=_area())
