"""What people type about contests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.contests.calc.figures import FIGURES
from ronghe.domain.contests.enums import EntryKind
from ronghe.domain.contests.services.contests import MOST_AWARDS, ContestText, HeadText
from ronghe.domain.honours.models import HonourTitle
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.honours.forms import ManyField, TitleChoice

HEADS = 4
JUDGES = 3


def sources() -> list[tuple[str, str]]:
    """Return where a head's points may come from."""
    return [
        ("", spoken("评委评分（两人的平均）")),
        *((figure.code, spoken(figure.words)) for figure in FIGURES.values()),
    ]


class ContestForm(forms.Form):
    """A contest with up to four heads: three that are usual and one of the unit's own."""

    body = forms.ModelChoiceField(label=_("哪个组织发起"), queryset=PartyOrg.objects.none(), empty_label=None)
    name = forms.CharField(label=_("竞赛名称"), max_length=60)
    starts_on = forms.DateField(label=_("开始日期"), widget=DateInput())
    ends_on = forms.DateField(label=_("结束日期"), widget=DateInput(), help_text=_("这一天还算，第二天起可以排名。"))
    entry_kind = forms.ChoiceField(label=_("谁来比"), choices=EntryKind.choices)
    bodies = ManyField(
        label=_("参赛的党支部"), queryset=PartyOrg.objects.none(), required=False,
        help_text=_("比党支部的才选；不选就是全部参加。"),
    )  # fmt: skip
    teams = ManyField(
        label=_("参赛的班组"), queryset=AdminUnit.objects.none(), required=False,
        help_text=_("比班组的才选；不选就是全部参加。"),
    )  # fmt: skip
    title = TitleChoice(
        label=_("表彰什么荣誉"), queryset=HonourTitle.objects.none(), required=False, empty_label=_("只排名，不表彰"),
    )  # fmt: skip
    awards = forms.IntegerField(label=_("表彰前几名"), min_value=1, max_value=MOST_AWARDS, initial=1)

    def __init__(
        self, *args: Any, bodies: Any, offered: Any, teams: Any, titles: Any, people: Any, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["body"].queryset, fields["bodies"].queryset, fields["teams"].queryset = bodies, offered, teams
        fields["title"].queryset = titles
        usual = (spoken("比干劲"), spoken("比技能"), spoken("比业绩"), "")
        for number in range(1, HEADS + 1):
            words, which = usual[number - 1], {"number": number}
            fields[f"head_{number}"] = forms.CharField(
                label=_("第 %(number)s 项比什么") % which, max_length=40, required=False, initial=words,
                help_text=_("不填就没有这一项。"),
            )  # fmt: skip
            fields[f"figure_{number}"] = forms.ChoiceField(
                label=_("第 %(number)s 项怎么得分") % which, choices=sources(), required=False
            )
            fields[f"weight_{number}"] = forms.IntegerField(
                label=_("第 %(number)s 项比重（%%）") % which, min_value=1, max_value=100, required=False,
                initial={1: 40, 2: 30, 3: 30}.get(number),
            )  # fmt: skip
        for number in range(1, JUDGES + 1):
            fields[f"judge_{number}"] = PersonField(
                label=_("评委 %(number)s") % {"number": number}, empty_label=_("没有就不选"), required=False
            )
            offer(self, f"judge_{number}", people)

    def text(self) -> ContestText:
        given = self.cleaned_data
        heads = [
            HeadText(given[f"head_{number}"], given[f"weight_{number}"] or 0, given[f"figure_{number}"])
            for number in range(1, HEADS + 1) if given[f"head_{number}"].strip()
        ]  # fmt: skip
        judges = [given[f"judge_{number}"] for number in range(1, JUDGES + 1) if given[f"judge_{number}"]]
        return ContestText(
            given["name"], given["starts_on"], given["ends_on"], heads, EntryKind(given["entry_kind"]),
            list(given["bodies"]), list(given["teams"]), judges, given["title"], given["awards"],
        )  # fmt: skip


class MarksForm(forms.Form):
    """Points of one head, a field an entry; what stays empty is not judged."""

    def __init__(self, *args: Any, entries: Any, given: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {f"entry_{entry.pk}": entry.pk for entry in entries}
        for entry in entries:
            self.fields[f"entry_{entry.pk}"] = forms.DecimalField(
                label=entry.name, min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False,
                initial=given.get(entry.pk),
            )  # fmt: skip

    def points(self) -> dict[int, Any]:
        given = {key: self.cleaned_data[name] for name, key in self.keys.items()}
        return {key: points for key, points in given.items() if points is not None}


class ContestAwardForm(forms.Form):
    document_number = forms.CharField(label=_("表彰文号"), max_length=60, required=False)
