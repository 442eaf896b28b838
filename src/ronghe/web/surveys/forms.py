"""What people type to draw up a survey, to put it, and to answer it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.surveys.calc.questions import LONGEST_TEXT, POINTS
from ronghe.domain.surveys.enums import Audience, Purpose, QuestionType
from ronghe.domain.surveys.models import SurveyQuestion
from ronghe.domain.surveys.selectors.judging import JudgedItem
from ronghe.domain.surveys.services.drafting import LONGEST_WORD, MOST_OPTIONS, QuestionWords, SurveyWords
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateTimeInput

WEEK = timedelta(days=7)


class WordsForm(forms.Form):
    title = forms.CharField(label=_("问卷名称"), max_length=120)
    intro = forms.CharField(label=_("开头说明"), max_length=400, required=False, widget=forms.Textarea({"rows": 2}))
    purpose = forms.ChoiceField(label=_("用途"), choices=Purpose.choices, initial=Purpose.OTHER)
    audience = forms.ChoiceField(label=_("问谁"), choices=Audience.choices, initial=Audience.BELOW)
    is_named = forms.BooleanField(
        label=_("记名"), required=False,
        help_text=_("不勾就是匿名：谁答过知道，答了什么谁也查不到。记名的，答题前会写明。"),
    )  # fmt: skip
    shows_results = forms.BooleanField(label=_("结果也给答题人看"), required=False)

    def words(self) -> SurveyWords:
        given = self.cleaned_data
        return SurveyWords(
            given["title"], given["intro"], Purpose(given["purpose"]), Audience(given["audience"]), given["is_named"],
            given["shows_results"],
        )  # fmt: skip


class CreateForm(WordsForm):
    body = forms.ModelChoiceField(label=_("哪个组织"), queryset=PartyOrg.objects.none(), empty_label=None)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["body"]
        offered.queryset = bodies


class JudgingForm(forms.Form):
    """What the marks count for; nothing chosen is a survey that judges nobody."""

    item = forms.ChoiceField(label=_("计入评分表的哪一项"), required=False)
    judged = forms.CharField(
        label=_("评价谁"), max_length=80, required=False,
        help_text=_("写组织、班组的全称，党员写姓名或员工号；被评的人不在答题名单里。"),
    )  # fmt: skip
    period = forms.CharField(label=_("计入哪一期"), max_length=20, required=False, help_text=_("例如 2026Q4。"))

    def __init__(self, *args: Any, items: Iterable[JudgedItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["item"]
        offered.choices = [("", _("不计入考评")), *((one.key, one.title) for one in items)]


class QuestionForm(forms.Form):
    text = forms.CharField(label=_("题目"), max_length=120)
    type = forms.ChoiceField(label=_("怎么答"), choices=QuestionType.choices, initial=QuestionType.SINGLE)
    lines = forms.CharField(
        label=_("选项，或逐项打分的各项"), required=False, max_length=MOST_OPTIONS * (LONGEST_WORD + 2),
        widget=forms.Textarea({"rows": 4}), help_text=_("一行一个；1 至 5 分、填数、简短文字不用填。"),
    )  # fmt: skip
    section = forms.CharField(label=_("属于哪一部分"), max_length=40, required=False)
    is_required = forms.BooleanField(label=_("必答"), required=False, initial=True)

    def question(self) -> QuestionWords:
        given = self.cleaned_data
        lines = [line.strip() for line in given["lines"].splitlines() if line.strip()]
        kind = QuestionType(given["type"])
        is_matrix = kind == QuestionType.MATRIX
        return QuestionWords(
            given["text"], kind, () if is_matrix else lines, lines if is_matrix else (), given["section"],
            given["is_required"],
        )  # fmt: skip


def known_question(row: SurveyQuestion) -> dict[str, Any]:
    """Return a question as its form shows it."""
    return {
        "text": row.text, "type": row.type, "lines": "\n".join(row.rows or row.options), "section": row.section,
        "is_required": row.is_required,
    }  # fmt: skip


class ClosingForm(forms.Form):
    closes_at = forms.DateTimeField(label=_("答到什么时候"), widget=DateTimeInput())


def usual_closing(now: datetime) -> datetime:
    """Return the evening a week from now."""
    day = timezone.localtime(now + WEEK)
    return day.replace(hour=time(18).hour, minute=0, second=0, microsecond=0)


class DropForm(forms.Form):
    reason = forms.CharField(label=_("为什么撤下"), max_length=120, required=False)


class AnswerForm(forms.Form):
    """One field a question, a field a row of a matrix; nothing is chosen beforehand."""

    def __init__(self, *args: Any, questions: Sequence[SurveyQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for row in questions:
            for name, field in _fields(row).items():
                self.fields[name] = field

    def asks(self) -> list[tuple[SurveyQuestion, list[forms.BoundField], bool]]:
        """Return each question with its fields, and whether its section begins with it."""
        asked, section = [], ""
        for row in self.questions:
            asked.append((row, [self[name] for name in _names(row)], bool(row.section) and row.section != section))
            section = row.section or section
        return asked

    def answers(self) -> dict[int, object]:
        """Return what was answered as it was typed: the survey's own rules read it."""
        found: dict[int, object] = {}
        for row in self.questions:
            values = [self.cleaned_data.get(name) for name in _names(row)]
            found[row.number] = values if row.type == QuestionType.MATRIX else values[0]
        return found

    def refuse(self, sentences: Mapping[int, str]) -> None:
        """Show what is wrong beside the question that it is about."""
        for number, sentence in sentences.items():
            row = next((one for one in self.questions if one.number == number), None)
            self.add_error(_names(row)[0] if row is not None else None, sentence)


def _names(row: SurveyQuestion) -> list[str]:
    if row.type == QuestionType.MATRIX:
        return [f"q{row.number}_{place}" for place in range(1, len(row.rows) + 1)]
    return [f"q{row.number}"]


def _fields(row: SurveyQuestion) -> dict[str, forms.Field]:
    common: dict[str, Any] = {"label": row.text, "required": False}
    points = [(f"{one}", f"{one}") for one in range(1, POINTS + 1)]
    radio = forms.RadioSelect({"autocomplete": "off"})
    places = [(f"{place}", word) for place, word in enumerate(row.options, start=1)]
    if row.type == QuestionType.MATRIX:
        return {
            name: forms.ChoiceField(label=word, required=False, choices=points, widget=radio)
            for name, word in zip(_names(row), row.rows, strict=True)
        }
    name = _names(row)[0]
    if row.type == QuestionType.SCALE:
        return {name: forms.ChoiceField(choices=points, widget=radio, **common)}
    if row.type == QuestionType.SINGLE:
        return {name: forms.ChoiceField(choices=places, widget=radio, **common)}
    if row.type == QuestionType.SEVERAL:
        several = forms.CheckboxSelectMultiple({"autocomplete": "off"})
        return {name: forms.MultipleChoiceField(choices=places, widget=several, **common)}
    if row.type == QuestionType.NUMBER:
        number = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "aria-label": row.text})
        return {name: forms.CharField(max_length=20, widget=number, **common)}
    words = {"rows": 2, "autocomplete": "off", "aria-label": row.text, "placeholder": spoken("不要写姓名，写事不写人")}
    return {name: forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(words), **common)}
