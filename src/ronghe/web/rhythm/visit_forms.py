"""What somebody types on a phone after a visit: ticks first, words where there is something to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronghe.domain.contacts.rules import Question
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import AnswerRating, Seen
from ronghe.domain.rhythm.services.visits import Account, Finding, Problem, ProblemIncomplete
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer

PROBLEM_LINES = 3
DAYS_TO_SOLVE = timedelta(days=7)
END_OF_DAY = time(17, 30)
MET_OFFERED = 40


class VisitForm(forms.Form):
    """The questions of the visit's kind, a few lines for problems, and where and when.

    `people` are those around the place, the likely ones to solve a problem first; the first is preselected.
    """

    entry = forms.CharField(widget=forms.HiddenInput, max_length=36, required=False)
    note = forms.CharField(
        label=_("看到什么"), required=False, max_length=400, widget=forms.Textarea({"rows": 2})
    )  # fmt: skip
    day = forms.DateField(label=_("哪天去的"), widget=DateInput())
    place = forms.CharField(label=_("地点"), required=False, max_length=80)
    met = forms.ModelMultipleChoiceField(
        label=_("见到谁"), queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, questions: Sequence[Question], people: Any, known: list[Person], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"seen_{question.code}"] = forms.ChoiceField(
                label=spoken(question.text), required=False, choices=Seen.choices, widget=forms.RadioSelect
            )
            self.fields[f"said_{question.code}"] = forms.CharField(
                label=spoken(question.text), required=False, max_length=200
            )
        due = datetime.combine(today + DAYS_TO_SOLVE, END_OF_DAY)
        for number in range(1, PROBLEM_LINES + 1):
            self.fields[f"title_{number}"] = forms.CharField(label=_("发现的问题"), required=False, max_length=120)
            self.fields[f"assignee_{number}"] = PersonField(label=_("谁来办"), required=False, empty_label=_("请选人"))
            self.fields[f"due_{number}"] = forms.DateTimeField(
                label=_("何时办完"), required=False, widget=DateTimeInput(), initial=due
            )
            offer(self, f"assignee_{number}", people, known)
            raiser = PersonField(label=_("谁提的"), required=False, empty_label=_("自己发现的"))
            raiser.help_text = _("办好后本人会收到答复；别人看不到是谁提的。")
            self.fields[f"raiser_{number}"] = raiser
            offer(self, f"raiser_{number}", people, known)
            self.fields[f"assignee_{number}"].initial = known[0].pk if known else None
        met: Any = self.fields["met"]
        met.queryset = people.model.objects.filter(pk__in=[one.pk for one in known[:MET_OFFERED]]).order_by(
            "name", "pk"
        )
        met.label_from_instance = lambda one: one.name
        self.fields["day"].initial = today
        self.fields["day"].widget.attrs["max"] = today.isoformat()

    def asks(self) -> Iterator[tuple[Question, BoundField]]:
        """Yield each question with its field."""
        for question in self.questions:
            yield question, self[f"seen_{question.code}"]

    def words(self) -> Iterator[BoundField]:
        for question in self.questions:
            yield self[f"said_{question.code}"]

    def problem_lines(self) -> list[tuple[BoundField, BoundField, BoundField, BoundField]]:
        return [
            (self[f"title_{number}"], self[f"assignee_{number}"], self[f"due_{number}"], self[f"raiser_{number}"])
            for number in range(1, PROBLEM_LINES + 1)
        ]

    def account(self) -> Account:
        """Return what was said.

        :raises ProblemIncomplete: a problem without a person or a deadline
        """
        given = self.cleaned_data
        return Account(
            place=given["place"],
            note=given["note"],
            met=list(given["met"]),
            problems=[problem for number in range(1, PROBLEM_LINES + 1) if (problem := self._problem(number))],
            findings={
                question.code: Finding(Seen(seen), given[f"said_{question.code}"])
                for question in self.questions
                if (seen := given[f"seen_{question.code}"])
            },
        )

    def _problem(self, number: int) -> Problem | None:
        """A person and a deadline alone are those that were offered; they mean nothing without words."""
        given = self.cleaned_data
        title: str = given[f"title_{number}"]
        if not title.strip():
            return None
        assignee, due = given[f"assignee_{number}"], given[f"due_{number}"]
        if assignee is None or due is None:
            raise ProblemIncomplete
        due = due if timezone.is_aware(due) else timezone.make_aware(due)
        return Problem(title, assignee, due, raised_by=given[f"raiser_{number}"])


class RatingForm(forms.Form):
    """One tap: the buttons carry the rating; words are wanted where it is not solved."""

    rating = forms.ChoiceField(choices=AnswerRating.choices, widget=forms.HiddenInput)
    words = forms.CharField(label=_("想说的话"), required=False, max_length=200)


class VisitCorrectionForm(forms.Form):
    text = forms.CharField(label=_("更正什么、为什么"), max_length=400, widget=forms.Textarea({"rows": 2}))
    is_void = forms.BooleanField(
        label=_("这次走访作废"), required=False, help_text=_("记录还在，不再算数；已派的任务照常办。")
    )
