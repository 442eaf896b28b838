"""What people type about talks, birthdays, oaths, red sites and classes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.partylife.enums import BirthdayWay, OathKind, SiteKind, TalkDoubt, TalkTopic
from ronghe.domain.partylife.models import RedSite
from ronghe.domain.partylife.services.sites import SiteText
from ronghe.domain.partylife.services.talks import TalkFollowUp
from ronghe.domain.rhythm.models import Activity
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.paging import LONGEST


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several people, ticked one by one."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Person.objects.none(), **kwargs)

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name} · {person.joined_party_on:%Y-%m-%d}" if person.joined_party_on else str(person.name)

    def clean(self, value: Any) -> Any:
        """Leave out what is longer than any id: no database takes it."""
        return super().clean([one for one in value or [] if len(str(one)) <= LONGEST])


class BodyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A body among those the reader does this for."""

    def __init__(self, bodies: Any = None, **kwargs: Any) -> None:
        super().__init__(queryset=PartyOrg.objects.none() if bodies is None else bodies, empty_label=None, **kwargs)


class ActivityField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Activity.objects.none(), required=False, **kwargs)

    def label_from_instance(self, activity: Any) -> str:
        return f"{activity.day:%m-%d} {activity.get_activity_type_display()} · {activity.place}"


class TalkForm(forms.Form):
    """With whom and when is enough; everything else is optional."""

    other = PersonField(label=_("和谁谈"), empty_label=_("请选人"))
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    topics = forms.MultipleChoiceField(
        label=_("谈了哪些方面"), required=False, choices=TalkTopic.choices, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("谈了什么"), required=False, max_length=2000, widget=area(4),
        help_text=_("可以不写。加密保存，只有你们两个人能看，看一次记一次。"),
    )  # fmt: skip
    task = forms.CharField(
        label=_("要跟进的事"), required=False, max_length=120,
        help_text=_("会变成您的任务，负责人看得到，不要写谈话内容。"),
    )  # fmt: skip
    due_at = forms.DateTimeField(label=_("何时办完"), required=False, widget=DateTimeInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "other", people)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("task") and not cleaned.get("due_at") and "due_at" not in self.errors:
            self.add_error("due_at", forms.ValidationError(_("请写明何时办完。"), code="required"))
        return cleaned

    def follow_up(self) -> TalkFollowUp | None:
        given = self.cleaned_data
        return TalkFollowUp(given["task"], given["due_at"]) if given["task"] else None


class TalkPlanForm(forms.Form):
    other = PersonField(label=_("和谁谈"), empty_label=_("请选人"))
    day = forms.DateField(label=_("约在哪一天"), widget=DateInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "other", people)


class DoubtForm(forms.Form):
    doubt = forms.ChoiceField(label=_("原因"), choices=TalkDoubt.choices)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=120)


class BirthdayForm(forms.Form):
    people = PeopleField(label=_("给谁过"))
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    way = forms.ChoiceField(label=_("怎样过的"), choices=BirthdayWay.choices)
    activity = ActivityField(label=_("在哪次活动里"), empty_label=_("不在活动里"))
    message = forms.CharField(
        label=_("组织寄语"), required=False, max_length=200, widget=area(2), help_text=_("印在贺卡上。")
    )
    photo = forms.FileField(label=_("照片"), required=False, help_text=_("可以不传。"))

    def __init__(self, *args: Any, people: Any, activities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["people"].queryset = people
        fields["activity"].queryset = activities


class WordsForm(forms.Form):
    words = forms.CharField(label=_("本人感言"), required=False, max_length=400, widget=area(3))


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("照片"))


class OathForm(forms.Form):
    kind = forms.ChoiceField(label=_("哪一种"), choices=OathKind.choices, initial=OathKind.RENEWAL)
    activity = ActivityField(label=_("在哪次活动里"), empty_label=_("不在活动里"))
    people = PeopleField(label=_("谁宣誓"))
    led_by = PersonField(label=_("谁领誓"), empty_label=_("请选人"))
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    site = forms.ModelChoiceField(
        label=_("在哪处红色资源"), required=False, queryset=RedSite.objects.none(), empty_label=_("不在红色资源")
    )
    place = forms.CharField(label=_("地点"), required=False, max_length=80)

    def __init__(self, *args: Any, people: Any, leaders: Any, activities: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["people"].queryset = people
        fields["activity"].queryset = activities
        fields["site"].queryset = sites
        fields["site"].label_from_instance = lambda site: site.name
        offer(self, "led_by", leaders)


def _degrees(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, max_digits=8, decimal_places=5)


class SiteForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类别"), choices=SiteKind.choices)
    address = forms.CharField(label=_("地址"), required=False, max_length=120)
    latitude = _degrees(_("纬度"))
    longitude = _degrees(_("经度"))
    about = forms.CharField(label=_("看什么"), required=False, max_length=400, widget=area(3))
    opening = forms.CharField(label=_("开放时间"), required=False, max_length=120)
    phone = forms.CharField(label=_("联系电话"), required=False, max_length=40, help_text=_("场馆的公开电话。"))
    capacity = forms.IntegerField(label=_("可容纳人数"), required=False, min_value=1, max_value=999_999)

    def text(self) -> SiteText:
        given = dict(self.cleaned_data)
        given.pop("body", None)
        return SiteText(**{**given, "kind": SiteKind(given["kind"])})


class NewSiteForm(SiteForm):
    body = BodyField(label=_("哪个组织登记"))

    field_order = ("body",)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = bodies


class SiteTableForm(forms.Form):
    body = BodyField(label=_("登记到哪个组织"))
    table = forms.FileField(label=_("Excel 表"))

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = bodies


class SiteVisitForm(forms.Form):
    body = BodyField(label=_("哪个组织去"))
    scheduled_from = forms.DateTimeField(label=_("开始"), widget=DateTimeInput())
    scheduled_until = forms.DateTimeField(label=_("结束"), widget=DateTimeInput())

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = bodies


class PointForm(forms.Form):
    latitude = forms.DecimalField(label=_("纬度"), max_digits=8, decimal_places=5, min_value=-90, max_value=90)
    longitude = forms.DecimalField(label=_("经度"), max_digits=8, decimal_places=5, min_value=-180, max_value=180)


class ClassForm(forms.Form):
    topic = forms.CharField(label=_("讲什么"), max_length=80)
    teller = PersonField(label=_("谁来讲"), required=False, empty_label=_("以后再定"))
    planned_on = forms.DateField(label=_("哪一天"), widget=DateInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "teller", people)


class ClassPlanForm(forms.Form):
    scheduled_from = forms.DateTimeField(label=_("开始"), widget=DateTimeInput())
    scheduled_until = forms.DateTimeField(label=_("结束"), widget=DateTimeInput())
    place = forms.CharField(
        label=_("地点"), required=False, max_length=80, help_text=_("不填为协作区地点；没有协作区的，为所在单位。")
    )


class MaterialForm(forms.Form):
    material = forms.FileField(label=_("讲稿、课件"), help_text=_("PDF 或照片。"))


def default_day(value: date | None, today: date) -> date:
    """Return the day that a form begins with: what the address names, never a day to come."""
    return min(value, today) if value is not None else today
