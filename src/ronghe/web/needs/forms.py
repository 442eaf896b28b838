"""What people type: a need on a phone, a time for help, targets of a body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.needs.enums import HelpWay, NeedTag
from ronghe.domain.needs.services.moments import MOST_DAYS
from ronghe.domain.org.models import PartyOrg
from ronghe.ui.forms import DateTimeInput

OFFERED = 200


class NeedForm(forms.Form):
    """Three fields in front: what, where, what it aims at. The rest is behind a fold."""

    title = forms.CharField(label=_("什么事"), max_length=120, help_text=_("一句话说清，如“抄表要跑三个站”。"))
    place = forms.CharField(label=_("在哪里"), max_length=80, required=False)
    tags = forms.MultipleChoiceField(
        label=_("想解决哪方面"), choices=NeedTag.choices, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(label=_("补充说明"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))
    hides_name = forms.BooleanField(
        label=_("只让受理人和帮扶人看到"), required=False, help_text=_("其他人看不到这条需求，也看不到是谁提的。")
    )
    body = forms.ChoiceField(label=_("交给哪个组织"))

    def __init__(self, *args: Any, bodies: Sequence[PartyOrg], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bodies = {str(body.pk): body for body in bodies}
        chosen: Any = self.fields["body"]
        chosen.choices = [(str(body.pk), body.name) for body in bodies[:OFFERED]]
        self.is_body_known = len(bodies) == 1

    def clean_body(self) -> PartyOrg:
        return self._bodies[str(self.cleaned_data["body"])]


class MomentForm(forms.Form):
    way = forms.ChoiceField(label=_("怎么帮"), choices=HelpWay.choices, initial=HelpWay.ON_SITE)
    starts_at = forms.DateTimeField(label=_("开始"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(
        label=_("结束"), widget=DateTimeInput(), required=False, help_text=_("不填就是一小时。")
    )
    place = forms.CharField(
        label=_("地点"), max_length=80, required=False, help_text=_("上门填；不填就是需求里的地点。")
    )
    link = forms.CharField(label=_("电话或会议链接"), max_length=200, required=False, help_text=_("远程填。"))

    def clean_way(self) -> HelpWay:
        return HelpWay(self.cleaned_data["way"])


class TargetsForm(forms.Form):
    triage_days = forms.IntegerField(label=_("几个工作日内受理"), min_value=1, max_value=MOST_DAYS)
    answer_days = forms.IntegerField(label=_("几个工作日内答复"), min_value=1, max_value=MOST_DAYS)
