"""What people type about members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.members.enums import BroadKind, CorrectionField, MentorKind
from ronghe.domain.org.enums import Gender, PoliticalStatus, VotingBarReason
from ronghe.domain.org.models import PartyOrg
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import Offered, PersonField, offer


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One body of those offered; a group is named after its branch."""

    iterator = Offered
    chosen: int | None = None
    known: list[PartyOrg] | None = None

    def __init__(self, *, label: Any) -> None:
        super().__init__(queryset=PartyOrg.objects.none(), label=label, empty_label=_("请选组织"))

    def label_from_instance(self, body: Any) -> str:
        return f"{body.parent.name} · {body.name}" if body.parent else str(body.name)


class DayForm(forms.Form):
    """An act that only asks from, or until, which day."""

    day = forms.DateField(label=_("从哪天起"), widget=DateInput())


class StatusForm(forms.Form):
    status = forms.ChoiceField(label=_("政治面貌"), choices=PoliticalStatus.choices)
    since = forms.DateField(
        label=_("从哪天起"), widget=DateInput(), help_text=_("可以填过去或将来的日子；将来的到那天自动生效。")
    )


class BarForm(forms.Form):
    reason = forms.ChoiceField(label=_("原因"), choices=VotingBarReason.choices)
    decision_ref = forms.CharField(label=_("决定文号"), max_length=80)
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())
    until = forms.DateField(
        label=_("到哪天止"), widget=DateInput(), required=False, help_text=_("不含当天；还不知道的可以空着。")
    )


class PlaceForm(forms.Form):
    """A branch, or one of its groups, from a day."""

    place = PlaceField(label=_("编入哪里"))
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", places)


class GroupForm(forms.Form):
    group = forms.ModelChoiceField(
        label=_("党小组"), queryset=PartyOrg.objects.none(), required=False, empty_label=_("不编入小组")
    )
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["group"]
        choices.queryset = groups


class SkillForm(forms.Form):
    trade = forms.CharField(label=_("工种"), max_length=40)
    is_main = forms.BooleanField(label=_("这是主工种"), required=False)
    grade = forms.CharField(label=_("技能等级"), max_length=24, required=False)
    certificate_ref = forms.CharField(label=_("证书编号"), max_length=60, required=False)
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())


class MentorForm(forms.Form):
    kind = forms.ChoiceField(label=_("方式"), choices=MentorKind.choices)
    mentor = PersonField(label=_("师傅"), empty_label=_("请选人"))
    topic = forms.CharField(label=_("带什么"), max_length=60)
    goal = forms.CharField(label=_("目标"), max_length=200, required=False, widget=forms.Textarea({"rows": 2}))
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())
    planned_until = forms.DateField(label=_("计划到哪天"), widget=DateInput(), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "mentor", people)


class CorrectionForm(forms.Form):
    field = forms.ChoiceField(label=_("哪一项"), choices=CorrectionField.choices)
    value = forms.CharField(
        label=_("应当是"),
        max_length=60,
        help_text=_("日期写成 2026-09-14；性别写“男”或“女”。"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reason = forms.CharField(label=_("为什么"), max_length=200, widget=forms.Textarea({"rows": 2}))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("field") == CorrectionField.GENDER:
            words = {str(label): value for value, label in Gender.choices}
            data["value"] = words.get(data.get("value", "").strip(), data.get("value", ""))
        return data


class RefusalForm(forms.Form):
    reason = forms.CharField(label=_("不采纳的原因"), max_length=200, widget=forms.Textarea({"rows": 2}))


class TableForm(forms.Form):
    table = forms.FileField(label=_("Excel 表"))


class BroadForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=BroadKind.choices)
    old = forms.CharField(label=_("原名称"), max_length=40)
    broad = forms.CharField(label=_("归入"), max_length=40)


def people_of(posted: list[str]) -> list[int]:
    """Return the ids among what was posted as chosen people, each once, in order."""
    return list(dict.fromkeys(int(text) for text in posted if text.isascii() and text.isdigit() and len(text) < 19))
