"""荣誉: closed lists, and the steps of a selection and of a round of the banner."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class HonourLevel(models.TextChoices):
    """From the highest down; the register is ordered by it."""

    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省部级")
    GROUP = "group", _("集团公司级")
    OILFIELD = "oilfield", _("油田公司级")
    UNIT = "unit", _("二级单位级")
    GRASSROOTS = "grassroots", _("基层级")


class HolderKind(models.TextChoices):
    BODY = "body", _("组织")
    PERSON = "person", _("个人")
    TEAM = "team", _("集体")


class HonourState(models.TextChoices):
    VALID = "valid", _("有效")
    WITHDRAWN = "withdrawn", _("已撤销")


HONOUR_FLOW = Flow("state", {"withdraw": Step({HonourState.VALID}, HonourState.WITHDRAWN)})


class TermFilter(models.TextChoices):
    """How the register is looked at: an honour for a term ends by itself."""

    RUNNING = "running", _("有效")
    ENDED = "ended", _("已到期")
    WITHDRAWN = "withdrawn", _("已撤销")


class Aspect(models.TextChoices):
    """What is vetted before anybody decides. The last four are the tests that a pioneer stands."""

    ORGANIZATION = "organization", _("组织意见")
    DISCIPLINE = "discipline", _("纪检意见")
    SAFETY = "safety", _("安全意见")
    STANDS = "stands", _("立得住")
    KNOWN = "known", _("叫得响")
    LEARNABLE = "learnable", _("学得来")
    SPREADS = "spreads", _("推得开")


FOUR_TESTS = (Aspect.STANDS, Aspect.KNOWN, Aspect.LEARNABLE, Aspect.SPREADS)


class CallWay(models.TextChoices):
    BALLOT = "ballot", _("无记名投票")
    MEETING = "meeting", _("会议研究")


class CallState(models.TextChoices):
    NAMING = "naming", _("提名中")
    VETTING = "vetting", _("审查中")
    VOTING = "voting", _("投票中")
    COUNTED = "counted", _("已计票")
    NOTICE = "notice", _("公示中")
    AWARDED = "awarded", _("已表彰")
    CALLED_OFF = "called_off", _("已取消")


CALL_FLOW = Flow(
    "state",
    {
        "vet": Step({CallState.NAMING}, CallState.VETTING),
        "open_vote": Step({CallState.VETTING}, CallState.VOTING),
        "count": Step({CallState.VOTING}, CallState.COUNTED),
        "vote_again": Step({CallState.VOTING, CallState.COUNTED}, CallState.VETTING),
        "choose": Step({CallState.VETTING, CallState.COUNTED}, CallState.NOTICE),
        "award": Step({CallState.NOTICE}, CallState.AWARDED),
        "call_off": Step(
            {CallState.NAMING, CallState.VETTING, CallState.COUNTED, CallState.NOTICE}, CallState.CALLED_OFF
        ),
    },
)


class NominationState(models.TextChoices):
    NAMED = "named", _("已提名")
    WITHDRAWN = "withdrawn", _("已撤回")
    REFUSED = "refused", _("审查未通过")
    PROPOSED = "proposed", _("拟表彰")
    NOT_CHOSEN = "not_chosen", _("未入选")
    DROPPED = "dropped", _("公示后撤下")
    AWARDED = "awarded", _("已表彰")


NOMINATION_FLOW = Flow(
    "state",
    {
        "withdraw": Step({NominationState.NAMED}, NominationState.WITHDRAWN),
        "refuse": Step({NominationState.NAMED}, NominationState.REFUSED),
        "propose": Step({NominationState.NAMED}, NominationState.PROPOSED),
        "pass_over": Step({NominationState.NAMED}, NominationState.NOT_CHOSEN),
        "drop": Step({NominationState.PROPOSED}, NominationState.DROPPED),
        "award": Step({NominationState.PROPOSED}, NominationState.AWARDED),
    },
)


class CallObjectionState(models.TextChoices):
    OPEN = "open", _("待答复")
    UPHELD = "upheld", _("成立")
    DISMISSED = "dismissed", _("不成立")


OBJECTION_FLOW = Flow(
    "state",
    {
        "uphold": Step({CallObjectionState.OPEN}, CallObjectionState.UPHELD),
        "dismiss": Step({CallObjectionState.OPEN}, CallObjectionState.DISMISSED),
    },
)


class RoundState(models.TextChoices):
    RATING = "rating", _("评分中")
    TIED = "tied", _("并列待定")
    AWARDED = "awarded", _("已授旗")
    NO_RESULT = "no_result", _("评分不足，未授旗")
    CALLED_OFF = "called_off", _("已取消")


ROUND_FLOW = Flow(
    "state",
    {
        "award": Step({RoundState.RATING}, RoundState.AWARDED),
        "tie": Step({RoundState.RATING}, RoundState.TIED),
        "fail": Step({RoundState.RATING}, RoundState.NO_RESULT),
        "settle": Step({RoundState.TIED}, RoundState.AWARDED),
        "call_off": Step({RoundState.RATING}, RoundState.CALLED_OFF),
    },
)
