"""What people type when they apply for points."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.merits.calc.rewards import Reward
from ronghe.domain.merits.selectors import OwnRecord
from ronghe.domain.org.models import Person
from ronghe.kernel.language import in_language
from ronghe.kernel.words import _ as spoken
from ronghe.ui.formats import day
from ronghe.ui.forms import DateInput
from ronghe.web.items.forms import area


class ApplyForm(forms.Form):
    member = forms.ModelChoiceField(
        label=_("谁"),
        queryset=Person.objects.none(),
        to_field_name="token",
        help_text=_("扣分由党小组长、支部委员提出。"),
    )
    reward = forms.ChoiceField(label=_("申请哪一项"))
    title = forms.CharField(label=_("做了什么"), max_length=120)
    done_on = forms.DateField(label=_("哪天"), widget=DateInput(), help_text=_("计在这一天所在的季度。"))
    record = forms.ChoiceField(
        label=_("平台里的记录"), required=False, help_text=_("平台里有的选一条，不用再传材料。同一事项就高不重复。")
    )
    text = forms.CharField(label=_("补充说明"), max_length=2000, required=False, widget=area())
    proof = forms.CharField(label=_("证明人"), max_length=120, required=False)

    def __init__(
        self, *args: Any, rewards: list[Reward], records: list[OwnRecord], people: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        reward: Any = self.fields["reward"]
        reward.choices = [(one.id, _worded(one)) for one in rewards]
        record: Any = self.fields["record"]
        told = [(one.key, f"{day(one.at, 'short')} {one.name}") for one in records]
        record.choices = [("", _("没有，上传证明材料")), *told]
        if people is None:
            del self.fields["member"]
        else:
            del self.fields["record"]
            member: Any = self.fields["member"]
            member.queryset = people


def _worded(reward: Reward) -> str:
    points = f"{reward.points:+f}".rstrip("0").rstrip(".") if "." in f"{reward.points:f}" else f"{reward.points:+}"
    note = in_language(reward.note) if reward.note else ""
    worded = spoken("%(title)s（%(unit)s）") % {"title": in_language(reward.title), "unit": points}
    return f"{worded} {note}".strip()
