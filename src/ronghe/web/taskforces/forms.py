"""What people type about task forces and their difficult points; what the platform knows is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.projects.models import Project
from ronghe.domain.taskforces.calc.links import LONGEST as LONGEST_LINK
from ronghe.domain.taskforces.enums import DifficultyKind, MemberPart
from ronghe.domain.taskforces.models import DifficultPoint
from ronghe.domain.taskforces.selectors import PointLine
from ronghe.domain.taskforces.services.outcomes import Figure
from ronghe.domain.taskforces.services.points import Fixes
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer

FIGURE_LINES = 3


class ProposeForm(forms.Form):
    project = forms.ModelChoiceField(label=_("项目"), queryset=Project.objects.none(), empty_label=_("请选项目"))
    parent = forms.ModelChoiceField(label=_("设在哪个组织下面"), queryset=PartyOrg.objects.none(), empty_label=None)
    name = forms.CharField(label=_("小组名称"), max_length=60)
    leader = PersonField(label=_("组长"), empty_label=_("请选正式党员"))
    guide = PersonField(label=_("跟踪指导人"), empty_label=_("暂不定"), required=False)
    people = forms.ModelMultipleChoiceField(
        label=_("组员"), queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    feature = forms.CharField(
        label=_("特色"), max_length=120, required=False, help_text=_("一句话，例如：一日一测、问题不过夜。")
    )
    brand = forms.CharField(label=_("品牌"), max_length=24, required=False)
    base_place = forms.CharField(label=_("临时阵地"), max_length=80, required=False)

    def __init__(self, *args: Any, projects: Any, parents: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["project"].queryset, fields["parent"].queryset = projects, parents
        fields["project"].label_from_instance = lambda row: row.name
        fields["people"].queryset = people
        fields["people"].label_from_instance = _named
        for name in ("leader", "guide"):
            offer(self, name, people)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("退回的原因"), max_length=200, widget=forms.Textarea({"rows": 2}))


class StartForm(forms.Form):
    playbook = forms.ChoiceField(
        label=_("按哪个范本开展活动"), required=False, help_text=_("采用后，每月联合学习、每两月主题党日自动列入应办。")
    )

    def __init__(self, *args: Any, playbooks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["playbook"]
        field.choices = [("", _("不采用")), *playbooks]


class DescribeForm(forms.Form):
    feature = forms.CharField(label=_("特色"), max_length=120, required=False)
    brand = forms.CharField(label=_("品牌"), max_length=24, required=False)
    base_place = forms.CharField(label=_("临时阵地在哪里"), max_length=80, required=False)
    base_note = forms.CharField(label=_("阵地里有什么"), max_length=200, required=False)
    messenger_url = forms.CharField(
        label=_("群链接"),
        max_length=LONGEST_LINK,
        required=False,
        help_text=_("企业微信或钉钉的群链接，只有组员看得到。"),
    )


class MemberForm(forms.Form):
    person = PersonField(label=_("谁"), empty_label=_("请选人"))
    part = forms.ChoiceField(label=_("任什么"), choices=MemberPart.choices, initial=MemberPart.MEMBER)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class TrackForm(forms.Form):
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    text = forms.CharField(label=_("看到什么、指导什么"), max_length=400, widget=forms.Textarea({"rows": 2}))


class PointForm(forms.Form):
    """A difficulty and its four fixes on one page: whoever has a duty is one of its people."""

    title = forms.CharField(label=_("难点是什么"), max_length=80)
    kind = forms.ChoiceField(label=_("哪一类"), choices=DifficultyKind.choices)
    text = forms.CharField(label=_("具体情况"), max_length=400, required=False, widget=forms.Textarea({"rows": 2}))
    in_charge = PersonField(label=_("谁负责"), empty_label=_("请选人"), required=False)
    goal = forms.CharField(label=_("目标"), max_length=200, required=False, help_text=_("做到什么程度算解决。"))
    baseline = forms.DecimalField(label=_("现状值"), max_digits=14, decimal_places=4, required=False)
    target = forms.DecimalField(label=_("目标值"), max_digits=14, decimal_places=4, required=False)
    unit = forms.CharField(label=_("单位"), max_length=12, required=False)
    due_on = forms.DateField(label=_("时限"), required=False, widget=DateInput())

    def __init__(
        self, *args: Any, people: list[Person], fixes_only: bool = False, whole: bool = False, **kwargs: Any
    ) -> None:
        """With `whole` every fix is asked for: the group works already."""
        super().__init__(*args, **kwargs)
        self.people = people
        for name in ("in_charge", "goal", "due_on"):
            self.fields[name].required = whole
        if fixes_only:
            for name in ("title", "kind", "text"):
                del self.fields[name]
        offer(
            self, "in_charge", Person.objects.filter(pk__in=[one.pk for one in people]).select_related("unit"), people
        )
        for person in people:
            self.fields[_duty(person)] = forms.CharField(label=person.name, max_length=120, required=False)

    def duties(self) -> Iterator[tuple[Person, forms.BoundField]]:
        """Yield each member with the field of the duty."""
        for person in self.people:
            yield person, self[_duty(person)]

    @property
    def has_fixes(self) -> bool:
        """Whether anything of the four was given."""
        given = self.cleaned_data
        return bool(
            given["in_charge"] or given["goal"] or given["due_on"] or any(given[_duty(one)] for one in self.people)
        )

    def fixes(self) -> Fixes:
        given = self.cleaned_data
        charge: Person | None = given["in_charge"]
        duties = [(one, given[_duty(one)]) for one in self.people if given[_duty(one)].strip() or one == charge]
        return Fixes(
            duties=duties, in_charge=charge, goal=given["goal"], baseline=given["baseline"], target=given["target"],
            unit=given["unit"], due_on=given["due_on"],
        )  # fmt: skip


class NoteForm(forms.Form):
    text = forms.CharField(label=_("进展到哪一步"), max_length=400, widget=forms.Textarea({"rows": 2}))
    figure = forms.DecimalField(label=_("现在的数值"), max_digits=14, decimal_places=4, required=False)


class ResolveForm(forms.Form):
    result = forms.CharField(label=_("怎样解决的，结果如何"), max_length=400, widget=forms.Textarea({"rows": 2}))
    actual = forms.DecimalField(label=_("达到的数值"), max_digits=14, decimal_places=4, required=False)


class HandOverForm(forms.Form):
    to = forms.CharField(label=_("移交给谁、接着怎么办"), max_length=400, widget=forms.Textarea({"rows": 2}))


class OutcomeForm(forms.Form):
    """One outcome in words, with up to three figures: what it was, what it is."""

    text = forms.CharField(label=_("成果"), max_length=2000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, FIGURE_LINES + 1):
            self.fields[f"name_{number}"] = forms.CharField(label=_("数据名称"), max_length=40, required=False)
            self.fields[f"before_{number}"] = forms.DecimalField(
                label=_("原来"), max_digits=14, decimal_places=4, required=False
            )
            self.fields[f"after_{number}"] = forms.DecimalField(
                label=_("现在"), max_digits=14, decimal_places=4, required=False
            )
            self.fields[f"unit_{number}"] = forms.CharField(label=_("单位"), max_length=12, required=False)

    def figure_lines(self) -> list[tuple[forms.BoundField, ...]]:
        return [
            tuple(self[f"{name}_{number}"] for name in ("name", "before", "after", "unit"))
            for number in range(1, FIGURE_LINES + 1)
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for number in range(1, FIGURE_LINES + 1):
            named, after = given.get(f"name_{number}"), given.get(f"after_{number}")
            if bool(named) != (after is not None):
                self.add_error(f"name_{number}", _("数据要有名称，也要有现在的数值。"))
        return given

    def figures(self) -> list[Figure]:
        given = self.cleaned_data
        return [
            Figure(given[f"name_{n}"], given[f"after_{n}"], given[f"before_{n}"], given[f"unit_{n}"])
            for n in range(1, FIGURE_LINES + 1)
            if given[f"name_{n}"]
        ]


def fixes_initial(line: PointLine) -> dict[str, Any]:
    """Return what a point's four fixes are now, as its form shows them."""
    point: DifficultPoint = line.point
    shown: dict[str, Any] = {
        "goal": point.goal, "baseline": point.baseline_text, "target": point.target_text, "unit": point.unit,
        "due_on": point.due_on, "in_charge": line.in_charge.pk if line.in_charge else None,
    }  # fmt: skip
    return shown | {_duty(row.person): row.duty for row in line.people}


def outcome_initial(outcome: Any) -> dict[str, Any]:
    """Return what is written of an outcome, as its form shows it."""
    if outcome is None:
        return {}
    shown: dict[str, Any] = {"text": outcome.text}
    for number, row in enumerate(outcome.figures.all()[:FIGURE_LINES], start=1):
        shown |= {
            f"name_{number}": row.name, f"before_{number}": row.before_text, f"after_{number}": row.after_text,
            f"unit_{number}": row.unit,
        }  # fmt: skip
    return shown


def _duty(person: Person) -> str:
    return f"duty_{person.pk}"


def _named(person: Person) -> str:
    return f"{person.name} · {person.unit.name}" if person.unit else person.name
