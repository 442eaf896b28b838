"""What people type about visits to learn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.exchange.enums import Better, VisitDirection
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.exchange.forms import amount, area
from ronghe.web.paging import LONGEST


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name} · {person.unit.name}" if person.unit else str(person.name)

    def clean(self, value: Any) -> Any:
        """Leave out what is longer than any id: no database takes it."""
        return super().clean([one for one in value or [] if len(str(one)) <= LONGEST])


class VisitForm(forms.Form):
    """Where to, and for what; the other side is one of the platform's bodies, or a name."""

    body = forms.ModelChoiceField(label=_("哪个组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    direction = forms.ChoiceField(label=_("哪一种"), choices=VisitDirection.choices)
    host_name = forms.CharField(
        label=_("去哪里，或请谁来"), max_length=80, widget=forms.TextInput({"list": "hosts"}),
        help_text=_("平台上的党组织写全称，会请它反馈；外单位、外请专家写名称。"),
    )  # fmt: skip
    purpose = forms.CharField(label=_("学什么、为什么"), max_length=120)
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    place = forms.CharField(label=_("在哪里"), max_length=80)
    to_see = forms.CharField(label=_("看什么、问什么"), max_length=400, required=False, widget=area(3))

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = bodies


class HoldForm(forms.Form):
    people = PeopleField(label=_("谁去了"), queryset=Person.objects.none(), required=False)
    more = forms.CharField(
        label=_("再加人"), max_length=2000, required=False, help_text=_("姓名或员工号，用空格隔开。")
    )
    seen = forms.CharField(label=_("看到了什么、听到了什么"), max_length=1000, required=False, widget=area(4))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.queryset = people


class SeenForm(forms.Form):
    seen = forms.CharField(label=_("看到了什么、听到了什么"), max_length=1000, widget=area(4))


class ThanksForm(forms.Form):
    thanks = forms.CharField(label=_("感谢和反馈"), max_length=400, widget=area(3))


class BenchmarkForm(forms.Form):
    """Two figures side by side; the gap is computed."""

    indicator = forms.CharField(label=_("指标"), max_length=60)
    unit = forms.CharField(label=_("单位"), max_length=12, required=False)
    better = forms.ChoiceField(label=_("方向"), choices=Better.choices)
    ours = amount(_("我们"), required=True)
    theirs = amount(_("对方"), required=True)
    target = amount(_("我们的目标"))
    due_on = forms.DateField(label=_("到哪一天"), widget=DateInput(), required=False)
    measure = forms.CharField(label=_("用什么办法"), max_length=200, required=False)
    owner = PersonField(label=_("谁负责"), empty_label=_("请选人"), required=False)

    def __init__(self, *args: Any, people: Any, known: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people, known)


class FollowForm(forms.Form):
    actual = amount(_("现在"), required=True)


class PracticeForm(forms.Form):
    title = forms.CharField(label=_("带回什么做法"), max_length=80)
    text = forms.CharField(label=_("怎么做的"), max_length=600, required=False, widget=area(3))
    practice_owner = PersonField(label=_("谁来用"), empty_label=_("请选人"))

    def __init__(self, *args: Any, people: Any, known: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "practice_owner", people, known)
