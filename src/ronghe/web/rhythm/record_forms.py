"""What people type while a meeting is recorded: one topic at a time, the form of the mechanism, how it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import Matter, VoteMethod
from ronghe.domain.rhythm.selectors.forms import FigureLine
from ronghe.ui.forms import DateTimeInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.rhythm.forms import default_deadline

MOST_VOTES = 100_000
_ON_PAPER: dict[str, Any] = {"max_digits": 14, "decimal_places": 2, "min_value": Decimal(0)}


def _plain(value: Decimal | None) -> str | None:
    """A figure as somebody would type it, without the noughts that the database adds."""
    return None if value is None else f"{value.normalize():f}"


class TopicEditForm(forms.Form):
    topic = forms.CharField(label=_("议题"), max_length=120)
    notes = forms.CharField(label=_("讨论"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4}))
    decision = forms.CharField(label=_("决定"), required=False, max_length=400, widget=forms.Textarea({"rows": 2}))


class _AboutPerson(forms.Form):
    """Somebody among `people`; `known` are the same ones where the page has read them already."""

    person = PersonField(label=_("谁"), empty_label=_("请选人"))

    def __init__(self, *args: Any, people: Any, known: list[Person] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people, known)


class SpeechForm(_AboutPerson):
    text = forms.CharField(label=_("说了什么"), max_length=600, widget=forms.Textarea({"rows": 2}))


class DissentForm(_AboutPerson):
    text = forms.CharField(label=_("不同意见（照本人的话）"), max_length=300, widget=forms.Textarea({"rows": 2}))


class MatterForm(forms.Form):
    """What the topic is; an admission is about one person."""

    matter = forms.ChoiceField(
        label=_("按什么表决"), choices=lambda: [one for one in Matter.choices if one[0] != Matter.ELECTION]
    )
    applicant = PersonField(label=_("表决谁"), required=False, empty_label=_("不是接收或转正"))

    def __init__(self, *args: Any, people: Any, known: list[Person] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "applicant", people, known)


class VoteForm(forms.Form):
    method = forms.ChoiceField(label=_("怎么表决"), choices=VoteMethod.choices)
    votes_for = forms.IntegerField(label=_("赞成"), min_value=0, max_value=MOST_VOTES)
    votes_against = forms.IntegerField(label=_("反对"), min_value=0, max_value=MOST_VOTES, initial=0)
    votes_abstained = forms.IntegerField(label=_("弃权"), min_value=0, max_value=MOST_VOTES, initial=0)


class WrittenForm(forms.Form):
    yes = forms.IntegerField(label=_("赞成"), min_value=0, max_value=MOST_VOTES, initial=0)
    no = forms.IntegerField(label=_("反对"), min_value=0, max_value=MOST_VOTES, initial=0)
    abstained = forms.IntegerField(label=_("弃权"), min_value=0, max_value=MOST_VOTES, initial=0)


class TaskForm(forms.Form):
    assignee = PersonField(label=_("谁来办"), empty_label=_("请选人"))
    due_at = forms.DateTimeField(label=_("何时办完"), widget=DateTimeInput())

    def __init__(
        self, *args: Any, people: Any, now: datetime, known: list[Person] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "assignee", people, known)
        self.fields["due_at"].initial = default_deadline(now)


class OutcomeForm(forms.Form):
    """The work that was done, with a figure where there is one, and what will be done next."""

    next_step = forms.CharField(label=_("下一步怎么做"), required=False, max_length=200)
    result = forms.CharField(label=_("完成的工作"), required=False, max_length=200)
    result_figure = forms.DecimalField(
        label=_("数量"), required=False, max_digits=12, decimal_places=2, min_value=Decimal(0)
    )
    result_unit = forms.CharField(label=_("单位"), required=False, max_length=16)


class FiguresForm(forms.Form):
    """The figures of the form, one field a line; empty takes a figure back."""

    def __init__(self, *args: Any, lines: Sequence[FigureLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            label = gettext("%(title)s（%(unit)s）") % {"title": line.title, "unit": line.unit}
            options: dict[str, Any] = {"label": label, "required": False, "initial": _plain(line.value)}
            if line.whole:
                self.fields[self._name(line)] = forms.IntegerField(min_value=0, max_value=10**11, **options)
            else:
                self.fields[self._name(line)] = forms.DecimalField(**_ON_PAPER, **options)

    @staticmethod
    def _name(line: FigureLine) -> str:
        return f"figure_{line.id}"

    def rows(self) -> list[BoundField]:
        return [self[self._name(line)] for line in self.lines]

    def values(self) -> dict[str, Decimal | None]:
        """Return the figures by id, `None` where there is none."""
        given = {line.id: self.cleaned_data[self._name(line)] for line in self.lines}
        return {name: None if value is None else Decimal(value) for name, value in given.items()}


class CloseForm(forms.Form):
    without = forms.CharField(label=_("缺了也要结束，原因"), required=False, max_length=120)
