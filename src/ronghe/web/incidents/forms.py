"""What people type about an accident: what, where, when first; figures and codes when they are known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.incidents.calc.plan import Plan
from ronghe.domain.incidents.enums import AccidentKind
from ronghe.domain.incidents.services.reporting import AccidentText, Figures
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.projects.models import Project
from ronghe.domain.risks.models import RiskArea
from ronghe.ui.forms import DateTimeInput


class _FiguresForm(forms.Form):
    deaths = forms.IntegerField(label=_("死亡（人）"), min_value=0, max_value=1_000_000, initial=0)
    injured = forms.IntegerField(label=_("重伤（人）"), min_value=0, max_value=1_000_000, initial=0)
    yuan = forms.DecimalField(
        label=_("直接经济损失（元）"), min_value=0, max_digits=16, decimal_places=2, initial=Decimal(0)
    )

    def figures(self) -> Figures:
        typed = self.cleaned_data
        return Figures(typed["deaths"], typed["injured"], typed["yuan"])


class AccidentForm(_FiguresForm):
    title = forms.CharField(label=_("发生了什么"), max_length=120, help_text=_("写事不写人。"))
    kind = forms.ChoiceField(label=_("类别"), choices=AccidentKind.choices)
    happened_at = forms.DateTimeField(label=_("什么时候发生"), widget=DateTimeInput())
    area = forms.ModelChoiceField(
        label=_("在哪个区域"), queryset=RiskArea.objects.none(), required=False, empty_label=_("不在下面的区域里")
    )
    place = forms.CharField(label=_("具体位置"), max_length=80, required=False)
    body = forms.ModelChoiceField(
        label=_("报到哪个组织"), queryset=PartyOrg.objects.none(), required=False, empty_label=_("按区域"),
        help_text=_("选了区域就不用选。"),
    )  # fmt: skip
    project = forms.ModelChoiceField(
        label=_("哪个项目"), queryset=Project.objects.none(), required=False, empty_label=_("不在项目里"),
        help_text=_("选了，项目的无事故天数从这天重新算。"),
    )  # fmt: skip
    known_at = forms.DateTimeField(
        label=_("什么时候知道的"),
        required=False,
        widget=DateTimeInput(),
        help_text=_("不填就是现在；上报时限从这时算。"),
    )
    text = forms.CharField(label=_("经过"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))
    class_code = forms.ChoiceField(label=_("事故类别编码"), required=False)
    harm_code = forms.ChoiceField(label=_("伤害程度编码"), required=False)

    def __init__(self, *args: Any, areas: Any, bodies: Any, projects: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        for name, rows in (("area", areas), ("body", bodies), ("project", projects)):
            fields[name].queryset = rows
            fields[name].label_from_instance = lambda row: row.name
        for name, known in (("class_code", plan.classes), ("harm_code", plan.harms)):
            fields[name].choices = [("", _("以后再填")), *((code, plan.called(code)) for code in known)]
        if not plan.are_codes_checked:
            fields["class_code"].help_text = _("类别名称按公开介绍录入，还没有与标准原文核对。")

    def accident(self) -> AccidentText:
        typed = {name: value for name, value in self.cleaned_data.items() if name not in _FiguresForm.base_fields}
        return AccidentText(**typed, figures=self.figures())


class MoreForm(_FiguresForm):
    note = forms.CharField(label=_("说明"), max_length=400, required=False)


class ToldForm(forms.Form):
    way = forms.CharField(label=_("怎么报的、谁接的"), max_length=120, required=False)
    told_at = forms.DateTimeField(
        label=_("什么时候报的"), required=False, widget=DateTimeInput(), help_text=_("不填就是现在。")
    )


class ResultForm(forms.Form):
    result = forms.CharField(label=_("调查结论和整改要求"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("为什么撤销"), max_length=400)
