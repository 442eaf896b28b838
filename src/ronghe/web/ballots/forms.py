"""What people type to open a vote, and to count papers; the vote itself is one tap a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ronghe.domain.ballots.models import BallotItem
from ronghe.domain.ballots.services.ballots import MOST_CHOICES, MOST_ITEMS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.words import _ as spoken

LONGEST_LINE = 120
MOST_PAPERS = 100_000


class Electors(TextChoices):
    """Who votes; fixed when the vote is opened."""

    VOTING = "voting", _("有表决权的正式党员")
    MEMBERS = "members", _("全体党员")
    EVERYBODY = "everybody", _("组织里的全部人员")


class BallotForm(forms.Form):
    body = forms.ModelChoiceField(label=_("哪个组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    title = forms.CharField(label=_("投票名称"), max_length=LONGEST_LINE)
    items = forms.CharField(
        label=_("投票事项"), help_text=_("一行一项，逐项投票。"), max_length=MOST_ITEMS * LONGEST_LINE,
        widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip
    choices = forms.CharField(
        label=_("选项"), help_text=_("用空格隔开，每项都从这些里选一个。"), max_length=200, initial=_("赞成 反对 弃权")
    )
    electors = forms.ChoiceField(label=_("谁投票"), choices=Electors.choices, initial=Electors.VOTING)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["body"]
        offered.queryset = bodies

    def clean_items(self) -> list[str]:
        lines = [line.strip() for line in str(self.cleaned_data["items"]).splitlines() if line.strip()]
        if len(lines) > MOST_ITEMS or any(len(line) > LONGEST_LINE for line in lines):
            raise forms.ValidationError(
                gettext("最多 %(items)s 项，每项不超过 %(signs)s 个字。") % {"items": MOST_ITEMS, "signs": LONGEST_LINE}
            )
        return lines

    def clean_choices(self) -> list[str]:
        words = str(self.cleaned_data["choices"]).replace("、", " ").replace("，", " ").split()
        if not 2 <= len(words) <= MOST_CHOICES:
            raise forms.ValidationError(gettext("选项要 2 至 %(most)s 个，用空格隔开。") % {"most": MOST_CHOICES})
        return words


class VotingForm(forms.Form):
    """One row a line, one tap each; nothing is preselected."""

    def __init__(self, *args: Any, items: Sequence[BallotItem], choices: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        offered = [(str(place), spoken(word)) for place, word in enumerate(choices, start=1)]
        for item in items:
            self.fields[f"item_{item.number}"] = forms.ChoiceField(
                label=item.title, choices=offered, widget=forms.RadioSelect({"autocomplete": "off"})
            )

    def asks(self) -> list[BoundField]:
        return [self[f"item_{item.number}"] for item in self.items]

    def votes(self) -> dict[int, int]:
        """Return the number of the choice by number of the item."""
        return {item.number: int(self.cleaned_data[f"item_{item.number}"]) for item in self.items}


class PapersForm(forms.Form):
    """Votes on paper by item and choice."""

    def __init__(self, *args: Any, items: Sequence[BallotItem], choices: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.choices = items, choices
        for item in items:
            for place, word in enumerate(choices, start=1):
                self.fields[f"count_{item.number}_{place}"] = forms.IntegerField(
                    label=spoken(word), min_value=0, max_value=MOST_PAPERS, initial=0
                )

    def rows(self) -> list[tuple[BallotItem, list[BoundField]]]:
        places = range(1, len(self.choices) + 1)
        return [(item, [self[f"count_{item.number}_{place}"] for place in places]) for item in self.items]

    def counts(self) -> dict[int, list[int]]:
        places = range(1, len(self.choices) + 1)
        return {
            item.number: [self.cleaned_data[f"count_{item.number}_{place}"] for place in places] for item in self.items
        }


class HandForm(forms.Form):
    """Who gets a paper: somebody on the list who has not voted."""

    voters = forms.ModelMultipleChoiceField(
        label=_("给谁发纸票"), queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, waiting: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["voters"]
        field.queryset = waiting
        field.label_from_instance = lambda person: person.name


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("为什么作废"), max_length=120)
