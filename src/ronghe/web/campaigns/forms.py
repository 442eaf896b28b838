"""What people type about themed activities, stages and reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.campaigns.selectors.themes import FigureLine
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.work.models import Task
from ronghe.ui.forms import DateTimeInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.paging import LONGEST

FIGURE = "figure_"
"""Before the id of a figure, in the name of its field."""
SECTION = "section_"


def area(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class BodiesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """Leave out what is longer than any id: no database takes it."""
        return super().clean([one for one in value or [] if len(str(one)) <= LONGEST])


class ThemedForm(forms.Form):
    """One form: theme, title, when, where, with whom."""

    theme = forms.ChoiceField(label=_("主题"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("活动名称"), max_length=80)
    starts_at = forms.DateTimeField(label=_("开始"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("结束"), widget=DateTimeInput())
    place = forms.CharField(
        label=_("地点"), required=False, max_length=80, help_text=_("不填为协作区地点；没有协作区的，为所在单位。")
    )
    hosts = BodiesField(
        label=_("与谁联办"), queryset=PartyOrg.objects.none(), required=False, help_text=_("只列您能安排的组织。")
    )

    def __init__(self, *args: Any, themes: Sequence[tuple[str, str]], bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme: Any = self.fields["theme"]
        theme.choices = themes
        hosts: Any = self.fields["hosts"]
        hosts.queryset = bodies


class ResultForm(forms.Form):
    """The figures that the theme asks for, filled in as far as sheet and tasks say them."""

    def __init__(self, *args: Any, lines: Iterable[FigureLine], is_correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            known = line.value if line.value is not None else line.proposed
            self.fields[f"{FIGURE}{line.figure.id}"] = forms.DecimalField(
                label=_("%(title)s（%(unit)s）") % {"title": line.title, "unit": line.unit}, min_value=0,
                max_digits=14, decimal_places=0 if line.figure.whole else 2, initial=known,
                help_text=_("已按签到和任务填好，不对的可以改。") if line.value is None and known is not None else "",
            )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label=_("成效"), max_length=400, required=False, widget=area(3), help_text=_("解决了什么、有什么变化。")
        )
        if is_correction:
            self.fields["reason"] = forms.CharField(label=_("为什么更正"), max_length=120)

    @property
    def values(self) -> dict[str, Decimal]:
        return {line.figure.id: self.cleaned_data[f"{FIGURE}{line.figure.id}"] for line in self.lines}


class TaskForm(forms.Form):
    """A task of the body that the activity took up."""

    task = forms.ModelChoiceField(label=_("哪一项任务"), queryset=Task.objects.none(), empty_label=_("请选任务"))

    def __init__(self, *args: Any, tasks: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["task"]
        field.queryset = tasks
        shown = list(tasks[:most])
        field.choices = [("", field.empty_label), *((one.pk, f"{one.title} · {one.assignee.name}") for one in shown)]


class ProblemForm(forms.Form):
    problem = forms.CharField(label=_("什么问题"), max_length=120)
    assignee = PersonField(label=_("谁来办"), empty_label=_("请选人"))
    due_at = forms.DateTimeField(label=_("何时办完"), widget=DateTimeInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "assignee", people)


class SummaryForm(forms.Form):
    text = forms.CharField(
        label=_("阶段小结"), max_length=10_000, widget=area(8), help_text=_("做了什么、有什么问题；数据不用抄。")
    )
    reason = forms.CharField(label=_("还缺的为什么没有完成"), max_length=200, required=False)

    def __init__(self, *args: Any, is_missing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_missing:
            del self.fields["reason"]


class CorrectionForm(forms.Form):
    text = forms.CharField(label=_("改成"), max_length=10_000, widget=area(8))
    reason = forms.CharField(label=_("为什么更正"), max_length=200)


class SectionsForm(forms.Form):
    """A text for each section of the report."""

    def __init__(self, *args: Any, sections: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [code for code, _zh, _title in sections]
        for code, _zh, title in sections:
            self.fields[f"{SECTION}{code}"] = forms.CharField(
                label=title, max_length=10_000, required=False, widget=area(6)
            )

    @property
    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"{SECTION}{code}"] for code in self.codes}


class NoteForm(forms.Form):
    note = forms.CharField(label=_("审阅意见"), max_length=400, required=False)


class ReturnForm(forms.Form):
    reason = forms.CharField(label=_("退回的原因"), max_length=400)
