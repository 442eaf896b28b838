"""议事决策: closed lists, and the steps of a matter."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class Edition(models.TextChoices):
    """Of what is kept by version: one draft, one in force, the old ones kept."""

    DRAFT = "draft", _("草稿")
    IN_FORCE = "in_force", _("现行")
    SUPERSEDED = "superseded", _("已被替代")


EDITION_FLOW = Flow("state", {"adopt": Step({Edition.DRAFT}, Edition.IN_FORCE)})


class Category(models.TextChoices):
    """三重一大; a list names its own ones under `OWN`."""

    DECISION = "decision", _("重大决策")
    PERSONNEL = "personnel", _("重要人事")
    PROJECT = "project", _("重大项目")
    FUNDS = "funds", _("大额资金")
    OWN = "own", _("其他")


class Forum(models.TextChoices):
    """Where a matter is decided. The last two meet outside the platform's records: their decision is noted with its document."""

    PARTY_COMMITTEE = "party_committee", _("党委会")
    BRANCH_COMMITTEE = "branch_committee", _("支委会")
    MEMBERS_MEETING = "members_meeting", _("支部党员大会")
    LEADING_GROUP = "leading_group", _("班子会")
    WORKERS_CONGRESS = "workers_congress", _("职工代表大会")


ELSEWHERE = frozenset({Forum.LEADING_GROUP, Forum.WORKERS_CONGRESS})


class Share(models.TextChoices):
    """How many of those entitled must be there (不少于)."""

    HALF = "1/2", _("半数以上")
    TWO_THIRDS = "2/3", _("三分之二以上")
    THREE_QUARTERS = "3/4", _("四分之三以上")
    FOUR_FIFTHS = "4/5", _("五分之四以上")


class Majority(models.TextChoices):
    """How many must agree: more than half, or at least the share."""

    HALF = "1/2", _("超过半数")
    TWO_THIRDS = "2/3", _("三分之二以上")
    THREE_QUARTERS = "3/4", _("四分之三以上")


class MajorityOf(models.TextChoices):
    SHOULD = "should", _("应到会人数")
    PRESENT = "present", _("实到会人数")


class MatterState(models.TextChoices):
    RAISED = "raised", _("已提出")
    PREPARED = "prepared", _("待上会")
    SCHEDULED = "scheduled", _("已列入议程")
    STUDIED = "studied", _("前置研究通过")
    FOLLOWING = "following", _("落实中")
    DONE = "done", _("已落实")
    UNDONE = "undone", _("未落实")
    REJECTED = "rejected", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")


UNDECIDED = frozenset({MatterState.RAISED, MatterState.PREPARED, MatterState.SCHEDULED, MatterState.STUDIED})
TO_SCHEDULE = frozenset({MatterState.PREPARED, MatterState.STUDIED})

MATTER_FLOW = Flow(
    "state",
    {
        "prepare": Step({MatterState.RAISED}, MatterState.PREPARED),
        "schedule": Step(TO_SCHEDULE, MatterState.SCHEDULED),
        "defer": Step({MatterState.SCHEDULED}, MatterState.PREPARED),
        "resume": Step({MatterState.SCHEDULED}, MatterState.STUDIED),
        "study": Step({MatterState.SCHEDULED}, MatterState.STUDIED),
        "carry": Step({MatterState.SCHEDULED, *TO_SCHEDULE}, MatterState.FOLLOWING),
        "reject": Step({MatterState.SCHEDULED, *TO_SCHEDULE}, MatterState.REJECTED),
        "finish": Step({MatterState.FOLLOWING}, MatterState.DONE),
        "give_up": Step({MatterState.FOLLOWING}, MatterState.UNDONE),
        "withdraw": Step({MatterState.RAISED, *TO_SCHEDULE}, MatterState.WITHDRAWN),
    },
)


class Purpose(models.TextChoices):
    """Why a matter lies before a meeting."""

    STUDY = "study", _("前置研究")
    DECIDE = "decide", _("研究决定")


class Outcome(models.TextChoices):
    CARRIED = "carried", _("通过")
    NOT_CARRIED = "not_carried", _("未通过")
    NO_QUORUM = "no_quorum", _("到会人数不够，表决无效")
    DEFERRED = "deferred", _("未议决，另行上会")


class Departure(models.TextChoices):
    """How a matter left the rules; each is on record with its reason."""

    OUTSIDE_LIST = "outside_list", _("清单以外")
    WRONG_FORUM = "wrong_forum", _("越权")
    NO_STUDY = "no_study", _("未经前置研究")
    URGENT = "urgent", _("紧急")


class Progress(models.TextChoices):
    """What a report on a decision says."""

    RUNNING = "running", _("落实中")
    DONE = "done", _("已落实")
    UNDONE = "undone", _("未落实")


class Layer(models.TextChoices):
    """The three layers of responsibility (account C, (一)2)."""

    SECRETARY = "secretary", _("书记带头抓")
    IN_CHARGE = "in_charge", _("分管领导具体抓")
    MEMBER = "member", _("班子成员共同抓")


class Rhythm(models.TextChoices):
    """How often a line without a mechanism is to be done."""

    ONCE = "once", _("全年一次")
    HALF = "half", _("每半年")
    QUARTER = "quarter", _("每季度")
    MONTH = "month", _("每月")


class LineState(models.TextChoices):
    """Of one line in one of its periods, or of all together: the worst of them."""

    DONE = "done", _("已办")
    LATE = "late", _("迟办")
    DUE = "due", _("待办")
    MISSED = "missed", _("漏办")
    UPCOMING = "upcoming", _("未到期")
    WAIVED = "waived", _("免办")


class Governs(models.TextChoices):
    """What a clause of the charter governs."""

    MATTER = "matter", _("决策事项")
    MECHANISM = "mechanism", _("制度")
    RULES = "rules", _("议事规则")
