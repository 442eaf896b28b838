"""What people type about processes, reviews, points, losses, approvals and standards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.control.calc.acceptance import RatingTerms
from ronghe.domain.control.calc.hours import DayHours
from ronghe.domain.control.calc.plan import MOST_NOTICE_HOURS, NOTICE_HOURS, PlanRow
from ronghe.domain.control.enums import (
    ApprovalKind,
    Aspect,
    Discipline,
    IncidentKind,
    LossKind,
    PartLevel,
    Point,
)
from ronghe.domain.control.models import ProcessTemplate, WorkPart, WorkProcess
from ronghe.domain.control.services.losing import LossText
from ronghe.domain.control.services.readying import PointText
from ronghe.domain.control.services.registering import ApprovalText
from ronghe.domain.control.services.reviewing import CommentText, ReviewText, Seat
from ronghe.domain.control.services.templates import LineIn
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.projects.models import Project
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateInput, DateTimeInput, TimeInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.paging import number_of

MORE = 3
SEATS, COMMENTS = 4, 3


def _words(label: Any, most: int, *, required: bool = True, rows: int = 2, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=help_text)


def _number(label: Any, places: int, *, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    field = forms.DecimalField(
        label=label, min_value=0, max_digits=14, decimal_places=places, required=required, help_text=help_text
    )
    field.widget = forms.TextInput({"inputmode": "decimal"})
    return field


def first_problem(form: forms.Form) -> str:
    """Return the first refusal of a form that stands on no page of its own, with the field that it is about."""
    name, problems = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}{spoken('：')}{problems[0]}" if label else str(problems[0])


class BeforeField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Processes to be accepted before another one; a number longer than any id names none."""

    def clean(self, value: Any) -> Any:
        return super().clean([one for one in value or [] if number_of(str(one)) is not None])

    def label_from_instance(self, process: Any) -> str:
        return f"{process.part.name} · {process.number}. {process.name}"


class ShownForm(forms.Form):
    """Words and points with an act on a process."""

    note = forms.CharField(label=_("说明"), max_length=400, required=False)
    measured = forms.IntegerField(label=_("实测点"), min_value=0, max_value=100_000, required=False)
    passed = forms.IntegerField(label=_("合格点"), min_value=0, max_value=100_000, required=False)


class PartForm(forms.Form):
    """A part below another one: its level follows from where it is put, unless it is a sub-level."""

    parent = forms.ModelChoiceField(
        label=_("放在哪里"), queryset=WorkPart.objects.none(), required=False, empty_label=_("最上面：新的单位工程")
    )
    name = forms.CharField(label=_("名称"), max_length=80)
    lot = forms.CharField(label=_("标段"), max_length=80, required=False, help_text=_("只有单位工程填。"))
    is_sub = forms.BooleanField(label=_("是子单位、子分部工程"), required=False)

    def __init__(self, *args: Any, parts: Any, named: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        field.queryset = parts
        field.label_from_instance = lambda part: named.get(part.pk, part.name)

    def level(self) -> PartLevel:
        parent, levels = self.cleaned_data["parent"], list(PartLevel)
        if parent is None:
            return PartLevel.UNIT_WORK
        place = levels.index(PartLevel(parent.level)) + (0 if self.cleaned_data["is_sub"] else 1)
        return levels[min(place, len(levels) - 1)]


class RenameForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)
    lot = forms.CharField(label=_("标段"), max_length=80, required=False)


class ProcessForm(forms.Form):
    """One process; `before` says what must be accepted first."""

    name = forms.CharField(label=_("工序"), max_length=80)
    point = forms.ChoiceField(
        label=_("控制点"), choices=Point.choices, initial=Point.ORDINARY, widget=forms.RadioSelect
    )
    standard = _words(_("检查内容"), 400, required=False, help_text=_("查什么、允许偏差多少、依据哪个标准。"))
    notice_hours = forms.IntegerField(
        label=_("见证通知小时"), min_value=1, max_value=MOST_NOTICE_HOURS, initial=NOTICE_HOURS,
        help_text=_("见证点通知监理后等多久；到时没来，记为未到场放行。"),
    )  # fmt: skip
    before = BeforeField(
        label=_("前道工序"), queryset=WorkProcess.objects.none(), required=False,
        help_text=_("这些都验收了才能进入。"),
    )  # fmt: skip

    def __init__(self, *args: Any, others: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others is None:
            del self.fields["before"]
            return
        field: Any = self.fields["before"]
        field.queryset = others

    def row(self, parts: tuple[str, str, str, str]) -> PlanRow:
        typed = self.cleaned_data
        return PlanRow(parts, typed["name"], typed["point"], typed["standard"], typed["notice_hours"])


class UseTemplateForm(forms.Form):
    template = forms.ModelChoiceField(label=_("模板"), queryset=ProcessTemplate.objects.none(), empty_label=None)
    part = forms.ModelChoiceField(label=_("检验批"), queryset=WorkPart.objects.none(), empty_label=None)

    def __init__(self, *args: Any, templates: Any, parts: Any, named: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        template: Any = self.fields["template"]
        template.queryset = templates
        template.label_from_instance = lambda one: f"{one.name}（{len(one.lines.all())}）"
        part: Any = self.fields["part"]
        part.queryset = parts
        part.label_from_instance = lambda one: named.get(one.pk, one.name)


class CopyForm(forms.Form):
    source = forms.ModelChoiceField(label=_("从哪个项目"), queryset=Project.objects.none(), empty_label=None)

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["source"]
        field.queryset = projects


class TableForm(forms.Form):
    table = forms.FileField(label=_("Excel 文件"), help_text=_("用下载的空表填，一行一道工序。"))


class TakeOverForm(forms.Form):
    packed = forms.CharField(widget=forms.HiddenInput(), max_length=4_000_000)


class TemplateForm(forms.Form):
    """A template: its name, and rows of a process each; rows left empty are left out."""

    use_required_attribute = False

    name = forms.CharField(label=_("模板名称"), max_length=80)

    def __init__(self, sent: Any = None, *, lines: Sequence[LineIn] = (), **kwargs: Any) -> None:
        self.wants_more = sent is not None and "more" in sent
        super().__init__(None if self.wants_more else sent, **kwargs)
        asked = str(sent.get("rows", "")) if sent is not None else ""
        rows = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 2 else 0
        self.rows = min(max(rows + (MORE if self.wants_more else 0), len(lines) + 1, MORE), 60)
        for place in range(1, self.rows + 1):
            self.fields[f"name_{place}"] = forms.CharField(label=_("工序"), max_length=80, required=False)
            self.fields[f"point_{place}"] = forms.ChoiceField(label=_("控制点"), choices=Point.choices, required=False)
            self.fields[f"standard_{place}"] = forms.CharField(label=_("检查内容"), max_length=400, required=False)
            if place <= len(lines):
                line = lines[place - 1]
                self.initial[f"name_{place}"] = line.name
                self.initial[f"point_{place}"] = line.point
                self.initial[f"standard_{place}"] = line.standard
        if self.wants_more:
            self.initial.update({name: sent[name] for name in self.fields if name in sent})

    @property
    def line_rows(self) -> list[dict[str, Any]]:
        return [
            {"place": place, **{name: self[f"{name}_{place}"] for name in ("name", "point", "standard")}}
            for place in range(1, self.rows + 1)
        ]

    def lines(self) -> list[LineIn]:
        typed = self.cleaned_data
        return [
            LineIn(typed[f"name_{place}"], typed[f"point_{place}"] or Point.ORDINARY.value, typed[f"standard_{place}"])
            for place in range(1, self.rows + 1)
            if typed[f"name_{place}"]
        ]


class ReviewForm(forms.Form):
    """A document with up to four reviewers, each with a deputy."""

    title = forms.CharField(label=_("图纸、文件名称"), max_length=120)
    number = forms.CharField(label=_("图号"), max_length=40, required=False)
    discipline = forms.ChoiceField(label=_("专业"), choices=Discipline.choices)
    lot = forms.CharField(label=_("标段"), max_length=80, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(people[:200])
        for place in range(1, SEATS + 1):
            self.fields[f"person_{place}"] = PersonField(
                label=_("审查人"), empty_label=_("请选人"), required=place == 1
            )
            self.fields[f"deputy_{place}"] = PersonField(
                label=_("代理人"), empty_label=_("不指定代理人"), required=False
            )
            for name in ("person", "deputy"):
                offer(self, f"{name}_{place}", people, known)

    @property
    def seats(self) -> list[dict[str, Any]]:
        return [
            {"place": place, "person": self[f"person_{place}"], "deputy": self[f"deputy_{place}"]}
            for place in range(1, SEATS + 1)
        ]

    def text(self) -> ReviewText:
        typed = self.cleaned_data
        seats = [
            Seat(typed[f"person_{place}"], typed[f"deputy_{place}"])
            for place in range(1, SEATS + 1)
            if typed[f"person_{place}"] is not None
        ]
        return ReviewText(typed["title"], Discipline(typed["discipline"]), seats, typed["number"], typed["lot"])


class OpinionForm(forms.Form):
    """Comments in rows; none means agreement."""

    use_required_attribute = False

    note = forms.CharField(label=_("说明"), max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, COMMENTS + 1):
            self.fields[f"comment_{place}"] = forms.CharField(label=_("意见"), max_length=120, required=False)
            self.fields[f"sheet_{place}"] = forms.CharField(label=_("图号、位置"), max_length=120, required=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"comment": self[f"comment_{place}"], "sheet": self[f"sheet_{place}"]} for place in range(1, COMMENTS + 1)
        ]

    def comments(self) -> list[CommentText]:
        typed = self.cleaned_data
        return [
            CommentText(typed[f"comment_{place}"], typed[f"sheet_{place}"])
            for place in range(1, COMMENTS + 1)
            if typed[f"comment_{place}"]
        ]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=400)


class AspectForm(forms.Form):
    aspect = forms.ChoiceField(label=_("哪一查"), choices=Aspect.choices, widget=forms.RadioSelect)
    checked_on = forms.DateField(label=_("检查日期"), widget=DateInput())
    note = forms.CharField(label=_("说明"), max_length=400, required=False)


class PointForm(forms.Form):
    """四定: task, person, day, measure."""

    aspect = forms.ChoiceField(label=_("哪一查"), choices=Aspect.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("任务：是什么问题"), max_length=120)
    owner = PersonField(label=_("人员：谁来整改"), empty_label=_("请选人"))
    due_at = forms.DateTimeField(label=_("时间：何时改完"), widget=DateTimeInput())
    measure = forms.CharField(label=_("措施：怎么改"), max_length=120)
    text = _words(_("说明"), 2000, required=False)
    place = forms.CharField(label=_("部位"), max_length=80, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people)

    def point(self) -> PointText:
        typed = self.cleaned_data
        return PointText(
            Aspect(typed["aspect"]), typed["title"], typed["owner"], typed["due_at"], typed["measure"], typed["text"],
            typed["place"],
        )  # fmt: skip


class IncidentForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=IncidentKind.choices, widget=forms.RadioSelect)
    happened_on = forms.DateField(label=_("发生日期"), widget=DateInput())
    class_code = forms.CharField(label=_("等级"), max_length=40, required=False, help_text=_("按本单位的分级填。"))
    note = _words(_("经过"), 400, required=False, help_text=_("写事不写人。"))


LOSS_NUMBERS = ("people", "hours", "cost", "basis")


class LossForm(forms.Form):
    """Idle hours or rework; who answers is the contact of the other unit unless somebody else is chosen."""

    kind = forms.ChoiceField(label=_("类别"), choices=LossKind.choices, widget=forms.RadioSelect)
    cause = forms.ChoiceField(label=_("原因"))
    happened_on = forms.DateField(label=_("哪天"), widget=DateInput())
    crew = forms.CharField(label=_("班组"), max_length=40)
    people = forms.IntegerField(label=_("人数"), min_value=1, max_value=10_000)
    hours = _number(_("合计工时"), 2, help_text=_("人数 × 每人小时，最多两位小数。"))
    cost = _number(_("费用（元）"), 2)
    basis = _words(_("费用怎么算的"), 400, help_text=_("例如 120 元/工时 × 36.5 工时，另加机械停置。"))
    crew_unit = forms.ModelChoiceField(label=_("班组是哪家的"), queryset=AdminUnit.objects.none(), required=False,
                                       empty_label=_("本单位"))  # fmt: skip
    answers_unit = forms.ModelChoiceField(label=_("该由谁承担"), queryset=AdminUnit.objects.none(), empty_label=None)
    answerer = PersonField(label=_("对方谁来认定"), empty_label=_("对方联系人"), required=False)
    lot = forms.CharField(label=_("标段"), max_length=80, required=False)
    process = forms.ModelChoiceField(label=_("哪道工序"), queryset=WorkProcess.objects.none(), required=False,
                                     empty_label=_("不涉及工序"))  # fmt: skip
    text = _words(_("经过"), 2000, required=False)

    def __init__(self, *args: Any, causes: Any, units: Any, people: Any, processes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["cause"].choices = causes
        fields["crew_unit"].queryset = fields["answers_unit"].queryset = units
        fields["process"].queryset = processes
        fields["process"].label_from_instance = lambda one: f"{one.part.name} · {one.name}"
        offer(self, "answerer", people)

    def loss(self, due_at: datetime | None) -> LossText:
        typed = self.cleaned_data
        values = {name: str(typed[name]) for name in ("crew", *LOSS_NUMBERS)}
        return LossText(
            LossKind(typed["kind"]), typed["cause"], typed["happened_on"], values, typed["answers_unit"],
            typed["crew_unit"], typed["answerer"], typed["text"], typed["lot"], typed["process"], due_at,
        )  # fmt: skip


class AgainForm(forms.Form):
    """The numbers of a contested loss, handed in again."""

    people = forms.IntegerField(label=_("人数"), min_value=1, max_value=10_000)
    hours = _number(_("合计工时"), 2)
    cost = _number(_("费用（元）"), 2)
    basis = _words(_("费用怎么算的"), 400)
    note = forms.CharField(label=_("改了什么，或为什么不改"), max_length=400)


class CauseForm(forms.Form):
    name = forms.CharField(label=_("原因"), max_length=40)


class ApprovalForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=ApprovalKind.choices)
    title = forms.CharField(label=_("办什么"), max_length=120)
    authority = forms.CharField(label=_("审批机关"), max_length=80)
    stages = _words(_("环节"), 800, rows=4, help_text=_("一行一个，按先后。不填就用这一类常用的环节。"), required=False)
    owner = PersonField(label=_("谁来跟"), empty_label=_("请选人"))
    contact = forms.CharField(label=_("对口处室、岗位"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("办公电话"), max_length=40, required=False, help_text=_("加密保存，每次查看留记录。")
    )
    expected_on = forms.DateField(label=_("预计取得"), widget=DateInput(), required=False)
    next_step = forms.CharField(label=_("下一步做什么"), max_length=200, required=False)
    due_at = forms.DateTimeField(label=_("下一步何时办"), widget=DateTimeInput(), required=False)
    text = _words(_("说明"), 2000, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people)

    def approval(self, usual: Mapping[str, Sequence[str]]) -> ApprovalText:
        typed = self.cleaned_data
        stages = [line.strip() for line in typed["stages"].splitlines() if line.strip()]
        return ApprovalText(
            ApprovalKind(typed["kind"]), typed["title"], typed["authority"], stages or usual[typed["kind"]],
            typed["owner"], typed["contact"], typed["phone"], typed["next_step"], typed["due_at"], typed["expected_on"],
            typed["text"],
        )  # fmt: skip


class StageForm(forms.Form):
    """A step of an approval: on which day, and what is said with it."""

    day = forms.DateField(label=_("哪天"), widget=DateInput())
    document_number = forms.CharField(label=_("文号"), max_length=80, required=False)
    note = forms.CharField(label=_("说明"), max_length=400, required=False)


class NextForm(forms.Form):
    next_step = forms.CharField(label=_("下一步做什么"), max_length=200, required=False)
    due_at = forms.DateTimeField(label=_("何时办"), widget=DateTimeInput(), required=False)
    expected_on = forms.DateField(label=_("预计取得"), widget=DateInput(), required=False)
    contact = forms.CharField(label=_("对口处室、岗位"), max_length=40, required=False)
    phone = forms.CharField(label=_("办公电话"), max_length=40, required=False, help_text=_("不改就空着。"))


class RuleForm(forms.Form):
    least_percent = _number(_("实测合格率不低于（%）"), 1)
    needs_measuring = forms.BooleanField(label=_("必须有实测点"), required=False)
    forgives_rework = forms.BooleanField(label=_("返过工的也可以评"), required=False)
    text = _words(_("其他要求"), 1000, required=False)

    def terms(self) -> RatingTerms:
        typed = self.cleaned_data
        return RatingTerms(typed["least_percent"], typed["forgives_rework"], typed["needs_measuring"])


class BaselineForm(forms.Form):
    old_days = _number(_("原来要几个工作日"), 1)
    target_days = _number(_("现在目标几个工作日"), 1)
    begins = forms.TimeField(label=_("上班"), widget=TimeInput())
    break_from = forms.TimeField(label=_("午休从"), widget=TimeInput())
    break_until = forms.TimeField(label=_("午休到"), widget=TimeInput())
    ends = forms.TimeField(label=_("下班"), widget=TimeInput())

    def hours(self) -> DayHours:
        typed: dict[str, time] = self.cleaned_data
        return DayHours(typed["begins"], typed["ends"], typed["break_from"], typed["break_until"])

    def days(self) -> tuple[Decimal, Decimal]:
        return self.cleaned_data["old_days"], self.cleaned_data["target_days"]


def people_first(people: Any) -> Any:
    """Return people joined with their unit, by name: as a choice shows them."""
    known: list[int] = list(people.order_by().values_list("pk", flat=True))
    return Person.objects.filter(pk__in=known).select_related("unit").order_by("name", "pk")
