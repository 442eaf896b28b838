"""Closed lists of contractors, and the steps of a company's standing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class ContractorKind(models.TextChoices):
    CONTRACTOR = "contractor", _("承包商")
    SUBCONTRACTOR = "subcontractor", _("分包商")
    LABOUR = "labour", _("劳务单位（外雇工）")


class Mechanism(models.TextChoices):
    """The two institutions of the safety of others' people, by their ids in the playbooks."""

    CONTRACTOR = "contractor_safety", _("承包商安全管理")
    SUBCONTRACTOR = "subcontractor_safety", _("分包商及外雇工安全管理")


MECHANISM_OF = {
    ContractorKind.CONTRACTOR: Mechanism.CONTRACTOR,
    ContractorKind.SUBCONTRACTOR: Mechanism.SUBCONTRACTOR,
    ContractorKind.LABOUR: Mechanism.SUBCONTRACTOR,
}


class Gate(models.TextChoices):
    """The five gates of admission (PC-06)."""

    QUALIFICATION = "qualification", _("单位资质关")
    RECORD = "record", _("HSE 业绩关")
    PEOPLE = "people", _("队伍素质关")
    SUPERVISION = "supervision", _("施工监督关")
    SITE = "site", _("现场管理关")


class ContractorState(models.TextChoices):
    APPLYING = "applying", _("准入中")
    ADMITTED = "admitted", _("已准入")
    SUSPENDED = "suspended", _("已停工")
    LISTED = "listed", _("黑名单")
    LEFT = "left", _("已退出")


class Standing(models.TextChoices):
    """What changed a company's state."""

    ADMIT = "admit", _("准入")
    SUSPEND = "suspend", _("停止施工")
    RESUME = "resume", _("复工")
    LIST = "list", _("列入黑名单")
    DELIST = "delist", _("移出黑名单")
    LEAVE = "leave", _("退出")


CONTRACTOR_FLOW = Flow(
    "state",
    {
        Standing.ADMIT: Step({ContractorState.APPLYING}, ContractorState.ADMITTED),
        Standing.SUSPEND: Step({ContractorState.ADMITTED}, ContractorState.SUSPENDED),
        Standing.RESUME: Step({ContractorState.SUSPENDED}, ContractorState.ADMITTED),
        Standing.LIST: Step(
            {ContractorState.APPLYING, ContractorState.ADMITTED, ContractorState.SUSPENDED}, ContractorState.LISTED
        ),
        Standing.DELIST: Step({ContractorState.LISTED}, ContractorState.APPLYING),
        Standing.LEAVE: Step(
            {ContractorState.APPLYING, ContractorState.ADMITTED, ContractorState.SUSPENDED}, ContractorState.LEFT
        ),
    },
)


class AppealState(models.TextChoices):
    FILED = "filed", _("待复核")
    UPHELD = "upheld", _("维持")
    GRANTED = "granted", _("撤销")


APPEAL_FLOW = Flow(
    "state",
    {
        "uphold": Step({AppealState.FILED}, AppealState.UPHELD),
        "grant": Step({AppealState.FILED}, AppealState.GRANTED),
    },
)


class Employment(models.TextChoices):
    """How a worker is employed; everybody is trained and checked alike (PC-10)."""

    STAFF = "staff", _("承包商员工")
    HIRED = "hired", _("外雇工")
    DISPATCHED = "dispatched", _("劳务派遣")
    OUTSOURCED = "outsourced", _("业务外包")


EMPLOYMENT_WORDS = {
    Employment.STAFF: "承包商员工",
    Employment.HIRED: "外雇工",
    Employment.DISPATCHED: "劳务派遣",
    Employment.OUTSOURCED: "业务外包",
}
"""As rosters write it: `org.Person.employment` keeps the unit's word."""


class Direction(models.TextChoices):
    IN = "in", _("进场")
    OUT = "out", _("出场")


class Way(models.TextChoices):
    SCANNED = "scanned", _("扫码")
    TYPED = "typed", _("手输证号")
