"""What people type about a row of duties: four sides with part and person, and the table that is imported."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.duties.calc.shares import SIDES
from ronghe.domain.duties.enums import Part, Rhythm
from ronghe.domain.duties.models import DutySheet
from ronghe.domain.duties.selectors.people import people_to_name
from ronghe.domain.duties.selectors.reading import SheetRow
from ronghe.domain.duties.services.rows import LONGEST_BASIS, RowPlan, RowText, SideShare
from ronghe.domain.zones.enums import SheetSide, SheetTopic
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer


class SidesForm(forms.Form):
    """Part and person of each side. A side whose part is decided where the row lives has no fields."""

    def __init__(
        self, *args: Any, sheet: DutySheet, day: date, held: frozenset[str] = frozenset(), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sides = [side for side in SIDES if side not in held]
        for side in self.sides:
            word = SheetSide(side).label
            self.fields[f"part_{side}"] = forms.ChoiceField(
                label=word, choices=[("", spoken("不承担")), *Part.choices], required=False
            )
            self.fields[f"person_{side}"] = PersonField(
                label=spoken("%(side)s责任人") % {"side": word}, required=False, empty_label=spoken("没有定")
            )
            offer(self, f"person_{side}", people_to_name(sheet.zone, day, side))

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self[f"part_{side}"], self[f"person_{side}"]) for side in self.sides]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for side in self.sides:
            if typed.get(f"person_{side}") and not typed.get(f"part_{side}"):
                self.add_error(f"part_{side}", spoken("定了责任人，请说承担什么。"))
        return typed

    def shares(self) -> dict[str, SideShare]:
        typed = self.cleaned_data
        return {
            side: SideShare(Part(typed[f"part_{side}"]), typed[f"person_{side}"])
            for side in self.sides
            if typed[f"part_{side}"]
        }


class RowForm(SidesForm):
    """A row of the zone's own."""

    topic = forms.ChoiceField(label=_("类别"), choices=SheetTopic.choices)
    matter = forms.CharField(label=_("事项"), max_length=80)
    duty = forms.CharField(label=_("职责"), max_length=200, widget=forms.Textarea({"rows": 3}))
    rhythm = forms.ChoiceField(
        label=_("频次"), choices=[("", _("只办一次")), *Rhythm.choices], required=False,
        help_text=_("选了频次，各方确认后每期给责任人开一项任务。"),
    )  # fmt: skip
    due_on = forms.DateField(label=_("期限"), required=False, widget=DateInput())
    basis = forms.CharField(
        label=_("依据"), max_length=LONGEST_BASIS, required=False, help_text=_("制度或条款，如 PC-06。")
    )

    def text(self) -> RowText:
        typed = self.cleaned_data
        rhythm = Rhythm(typed["rhythm"]) if typed["rhythm"] else None
        return RowText(
            SheetTopic(typed["topic"]), typed["matter"], typed["duty"], self.shares(), typed["due_on"], rhythm,
            basis=typed["basis"],
        )  # fmt: skip


class FixForm(SidesForm):
    """Who does what in a row; of a clause, by when or how often as well."""

    basis = forms.CharField(label=_("依据"), max_length=LONGEST_BASIS, required=False)
    rhythm = forms.ChoiceField(label=_("频次"), choices=[("", _("只办一次")), *Rhythm.choices], required=False)
    due_on = forms.DateField(label=_("期限"), required=False, widget=DateInput())

    def __init__(self, *args: Any, is_dated_here: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_dated_here:
            del self.fields["rhythm"], self.fields["due_on"]

    def plan(self) -> RowPlan:
        typed = self.cleaned_data
        rhythm = Rhythm(typed["rhythm"]) if typed.get("rhythm") else None
        return RowPlan(self.shares(), typed["basis"], typed.get("due_on"), rhythm)


def known_of(row: SheetRow) -> dict[str, Any]:
    """Return what a row says already, as the initial values of `FixForm`."""
    known: dict[str, Any] = {"basis": row.row.basis, "due_on": row.row.due_on, "rhythm": row.row.rhythm}
    for side, share in row.shares.items():
        known[f"part_{side}"], known[f"person_{side}"] = share.part, share.person
    return known


class TableForm(forms.Form):
    table = forms.FileField(label=_("责任表"), help_text=_("Excel 或 CSV，一行一条。"))


class TakeOverForm(forms.Form):
    """The rows that the preview showed."""

    packed = forms.CharField(max_length=400_000, widget=forms.HiddenInput)


class ObjectForm(forms.Form):
    reason = forms.CharField(label=_("有什么异议"), max_length=200, widget=forms.Textarea({"rows": 3}))
    digest = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
