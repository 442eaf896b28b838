"""What people type about contact points, and about who joins union and league."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ronghe.domain.contacts.enums import Cadence, ContactKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer


class ContactForm(forms.Form):
    """One of the three targets is filled in; which one it is, the service checks."""

    kind = forms.ChoiceField(label=_("类别"), choices=ContactKind.choices)
    to_body = forms.ModelChoiceField(
        label=_("联系哪个组织"), queryset=PartyOrg.objects.none(), required=False, empty_label=_("不联系组织")
    )
    to_unit = forms.ModelChoiceField(
        label=_("联系哪个单位或站场"), queryset=AdminUnit.objects.none(), required=False, empty_label=_("不联系单位")
    )
    to_person = PersonField(label=_("联系哪个人"), required=False, empty_label=_("不联系个人"))
    holder = PersonField(label=_("联系人"), empty_label=_("请选人"))
    body = forms.ModelChoiceField(
        label=_("由哪个组织设立"), queryset=PartyOrg.objects.none(), empty_label=None,
        help_text=_("定点帮扶和安全联系由党组织设立，连心关爱由工会设立。"),
    )  # fmt: skip
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())
    cadence = forms.ChoiceField(label=_("多久走访一次"), required=False, choices=[("", _("按类别")), *Cadence.choices])
    approval_ref = forms.CharField(label=_("依据"), max_length=80, help_text=_("哪次会、哪份文件定的。"))

    def __init__(
        self, *args: Any, bodies: QuerySet[PartyOrg], units: QuerySet[AdminUnit], holders: QuerySet[Person],
        people: QuerySet[Person], targets: QuerySet[PartyOrg], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name, rows in (("body", bodies), ("to_body", targets), ("to_unit", units)):
            choices: Any = self.fields[name]
            choices.queryset = rows
        offer(self, "holder", holders)
        offer(self, "to_person", people)


class HandoverForm(forms.Form):
    to = PersonField(label=_("交给谁"), empty_label=_("请选人"))
    on = forms.DateField(label=_("从哪天起由其联系"), widget=DateInput())
    approval_ref = forms.CharField(label=_("依据"), max_length=80)

    def __init__(self, *args: Any, holders: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", holders)


class EndForm(forms.Form):
    on = forms.DateField(label=_("从哪天起不再联系"), widget=DateInput())
    reason = forms.CharField(label=_("原因"), max_length=120)


class EnrolForm(forms.Form):
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())
