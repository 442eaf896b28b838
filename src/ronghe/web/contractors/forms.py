"""What people type about companies and their workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.contractors.calc.scoring import NOT_HERE, OK, PROBLEM
from ronghe.domain.contractors.enums import ContractorKind, Employment, Gate
from ronghe.domain.contractors.models import Contractor
from ronghe.domain.contractors.services.workers import WorkerText
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.ui.forms import DateInput
from ronghe.web.org.roster_forms import FilesField, FilesInput

PASSED = [("yes", _("过关")), ("no", _("没过关"))]
ANSWERS = [(OK, _("正常")), (PROBLEM, _("有问题")), (NOT_HERE, _("不适用"))]


class ContractorForm(forms.Form):
    name = forms.CharField(label=_("单位名称"), max_length=80)
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=24, help_text=_("18 位，营业执照上有。"))
    kind = forms.ChoiceField(label=_("类型"), choices=ContractorKind.choices)
    body = forms.ModelChoiceField(label=_("由哪个组织监管"), queryset=PartyOrg.objects.none(), empty_label=None)
    parent = forms.ModelChoiceField(
        label=_("它的承包商"), queryset=Contractor.objects.none(), required=False, empty_label=_("不是分包"),
        help_text=_("分包商必选。"),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label=_("在单位树上的位置"), queryset=AdminUnit.objects.none(), required=False, empty_label=_("不在树上")
    )

    def __init__(self, *args: Any, bodies: Any, parents: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("body", bodies), ("parent", parents), ("unit", units)):
            field: Any = self.fields[name]
            field.queryset = rows
        parent: Any = self.fields["parent"]
        parent.label_from_instance = lambda row: row.name


class GateForm(forms.Form):
    gate = forms.ChoiceField(label=_("哪一关"), choices=Gate.choices)
    passed = forms.TypedChoiceField(
        label=_("结果"), choices=PASSED, coerce=lambda value: value == "yes", widget=forms.RadioSelect
    )
    evidence = forms.CharField(label=_("依据的材料或文号"), max_length=200)
    on = forms.DateField(label=_("哪一天"), widget=DateInput())
    papers = FilesField(
        label=_("材料的照片或 PDF"), required=False, widget=FilesInput(attrs={"accept": "image/*,application/pdf"}),
        help_text=_("可以选几个；照片里的位置和机型会去掉。"),
    )  # fmt: skip


class AgreementForm(forms.Form):
    number = forms.CharField(label=_("协议编号"), max_length=60)
    officer = forms.CharField(label=_("专职安全员"), max_length=40)
    signed_on = forms.DateField(label=_("签订日期"), widget=DateInput())
    from_on = forms.DateField(label=_("从哪一天起"), widget=DateInput())
    until_on = forms.DateField(label=_("到哪一天（不含）"), widget=DateInput())


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200)


class SuspendForm(ReasonForm):
    reference = forms.CharField(label=_("停工令编号"), max_length=80, required=False)


class ListForm(ReasonForm):
    reference = forms.CharField(label=_("决定的文号"), max_length=80)
    until_on = forms.DateField(
        label=_("到哪一天（不含）"), required=False, widget=DateInput(), help_text=_("按本企业办法；没有期限不填。")
    )


class AppealForm(forms.Form):
    text = forms.CharField(label=_("申诉的事实和理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class DecisionForm(forms.Form):
    grants = forms.TypedChoiceField(
        label=_("复核结论"), choices=[("no", _("维持")), ("yes", _("撤销"))], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    answer = forms.CharField(label=_("答复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class CheckForm(forms.Form):
    """A line of the mechanism's checklist a question; answered with one tap."""

    def __init__(self, *args: Any, lines: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line, title in lines:
            self.fields[f"line_{line}"] = forms.ChoiceField(label=title, choices=ANSWERS, widget=forms.RadioSelect)
        self.fields["note"] = forms.CharField(label=_("查出的问题"), max_length=400, required=False)
        self.fields["on"] = forms.DateField(label=_("哪一天"), widget=DateInput())

    @property
    def answers(self) -> dict[str, str]:
        marks = self.cleaned_data.items()
        return {name.removeprefix("line_"): value for name, value in marks if name.startswith("line_")}


class WorkerForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=40)
    identity = forms.CharField(
        label=_("身份证号"), max_length=24, help_text=_("加密保存。已在名册里的人，填对姓名和号码就行。")
    )
    employment = forms.ChoiceField(label=_("用工形式"), choices=Employment.choices)
    job = forms.CharField(label=_("工种"), max_length=40, required=False)
    status = forms.ChoiceField(label=_("政治面貌"), choices=[("", _("不详")), *PoliticalStatus.choices], required=False)
    home_branch = forms.CharField(
        label=_("原党支部"), max_length=80, required=False, help_text=_("是党员的填；平台会报给流动党员登记。")
    )
    on = forms.DateField(label=_("从哪一天起"), widget=DateInput())

    @property
    def text(self) -> WorkerText:
        said = self.cleaned_data
        status = PoliticalStatus(said["status"]) if said["status"] else None
        return WorkerText(
            said["name"], said["identity"], Employment(said["employment"]), said["job"], status, said["home_branch"]
        )


class PassForm(forms.Form):
    last_on = forms.DateField(
        label=_("到哪一天（含）"), widget=DateInput(), help_text=_("不能超过安全协议的最后一天。")
    )


class DayForm(forms.Form):
    on = forms.DateField(label=_("哪一天"), widget=DateInput())
