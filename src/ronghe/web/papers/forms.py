"""What people type about papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.papers.enums import PaperKind
from ronghe.domain.rhythm.models import Activity
from ronghe.ui.forms import DateInput


class NewNoticeForm(forms.Form):
    activity = forms.ModelChoiceField(
        label=_("通知哪场活动"), queryset=Activity.objects.none(), empty_label=_("请选已安排的活动")
    )

    def __init__(self, *args: Any, activities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["activity"]
        field.queryset = activities
        field.label_from_instance = lambda row: f"{row.day:%m-%d} {row.get_activity_type_display()} · {row.body.name}"


class NewBulletinForm(forms.Form):
    body = forms.ModelChoiceField(label=_("哪个组织的简报"), queryset=PartyOrg.objects.none(), empty_label=None)
    from_on = forms.DateField(label=_("从哪一天"), widget=DateInput())
    last_on = forms.DateField(label=_("到哪一天"), widget=DateInput())

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = bodies

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("from_on") and given.get("last_on") and given["last_on"] < given["from_on"]:
            self.add_error("last_on", _("结束日期不能早于开始日期。"))
        return given


class OwnWordsForm(forms.Form):
    kind = forms.ChoiceField(label=_("种类"), choices=PaperKind.choices)
    body = forms.ModelChoiceField(label=_("发文组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    title = forms.CharField(label=_("标题"), max_length=120)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = bodies


class DraftForm(forms.Form):
    revision = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput())
    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(
        label=_("正文"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("一行一段；以“一、”或“（一）”开头的行是小标题，序号由程序排。"),
    )  # fmt: skip
    recipients = forms.ModelMultipleChoiceField(
        label=_("主送"),
        queryset=PartyOrg.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    copies_to = forms.CharField(
        label=_("抄送"), max_length=400, required=False, help_text=_("平台以外的单位，用顿号隔开。")
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["recipients"]
        field.queryset = bodies


class IssueForm(forms.Form):
    revision = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput())
    code = forms.CharField(label=_("发文机关代字"), max_length=24, required=False, help_text=_("例如“庆油党字”。"))
    dated = forms.DateField(label=_("成文日期"), widget=DateInput())


class WithdrawForm(forms.Form):
    why = forms.CharField(label=_("为什么撤回"), max_length=200)


class CheckForm(forms.Form):
    code = forms.CharField(label=_("内容校验码"), max_length=200)
