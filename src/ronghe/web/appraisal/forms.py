"""The few things a clerk says about a run."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.appraisal.calc.notice import PUBLICITY_WORKDAYS
from ronghe.domain.appraisal.rules import START_RUN
from ronghe.domain.appraisal.selectors.playbooks import playbooks_with_sheets
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.calendar.periods import PeriodKind, period_around
from ronghe.kernel.language import in_language

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
