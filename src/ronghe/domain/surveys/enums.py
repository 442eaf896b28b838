"""问卷: closed lists and steps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class SurveyState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    OPEN = "open", _("正在答题")
    CLOSED = "closed", _("已结束")
    DROPPED = "dropped", _("已撤下")


SURVEY_FLOW = Flow(
    "state",
    {
        "open": Step({SurveyState.DRAFT}, SurveyState.OPEN),
        "close": Step({SurveyState.OPEN}, SurveyState.CLOSED),
        "drop": Step({SurveyState.DRAFT, SurveyState.OPEN}, SurveyState.DROPPED),
    },
)


class Purpose(models.TextChoices):
    NEEDS = "needs", _("需求调查")
    SATISFACTION = "satisfaction", _("服务满意度")
    REVIEW = "review", _("活动评价")
    OTHER = "other", _("其他")


class QuestionType(models.TextChoices):
    SINGLE = "single", _("单选")
    SEVERAL = "several", _("多选")
    SCALE = "scale", _("1 至 5 分")
    NUMBER = "number", _("填数")
    TEXT = "text", _("简短文字")
    MATRIX = "matrix", _("逐项打分")


class Audience(models.TextChoices):
    BELOW = "below", _("组织里和所属单位的全部人员")
    BODY = "body", _("只这个组织的人员")
    LIST = "list", _("指定名单")
