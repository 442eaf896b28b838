"""作业许可: closed lists, and the steps of a permit (rule book, 9.1). Operations, grades and offices are data of a profile."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class PermitKind(models.TextChoices):
    MAIN = "main", _("施工作业许可证")
    START = "start", _("风险作业开工单")
    SPECIAL = "special", _("专项作业票")


class PermitState(models.TextChoices):
    DRAFT = "draft", _("填写中")
    ANALYSED = "analysed", _("已做危害分析")
    SUBMITTED = "submitted", _("待会签")
    COSIGNED = "cosigned", _("待现场核查")
    VERIFIED = "verified", _("待审批")
    APPROVED = "approved", _("已签发，待交底")
    BRIEFED = "briefed", _("已交底，待开工")
    ACTIVE = "active", _("作业中")
    SUSPENDED = "suspended", _("已中止")
    COMPLETED = "completed", _("已完工，待验收")
    ACCEPTED = "accepted", _("已验收")
    ARCHIVED = "archived", _("已归档")
    REJECTED = "rejected", _("不同意")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已过期")


OPEN_TO_CHANGE = frozenset(
    {PermitState.DRAFT, PermitState.ANALYSED, PermitState.SUBMITTED, PermitState.COSIGNED, PermitState.VERIFIED}
)
"""Before the issue a permit may be changed, and is signed anew; after it another permit is made out (PW-08)."""
ISSUED = frozenset({PermitState.APPROVED, PermitState.BRIEFED, PermitState.ACTIVE, PermitState.SUSPENDED})
ASKED = frozenset({PermitState.SUBMITTED, PermitState.COSIGNED, PermitState.VERIFIED})
LIVE = ISSUED | ASKED
"""What conflicts are looked for among."""
OVER = frozenset(
    {PermitState.ARCHIVED, PermitState.ACCEPTED, PermitState.REJECTED, PermitState.CANCELLED, PermitState.EXPIRED}
)

PERMIT_FLOW = Flow(
    "state",
    {
        "change": Step(OPEN_TO_CHANGE, PermitState.DRAFT),
        "analyse": Step({PermitState.DRAFT}, PermitState.ANALYSED),
        "submit": Step({PermitState.ANALYSED}, PermitState.SUBMITTED),
        "cosign": Step({PermitState.SUBMITTED}, PermitState.COSIGNED),
        "verify": Step({PermitState.COSIGNED}, PermitState.VERIFIED),
        "approve": Step({PermitState.VERIFIED}, PermitState.APPROVED),
        "brief": Step({PermitState.APPROVED}, PermitState.BRIEFED),
        "activate": Step({PermitState.BRIEFED}, PermitState.ACTIVE),
        "suspend": Step({PermitState.ACTIVE}, PermitState.SUSPENDED),
        "resume": Step({PermitState.SUSPENDED}, PermitState.ACTIVE),
        "complete": Step({PermitState.ACTIVE, PermitState.SUSPENDED}, PermitState.COMPLETED),
        "accept": Step({PermitState.COMPLETED}, PermitState.ACCEPTED),
        "archive": Step({PermitState.ACCEPTED}, PermitState.ARCHIVED),
        "reject": Step(ASKED, PermitState.REJECTED),
        "cancel": Step(OPEN_TO_CHANGE | {PermitState.APPROVED, PermitState.BRIEFED}, PermitState.CANCELLED),
        "replace": Step(ISSUED, PermitState.CANCELLED),
        "expire": Step(LIVE, PermitState.EXPIRED),
    },
)


class PartRole(models.TextChoices):
    """What somebody named on a permit does in the work."""

    JOB_LEADER = "job_leader", _("作业负责人")
    WORKER = "worker", _("作业人")
    GUARDIAN = "guardian", _("监护人")
    GAS_TESTER = "gas_tester", _("气体分析人")
    BRIEFER = "briefer", _("交底人")


HANDED = frozenset({PartRole.JOB_LEADER, PartRole.GUARDIAN})
"""What is handed over at a change of shift."""


class SignRole(models.TextChoices):
    """As what somebody signs; a co-signature names its office besides."""

    RISK_BUILDER = "risk_builder", _("危害分析（作业方）")
    RISK_HOST = "risk_host", _("危害分析（属地方）")
    CO_SIGNER = "co_signer", _("会签")
    VERIFIER = "verifier", _("现场核查")
    APPROVER = "approver", _("审批")
    BRIEFER = "briefer", _("交底")
    BRIEFED = "briefed", _("接受交底")
    GUARDIAN = "guardian", _("监护")
    CHECKER = "checker", _("验票")
    ACCEPTOR = "acceptor", _("完工验收")


ON_SITE = frozenset({SignRole.VERIFIER, SignRole.APPROVER, SignRole.GUARDIAN, SignRole.CHECKER, SignRole.ACCEPTOR})
"""Signed where the work is, and shown to be (PW-07)."""


SIGNED_IN = {
    SignRole.RISK_BUILDER: PermitState.DRAFT, SignRole.RISK_HOST: PermitState.DRAFT,
    SignRole.CO_SIGNER: PermitState.SUBMITTED, SignRole.VERIFIER: PermitState.COSIGNED,
    SignRole.APPROVER: PermitState.VERIFIED, SignRole.BRIEFER: PermitState.APPROVED,
    SignRole.BRIEFED: PermitState.APPROVED, SignRole.GUARDIAN: PermitState.APPROVED,
    SignRole.CHECKER: PermitState.APPROVED, SignRole.ACCEPTOR: PermitState.COMPLETED,
}  # fmt: skip
"""In which state each role signs; again later only where the signature was voided."""


class SignWay(models.TextChoices):
    OWN_PHONE = "own_phone", _("本人手机")
    SHARED_PHONE = "shared_phone", _("同一部手机，本人口令")
    OFFLINE = "offline", _("无信号时签，后上报")


class MeasureState(models.TextChoices):
    OPEN = "open", _("待落实")
    DONE = "done", _("已落实")
    NOT_NEEDED = "not_needed", _("不涉及")


class StopReason(models.TextChoices):
    GUARDIAN = "guardian", _("监护人离开")
    GAS = "gas", _("气体不合格或没有按时检测")
    WIND = "wind", _("风力超限")
    ALARM = "alarm", _("报警")
    CONFLICT = "conflict", _("与其他作业冲突")
    SHIFT = "shift", _("交接班、休息")
    PARENT = "parent", _("主证不在作业状态")
    NIGHT = "night", _("夜间、节假日没有升级")
    UNFIT = "unfit", _("人员、单位条件不符")
    HAZARD = "hazard", _("区域有重大隐患")
    SIGNATURE = "signature", _("签字作废，等重签")
    DANGER = "danger", _("现场有人叫停")


GAS_STOPS = frozenset({StopReason.GAS})


class NoticeKind(models.TextChoices):
    WIND = "wind", _("风力")
    ALARM = "alarm", _("报警")


class ActivityKind(models.TextChoices):
    """What goes on beside the permits and clashes with some of them (PW-50 to PW-53)."""

    VENT_GAS = "vent_gas", _("排放可燃气体")
    DRAIN_LIQUID = "drain_liquid", _("排放可燃液体")
    SOLVENT_CLEANING = "solvent_cleaning", _("可燃溶剂清洗")
    PAINTING = "painting", _("喷漆、涂刷")
    DUST_CLEANING = "dust_cleaning", _("清扫可燃粉尘")
    WATER_DRAINING = "water_draining", _("切水")
    SAMPLING = "sampling", _("取样")
