"""What people type about floating members: one line to register, whom one spoke to at home, and days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.floating.services.stays import Home
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer

MEMBERS = [
    (status.value, status.label) for status in (PoliticalStatus.FULL_MEMBER, PoliticalStatus.PROBATIONARY_MEMBER)
]


class HomeForm(forms.Form):
    """The home branch: one of this platform, or its name with whom one speaks to there (PF-03)."""

    branch = forms.ModelChoiceField(
        label=_("原党支部在本平台"), queryset=PartyOrg.objects.none(), required=False, empty_label=_("不在本平台")
    )
    name = forms.CharField(
        label=_("原党支部名称"), max_length=80, required=False,
        help_text=_("原党支部不在本平台的，名称、联系人、电话都要填。"),
    )  # fmt: skip
    contact = forms.CharField(label=_("原支部联系人"), max_length=40, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=40, required=False)

    def __init__(self, *args: Any, branches: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branch: Any = self.fields["branch"]
        branch.queryset = branches

    @property
    def home(self) -> Home:
        said = self.cleaned_data
        return Home(said["branch"], said["name"], said["contact"], said["phone"])


class HandForm(HomeForm):
    """Somebody whom no roster brought, in one line."""

    person_name = forms.CharField(label=_("姓名"), max_length=40)
    status = forms.ChoiceField(label=_("政治面貌"), choices=MEMBERS)
    unit = forms.ModelChoiceField(label=_("用工单位"), queryset=AdminUnit.objects.none(), empty_label=_("请选单位"))
    body = forms.ModelChoiceField(label=_("由哪个组织接收"), queryset=PartyOrg.objects.none(), empty_label=None)

    def __init__(self, *args: Any, units: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        body: Any = self.fields["body"]
        unit.queryset, body.queryset = units, bodies


class FoundForm(forms.Form):
    """Whom the platform found, to be registered at once, and attached where the contact holds for all."""

    body = forms.ModelChoiceField(label=_("编入哪里"), queryset=PartyOrg.objects.none(), empty_label=None)
    contact = forms.CharField(label=_("原支部联系人"), max_length=40, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=40, required=False)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = bodies

    @property
    def home(self) -> Home:
        return Home(contact=self.cleaned_data["contact"], phone=self.cleaned_data["phone"])


class AttachForm(forms.Form):
    body = forms.ModelChoiceField(label=_("编入哪里"), queryset=PartyOrg.objects.none(), empty_label=None)
    since = forms.DateField(label=_("从哪一天起"), widget=DateInput())

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = bodies


class DayForm(forms.Form):
    on = forms.DateField(label=_("哪一天"), widget=DateInput())


class ContactForm(DayForm):
    note = forms.CharField(label=_("怎样联系、情况如何"), max_length=200, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200)


class AwayForm(forms.Form):
    person = PersonField(label=_("外出的党员"), empty_label=_("请选人"))
    since = forms.DateField(label=_("从哪一天起外出"), widget=DateInput())
    back_by = forms.DateField(
        label=_("预计哪一天回来"), required=False, widget=DateInput(), help_text=_("不知道可以不填。")
    )
    destination = forms.CharField(label=_("去哪里"), max_length=80)
    is_abroad = forms.BooleanField(label=_("出国（境）"), required=False, help_text=_("每半年至少联系一次。"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class SidesForm(forms.Form):
    host = forms.ModelChoiceField(label=_("流入地党组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    home = forms.CharField(label=_("流出地党组织"), max_length=80)
    document = forms.CharField(label=_("商定文件"), max_length=120)
    on = forms.DateField(label=_("商定日期"), widget=DateInput())

    def __init__(self, *args: Any, hosts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host: Any = self.fields["host"]
        host.queryset = hosts
