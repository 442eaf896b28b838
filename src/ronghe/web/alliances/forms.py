"""What people type about alliances; what the platform knows is filled in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.alliances.enums import AllianceKind, ContactForm, Side
from ronghe.domain.alliances.models import Partner
from ronghe.domain.org.models import PartyOrg
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer

MOST_DAYS = 366


class AllianceForm(forms.Form):
    body = forms.ModelChoiceField(
        label=_("我方党组织"), queryset=PartyOrg.objects.none(), empty_label=None,
        help_text=_("可以是为联盟成立的临时党支部，也可以是已有的党组织。"),
    )  # fmt: skip
    name = forms.CharField(label=_("联盟名称"), max_length=80)
    kind = forms.ChoiceField(label=_("与谁"), choices=AllianceKind.choices)
    purpose = forms.CharField(
        label=_("共同要做的事"), max_length=400, required=False, widget=forms.Textarea({"rows": 2})
    )
    starts_on = forms.DateField(label=_("从哪一天起"), widget=DateInput())
    ends_on = forms.DateField(label=_("到哪一天止"), required=False, widget=DateInput(), help_text=_("不填为长期。"))
    contact_days = forms.IntegerField(
        label=_("最长多少天沟通一次"), min_value=1, max_value=MOST_DAYS, required=False, help_text=_("不填按范本。")
    )
    agreement = forms.ModelChoiceField(
        label=_("平台上的意向书"), queryset=Agreement.objects.none(), required=False, empty_label=_("没有")
    )
    document = forms.CharField(
        label=_("联盟协议"), max_length=120, required=False, help_text=_("在平台外签的，写名称或文号。")
    )

    def __init__(self, *args: Any, bodies: Any, agreements: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["body"].queryset, fields["agreement"].queryset = bodies, agreements
        fields["body"].label_from_instance = lambda row: row.name
        fields["agreement"].label_from_instance = lambda row: row.title


class PartnerForm(forms.Form):
    name = forms.CharField(label=_("单位名称"), max_length=80)
    contact_name = forms.CharField(label=_("联系人"), max_length=40, required=False)
    contact_title = forms.CharField(label=_("职务"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("电话"), max_length=30, required=False, help_text=_("加密保存，只有管理联盟的人能看，看一次记一次。")
    )


class ContactHeldForm(forms.Form):
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    form = forms.ChoiceField(label=_("形式"), choices=ContactForm.choices)
    partners = forms.ModelMultipleChoiceField(
        label=_("与哪些伙伴"), queryset=Partner.objects.none(), widget=forms.CheckboxSelectMultiple()
    )
    settled = forms.CharField(label=_("商定了什么"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    our_people = forms.CharField(label=_("我方参加的人"), max_length=200, required=False, help_text=_("不填为本人。"))
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    next_on = forms.DateField(
        label=_("下次沟通"), required=False, widget=DateInput(), help_text=_("不填按联盟的频次推算。")
    )

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["partners"]
        field.queryset = partners
        field.label_from_instance = lambda row: row.name


class DifficultyForm(forms.Form):
    title = forms.CharField(label=_("难题是什么"), max_length=80)
    partner = forms.ModelChoiceField(label=_("与哪个伙伴一起办"), queryset=Partner.objects.none(), empty_label=None)
    due_on = forms.DateField(label=_("期限"), widget=DateInput())
    text = forms.CharField(label=_("具体情况"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["partner"]
        field.queryset = partners
        field.label_from_instance = lambda row: row.name


class ExpertForm(forms.Form):
    name = forms.CharField(label=_("专家姓名"), max_length=40)
    field = forms.CharField(label=_("专长"), max_length=80)


class OwnerForm(forms.Form):
    owner = PersonField(label=_("我方谁牵头"), empty_label=_("请选人"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people)


class TextForm(forms.Form):
    text = forms.CharField(label=_("说明"), max_length=1000, widget=forms.Textarea({"rows": 2}))


class CommentForm(TextForm):
    pass


class ResultForm(TextForm):
    pass


class ReasonForm(TextForm):
    pass


class ProgressForm(TextForm):
    next_side = forms.ChoiceField(
        label=_("接下来等谁"), choices=[(side.value, side.label) for side in (Side.OURS, Side.THEIRS, Side.BOTH)]
    )


class ComeInForm(forms.Form):
    login = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9_.-]{3,31}\Z", label=_("登录名"), help_text=_("字母开头，4 至 32 个字母、数字。"),
        error_messages={"invalid": _("登录名要字母开头，4 至 32 个字母、数字。")},
    )  # fmt: skip
    password = forms.CharField(label=_("密码"), max_length=128, widget=forms.PasswordInput())
    again = forms.CharField(label=_("再输一次"), max_length=128, widget=forms.PasswordInput())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", _("两次输入的密码不一样。"))
        return cleaned
