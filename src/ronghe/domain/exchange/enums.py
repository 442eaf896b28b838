"""学习交流: closed lists, and the steps of lines, sessions, mentor pairs, visits and practices."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class TopicKind(models.TextChoices):
    DIFFICULTY = "difficulty", _("重点难点探讨")
    NEW_TECHNOLOGY = "new_technology", _("新技术")
    NEW_EQUIPMENT = "new_equipment", _("新设备教学")
    THEORY = "theory", _("理论学习")
    SAFETY = "safety", _("安全知识")
    SKILLS = "skills", _("业务技能")
    OTHER = "other", _("其他")


class StudyMode(models.TextChoices):
    ON_SITE = "on_site", _("现场")
    ONLINE = "online", _("线上")
    BOTH = "both", _("线上线下")


class ProgrammeState(models.TextChoices):
    RUNNING = "running", _("进行中")
    ENDED = "ended", _("已结束")


PROGRAMME_FLOW = Flow("state", {"end": Step({ProgrammeState.RUNNING}, ProgrammeState.ENDED)})


class LineState(models.TextChoices):
    LISTED = "listed", _("已列入")
    PLANNED = "planned", _("已安排")
    HELD = "held", _("已学习")
    DROPPED = "dropped", _("已取消")


LINE_FLOW = Flow(
    "state",
    {
        "plan": Step({LineState.LISTED}, LineState.PLANNED),
        "release": Step({LineState.PLANNED}, LineState.LISTED),
        "hold": Step({LineState.PLANNED}, LineState.HELD),
        "drop": Step({LineState.LISTED}, LineState.DROPPED),
        "take_back": Step({LineState.DROPPED}, LineState.LISTED),
    },
)


class LectureKind(models.TextChoices):
    THEORY = "theory", _("理论")
    BUSINESS = "business", _("业务")
    TECHNOLOGY = "technology", _("技术")
    SAFETY = "safety", _("安全")
    EXPERIENCE = "experience", _("经历和体会")


class LectureState(models.TextChoices):
    OFFERED = "offered", _("可以讲")
    WITHDRAWN = "withdrawn", _("已收回")


LECTURE_FLOW = Flow(
    "state",
    {
        "withdraw": Step({LectureState.OFFERED}, LectureState.WITHDRAWN),
        "offer_again": Step({LectureState.WITHDRAWN}, LectureState.OFFERED),
    },
)


class SessionState(models.TextChoices):
    PLANNED = "planned", _("已安排")
    GIVEN = "given", _("已讲")
    CALLED_OFF = "called_off", _("已取消")


SESSION_FLOW = Flow(
    "state",
    {
        "give": Step({SessionState.PLANNED}, SessionState.GIVEN),
        "call_off": Step({SessionState.PLANNED}, SessionState.CALLED_OFF),
    },
)


class PairState(models.TextChoices):
    DRAFT = "draft", _("起草中")
    SIGNING = "signing", _("待签字")
    RUNNING = "running", _("执行中")
    PASSED = "passed", _("已出师")
    ENDED = "ended", _("已结束")


PAIR_FLOW = Flow(
    "state",
    {
        "submit": Step({PairState.DRAFT}, PairState.SIGNING),
        "rework": Step({PairState.SIGNING}, PairState.DRAFT),
        "come_into_force": Step({PairState.SIGNING}, PairState.RUNNING),
        "pass": Step({PairState.RUNNING}, PairState.PASSED),
        "end": Step({PairState.DRAFT, PairState.SIGNING, PairState.RUNNING}, PairState.ENDED),
    },
)
PAIRS_OPEN = frozenset({PairState.DRAFT, PairState.SIGNING, PairState.RUNNING})


class PairRole(models.TextChoices):
    MENTOR = "mentor", _("师傅")
    APPRENTICE = "apprentice", _("徒弟")
    WITNESS = "witness", _("见证人")


class PairOutcome(models.TextChoices):
    """What a review concludes."""

    GOES_ON = "goes_on", _("继续")
    PASSED = "passed", _("出师")
    EXTENDED = "extended", _("延长")
    ENDED = "ended", _("结束")


class NoteKind(models.TextChoices):
    WORD = "word", _("想法")
    WORK = "work", _("一起干的活")


class Better(models.TextChoices):
    UP = "up", _("越高越好")
    DOWN = "down", _("越低越好")


class VisitDirection(models.TextChoices):
    OBSERVE = "observe", _("现场观摩")
    BENCHMARK = "benchmark", _("对标")
    GO_OUT = "go_out", _("走出去")
    INVITE_IN = "invite_in", _("请进来")


class VisitState(models.TextChoices):
    PLANNED = "planned", _("已安排")
    HELD = "held", _("已开展")
    CALLED_OFF = "called_off", _("已取消")


VISIT_FLOW = Flow(
    "state",
    {
        "hold": Step({VisitState.PLANNED}, VisitState.HELD),
        "call_off": Step({VisitState.PLANNED}, VisitState.CALLED_OFF),
    },
)


class PracticeState(models.TextChoices):
    OPEN = "open", _("待填写")
    ADOPTED = "adopted", _("已采用")
    PARTLY = "partly", _("部分采用")
    NOT_ADOPTED = "not_adopted", _("未采用")


PRACTICE_FLOW = Flow(
    "state",
    {
        PracticeState.ADOPTED.value: Step({PracticeState.OPEN}, PracticeState.ADOPTED),
        PracticeState.PARTLY.value: Step({PracticeState.OPEN}, PracticeState.PARTLY),
        PracticeState.NOT_ADOPTED.value: Step({PracticeState.OPEN}, PracticeState.NOT_ADOPTED),
        "reopen": Step({PracticeState.ADOPTED, PracticeState.PARTLY, PracticeState.NOT_ADOPTED}, PracticeState.OPEN),
    },
)
