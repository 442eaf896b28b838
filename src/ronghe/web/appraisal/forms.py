"""The few things a clerk says about a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.appraisal.calc.notice import PUBLICITY_WORKDAYS
from ronghe.domain.appraisal.rules import START_RUN
from ronghe.domain.appraisal.selectors.playbooks import playbooks_with_sheets
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.calendar.periods import PeriodKind, period_around
from ronghe.kernel.language import in_language
from ronghe.web.appraisal.presenting import period_title

EARLIER = {PeriodKind.QUARTER: 4, PeriodKind.MONTH: 4, PeriodKind.HALF: 1, PeriodKind.YEAR: 1}
"""How many closed periods of each length are offered."""


class StartForm(forms.Form):
    body = forms.ModelChoiceField(PartyOrg.objects.none(), label=_("单位"), help_text=_("连同它的下级一起考评"))
    sheet = forms.ChoiceField(label=_("评分表"))
    period = forms.ChoiceField(label=_("期间"), help_text=_("只列已经结束的"))

    def __init__(self, *args: Any, actor: Person, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = START_RUN.narrow(actor, PartyOrg.objects.filter(valid_until=None))
        chosen: Any = self.fields["body"]
        chosen.queryset = bodies.order_by("pk")
        chosen.empty_label = None
        sheets: Any = self.fields["sheet"]
        sheets.choices = [
            (
                f"{playbook.id}:{sheet['id']}",
                _("%(title)s（%(more)s）") % {"title": in_language(sheet["title"]), "more": playbook.title.here},
            )
            for playbook in playbooks_with_sheets()
            for sheet in playbook.sheets
        ]
        periods: Any = self.fields["period"]
        periods.choices = list(_closed_periods(today))


class PublishForm(forms.Form):
    workdays = forms.IntegerField(label=_("公示几个工作日"), min_value=1, max_value=60, initial=PUBLICITY_WORKDAYS)


class FigureForm(forms.Form):
    """One figure for each of the subjects that the page lists; what is left empty stays as it is."""

    item = forms.ChoiceField(label=_("哪个数"))

    def __init__(
        self, *args: Any, figures: Mapping[str, str], subjects: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["item"]
        chosen.choices = list(figures.items())
        for subject, name in subjects:
            self.fields[f"value-{subject}"] = forms.DecimalField(
                label=name, max_digits=12, decimal_places=4, required=False
            )

    @property
    def values(self) -> dict[int, Decimal]:
        """What was typed, by subject."""
        typed = {name: value for name, value in self.cleaned_data.items() if name.startswith("value-")}
        return {int(name.removeprefix("value-")): value for name, value in typed.items() if value is not None}

    @property
    def value_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("value-")]


class ReplaceForm(forms.Form):
    reason = forms.CharField(label=_("更正理由"), max_length=200, widget=forms.Textarea({"rows": 2}))


def _closed_periods(today: date) -> list[tuple[str, str]]:
    found = []
    for kind, count in EARLIER.items():
        period = period_around(today, kind)
        for _number in range(count):
            period = period.previous()
            found.append((str(period), period_title(str(period))))
    return found
