"""What people type about schedules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import AdminUnit
from ronghe.domain.projects.models import Project
from ronghe.domain.schedule.calc.links import DATED, Constraint
from ronghe.domain.schedule.calc.plan_file import LONGEST_NAME, LONGEST_NOTES
from ronghe.domain.schedule.calc.worktime import DAY
from ronghe.domain.schedule.enums import CONSTRAINT_WORDS, AmountKind, BaseCalendar, Stage
from ronghe.domain.schedule.models import Lot, ScheduleTask
from ronghe.domain.schedule.selectors.loading import links_text
from ronghe.domain.schedule.services.money import MOST_YUAN
from ronghe.domain.schedule.services.tasks import MOST_DAYS, TaskText
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.kernel.calendar.moments import day_of
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.schedule.presenting import finish_day

WAN = 10_000


class StartForm(forms.Form):
    project = forms.ModelChoiceField(label=_("哪个项目"), queryset=Project.objects.none(), empty_label=None)
    base = forms.ChoiceField(
        label=_("哪些天施工"), choices=[pair for pair in BaseCalendar.choices if pair[0] != BaseCalendar.FILE],
        help_text=_("协作区的停工日自动扣除；从 Project 导入时可改用文件里的日历。"),
    )  # fmt: skip

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["project"]
        field.queryset = projects


class TaskForm(forms.Form):
    """Days, links and who answers stand in front; the rest is folded away."""

    name = forms.CharField(label=_("任务名称"), max_length=LONGEST_NAME)
    days = forms.DecimalField(label=_("工期（天）"), min_value=0, max_value=MOST_DAYS, decimal_places=2, initial=1)
    links = forms.CharField(
        label=_("前置任务"), max_length=400, required=False,
        help_text=_("写编号：3 是 3 完成后开始；3FS+2天、5SS、6FF-1天；几个用逗号分开。"),
    )  # fmt: skip
    lot = forms.ModelChoiceField(
        label=_("标段"), queryset=Lot.objects.none(), required=False, empty_label=_("不分标段")
    )
    person = PersonField(label=_("负责人"), empty_label=_("先不定"), required=False)
    is_key = forms.BooleanField(label=_("关键任务"), required=False, help_text=_("计划天数和实际天数列入关键任务表"))
    is_milestone = forms.BooleanField(label=_("里程碑"), required=False, help_text=_("不占工期"))
    stage = forms.ChoiceField(
        label=_("项目节点"), choices=Stage.choices, required=False,
        help_text=_("里程碑可指定为设计完成、开工或投产，用于当年投产和按期投产率（PJ-02、PJ-03）。"),
    )  # fmt: skip
    side = forms.ChoiceField(label=_("责任方"), choices=[("", _("随标段")), *ParticipantRole.choices], required=False)
    constraint = forms.TypedChoiceField(label=_("限制"), coerce=int, choices=[], required=False)
    constraint_on = forms.DateField(label=_("限制的日期"), required=False, widget=DateInput())
    deadline_on = forms.DateField(
        label=_("期限"), required=False, widget=DateInput(), help_text=_("超过会提醒，不移动任务")
    )
    is_elapsed = forms.BooleanField(
        label=_("按日历天连续"), required=False, help_text=_("养护、沉降等不分昼夜和节假日")
    )
    is_stopped = forms.BooleanField(label=_("停用"), required=False, help_text=_("留在表里，不参加计算"))
    notes = forms.CharField(
        label=_("备注"), max_length=LONGEST_NOTES, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, lots: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["lot"].queryset = lots
        fields["constraint"].choices = [(int(one), word) for one, word in CONSTRAINT_WORDS.items()]
        offer(self, "person", people)

    @property
    def text(self) -> TaskText:
        given = dict(self.cleaned_data)
        return TaskText(
            is_active=not given.pop("is_stopped"),
            **{**given, "constraint": given["constraint"] or 0, "stage": given["stage"] or ""},
        )  # fmt: skip


def initial_of(task: ScheduleTask) -> dict[str, Any]:
    """Return the values of the form that shows a task."""
    constraint = Constraint(task.constraint)
    at = task.constraint_at
    is_end = constraint in {Constraint.MUST_FINISH_ON, Constraint.FINISH_NO_EARLIER, Constraint.FINISH_NO_LATER}
    per_day = DAY if task.is_elapsed else task.schedule.minutes_per_day
    names = ("name", "is_key", "is_milestone", "stage", "side", "is_elapsed", "notes")
    return {name: getattr(task, name) for name in names} | {
        "days": (Decimal(task.minutes) / per_day).quantize(Decimal("0.01")).normalize(),
        "links": links_text(task), "lot": task.lot_id, "person": task.person_id, "constraint": int(constraint),
        "constraint_on": None if at is None or constraint not in DATED else finish_day(at) if is_end else day_of(at),
        "deadline_on": finish_day(task.deadline_at), "is_stopped": not task.is_active,
    }  # fmt: skip


class DayForm(forms.Form):
    """The day from which a task may begin; none lets it follow its links."""

    day = forms.DateField(label=_("从哪天起"), required=False, widget=DateInput())


class ReportForm(forms.Form):
    """A tap sends `kind`, and for 干到 the percent; days only where they are not today."""

    kind = forms.ChoiceField(choices=[("started", ""), ("progress", ""), ("finished", "")])
    percent = forms.IntegerField(label=_("干到百分之几"), min_value=1, max_value=99, required=False)
    started_on = forms.DateField(label=_("哪天开始"), required=False, widget=DateInput())
    day = forms.DateField(label=_("哪一天"), required=False, widget=DateInput())
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class CalendarForm(forms.Form):
    base = forms.ChoiceField(label=_("哪些天施工"), choices=BaseCalendar.choices)
    begins_on = forms.DateField(label=_("计划开始"), widget=DateInput())


class DaysOffForm(forms.Form):
    first_on = forms.DateField(label=_("第一天"), widget=DateInput())
    last_on = forms.DateField(label=_("最后一天"), widget=DateInput())
    reason = forms.CharField(label=_("为什么"), max_length=80)


class LotForm(forms.Form):
    name = forms.CharField(label=_("标段名称"), max_length=80)
    unit = forms.ModelChoiceField(
        label=_("施工单位"), queryset=AdminUnit.objects.none(), required=False, empty_label=_("先不定")
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units


class ProposeForm(forms.Form):
    reason = forms.CharField(label=_("变更原因"), max_length=200, required=False)


class DecisionForm(forms.Form):
    decision = forms.CharField(label=_("批复文号或理由"), max_length=200, required=False)
    digest = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class AmountForm(forms.Form):
    """Money is typed in 万元 and kept in yuan."""

    kind = forms.ChoiceField(label=_("是什么"), choices=AmountKind.choices)
    lot = forms.ModelChoiceField(
        label=_("标段"), queryset=Lot.objects.none(), required=False, empty_label=_("整个项目")
    )
    wan = forms.DecimalField(
        label=_("金额（万元）"), decimal_places=6, min_value=-MOST_YUAN / WAN, max_value=MOST_YUAN / WAN,
        help_text=_("变更调减和退回的付款填负数"),
    )  # fmt: skip
    day = forms.DateField(label=_("日期"), widget=DateInput())
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("批复、合同或付款凭证的编号"))

    def __init__(self, *args: Any, lots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["lot"]
        field.queryset = lots

    @property
    def given(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        typed["yuan"] = typed.pop("wan") * WAN
        return typed


class FileForm(forms.Form):
    plan = forms.FileField(
        label=_("计划文件"), help_text=_("Microsoft Project 另存的 XML，或本页下载的 Excel 空表"),
        widget=forms.ClearableFileInput({"accept": ".xml,.xlsx,.xlsm,.xls,.csv"}),
    )  # fmt: skip


class TakeForm(forms.Form):
    takes_calendar = forms.BooleanField(label=_("用文件里的日历"), required=False, initial=True)
    takes_baseline = forms.BooleanField(
        label=_("把文件里的基线报批"), required=False, help_text=_("由别的负责人批准后生效（PJ-03）")
    )
