"""What people type about roll-outs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.rollouts.enums import Decision, Measure, RolloutKind
from ronghe.ui.forms import DateInput
from ronghe.web.playbooks.forms import BodiesField, BodyField


class RolloutForm(forms.Form):
    title = forms.CharField(label=_("推广什么"), max_length=80)
    kind = forms.ChoiceField(label=_("哪一种"), choices=RolloutKind.choices)
    playbook = forms.ChoiceField(label=_("哪份范本"))
    purpose = forms.CharField(
        label=_("为什么推广"), max_length=400, required=False, widget=forms.Textarea({"rows": 3})
    )  # fmt: skip
    body = BodyField(label=_("由谁推广"), queryset=PartyOrg.objects.none(), empty_label=None)

    def __init__(self, *args: Any, bodies: Any, playbooks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = bodies
        playbook: Any = self.fields["playbook"]
        playbook.choices = playbooks


class PilotForm(forms.Form):
    bodies = BodiesField(label=_("哪些单位试点"), queryset=PartyOrg.objects.none())
    from_on = forms.DateField(label=_("从哪天起"), widget=DateInput())
    last_on = forms.DateField(label=_("到哪天止"), widget=DateInput())
    measures = forms.MultipleChoiceField(
        label=_("看哪些指标"), choices=Measure.choices, widget=forms.CheckboxSelectMultiple(),
        help_text=_("都由已有的记录算出，不用填报；试点前取同样长的一段对照。"),
    )  # fmt: skip

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["bodies"]
        choices.queryset = bodies


class FindingsForm(forms.Form):
    findings = forms.CharField(
        label=_("结论"), max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("好在哪里，还缺什么，推广要注意什么。"),
    )  # fmt: skip


class ReviewForm(forms.Form):
    decision = forms.ChoiceField(label=_("怎么定"), choices=Decision.choices, widget=forms.RadioSelect())
    reasons = forms.CharField(label=_("理由"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    document = forms.CharField(label=_("会议或文件"), max_length=120, required=False)


class SpreadForm(forms.Form):
    bodies = BodiesField(label=_("推广到哪些单位"), queryset=PartyOrg.objects.none())
    due_on = forms.DateField(label=_("最迟哪天采用"), widget=DateInput())

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["bodies"]
        choices.queryset = bodies


class SinceForm(forms.Form):
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("为什么还没有采用"), max_length=400, widget=forms.Textarea({"rows": 2}))


class EffectForm(forms.Form):
    text = forms.CharField(
        label=_("见到什么效果"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("数字不用抄，按时率由记录算出；写数字以外的变化。"),
    )  # fmt: skip
