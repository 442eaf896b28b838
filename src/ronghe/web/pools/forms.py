"""What people type about shared things and about how people feel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.pools.enums import FollowUpWay, ItemKind, MoodLevel, MoodTopic
from ronghe.domain.pools.models import Part
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.ui.forms import DateInput, TimeInput
from ronghe.web.choosing import PersonField, offer

WEEKDAYS = [("1", _("周一")), ("2", _("周二")), ("3", _("周三")), ("4", _("周四")), ("5", _("周五")), ("6", _("周六")), ("7", _("周日"))]  # fmt: skip


class SideField(forms.ChoiceField):
    """One of the sides for which the reader speaks; gives its `Part`."""

    parts: dict[str, Part]

    def offer(self, parts: Sequence[Part]) -> None:
        self.parts = {part.key: part for part in parts}
        self.choices = [(part.key, f"{part.side.name} · {part.pool.name}") for part in parts]

    def clean(self, value: Any) -> Any:
        return self.parts[super().clean(value)]


class OfferForm(forms.Form):
    part = SideField(label=_("哪一方"))
    kind = forms.ChoiceField(label=_("类别"), choices=ItemKind.choices)
    title = forms.CharField(label=_("名称"), max_length=60)
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    capacity = forms.IntegerField(label=_("数量"), min_value=1, max_value=9999, initial=1)
    weekdays = forms.MultipleChoiceField(
        label=_("哪几天开放"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple(), initial=list("1234567")
    )
    opens_at = forms.TimeField(label=_("几点起"), widget=TimeInput(), initial="08:00")
    closes_at = forms.TimeField(label=_("几点止"), widget=TimeInput(), initial="18:00")
    conditions = forms.CharField(label=_("使用条件"), max_length=200, required=False)
    asks = forms.BooleanField(label=_("预订要先经联系人同意"), required=False)

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["part"]
        field.offer(parts)


class BookForm(forms.Form):
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    begins = forms.TimeField(label=_("几点起"), widget=TimeInput())
    ends = forms.TimeField(label=_("几点止"), widget=TimeInput())
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=9999, initial=1)
    purpose = forms.CharField(label=_("做什么用"), max_length=80)

    def span(self) -> tuple[datetime, datetime]:
        day = self.cleaned_data["day"]
        begins, ends = (datetime.combine(day, self.cleaned_data[name], tzinfo=SHANGHAI) for name in ("begins", "ends"))
        return begins, ends


class ClosureForm(forms.Form):
    from_on = forms.DateField(label=_("从哪一天"), widget=DateInput())
    until_on = forms.DateField(label=_("到哪一天"), widget=DateInput())
    reason = forms.CharField(label=_("原因"), max_length=80, required=False)


class MoodForm(forms.Form):
    part = SideField(label=_("哪一方的人"))
    level = forms.ChoiceField(label=_("总的情况"), choices=MoodLevel.choices, widget=forms.RadioSelect())
    topics = forms.MultipleChoiceField(
        label=_("哪些方面"), choices=MoodTopic.choices, widget=forms.CheckboxSelectMultiple()
    )
    people = forms.IntegerField(label=_("涉及多少人"), min_value=1, max_value=9999)
    text = forms.CharField(
        label=_("情况"), max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("写共性情况，不点名。加密保存，只有该方书记、本人能看；协作区的，协作区负责人也能看。"),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("怎样跟进"), choices=[("", _("暂不跟进")), *FollowUpWay.choices], required=False)
    person = PersonField(label=_("谁去跟进"), empty_label=_("请选人"), required=False)
    due_on = forms.DateField(label=_("什么时候完成"), required=False, widget=DateInput())

    def __init__(self, *args: Any, parts: Sequence[Part], people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["part"]
        field.offer(parts)
        offer(self, "person", people)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") and not (cleaned.get("person") and cleaned.get("due_on")):
            self.add_error("person", _("请写明谁去跟进、什么时候完成。"))
        return cleaned
