"""What people type about mentor pairs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as spoken
from django.utils.translation import gettext_lazy as _

from ronghe.domain.exchange.calc.figures import plain
from ronghe.domain.exchange.enums import Better, NoteKind, PairOutcome
from ronghe.domain.exchange.models import PairGoal
from ronghe.domain.exchange.services.pairs import MOST, GoalText
from ronghe.domain.members.enums import MentorKind
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.exchange.forms import amount, area


class PairForm(forms.Form):
    apprentice = PersonField(label=_("徒弟"), empty_label=_("请选人"))
    mentor = PersonField(label=_("师傅"), empty_label=_("请选人"))
    kind = forms.ChoiceField(label=_("哪一种"), choices=MentorKind.choices)
    topic = forms.CharField(label=_("带什么"), max_length=60)
    since = forms.DateField(label=_("从哪一天"), widget=DateInput())
    planned_until = forms.DateField(label=_("计划到哪一天"), widget=DateInput(), required=False)

    def __init__(self, *args: Any, apprentices: Any, mentors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "apprentice", apprentices)
        offer(self, "mentor", mentors)


class PairProgrammeForm(forms.Form):
    """The span, the witness, the promise, and up to six goals, one a row; empty rows are left out."""

    starts_on = forms.DateField(label=_("从哪一天"), widget=DateInput())
    until_on = forms.DateField(label=_("最后一天"), widget=DateInput())
    review_months = forms.IntegerField(label=_("几个月评估一次"), min_value=1, max_value=24)
    witness = PersonField(label=_("见证人"), empty_label=_("请选人"))
    text = forms.CharField(label=_("约定"), max_length=2000, required=False, widget=area(4))

    def __init__(self, *args: Any, witnesses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "witness", witnesses)
        for number in range(1, MOST + 1):
            self.fields[f"what_{number}"] = forms.CharField(label=_("做到什么"), max_length=80, required=False)
            self.fields[f"baseline_{number}"] = amount(_("起点"))
            self.fields[f"target_{number}"] = amount(_("目标值"))
            self.fields[f"unit_{number}"] = forms.CharField(label=_("单位"), max_length=12, required=False)
            self.fields[f"better_{number}"] = forms.ChoiceField(
                label=_("方向"), choices=Better.choices, required=False, initial=Better.UP
            )
            self.fields[f"due_{number}"] = forms.DateField(label=_("期限"), widget=DateInput(), required=False)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the fields of each goal; rows beyond the first three that are empty stand folded."""
        for number in range(1, MOST + 1):
            names = ("what", "baseline", "target", "unit", "better", "due")
            yield {"number": number, "folded": number > 3 and not self[f"what_{number}"].value()} | {
                name: self[f"{name}_{number}"] for name in names
            }

    def goals(self) -> list[GoalText]:
        """Return the goals that were written; one without its own day is due on the last one."""
        given = self.cleaned_data
        return [
            GoalText(
                given[f"what_{number}"], given[f"due_{number}"] or given["until_on"], given[f"unit_{number}"],
                Better(given[f"better_{number}"] or Better.UP), given[f"baseline_{number}"], given[f"target_{number}"],
            )
            for number in range(1, MOST + 1)
            if given.get(f"what_{number}")
        ]  # fmt: skip

    @staticmethod
    def initial_goals(goals: list[PairGoal]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for number, goal in enumerate(goals, start=1):
            found |= {
                f"what_{number}": goal.what, f"baseline_{number}": plain(goal.baseline),
                f"target_{number}": plain(goal.target), f"unit_{number}": goal.unit, f"better_{number}": goal.better,
                f"due_{number}": goal.due_on,
            }  # fmt: skip
        return found


class PairNoteForm(forms.Form):
    kind = forms.ChoiceField(label=_("记什么"), choices=NoteKind.choices, initial=NoteKind.WORK)
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    text = forms.CharField(label=_("内容"), max_length=300, widget=area())


class PairReviewForm(forms.Form):
    """One field a goal; both words, what comes next, and the conclusion."""

    held_on = forms.DateField(label=_("哪一天评估"), widget=DateInput())
    mentor_word = forms.CharField(label=_("师傅怎么说"), max_length=400, widget=area(3))
    apprentice_word = forms.CharField(label=_("徒弟怎么说"), max_length=400, widget=area(3))
    next_step = forms.CharField(label=_("下一步"), max_length=300, required=False, widget=area())
    outcome = forms.ChoiceField(label=_("结论"))
    until_on = forms.DateField(
        label=_("延长到哪一天"), widget=DateInput(), required=False, help_text=_("选“延长”时才填。")
    )

    def __init__(self, *args: Any, goals: list[PairGoal], concludes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._goals = goals
        outcome: Any = self.fields["outcome"]
        every = PairOutcome.choices
        outcome.choices = every if concludes else [row for row in every if row[0] == PairOutcome.GOES_ON]
        for goal in goals:
            if goal.is_measured:
                said = spoken("%(what)s现在多少（目标 %(target)s%(unit)s）")
                told = {"what": goal.what, "target": plain(goal.target), "unit": goal.unit}
                self.fields[f"figure_{goal.number}"] = amount(said % told)
            else:
                self.fields[f"met_{goal.number}"] = forms.BooleanField(label=goal.what, required=False)

    def goal_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(("figure_", "met_"))]

    def figures(self) -> dict[int, Decimal]:
        given = self.cleaned_data
        names = {goal.number: f"figure_{goal.number}" for goal in self._goals if goal.is_measured}
        return {number: given[name] for number, name in names.items() if given.get(name) is not None}

    def met(self) -> dict[int, bool]:
        names = {goal.number: f"met_{goal.number}" for goal in self._goals if not goal.is_measured}
        return {number: bool(self.cleaned_data.get(name)) for number, name in names.items()}


def default_span(since: date, planned_until: date | None) -> tuple[date, date]:
    """Return a span to begin with: as the pair was planned, else a year."""
    try:
        year = since.replace(year=since.year + 1)
    except ValueError:  # the 29th of February
        year = since.replace(year=since.year + 1, day=28)
    return since, planned_until or year
