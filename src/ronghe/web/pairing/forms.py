"""What people type about pairs of group and team, and about the powers of their leaders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.pairing.enums import PowerWay
from ronghe.domain.pairing.selectors import Power, power_list
from ronghe.ui.forms import DateInput


class PairForm(forms.Form):
    group = forms.ModelChoiceField(label=_("党小组"), queryset=PartyOrg.objects.none(), empty_label=_("请选党小组"))
    team = forms.ModelChoiceField(label=_("班组"), queryset=AdminUnit.objects.none(), empty_label=_("请选班组"))
    since = forms.DateField(label=_("从哪一天起"), widget=DateInput())

    def __init__(self, *args: Any, groups: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group: Any = self.fields["group"]
        team: Any = self.fields["team"]
        group.queryset, team.queryset = groups, teams
        group.label_from_instance = lambda row: f"{row.name} · {row.parent.name}" if row.parent else row.name
        team.label_from_instance = lambda row: f"{row.name} · {row.parent.name}" if row.parent else row.name


class LeaderForm(forms.Form):
    person = forms.ModelChoiceField(
        label=_("谁来任组长和班长"), queryset=Person.objects.none(), empty_label=_("请选人")
    )
    since = forms.DateField(label=_("从哪一天起"), widget=DateInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = people
        person.label_from_instance = lambda row: f"{row.name} · {row.unit.name}" if row.unit else row.name


class GrantForm(forms.Form):
    powers = forms.MultipleChoiceField(label=_("授予哪些职权"), widget=forms.CheckboxSelectMultiple())
    since = forms.DateField(label=_("从哪一天起"), widget=DateInput())
    until = forms.DateField(label=_("到哪一天止"), required=False, widget=DateInput(), help_text=_("不填为长期。"))
    document = forms.CharField(label=_("依据"), max_length=120, help_text=_("文件或会议决定的名称、文号。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        powers: Any = self.fields["powers"]
        powers.choices = [(power.code, power.name) for power in power_list()]


class OwnPowerForm(forms.Form):
    name = forms.CharField(label=_("职权名称"), max_length=24)
    way = forms.ChoiceField(label=_("怎样行使"), choices=PowerWay.choices)


class EndForm(forms.Form):
    until = forms.DateField(label=_("到哪一天止"), widget=DateInput())


class UseForm(forms.Form):
    """What a use says depends on how the power is used: who did not come, who does what, or what is proposed for whom."""

    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    text = forms.CharField(label=_("内容"), max_length=400, required=False, widget=forms.Textarea({"rows": 3}))
    people = forms.ModelMultipleChoiceField(
        label=_("涉及的人"), queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple()
    )

    def __init__(self, *args: Any, power: Power, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: Any = self.fields["people"]
        named.queryset = people
        named.label_from_instance = lambda row: row.name
        if power.way == PowerWay.DAILY:
            named.label, self.fields["text"].label = _("谁没有到"), _("说明")
            named.help_text = _("都到了就不勾。")
        elif power.way == PowerWay.ORDER:
            named.label, self.fields["text"].label = _("派给谁"), _("干什么")
        else:
            named.label, self.fields["text"].label = _("为谁提出"), _("建议内容和理由")
        named.required = power.way == PowerWay.PROPOSAL
        self.fields["text"].required = power.way != PowerWay.DAILY


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("退回的原因"), max_length=400, widget=forms.Textarea({"rows": 2}))
