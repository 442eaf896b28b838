"""What people type about savings: lines of a reckoning, shares of the merit, a project's gain in days."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.benefits.calc.reckoning import LineIn
from ronghe.domain.benefits.models import Reckoning
from ronghe.domain.benefits.services.reckoning import MOST_LINES, ReckoningIn
from ronghe.domain.org.models import Person
from ronghe.kernel.words import _ as spoken

FEWEST, MORE = 2, 3
NOUGHT = Decimal(0)
COLUMNS = ("what", "unit", "before_quantity", "before_price", "after_quantity", "after_price")


def _number(label: Any, places: int) -> forms.DecimalField:
    field = forms.DecimalField(label=label, required=False, min_value=0, max_digits=14, decimal_places=places)
    field.widget = forms.TextInput({"inputmode": "decimal"})
    return field


class ReckoningForm(forms.Form):
    """Lines in rows of six fields each; rows left empty are left out."""

    use_required_attribute = False
    """So that more rows can be had before everything is filled in."""

    days_before = forms.IntegerField(label=_("原来要几天"), required=False, min_value=0, max_value=3650)
    days_after = forms.IntegerField(label=_("现在要几天"), required=False, min_value=0, max_value=3650)
    basis = forms.CharField(
        label=_("数从哪里来"), max_length=1000, widget=forms.Textarea({"rows": 2}),
        help_text=_("例如合同单价、结算单、台账、监理日志。"),
    )  # fmt: skip
    note = forms.CharField(label=_("说明"), required=False, max_length=1000)

    def __init__(self, sent: Any = None, *, known: Reckoning | None = None) -> None:
        """Take what was `sent`; with 再加几行 nothing is judged yet, and a few more rows stand there."""
        lines = list(known.lines.all()) if known is not None else []
        initial: dict[str, Any] = {}
        if known is not None:
            initial = {"days_before": known.days_before, "days_after": known.days_after, "basis": known.basis}
        self.wants_more = sent is not None and "more" in sent
        super().__init__(None if self.wants_more else sent, initial=initial)
        self.rows = max(_rows_in(sent) + (MORE if self.wants_more else 0), len(lines), FEWEST)
        self.rows = min(self.rows, MOST_LINES)
        for place in range(1, self.rows + 1):
            self.fields[f"what_{place}"] = forms.CharField(label=_("算什么"), required=False, max_length=80)
            self.fields[f"unit_{place}"] = forms.CharField(label=_("单位"), required=False, max_length=12)
            for name, label, places in (
                ("before_quantity", _("原来数量"), 3), ("before_price", _("原来单价（元）"), 2),
                ("after_quantity", _("现在数量"), 3), ("after_price", _("现在单价（元）"), 2),
            ):  # fmt: skip
                self.fields[f"{name}_{place}"] = _number(label, places)
            if place <= len(lines):
                for name in COLUMNS:
                    self.initial[f"{name}_{place}"] = _plain(getattr(lines[place - 1], name))
        if self.wants_more:
            self.initial.update({name: sent[name] for name in self.fields if name in sent})

    @property
    def line_rows(self) -> list[dict[str, Any]]:
        return [
            {"place": place, **{name: self[f"{name}_{place}"] for name in COLUMNS}} for place in range(1, self.rows + 1)
        ]

    def reckoning(self) -> ReckoningIn:
        typed = self.cleaned_data
        lines = []
        for place in range(1, self.rows + 1):
            values = [typed.get(f"{name}_{place}") for name in COLUMNS]
            if any(value not in (None, "") for value in values):
                what, unit, *numbers = values
                lines.append(LineIn(what or "", unit or "", *(number or NOUGHT for number in numbers)))
        return ReckoningIn(lines, typed.get("days_before") or 0, typed.get("days_after") or 0, typed["basis"])


def _rows_in(sent: Any) -> int:
    rows = str(sent.get("rows", "")) if sent is not None else ""
    return int(rows) if rows.isascii() and rows.isdigit() and len(rows) <= 3 else 0


def _plain(value: Any) -> Any:
    """Return a number without noughts at its end, as people type it."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class SharesForm(forms.Form):
    """One percentage a person; an empty one has no share."""

    def __init__(self, *args: Any, people: Sequence[tuple[Person, Decimal | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = [person for person, _percent in people]
        for person, percent in people:
            name = f"share_{person.pk}"
            field = forms.DecimalField(label=person.name, required=False, min_value=0, max_value=100, decimal_places=2)
            field.widget = forms.TextInput({"inputmode": "decimal"})
            self.fields[name] = field
            if percent is not None:
                self.initial[name] = _plain(percent)

    @property
    def share_fields(self) -> list[Any]:
        return [self[f"share_{person.pk}"] for person in self.people]

    def shares(self) -> list[tuple[Person, Decimal]]:
        found = [(person, self.cleaned_data.get(f"share_{person.pk}")) for person in self.people]
        return [(person, percent) for person, percent in found if percent]


class NoteForm(forms.Form):
    note = forms.CharField(label=_("说明"), required=False, max_length=1000)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("为什么冲回"), max_length=1000, widget=forms.Textarea({"rows": 2}))


class GainForm(forms.Form):
    days = forms.IntegerField(label=_("整个项目共节约几天"), min_value=1, max_value=3650)
    basis = forms.CharField(label=_("依据"), max_length=400)


class LimitForm(forms.Form):
    """Nothing typed means that no second review is wanted."""

    amount = forms.DecimalField(
        label=_("估算超过多少元要上级复审"), required=False, min_value=0, max_digits=13, decimal_places=2,
        help_text=_("不填就是不要复审；下级没有另定的，也按这个数。"),
    )  # fmt: skip

    def fen(self) -> int | None:
        amount = self.cleaned_data.get("amount")
        return None if amount is None else int(amount * 100)


def refusal(form: forms.Form) -> str:
    """Return what is wrong with a small form in one sentence, for a toast."""
    sentences = [str(error) for errors in form.errors.values() for error in errors]
    return " ".join(sentences) or spoken("请核对填写的内容。")
