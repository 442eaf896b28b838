"""项目管控: closed lists, and the steps of a process and of a design review."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class PartLevel(models.TextChoices):
    """The four levels at which quality is accepted (PJ-04); a unit work and a division may hold a sub-level of their own."""

    UNIT_WORK = "unit_work", _("单位工程")
    DIVISION = "division", _("分部工程")
    SECTION = "section", _("分项工程")
    INSPECTION_LOT = "inspection_lot", _("检验批")


class Point(models.TextChoices):
    """What must happen before a process is passed (PJ-05)."""

    ORDINARY = "ordinary", _("一般")
    HOLD = "hold", _("停检点 H")
    WITNESS = "witness", _("见证点 W")
    STANDBY = "standby", _("旁站")


class ProcessState(models.TextChoices):
    WAITING = "waiting", _("未开始")
    RUNNING = "running", _("施工中")
    SELF_CHECKED = "self_checked", _("已自检")
    MUTUAL_CHECKED = "mutual_checked", _("已互检")
    SUBMITTED = "submitted", _("待验收")
    ACCEPTED = "accepted", _("已验收")


class Check(models.TextChoices):
    """The three checks of the builder (三检), each by another person (PJ-05)."""

    SELF = "self", _("自检")
    MUTUAL = "mutual", _("互检")
    SPECIAL = "special", _("专检")


class ProcessAct(models.TextChoices):
    """What a row of a process's record tells."""

    START = "start", _("开始施工")
    SELF = "self", _("自检合格")
    MUTUAL = "mutual", _("互检合格")
    SPECIAL = "special", _("专检合格")
    TELL = "tell", _("通知见证")
    STANDBY = "standby", _("旁站记录")
    ACCEPT = "accept", _("验收合格")
    LAPSE = "lapse", _("通知期满未到场，放行")
    RETURN = "return", _("不合格，退回")
    REOPEN = "reopen", _("返工")
    RATE = "rate", _("评为优质")
    RATE_PLAIN = "rate_plain", _("评为非优质")
    UNDO = "undo", _("撤回")


CHECKED_FROM = {
    Check.SELF: frozenset({ProcessState.WAITING, ProcessState.RUNNING}),
    Check.MUTUAL: frozenset({ProcessState.SELF_CHECKED}),
    Check.SPECIAL: frozenset({ProcessState.MUTUAL_CHECKED}),
}
NEXT_CHECK = {state: check for check, states in CHECKED_FROM.items() for state in states}
"""Which check a process waits for in a state."""
UNDER_CHECK = frozenset({ProcessState.SELF_CHECKED, ProcessState.MUTUAL_CHECKED, ProcessState.SUBMITTED})

PROCESS_FLOW = Flow(
    "state",
    {
        "start": Step({ProcessState.WAITING}, ProcessState.RUNNING),
        "self": Step(CHECKED_FROM[Check.SELF], ProcessState.SELF_CHECKED),
        "mutual": Step(CHECKED_FROM[Check.MUTUAL], ProcessState.MUTUAL_CHECKED),
        "special": Step(CHECKED_FROM[Check.SPECIAL], ProcessState.SUBMITTED),
        "accept": Step({ProcessState.SUBMITTED}, ProcessState.ACCEPTED),
        "lapse": Step({ProcessState.SUBMITTED}, ProcessState.ACCEPTED),
        "return": Step(UNDER_CHECK, ProcessState.RUNNING),
        "reopen": Step({ProcessState.ACCEPTED}, ProcessState.RUNNING),
        "undo_start": Step({ProcessState.RUNNING}, ProcessState.WAITING),
        "undo_self": Step({ProcessState.SELF_CHECKED}, ProcessState.RUNNING),
        "undo_mutual": Step({ProcessState.MUTUAL_CHECKED}, ProcessState.SELF_CHECKED),
        "undo_special": Step({ProcessState.SUBMITTED}, ProcessState.MUTUAL_CHECKED),
        "undo_accept": Step({ProcessState.ACCEPTED}, ProcessState.SUBMITTED),
    },
)


class Discipline(models.TextChoices):
    """What a design document is about."""

    PROCESS = "process", _("工艺")
    CIVIL = "civil", _("土建结构")
    ELECTRICAL = "electrical", _("电气")
    INSTRUMENT = "instrument", _("仪表自控")
    PIPING = "piping", _("管道设备")
    SAFETY = "safety", _("消防安全")
    OTHER = "other", _("其他")


class ReviewState(models.TextChoices):
    REVIEWING = "reviewing", _("审查中")
    ANSWERING = "answering", _("待设计答复")
    AGREED = "agreed", _("待签发")
    ISSUED = "issued", _("已签发")
    WITHDRAWN = "withdrawn", _("已撤回")


class ReviewSide(models.TextChoices):
    """Whom a design review waits for."""

    REVIEWERS = "reviewers", _("审查人")
    DESIGNER = "designer", _("设计方")
    ISSUER = "issuer", _("签发人")


WAITS_FOR = {
    ReviewState.REVIEWING: ReviewSide.REVIEWERS,
    ReviewState.ANSWERING: ReviewSide.DESIGNER,
    ReviewState.AGREED: ReviewSide.ISSUER,
}
REVIEW_FLOW = Flow(
    "state",
    {
        "comment": Step({ReviewState.REVIEWING}, ReviewState.ANSWERING),
        "agree": Step({ReviewState.REVIEWING}, ReviewState.AGREED),
        "resubmit": Step({ReviewState.ANSWERING}, ReviewState.REVIEWING),
        "issue": Step({ReviewState.AGREED}, ReviewState.ISSUED),
        "withdraw": Step(WAITS_FOR, ReviewState.WITHDRAWN),
    },
)


class Opinion(models.TextChoices):
    AGREES = "agrees", _("同意")
    COMMENTS = "comments", _("有意见")


class Aspect(models.TextChoices):
    """三查 (PJ-09)."""

    DESIGN = "design", _("查设计漏项")
    QUALITY = "quality", _("查工程质量及隐患")
    UNFINISHED = "unfinished", _("查未完工程量")


class LossKind(models.TextChoices):
    IDLE = "idle", _("窝工")
    REWORK = "rework", _("返工")


class ShippedCause(models.TextChoices):
    """Why people stand idle or do something twice, as shipped; a body adds causes of its own."""

    DRAWINGS = "drawings", _("图纸未到或有误")
    MATERIAL = "material", _("材料设备未到")
    AHEAD = "ahead", _("上道工序未完")
    PERMIT = "permit", _("作业许可未办好")
    SITE = "site", _("场地未移交")
    WEATHER = "weather", _("天气")
    PRODUCTION = "production", _("生产不具备停产条件")
    DESIGN_CHANGE = "design_change", _("设计变更")
    WORKMANSHIP = "workmanship", _("施工质量不合格")
    CLASH = "clash", _("交叉作业碰撞")


class ApprovalKind(models.TextChoices):
    QUOTA = "quota", _("指标")
    LAND = "land", _("用地")
    GRID = "grid", _("并网")
    GREEN_TRADE = "green_trade", _("绿电交易")
    OTHER = "other", _("其他")


class IncidentKind(models.TextChoices):
    ACCIDENT = "accident", _("安全事故")
    POLLUTION = "pollution", _("环境污染")
