"""What people type about a regrouping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.regrouping.calc.model import (
    MIN_FORMAL,
    MIN_MEMBERS,
    RELAXING_ORDER,
    Dimension,
    Need,
    NeedKind,
    Requirements,
    Weights,
)
from ronghe.domain.regrouping.calc.plain import from_plain
from ronghe.domain.regrouping.calc.reasons import KIND_NAMES, TERM_NAMES
from ronghe.domain.regrouping.models import Regrouping
from ronghe.domain.regrouping.selectors.asking import Question
from ronghe.domain.regrouping.services.drafting import MOST_GROUPS
from ronghe.domain.regrouping.services.ways import MOST_MINUTES
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer

MOST_WEIGHT = 200


class OpenForm(forms.Form):
    body = forms.ModelChoiceField(label=gettext_lazy("党支部"), queryset=PartyOrg.objects.none(), empty_label=None)
    whole_area = forms.BooleanField(
        label=gettext_lazy("作业区全体职工一起划分"), required=False,
        help_text=gettext_lazy("不选则只划分本支部党员。非党员职工划入区域，不编入党小组。"),
    )  # fmt: skip
    group_count = forms.IntegerField(label=gettext_lazy("划分几组"), min_value=2, max_value=MOST_GROUPS, initial=3)
    as_of = forms.DateField(label=gettext_lazy("数据日期"), widget=DateInput())

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["body"]
        choices.queryset = bodies


class QuestionForm(forms.Form):
    """Groups, hubs, needs, weights and the order of giving way, as many fields as the area has trades and stations."""

    group_count = forms.IntegerField(label=gettext_lazy("划分几组"), min_value=2, max_value=MOST_GROUPS)
    hubs = forms.ModelMultipleChoiceField(
        label=gettext_lazy("固定的中心站"), queryset=AdminUnit.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("不选则由系统按路程选。"),
    )  # fmt: skip
    min_members = forms.IntegerField(
        label=gettext_lazy("每组至少几名党员"), min_value=MIN_MEMBERS, max_value=50,
        help_text=gettext_lazy("规定不少于 3 名（PO-09）。"),
    )  # fmt: skip
    min_formal = forms.IntegerField(
        label=gettext_lazy("其中至少几名正式党员"), min_value=MIN_FORMAL, max_value=50,
        help_text=gettext_lazy("规定不少于 1 名（PO-09）。"),
    )  # fmt: skip
    leader = forms.BooleanField(label=gettext_lazy("每组都要有能兼任班组长的组长"), required=False)
    least = forms.IntegerField(label=gettext_lazy("每组最少几人"), min_value=0, max_value=500, required=False)
    most = forms.IntegerField(label=gettext_lazy("每组最多几人"), min_value=1, max_value=500, required=False)
    first_to_give = forms.ChoiceField(label=gettext_lazy("先放宽哪一项"))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, regrouping: Regrouping, question: Question, **kwargs: Any) -> None:
        self.asked = from_plain(Requirements, regrouping.requirements)
        weights = from_plain(Weights, regrouping.weights)
        self.order = tuple(Dimension(one) for one in regrouping.bands) or RELAXING_ORDER
        kwargs["initial"] = {
            "group_count": regrouping.group_count, "hubs": regrouping.hubs, "min_members": self.asked.min_members,
            "min_formal": self.asked.min_formal, "leader": self.asked.leader, "least": self.asked.least or None,
            "most": self.asked.most, "first_to_give": self.order[0].value, "seen": regrouping.settings_version,
            **kwargs.get("initial", {}),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["hubs"].queryset = AdminUnit.objects.filter(pk__in=question.crew.units).order_by("name", "pk")
        fields["first_to_give"].choices = [(one.value, _(TERM_NAMES[one.value])) for one in RELAXING_ORDER]
        self._needs(question)
        self._weights(weights)

    def _needs(self, question: Question) -> None:
        """One number a trade, post, duty and certificate that somebody has, or that is asked for already."""
        asked = {(need.kind, need.name): need.minimum for need in self.asked.needs if _plain(need)}
        named = sorted({*asked, *_names_in(question)}, key=lambda pair: (list(NeedKind).index(pair[0]), pair[1]))
        self.needs: list[tuple[str, NeedKind, str]] = []
        for number, (kind, name) in enumerate(named):
            field = f"need_{number}"
            have = sum(one.has(kind, name) for one in question.problem.members)
            self.needs.append((field, kind, name))
            self.fields[field] = forms.IntegerField(
                label=_("%(kind)s：%(name)s") % {"kind": _(KIND_NAMES[kind]), "name": name}, min_value=0, max_value=99,
                required=False, initial=asked.get((kind, name), 0), help_text=_("共 %(have)s 人") % {"have": have},
            )  # fmt: skip

    def _weights(self, weights: Weights) -> None:
        self.weighted = [f"weight_{name}" for name in TERM_NAMES]
        for name, words in TERM_NAMES.items():
            self.fields[f"weight_{name}"] = forms.IntegerField(
                label=_(words), min_value=0, max_value=MOST_WEIGHT, initial=getattr(weights, name), required=False
            )

    def need_fields(self) -> Iterator[Any]:
        return (self[field] for field, _kind, _name in self.needs)

    def weight_fields(self) -> Iterator[Any]:
        return (self[field] for field in self.weighted)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        least, most = cleaned.get("least"), cleaned.get("most")
        if least and most and least > most:
            self.add_error("most", _("最多人数不能少于最少人数。"))
        return cleaned

    @property
    def requirements(self) -> Requirements:
        data = self.cleaned_data
        typed = tuple(Need(kind, name, data[field] or 0) for field, kind, name in self.needs if data[field])
        return Requirements(
            needs=(*typed, *(need for need in self.asked.needs if not _plain(need))),
            min_members=data["min_members"], min_formal=data["min_formal"], leader=data["leader"],
            least=data["least"] or 0, most=data["most"],
        )  # fmt: skip

    @property
    def weights(self) -> Weights:
        return Weights(**{name: self.cleaned_data[f"weight_{name}"] or 0 for name in TERM_NAMES})

    @property
    def bands(self) -> list[Dimension]:
        """The order told so far, what was chosen in front."""
        first = Dimension(self.cleaned_data["first_to_give"])
        return [first, *(one for one in self.order if one != first)]


def _plain(need: Need) -> bool:
    """Needs of one hub or one kind of station are set through the API; the page shows those of every group."""
    return need.hub is None and not need.staffing


def _names_in(question: Question) -> Iterator[tuple[NeedKind, str]]:
    for one in question.problem.members:
        for kind, names in (
            (NeedKind.TRADE, (one.trade, *one.further_trades)),
            (NeedKind.POST, (one.broad_post,)),
            (NeedKind.DUTY, one.duties),
            (NeedKind.CERTIFICATE, one.certificates),
        ):
            yield from ((kind, name) for name in names if name)


class ApartForm(forms.Form):
    first = PersonField(label=gettext_lazy("甲"), empty_label=gettext_lazy("请选人"))
    second = PersonField(label=gettext_lazy("乙"), empty_label=gettext_lazy("请选人"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: list[Person] = list(people)
        for name in ("first", "second"):
            offer(self, name, people, known)


class ApproveForm(forms.Form):
    decided_on = forms.DateField(label=gettext_lazy("支委会研究日期"), widget=DateInput())
    effective_on = forms.DateField(
        label=gettext_lazy("自何时执行"), widget=DateInput(), help_text=gettext_lazy("到那天凌晨自动执行。")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=400, widget=forms.Textarea({"rows": 2}))


class WayForm(forms.Form):
    a = forms.ChoiceField(label=gettext_lazy("站场"))
    b = forms.ChoiceField(label=gettext_lazy("到"))
    minutes = forms.IntegerField(label=gettext_lazy("单程几分钟"), min_value=1, max_value=MOST_MINUTES)

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("a", "b"):
            choices: Any = self.fields[field]
            choices.choices = [(name, name) for name in names]


class WaysFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("路程表"), help_text=gettext_lazy("Excel 或 CSV，三列：站场、站场、分钟，每段一行。")
    )
