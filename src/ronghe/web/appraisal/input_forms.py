"""What people type about results, figures, vetoes and panels."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ronghe.domain.appraisal.calc.deadlines import CHECK_WORKDAYS
from ronghe.domain.appraisal.selectors.run_figures import RunFigure
from ronghe.domain.appraisal.services.panels import PanelPlan, read_criteria
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError
from ronghe.ui.forms import DateInput
from ronghe.web.org.roster_forms import FilesField, FilesInput


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class CheckForm(forms.Form):
    workdays = forms.IntegerField(label=_("自查几个工作日"), min_value=1, max_value=60, initial=CHECK_WORKDAYS)


class RemarkForm(forms.Form):
    node = forms.ChoiceField(label=_("哪一项"), required=False)
    fact = forms.TypedChoiceField(
        label=_("没有计入的记录"), required=False, coerce=int, empty_value=None,
        help_text=_("记录已在平台上、却没有算进来的，在这里选。"),
    )  # fmt: skip
    text = forms.CharField(label=_("理由"), max_length=400, widget=area(), help_text=_("写明哪里不对，应当怎样。"))

    def __init__(
        self, *args: Any, nodes: Sequence[tuple[str, str]], facts: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["node"]
        chosen.choices = [("", _("整个结果")), *nodes]
        if facts:
            offered: Any = self.fields["fact"]
            offered.choices = [("", _("没有")), *facts]
        else:
            del self.fields["fact"]


class AnswerForm(forms.Form):
    is_upheld = forms.TypedChoiceField(
        label=_("结论"), choices=[("yes", _("成立")), ("no", _("不成立"))], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    answer = forms.CharField(label=_("理由"), max_length=400, widget=area(2))


class RunFiguresForm(forms.Form):
    """One figure for each subject of a run; what is empty or as it was stays."""

    source = forms.CharField(label=_("数据来源"), max_length=120)
    vouched_by = forms.CharField(label=_("担保人"), max_length=60)

    def __init__(self, *args: Any, rows: Sequence[RunFigure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in rows:
            known = f"{row.current.value.normalize():f}" if row.current else None
            self.fields[f"value-{row.subject}"] = forms.CharField(
                label=row.name, max_length=20, required=False, initial=known,
                widget=forms.TextInput({"inputmode": "decimal"}),
                help_text=_("已有，来自%(source)s；改了就是更正") % {"source": row.current.source} if row.current else "",
            )  # fmt: skip

    @property
    def values(self) -> dict[int, str]:
        """What was typed, by subject."""
        return {
            int(name.removeprefix("value-")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("value-")
        }

    @property
    def said(self) -> dict[str, str]:
        return {name: self.cleaned_data[name].strip() for name in ("source", "vouched_by")}

    @property
    def value_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("value-")]


class FigureForm(forms.Form):
    item = forms.ChoiceField(label=_("指标"))
    whose = forms.CharField(
        label=_("对象"),
        max_length=120,
        widget=forms.TextInput({"list": "figure-whose", "autocomplete": "off"}),
        help_text=_("党组织、单位、承包商写名称；党员写员工号或姓名。"),
    )
    period = forms.CharField(label=_("期间"), max_length=20, help_text=_("2026Q3、2026-08 或 2026，已经结束的。"))
    value = forms.CharField(label=_("数值"), max_length=20)
    source = forms.CharField(label=_("数据来源"), max_length=120)
    vouched_by = forms.CharField(label=_("担保人"), max_length=60)
    corrects = forms.CharField(
        label=_("更正编号"),
        max_length=20,
        required=False,
        help_text=_("已有的数填错了，写它的编号；原来的冲销，不删。"),
    )

    def __init__(self, *args: Any, items: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["item"]
        chosen.choices = sorted(items.items())

    def line(self) -> dict[str, str]:
        return {name: value.strip() for name, value in self.cleaned_data.items()}


class FigureTableForm(forms.Form):
    table = forms.FileField(label=_("Excel 或 CSV 文件"), help_text=_("用下载的空表填，一行一个数。"))


class TakeFiguresForm(forms.Form):
    """The rows that were looked through, on their way through the reader's browser."""

    packed = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(widget=forms.HiddenInput, max_length=120)

    def clean_packed(self) -> list[tuple[str, dict[str, str]]]:
        try:
            rows: Any = json.loads(self.cleaned_data["packed"])
            return [(str(place)[:20], {str(key): str(value)[:200] for key, value in cells.items()})
                    for place, cells in rows[:5000]]  # fmt: skip
        except (ValueError, TypeError, AttributeError) as error:
            raise forms.ValidationError(_("请重新选择文件。")) from error


class VetoForm(forms.Form):
    veto = forms.ChoiceField(label=_("否决项"))
    body = forms.ModelChoiceField(PartyOrg.objects.none(), label=_("党组织"), empty_label=None)
    person = forms.CharField(
        label=_("党员本人"), required=False, max_length=60, help_text=_("对人提出时写姓名或员工号；上面选所在党支部。")
    )
    happened_on = forms.DateField(label=_("哪天发生"), widget=DateInput())
    until_on = forms.DateField(label=_("期限到哪一天"), widget=DateInput())
    evidence = forms.CharField(
        label=_("依据"), max_length=400, widget=area(), help_text=_("文号、通报、事故或记录的编号。")
    )
    papers = FilesField(
        label=_("依据的照片或 PDF"), required=False, widget=FilesInput(attrs={"accept": "image/*,application/pdf"}),
        help_text=_("可以选几个；照片里的位置和机型会去掉。看得到这条否决的人才打得开。"),
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], bodies: QuerySet[PartyOrg], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["veto"]
        chosen.choices = kinds
        body: Any = self.fields["body"]
        body.queryset = bodies

    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in {"person", "papers"}}


class VetoFilesForm(forms.Form):
    papers = FilesField(
        label=_("依据的照片或 PDF"), widget=FilesInput(attrs={"accept": "image/*,application/pdf"}),
        help_text=_("可以选几个；照片里的位置和机型会去掉。看得到这条否决的人才打得开。"),
    )  # fmt: skip


class VetoReviewForm(forms.Form):
    holds = forms.TypedChoiceField(
        label=_("结论"), choices=[("yes", _("成立")), ("no", _("不成立"))], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    remark = forms.CharField(label=_("理由"), max_length=200, widget=area(2))


class VetoLiftForm(forms.Form):
    from_on = forms.DateField(label=_("从哪天起不再有效"), widget=DateInput())
    reason = forms.CharField(label=_("理由"), max_length=200, widget=area(2))


class BodiesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, body: Any) -> str:
        return str(body.name)


class PanelForm(forms.Form):
    title = forms.CharField(label=_("名称"), max_length=120)
    item = forms.ChoiceField(label=_("计入哪一项"), help_text=_("评分表取用的评议项目。"))
    period = forms.CharField(label=_("期间"), max_length=20, help_text=_("2026Q3、2026-08 或 2026。"))
    closes_on = forms.DateField(label=_("打分到哪一天"), widget=DateInput())
    criteria = forms.CharField(
        label=_("评议标准"),
        widget=area(4),
        max_length=2000,
        help_text=_("一行一项，末尾写权重，合计是 1：完成任务 0.6"),
    )
    bodies = BodiesField(PartyOrg.objects.none(), label=_("评哪些党组织"), required=False)
    people = forms.CharField(
        label=_("评哪些人"), widget=area(2), required=False, help_text=_("姓名或员工号，一行一个。")
    )
    reviewers = forms.CharField(label=_("谁来评"), widget=area(4), help_text=_("姓名或员工号，一行一个。"))
    is_secret = forms.BooleanField(
        label=_("不记名"),
        required=False,
        help_text=_("下评上用这个：没有人看得到谁打了几分，5 份以上才出分，每项满分 10 分。"),
    )
    trim = forms.IntegerField(label=_("去掉几个最高和最低"), min_value=0, max_value=10, initial=1)
    least = forms.IntegerField(label=_("几份以上才出分"), min_value=1, max_value=100, initial=5)
    adjusts = forms.BooleanField(
        label=_("调整评委宽严"),
        required=False,
        initial=True,
        help_text=_("每人评 3 个以上才看得出宽严；调了多少会写明。"),
    )

    def __init__(
        self, *args: Any, items: Mapping[str, str], bodies: QuerySet[PartyOrg], known: QuerySet[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.choices = sorted(items.items())
        offered: Any = self.fields["bodies"]
        offered.queryset = bodies
        self.known = known

    def clean_people(self) -> list[Person]:
        return self._found("people")

    def clean_reviewers(self) -> list[Person]:
        return self._found("reviewers")

    def clean_criteria(self) -> Any:
        try:
            return read_criteria(self.cleaned_data["criteria"])
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error

    def plan(self) -> PanelPlan:
        said = dict(self.cleaned_data)
        return PanelPlan(**{**said, "bodies": list(said["bodies"]), "scale": 10 if said["is_secret"] else 100})

    def _found(self, name: str) -> list[Person]:
        """Return the people who were typed, each the only one of that name or number."""
        words = list(dict.fromkeys(filter(None, (word.strip() for word in self.cleaned_data[name].splitlines()))))
        rows = list(self.known.filter(Q(name__in=words) | Q(staff_number__in=words)))
        found = []
        for word in words:
            same = [row for row in rows if row.staff_number == word] or [row for row in rows if row.name == word]
            if len(same) != 1:
                why = _("“%(who)s”不止一人，请写员工号。") if same else _("没有找到“%(who)s”。")
                raise forms.ValidationError(why % {"who": word})
            found.append(same[0])
        return found


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200, widget=area(2))


def one_year_after(day: date) -> date:
    """Return the last day of a year's term, which the unit changes where its rules say otherwise."""
    return date(day.year + 1, day.month, min(day.day, 28))
