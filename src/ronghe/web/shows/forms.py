"""What people type about badges, standards and campaigns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.shows.enums import BadgePart
from ronghe.domain.shows.services.campaigns import CampaignText
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateInput


class AgreeForm(forms.Form):
    parts = forms.MultipleChoiceField(
        label=_("扫码的人不用登录就能看到"), choices=BadgePart.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("所在党支部和政治面貌随选的内容一起显示；电话和证件号从不显示。"),
    )  # fmt: skip


class RenewForm(forms.Form):
    reason = forms.CharField(label=_("为什么换发"), max_length=200, help_text=_("例如：胸牌丢失。"))


class StandardForm(forms.Form):
    body = forms.ModelChoiceField(
        label=_("在哪个组织适用"),
        queryset=PartyOrg.objects.none(),
        empty_label=None,
        help_text=_("也适用于下级组织，下级可以另定。"),
    )
    role = forms.ChoiceField(label=_("职务"), required=False)
    text = forms.CharField(
        label=_("岗位标准"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("做到什么样算合格，写得让人能对照。"),
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["body"].queryset = bodies
        fields["role"].choices = [("", spoken("全体党员")), *PostRole.choices]


class CampaignForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=60)
    fourth = forms.CharField(
        label=_("第四比"), max_length=40, help_text=_("前三比是比干劲、比技能、比业绩；第四比由本单位定。")
    )
    creates = forms.CharField(label=_("一创建：创建什么"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def text(self) -> CampaignText:
        given = self.cleaned_data
        return CampaignText(given["name"], given["fourth"], given["creates"])


class NewCampaignForm(CampaignForm):
    body = forms.ModelChoiceField(label=_("哪个组织发起"), queryset=PartyOrg.objects.none(), empty_label=None)
    starts_on = forms.DateField(label=_("开始日期"), widget=DateInput())
    field_order = ("body", "name", "starts_on", "fourth", "creates")

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["body"].queryset = bodies
