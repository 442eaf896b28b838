"""What people type about a plan, its items and its checks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.planning.calc.contents import ItemText
from ronghe.domain.planning.enums import ItemKind
from ronghe.domain.planning.models import Plan
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer


class PlanForm(forms.Form):
    """Three answers, all of them proposed."""

    body = forms.ModelChoiceField(label=_("哪个组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    period = forms.ChoiceField(label=_("哪个期间"))
    drawn_from = forms.ModelChoiceField(
        label=_("从哪份计划接着编"), queryset=Plan.objects.none(), required=False, empty_label=_("空白计划"),
        help_text=_("没完成、没取消的条目会带过来。"),
    )  # fmt: skip
    production_head = PersonField(label=_("行政负责人"), empty_label=_("以后再选"), required=False)

    def __init__(self, *args: Any, bodies: Any, periods: Any, earlier: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["body"].queryset = bodies
        fields["period"].choices = periods
        fields["drawn_from"].queryset = earlier
        fields["drawn_from"].label_from_instance = lambda plan: plan.period
        fields["production_head"].help_text = _("代表生产一方确认计划。")
        offer(self, "production_head", people)


class ItemForm(forms.Form):
    title = forms.CharField(label=_("计划内容"), max_length=80)
    kind = forms.ChoiceField(label=_("类别"), choices=ItemKind.choices, widget=forms.RadioSelect)
    figure = forms.DecimalField(label=_("目标数值"), min_value=0, max_digits=14, decimal_places=2, required=False)
    unit = forms.CharField(label=_("计量单位"), max_length=16, required=False)
    goal = forms.CharField(
        label=_("目标"), max_length=200, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("没有数值的，写明达到什么样。"),
    )  # fmt: skip
    production_owner = PersonField(label=_("生产负责人"), empty_label=_("请选人"))
    party_owner = PersonField(label=_("党建负责人"), empty_label=_("请选人"))
    due_on = forms.DateField(label=_("完成时限"), widget=DateInput())
    weight = forms.DecimalField(
        label=_("权重"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )
    reason = forms.CharField(label=_("变更原因"), max_length=120, required=False)

    def __init__(self, *args: Any, people: Any, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(people[:200])
        for name in ("production_owner", "party_owner"):
            offer(self, name, people, known)
        if not asks_reason:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("计划已生效，变更另存一版，请两位负责人再确认。")

    def text(self) -> ItemText:
        given = self.cleaned_data
        return ItemText(
            given["title"], given["kind"], given["production_owner"].pk, given["party_owner"].pk, given["due_on"],
            given["goal"], given["figure"], given["unit"], given["weight"],
        )  # fmt: skip


class HeadForm(forms.Form):
    person = PersonField(label=_("行政负责人"), empty_label=_("请选人"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=120)


class DoneForm(forms.Form):
    done_on = forms.DateField(label=_("哪天完成"), widget=DateInput())
    result_figure = forms.DecimalField(
        label=_("完成数值"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    result = forms.CharField(label=_("结果"), max_length=200, required=False, widget=forms.Textarea({"rows": 2}))


class ChooseForm(forms.Form):
    record = forms.ChoiceField(label=_("会议、活动或任务"))

    def __init__(self, *args: Any, records: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["record"]
        field.choices = records


class GapForm(forms.Form):
    assignee = PersonField(label=_("谁来补"), empty_label=None)
    due_at = forms.DateTimeField(label=_("何时补好"), widget=DateTimeInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "assignee", people)


class TableForm(forms.Form):
    table = forms.FileField(label=_("计划表"), help_text=_("Excel 或 CSV，一行一条。"))


class TakeOverForm(forms.Form):
    """The rows that the preview showed, and the reason where the plan is in force."""

    packed = forms.CharField(max_length=400_000, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("变更原因"), max_length=120, required=False)
