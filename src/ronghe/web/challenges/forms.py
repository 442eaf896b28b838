"""What people type about a challenge: terms, a bid, points, milestones, a payment, a failure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.challenges.enums import Criterion, Finding
from ronghe.domain.challenges.models import DEFAULT_WEIGHTS
from ronghe.domain.challenges.services.carrying_out import MilestoneText
from ronghe.domain.challenges.services.posting import Offer, Terms
from ronghe.domain.org.models import Person
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.items.forms import area
from ronghe.web.paging import LONGEST

MILESTONES = 5
"""Lines on the form; nobody needs more."""


class TeamField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name} · {person.unit.name}" if person.unit else str(person.name)

    def clean(self, value: Any) -> Any:
        """Leave out what is longer than any id: no database takes it."""
        return super().clean([one for one in value or [] if len(str(one)) <= LONGEST])


class TermsForm(forms.Form):
    bids_until = forms.DateTimeField(label=_("揭榜截止"), widget=DateTimeInput())
    reward = forms.DecimalField(label=_("奖励（元）"), min_value=Decimal(0), max_digits=14, decimal_places=2)
    reward_text = forms.CharField(label=_("其他奖励"), required=False, max_length=400)
    acceptance = forms.CharField(label=_("验收标准"), max_length=1000, widget=area())
    tolerance = forms.CharField(
        label=_("容错条件"), required=False, max_length=400, widget=area(), help_text=_("什么情况算尽职未成，不追究。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in Criterion:
            self.fields[f"weight_{criterion.value}"] = forms.IntegerField(
                label=_("%(criterion)s占多少（%%）") % {"criterion": criterion.label}, min_value=0, max_value=100,
                initial=DEFAULT_WEIGHTS[criterion.value],
            )  # fmt: skip

    @property
    def weights(self) -> list[Any]:
        return [self[f"weight_{criterion.value}"] for criterion in Criterion]

    def terms(self) -> Terms:
        typed = self.cleaned_data
        weights = {criterion.value: typed[f"weight_{criterion.value}"] for criterion in Criterion}
        return Terms(
            typed["bids_until"], typed["reward"], typed["acceptance"], typed["reward_text"], typed["tolerance"], weights
        )


class BidForm(forms.Form):
    plan = forms.CharField(label=_("怎么解决"), max_length=2000, widget=area(4))
    days = forms.IntegerField(label=_("要多少天"), min_value=1, max_value=3000)
    cost = forms.DecimalField(label=_("要多少钱（元）"), min_value=Decimal(0), max_digits=14, decimal_places=2)
    team = TeamField(label=_("队伍里还有谁"), queryset=Person.objects.none(), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = people

    def offer(self) -> Offer:
        typed = self.cleaned_data
        return Offer(typed["plan"], typed["days"], typed["cost"], list(typed["team"]))


class PanelForm(forms.Form):
    people = TeamField(label=_("评榜组"), queryset=Person.objects.none())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.queryset = people


class PointsForm(forms.Form):
    comment = forms.CharField(label=_("意见"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in Criterion:
            self.fields[criterion.value] = forms.IntegerField(label=criterion.label, min_value=0, max_value=100)

    @property
    def points_fields(self) -> list[Any]:
        return [self[criterion.value] for criterion in Criterion]

    def points(self) -> dict[str, int]:
        return {criterion.value: self.cleaned_data[criterion.value] for criterion in Criterion}


class MilestonesForm(forms.Form):
    """Some lines; those left empty are not counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MILESTONES + 1):
            self.fields[f"title_{number}"] = forms.CharField(
                label=_("第 %(number)s 个里程碑") % {"number": number}, required=False, max_length=120
            )
            self.fields[f"due_{number}"] = forms.DateField(label=_("哪天到"), required=False, widget=DateInput())
            self.fields[f"share_{number}"] = forms.IntegerField(
                label=_("奖励占比（%）"), required=False, min_value=0, max_value=100
            )

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        numbers = range(1, MILESTONES + 1)
        return [(self[f"title_{n}"], self[f"due_{n}"], self[f"share_{n}"]) for n in numbers]

    def milestones(self) -> list[MilestoneText]:
        typed = self.cleaned_data
        numbers = [n for n in range(1, MILESTONES + 1) if typed.get(f"title_{n}") and typed.get(f"due_{n}")]
        return [MilestoneText(typed[f"title_{n}"], typed[f"due_{n}"], typed.get(f"share_{n}") or 0) for n in numbers]


class WordsForm(forms.Form):
    note = forms.CharField(label=_("说明"), max_length=400, widget=area())


class RepostForm(forms.Form):
    until = forms.DateTimeField(label=_("揭榜截止"), widget=DateTimeInput())
    note = forms.CharField(label=_("为什么重新发榜"), max_length=400, widget=area())


class PayForm(forms.Form):
    amount = forms.DecimalField(label=_("金额（元）"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2)
    paid_on = forms.DateField(label=_("哪天兑现"), widget=DateInput())
    note = forms.CharField(label=_("说明"), required=False, max_length=200)


class FailureForm(forms.Form):
    finding = forms.ChoiceField(label=_("认定"), choices=Finding.choices)
    reasons = forms.CharField(label=_("依据"), max_length=1000, widget=area())
    learnt = forms.CharField(label=_("得到的教训"), required=False, max_length=1000, widget=area())
