"""What people type about carriers; what the platform knows is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.carriers.calc.types import TypeSpec
from ronghe.domain.carriers.enums import Direction, EndReason, Part, ReviewGrade
from ronghe.domain.carriers.models import Carrier
from ronghe.domain.carriers.services.promises import Promised
from ronghe.domain.carriers.services.proposing import CarrierText
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.org.models import Person
from ronghe.domain.projects.models import Project
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.items.forms import area, field_for

PROMISE_LINES = 3
A_YEAR = timedelta(days=365)
A_QUARTER = timedelta(days=90)


class CarrierForm(forms.Form):
    """What a carrier of one type is; its own fields are those that the type declares."""

    name = forms.CharField(label=_("名称"), max_length=60)
    lead = PersonField(label=_("负责人"), empty_label=_("请选党员"))
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    from_on = forms.DateField(label=_("从哪天起"), widget=DateInput())
    until_on = forms.DateField(label=_("到哪天止（不含）"), widget=DateInput())
    zone = forms.ModelChoiceField(
        label=_("协作区"), queryset=CollaborationZone.objects.none(), required=False, empty_label=_("不属于协作区")
    )
    project = forms.ModelChoiceField(
        label=_("项目"), queryset=Project.objects.none(), required=False, empty_label=_("不限项目")
    )
    force = forms.ModelChoiceField(
        label=_("攻关党小组"), queryset=TaskForce.objects.none(), required=False, empty_label=_("不属于攻关党小组")
    )

    def __init__(
        self, *args: Any, spec: TypeSpec, people: Any, zones: Any, projects: Any, forces: Any, is_active: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.spec = spec
        fields: Any = self.fields
        fields["lead"].label, fields["place"].label = spoken(spec.lead), spoken(spec.place)
        fields["place"].required = spec.needs_place
        fields["zone"].queryset, fields["project"].queryset, fields["force"].queryset = zones, projects, forces
        fields["project"].label_from_instance = lambda row: row.name
        offer(self, "lead", people)
        for one in spec.fields:
            self.fields[one.id] = field_for(one)
        if is_active:
            for name in ("lead", "from_on", "until_on"):
                del self.fields[name]

    @property
    def own_fields(self) -> list[Any]:
        return [self[one.id] for one in self.spec.fields]

    @property
    def further(self) -> list[Any]:
        """What belongs to few of them: offered behind a tap, and only where there is something to choose."""
        return [self[name] for name in ("zone", "project", "force") if self.fields[name].queryset.exists()]  # type: ignore[attr-defined]

    def text(self, carrier: Carrier | None = None) -> CarrierText:
        """Return what was typed; of an active carrier the head and the days are those that it has."""
        typed = self.cleaned_data
        names = ("lead", "from_on", "until_on")
        kept = {name: typed[name] if name in typed else getattr(carrier, name) for name in names}
        return CarrierText(
            name=typed["name"], **kept, place=typed["place"],
            values={one.id: typed.get(one.id) for one in self.spec.fields}, zone=typed["zone"],
            project=typed["project"], force=typed["force"],
        )  # fmt: skip


class PeopleForm(forms.Form):
    """Who is in a proposed carrier besides its head; the first one ticked as deputy stands in for the head."""

    people = forms.ModelMultipleChoiceField(
        label=_("成员"), queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    deputy = PersonField(label=_("副手"), empty_label=_("暂不定"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.queryset, field.label_from_instance = people, named
        offer(self, "deputy", people)

    def parts(self, lead: Person) -> list[tuple[Person, str, str]]:
        typed = self.cleaned_data
        chosen = {person.pk: (person, Part.MEMBER.value, "") for person in typed["people"]}
        if typed["deputy"] is not None:
            chosen[typed["deputy"].pk] = (typed["deputy"], Part.DEPUTY.value, "")
        chosen.pop(lead.pk, None)
        return list(chosen.values())


class PromiseForm(forms.Form):
    """One promise in words that somebody else can check, with the number where there is one."""

    title = forms.CharField(label=_("承诺什么"), max_length=120)
    measure = forms.CharField(
        label=_("怎样算兑现"), max_length=400, widget=area(), help_text=_("写得让别人能对照，例如：以值班记录为准。")
    )
    due_on = forms.DateField(label=_("哪天前兑现"), widget=DateInput())
    direction = forms.ChoiceField(label=_("数"), choices=Direction.choices, required=False)
    target = forms.DecimalField(label=_("多少"), max_digits=14, decimal_places=4, required=False)
    unit = forms.CharField(label=_("单位"), max_length=12, required=False)

    def promised(self) -> Promised:
        typed = self.cleaned_data
        return Promised(
            title=typed["title"], measure=typed["measure"], due_on=typed["due_on"], target=typed["target"],
            unit=typed["unit"], direction=typed["direction"] or Direction.AT_LEAST.value,
        )  # fmt: skip


PromiseFormSet = forms.formset_factory(
    PromiseForm, extra=PROMISE_LINES, min_num=1, validate_min=True, max_num=12, absolute_max=12
)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("退回的原因"), max_length=200, widget=area())


class MemberForm(forms.Form):
    person = PersonField(label=_("谁"), empty_label=_("请选人"))
    part = forms.ChoiceField(label=_("任什么"), choices=Part.choices, initial=Part.MEMBER)
    duty = forms.CharField(label=_("分工"), max_length=120, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class RecordsField(forms.MultipleChoiceField):
    """Records that are there already, ticked; what was not offered is refused by the service."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, records: Sequence[RecordOf]) -> None:
        self.records = {f"{one.source_type}:{one.source_id}": one for one in records}
        self.choices = [(key, one.name) for key, one in self.records.items()]

    def chosen(self, keys: Sequence[str]) -> list[RecordOf]:
        return [self.records[key] for key in keys]


class ResultForm(forms.Form):
    text = forms.CharField(label=_("取得了什么成果"), max_length=400, widget=area())
    figure = forms.DecimalField(label=_("数"), max_digits=14, decimal_places=4, required=False)
    unit = forms.CharField(label=_("单位"), max_length=12, required=False)
    records = RecordsField(label=_("哪些记录能证明"), required=False)

    def __init__(self, *args: Any, records: Sequence[RecordOf], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        records_of(self).offer(records)


class ReportForm(forms.Form):
    """A promise reported as kept: in words, the number where one was promised, and the records that show it."""

    note = forms.CharField(label=_("怎样兑现的"), max_length=1000, widget=area())
    actual = forms.DecimalField(label=_("实际的数"), max_digits=14, decimal_places=4)
    records = RecordsField(label=_("哪些记录能证明"), required=False)

    def __init__(self, *args: Any, records: Sequence[RecordOf], is_measured: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        records_of(self).offer(records)
        if not is_measured:
            del self.fields["actual"]


class ReviewForm(forms.Form):
    grade = forms.ChoiceField(label=_("评议结果"), choices=ReviewGrade.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("评议意见"), max_length=400, widget=area())


class RenewForm(forms.Form):
    until_on = forms.DateField(label=_("续到哪天（不含）"), widget=DateInput())
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("为什么结束"), choices=[one for one in EndReason.choices if one[0] != EndReason.BODY_DISSOLVED]
    )
    note = forms.CharField(label=_("总结"), max_length=400, widget=area())


def records_of(form: forms.Form) -> RecordsField:
    """Return the form's field of records."""
    field: Any = form.fields["records"]
    found: RecordsField = field
    return found


def first_days(today: date) -> dict[str, Any]:
    """Return the days that a new carrier has unless somebody types others: a year from today."""
    return {"from_on": today, "until_on": today + A_YEAR}


def carrier_initial(carrier: Carrier) -> dict[str, Any]:
    """Return what a carrier is, as its form shows it."""
    names = ("name", "place", "from_on", "until_on")
    shown = {name: getattr(carrier, name) for name in names} | dict(carrier.values)
    return shown | {
        "lead": carrier.lead_id, "zone": carrier.zone_id, "project": carrier.project_id, "force": carrier.force_id,
    }  # fmt: skip


def named(person: Person) -> str:
    return f"{person.name} · {person.unit.name}" if person.unit else person.name
