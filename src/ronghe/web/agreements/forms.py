"""What people type about agreements: whom with, the text, remarks, signers, figures, reviews, endings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.agreements.calc import checks
from ronghe.domain.agreements.calc.content import Content, Goal, Section
from ronghe.domain.agreements.enums import AgreementKind, Better, EndingKind, GoalHead, Verdict
from ronghe.domain.agreements.models import DIGITS, PLACES
from ronghe.domain.agreements.selectors.goals import GoalState
from ronghe.domain.agreements.services.reviewing import Finding
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.projects.models import Project
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer

PARTNERS = 4
"""Other sides that can be named when drafting."""


class PartnerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Another side, found by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=PartyOrg.objects.none(), empty_label=_("请选党组织"), **kwargs)

    def label_from_instance(self, body: Any) -> str:
        return f"{body.name} · {body.parent.name}" if body.parent else str(body.name)


class DraftForm(forms.Form):
    kind = forms.ChoiceField(label=_("订哪一种"), choices=AgreementKind.choices, widget=forms.RadioSelect())
    project = forms.ModelChoiceField(
        label=_("关于哪个项目"), queryset=Project.objects.none(), empty_label=_("请选项目")
    )
    body = forms.ModelChoiceField(label=_("代表哪一方"), queryset=PartyOrg.objects.none(), empty_label=None)
    partner_1 = PartnerField(label=_("与谁订"))
    partner_2 = PartnerField(label=_("第三方"), required=False)
    partner_3 = PartnerField(label=_("第四方"), required=False)
    form = forms.ChoiceField(label=_("文本从哪里起"), required=False)
    starts_on = forms.DateField(label=_("从哪一天起"), required=False, widget=DateInput())
    ends_on = forms.DateField(
        label=_("到哪一天止"), required=False, widget=DateInput(), help_text=_("不填按项目计划完工日期。")
    )

    def __init__(
        self, *args: Any, projects: Any, bodies: Any, partners: Any, offered: Any, texts: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["project"].queryset, fields["body"].queryset = projects, bodies
        for number in range(1, PARTNERS):
            field = fields[f"partner_{number}"]
            field.queryset = partners
            field.choices = self._offered(f"partner_{number}", partners, offered)
        fields["form"].choices = texts

    def _offered(self, name: str, partners: Any, offered: Any) -> list[tuple[Any, Any]]:
        """Write the first few into the page, and whoever was chosen."""
        field: Any = self.fields[name]
        rows, posted = list(offered), str(self.data.get(name, ""))
        known = posted.isascii() and posted.isdigit() and len(posted) <= 18
        if known and all(row.pk != int(posted) for row in rows):
            rows += partners.filter(pk=int(posted))
        return [("", field.empty_label), *((row.pk, field.label_from_instance(row)) for row in rows)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [cleaned.pop(f"partner_{number}", None) for number in range(1, PARTNERS)]
        cleaned["partners"] = [body for body in chosen if body is not None]
        return cleaned


class TextForm(forms.Form):
    """What stands above the sections. `base` is the version that was on the screen."""

    base = forms.IntegerField(widget=forms.HiddenInput(), min_value=1, max_value=30_000)
    title = forms.CharField(label=_("标题"), max_length=checks.LONGEST_TITLE)
    preamble = forms.CharField(
        label=_("缘由"), required=False, max_length=checks.LONGEST_PREAMBLE, widget=forms.Textarea({"rows": 4})
    )
    starts_on = forms.DateField(label=_("从哪一天起"), widget=DateInput())
    ends_on = forms.DateField(label=_("到哪一天止"), widget=DateInput())
    review_months = forms.IntegerField(
        label=_("几个月回顾一次"), min_value=checks.FEWEST_MONTHS, max_value=checks.MOST_MONTHS
    )
    safety_officer = PersonField(label=_("专职安全管理人员"), empty_label=_("请选人"), required=False)
    note = forms.CharField(label=_("改了什么"), required=False, max_length=200, help_text=_("对方先看到这一句。"))
    consents = forms.BooleanField(label=_("本方同意此稿"), required=False)

    def __init__(self, *args: Any, officers: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if officers is None:
            del self.fields["safety_officer"]
        else:
            offer(self, "safety_officer", officers)


class SectionForm(forms.Form):
    id = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())
    title = forms.CharField(label=_("节名"), required=False, max_length=checks.LONGEST_SECTION_TITLE)
    text = forms.CharField(
        label=_("内容"), required=False, max_length=checks.LONGEST_SECTION, widget=forms.Textarea({"rows": 5})
    )


class GoalForm(forms.Form):
    id = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())
    head = forms.ChoiceField(label=_("方面"), choices=GoalHead.choices)
    title = forms.CharField(label=_("目标"), required=False, max_length=checks.LONGEST_TITLE)
    baseline = forms.DecimalField(label=_("起点"), required=False, max_digits=DIGITS, decimal_places=PLACES)
    target = forms.DecimalField(label=_("目标值"), required=False, max_digits=DIGITS, decimal_places=PLACES)
    unit = forms.CharField(label=_("单位"), required=False, max_length=checks.LONGEST_UNIT)
    better = forms.ChoiceField(label=_("方向"), choices=Better.choices)
    due_on = forms.DateField(label=_("期限"), required=False, widget=DateInput())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("title"):
            for name in ("baseline", "target", "unit"):
                if cleaned.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, str(_("请填写。")))
        return cleaned


SectionFormSet = forms.formset_factory(SectionForm, extra=1, max_num=checks.MOST_SECTIONS, absolute_max=40)
GoalFormSet = forms.formset_factory(GoalForm, extra=1, max_num=checks.MOST_GOALS, absolute_max=60)


def content_typed(text: TextForm, sections: Any, goals: Any, known: Content) -> Content:
    """Return the content as it was typed: rows without a title and text are left out, new ones get an id of their own."""
    typed = text.cleaned_data
    section_ids, goal_ids = {section.id for section in known.sections}, {goal.id for goal in known.goals}
    return Content(
        kind=known.kind, title=typed["title"], project=known.project, sides=known.sides,
        starts_on=typed["starts_on"], ends_on=typed["ends_on"], review_months=typed["review_months"],
        preamble=typed["preamble"],
        sections=tuple(
            Section(_id(row, section_ids), row["title"], row["text"])
            for row in (form.cleaned_data for form in sections.forms)
            if row.get("title", "").strip() or row.get("text", "").strip()
        ),
        goals=tuple(
            Goal(_id(row, goal_ids), row["head"], row["title"], row["unit"], row["better"],
                 row["baseline"], row["target"], row["due_on"] or typed["ends_on"])
            for row in (form.cleaned_data for form in goals.forms)
            if row.get("title", "").strip()
        ),
    )  # fmt: skip


def initial_of(content: Content) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the values of the three forms that show a content."""
    text = {name: getattr(content, name) for name in ("title", "preamble", "starts_on", "ends_on", "review_months")}
    sections = [{"id": section.id, "title": section.title, "text": section.text} for section in content.sections]
    goals = [
        {
            name: getattr(goal, name)
            for name in ("id", "head", "title", "baseline", "target", "unit", "better", "due_on")
        }
        for goal in content.goals
    ]
    return text, sections, goals


class CommentForm(forms.Form):
    text = forms.CharField(label=_("意见"), max_length=600, widget=forms.Textarea({"rows": 2}))
    section = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput())
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput())


class SignerForm(forms.Form):
    person = PersonField(label=_("授权谁签字"), empty_label=_("请选人"))
    document = forms.CharField(label=_("授权书"), max_length=120, help_text=_("书面授权的名称或文号。"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=400, widget=forms.Textarea({"rows": 2}))


class TermForm(forms.Form):
    starts_on = forms.DateField(label=_("从哪一天起"), widget=DateInput())
    ends_on = forms.DateField(
        label=_("到哪一天止"), widget=DateInput(), help_text=_("晚于原意向书的，签字后原意向书一并延长。")
    )


class ReadingForm(forms.Form):
    value = forms.DecimalField(label=_("数值"), max_digits=DIGITS, decimal_places=PLACES)
    day = forms.DateField(label=_("哪一天的"), widget=DateInput())
    evidence = forms.CharField(label=_("依据"), required=False, max_length=300, help_text=_("台账、记录或统计的名称。"))


class ReviewForm(forms.Form):
    """One verdict and a word for each goal; what the figures say is filled in."""

    held_on = forms.DateField(label=_("哪一天回顾的"), widget=DateInput())
    conclusion = forms.CharField(label=_("结论"), max_length=1000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, states: Sequence[GoalState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.states = states
        for state in states:
            key = state.goal.pk
            self.fields[f"verdict_{key}"] = forms.ChoiceField(
                label=_("结论"), choices=Verdict.choices, initial=state.suggested, disabled=state.now is None
            )
            self.fields[f"text_{key}"] = forms.CharField(label=_("说明"), required=False, max_length=400)

    @property
    def lines(self) -> list[tuple[GoalState, Any, Any]]:
        return [(s, self[f"verdict_{s.goal.pk}"], self[f"text_{s.goal.pk}"]) for s in self.states]

    @property
    def findings(self) -> dict[int, Finding]:
        typed = self.cleaned_data
        keys = [state.goal.pk for state in self.states]
        return {key: Finding(Verdict(typed[f"verdict_{key}"]), typed[f"text_{key}"]) for key in keys}


class EndForm(forms.Form):
    """How it ends, with the last reading of each goal as its final value."""

    kind = forms.ChoiceField(label=_("怎样结束"), choices=EndingKind.choices, widget=forms.RadioSelect())
    last_day = forms.DateField(
        label=_("最后一天"), required=False, widget=DateInput(), help_text=_("期满的不用填；不填为今天。")
    )
    summary = forms.CharField(
        label=_("成果小结"), required=False, max_length=2000, widget=forms.Textarea({"rows": 5}),
        help_text=_("团队、经验、品牌各收获了什么。单方终止可不填。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("原因"), required=False, max_length=400, widget=forms.Textarea({"rows": 2}),
        help_text=_("单方终止必填。"),
    )  # fmt: skip

    def __init__(self, *args: Any, states: Sequence[GoalState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.states = states
        for state in states:
            self.fields[f"final_{state.goal.pk}"] = forms.DecimalField(
                label=state.goal.title, required=False, max_digits=DIGITS, decimal_places=PLACES, initial=state.now
            )

    @property
    def lines(self) -> list[tuple[GoalState, Any]]:
        return [(state, self[f"final_{state.goal.pk}"]) for state in self.states]

    @property
    def given(self) -> dict[str, Any]:
        """What the service takes."""
        typed = self.cleaned_data
        finals = {state.goal.pk: typed[f"final_{state.goal.pk}"] for state in self.states}
        return {
            "kind": EndingKind(typed["kind"]), "last_day": typed["last_day"], "summary": typed["summary"],
            "reason": typed["reason"], "finals": {key: value for key, value in finals.items() if value is not None},
        }  # fmt: skip


class CheckForm(forms.Form):
    digest = forms.CharField(label=_("文本摘要"), max_length=200, help_text=_("纸面末尾的 64 位字符，空格不影响。"))


def _id(row: dict[str, Any], known: set[str]) -> str:
    """Return the row's id where the version on the table has it, else a new one: ids are not people's to choose."""
    return row["id"] if row.get("id") in known else uuid4().hex[:12]
