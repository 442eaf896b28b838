"""Closed lists of the members' room, and the steps of a claim and of a request."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class SkillState(models.TextChoices):
    CLAIMED = "claimed", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("未认可")
    ENDED = "ended", _("已取消")


SKILLS_HELD = frozenset({SkillState.CLAIMED, SkillState.CONFIRMED})

SKILL_FLOW = Flow(
    "state",
    {
        "confirm": Step({SkillState.CLAIMED}, SkillState.CONFIRMED),
        "refuse": Step({SkillState.CLAIMED}, SkillState.REFUSED),
        "end": Step(SKILLS_HELD, SkillState.ENDED),
    },
)


class BroadKind(models.TextChoices):
    POST = "post", _("岗位")
    TRADE = "trade", _("工种")


class MentorKind(models.TextChoices):
    PASSING_ON = "passing_on", _("传帮带")
    APPRENTICESHIP = "apprenticeship", _("师带徒")


class CorrectionField(models.TextChoices):
    """What a person may have corrected in the own record."""

    NAME = "name", _("姓名")
    GENDER = "gender", _("性别")
    BORN_ON = "born_on", _("出生日期")
    JOINED_PARTY_ON = "joined_party_on", _("入党时间")
    JOB_TITLE = "job_title", _("岗位")
    TRADE = "trade", _("工种")
    SKILL_GRADE = "skill_grade", _("技能等级")
    EDUCATION = "education", _("学历")
    STAFF_NUMBER = "staff_number", _("工号")
    PHONE = "phone", _("联系电话")
    ID_NUMBER = "id_number", _("身份证号")


SEALED_FIELDS = frozenset({CorrectionField.PHONE, CorrectionField.ID_NUMBER})
"""Shown masked; to see one whole is a look that is kept (PI-09, SE-11)."""


class CorrectionState(models.TextChoices):
    ASKED = "asked", _("待处理")
    ACCEPTED = "accepted", _("已更正")
    REFUSED = "refused", _("未采纳")
    WITHDRAWN = "withdrawn", _("已撤回")


CORRECTION_FLOW = Flow(
    "state",
    {
        "accept": Step({CorrectionState.ASKED}, CorrectionState.ACCEPTED),
        "refuse": Step({CorrectionState.ASKED}, CorrectionState.REFUSED),
        "withdraw": Step({CorrectionState.ASKED}, CorrectionState.WITHDRAWN),
    },
)
