"""What people type about findings and sessions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.lookbacks.enums import BONES, Head
from ronghe.domain.lookbacks.models import MOST_WHYS
from ronghe.domain.lookbacks.selectors import Why
from ronghe.domain.lookbacks.services.analysing import AnalysisIn
from ronghe.domain.org.models import PartyOrg
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer


def area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class AnalysisForm(forms.Form):
    """The four links of the chain, up to five whys, and a text a head of the fishbone with one cause a line."""

    problem_behind = forms.CharField(label=_("问题背后的问题"), max_length=400, widget=area())
    cause = forms.CharField(label=_("原因"), max_length=400, widget=area())
    cause_behind = forms.CharField(label=_("原因背后的原因"), max_length=400, widget=area())

    def __init__(self, data: Any = None, *, known: Why | None = None) -> None:
        initial: dict[str, Any] = {}
        if known is not None:
            row = known.analysis
            initial = {"problem_behind": row.problem_behind, "cause": row.cause, "cause_behind": row.cause_behind}
            initial |= {f"why_{place}": text for place, text in enumerate(known.whys, start=1)}
            initial |= {f"bone_{head}": "\n".join(texts) for head, texts in known.bones.items()}
        super().__init__(data, initial=initial)
        for place in range(1, MOST_WHYS + 1):
            label = spoken("第 %(place)s 个为什么") % {"place": place}
            self.fields[f"why_{place}"] = forms.CharField(label=label, required=place <= 2, max_length=120)
        for head in BONES:
            self.fields[f"bone_{head}"] = forms.CharField(
                label=Head(head).label, required=False, max_length=800, widget=area()
            )

    @property
    def whys(self) -> list[Any]:
        return [self[f"why_{place}"] for place in range(1, MOST_WHYS + 1)]

    @property
    def bones(self) -> list[Any]:
        return [self[f"bone_{head}"] for head in BONES]

    def analysis(self) -> AnalysisIn:
        typed = self.cleaned_data
        return AnalysisIn(
            typed["problem_behind"], typed["cause"], typed["cause_behind"],
            [typed[f"why_{place}"] for place in range(1, MOST_WHYS + 1) if typed.get(f"why_{place}")],
            {str(head): typed[f"bone_{head}"].splitlines() for head in BONES if typed.get(f"bone_{head}")},
        )  # fmt: skip


class MeasureForm(forms.Form):
    title = forms.CharField(label=_("措施"), max_length=120)
    assignee = PersonField(label=_("谁来办"), empty_label=_("请选人"))
    due_at = forms.DateTimeField(label=_("何时办完"), widget=DateTimeInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "assignee", people)


class ResultForm(forms.Form):
    note = forms.CharField(label=_("措施见效了吗"), max_length=1000, widget=area())


class RecurForm(forms.Form):
    text = forms.CharField(label=_("这一次在哪里、怎样发生"), max_length=400, widget=area())


class JoinForm(forms.Form):
    old = forms.ChoiceField(label=_("是哪个旧问题"))

    def __init__(self, *args: Any, known: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        old: Any = self.fields["old"]
        old.choices = known


class SessionForm(forms.Form):
    """A quarter or half year of the list, or days of one's own."""

    body = forms.ModelChoiceField(label=_("哪个组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    from_on = forms.DateField(label=_("从哪天"), widget=DateInput())
    last_on = forms.DateField(label=_("到哪天"), widget=DateInput(), help_text=_("含这一天。"))

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = bodies

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("last_on") is not None and typed["last_on"] >= date(9999, 1, 1):
            self.add_error("last_on", spoken("请填这一年前后的日期。"))
        return typed


class PickForm(forms.Form):
    """A finding in one's own words, or the record that a button names."""

    title = forms.CharField(label=_("没有一起办的是什么"), max_length=120)
    source_type = forms.CharField(required=False, max_length=48)
    source_id = forms.IntegerField(required=False, min_value=1, max_value=10**18)


class ConclusionForm(forms.Form):
    conclusion = forms.CharField(
        label=_("结论"), max_length=2000, widget=area(3),
        help_text=_("融合工作哪里好、哪里没有一起办；没有问题也写明。"),
    )  # fmt: skip
