"""进度计划: closed lists, and the steps of a baseline and of an amount."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.domain.schedule.calc.links import Constraint, LinkKind
from ronghe.kernel.workflow import Flow, Step


class BaseCalendar(models.TextChoices):
    """The days that a plan begins with; the zone's shut-downs and the plan's own days off are taken from them."""

    EVERY_DAY = "every_day", _("每天施工")
    STATUTORY = "statutory", _("法定工作日")
    FILE = "file", _("导入文件里的日历")


class Stage(models.TextChoices):
    """Which of a project's three dates a milestone is (PJ-02), commissioning also that of PJ-03."""

    NONE = "", _("不是")
    DESIGNED = "designed", _("设计完成")
    STARTED = "started", _("开工")
    COMMISSIONED = "commissioned", _("投产")


class BaselineState(models.TextChoices):
    PROPOSED = "proposed", _("待批准")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


BASELINE_FLOW = Flow(
    "state",
    {
        "approve": Step({BaselineState.PROPOSED}, BaselineState.APPROVED),
        "refuse": Step({BaselineState.PROPOSED}, BaselineState.REFUSED),
        "withdraw": Step({BaselineState.PROPOSED}, BaselineState.WITHDRAWN),
    },
)


class ReportKind(models.TextChoices):
    """What somebody on site told of a task."""

    STARTED = "started", _("开始了")
    PROGRESS = "progress", _("干到")
    FINISHED = "finished", _("完成了")
    TAKEN_BACK = "taken_back", _("撤回")
    IMPORTED = "imported", _("随文件导入")


class AmountKind(models.TextChoices):
    """What an amount of money is."""

    ESTIMATE = "estimate", _("概算")
    BUDGET = "budget", _("预算")
    CHANGE = "change", _("批准的变更")
    COMMITTED = "committed", _("合同额")
    PAID = "paid", _("已付款")


class AmountState(models.TextChoices):
    ENTERED = "entered", _("待核实")
    VOUCHED = "vouched", _("已核实")
    WITHDRAWN = "withdrawn", _("已撤下")


AMOUNT_FLOW = Flow(
    "state",
    {
        "vouch": Step({AmountState.ENTERED}, AmountState.VOUCHED),
        "withdraw": Step({AmountState.ENTERED, AmountState.VOUCHED}, AmountState.WITHDRAWN),
    },
)


class FileKind(models.TextChoices):
    """Where a plan came from."""

    MSPDI = "mspdi", _("Project XML")
    TABLE = "table", _("Excel 表")


class ImportState(models.TextChoices):
    PREVIEWED = "previewed", _("待确认")
    ACCEPTED = "accepted", _("已导入")
    DISCARDED = "discarded", _("已放弃")


IMPORT_FLOW = Flow(
    "state",
    {
        "accept": Step({ImportState.PREVIEWED}, ImportState.ACCEPTED),
        "discard": Step({ImportState.PREVIEWED}, ImportState.DISCARDED),
    },
)

LINK_WORDS = {
    LinkKind.FINISH_START: _("完成后开始（FS）"),
    LinkKind.START_START: _("开始后开始（SS）"),
    LinkKind.FINISH_FINISH: _("完成后完成（FF）"),
    LinkKind.START_FINISH: _("开始后完成（SF）"),
}
CONSTRAINT_WORDS = {
    Constraint.AS_SOON_AS_POSSIBLE: _("越早越好"),
    Constraint.AS_LATE_AS_POSSIBLE: _("越晚越好"),
    Constraint.START_NO_EARLIER: _("不早于…开始"),
    Constraint.START_NO_LATER: _("不晚于…开始"),
    Constraint.FINISH_NO_EARLIER: _("不早于…完成"),
    Constraint.FINISH_NO_LATER: _("不晚于…完成"),
    Constraint.MUST_START_ON: _("必须于…开始"),
    Constraint.MUST_FINISH_ON: _("必须于…完成"),
}
