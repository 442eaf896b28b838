"""Parameters that a unit may set in its playbook (`keys`): what each means, its unit, bounds and default.

None of the defaults is law unless its rule says so: certainty C was checked against a document, D is the platform's
own default. A playbook that says nothing of a key, and a body that works by no playbook, get the default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ronghe.domain.playbooks.calc.phrases import Entry, Words
from ronghe.kernel.words import N_


class KeyType(StrEnum):
    """What a key holds: a whole number, a share above 0 and up to 1, or grades from good to bad."""

    WHOLE = "whole"
    SHARE = "share"
    GRADES = "grades"


@dataclass(frozen=True, slots=True)
class Key:
    """One parameter. `least` and `most` bound whole numbers; `meaning` and `unit` are Chinese source texts."""

    name: str
    type: KeyType
    default: Any
    meaning: str
    unit: str
    certainty: str = "D"
    rule: str = ""
    least: int = 1
    most: int = 366


WORKING_DAYS, DAYS, MONTHS, HOURS = N_("个工作日"), N_("天"), N_("个月"), N_("学时")
CLOCK_HOURS, MINUTES = N_("小时"), N_("分钟")

FEWEST_GRADES, MOST_GRADES = 2, 8


def _grade(grade_id: str, zh: str, en: str) -> Entry:
    return Entry(grade_id, Words(zh, en))


_KEYS = (
    Key("notice_days", KeyType.WHOLE, 5, N_("结果公示几天"), WORKING_DAYS, rule="PP-05", most=60),
    Key("agreement_review_months", KeyType.WHOLE, 3, N_("合作协议多久评估一次"), MONTHS, most=24),
    Key("alliance_contact_days", KeyType.WHOLE, 30, N_("党建联盟各方最长多久沟通一次"), DAYS),
    Key("mood_note_days", KeyType.WHOLE, 30, N_("思想动态最长多久记一次"), DAYS, rule="SD-16"),
    Key("mentor_review_months", KeyType.WHOLE, 3, N_("师徒结对多久评一次"), MONTHS, most=24),
    Key("learning_follow_up_days", KeyType.WHOLE, 30, N_("观摩学习后几天内说明采纳没有"), DAYS),
    Key("visit_answer_days", KeyType.WHOLE, 10, N_("走访收集的问题几天内答复提出的人"), WORKING_DAYS, most=120),
    Key("birthday_ahead_days", KeyType.WHOLE, 7, N_("政治生日提前几天提醒"), DAYS, least=0, most=60),
    Key("remind_ahead_days", KeyType.WHOLE, 7, N_("到期前几天提醒"), DAYS, least=0, most=60),
    Key("remind_missed_days", KeyType.WHOLE, 7, N_("漏办以后还提醒几天"), DAYS, most=60),
    Key("daily_missed_in_row", KeyType.WHOLE, 3, N_("每天的事连续漏几次报上级"), N_("次"), least=2, most=30),
    Key("clinic_answer_days", KeyType.WHOLE, 3, N_("专家门诊的问题几天内答复"), WORKING_DAYS, most=60),
    Key("clinic_confirm_days", KeyType.WHOLE, 10, N_("专家答复后没有回应，几天后可以结束"), DAYS, most=120),
    Key("clinic_least_shown", KeyType.WHOLE, 5, N_("专家的评分少于几次的不显示"), N_("次"), least=3, most=50),
    Key("ballot_least_shown", KeyType.WHOLE, 3, N_("无记名投票少于几票的不显示"), N_("票"), least=3, most=20),
    Key(
        "banner_least_votes",
        KeyType.WHOLE,
        5,
        N_("流动红旗少于几人评的不公布"),
        N_("票"),
        rule="PP-07",
        least=3,
        most=500,
    ),
    Key(
        "honour_veto_months",
        KeyType.WHOLE,
        12,
        N_("评先选优看几个月内的一票否决"),
        MONTHS,
        rule="AP-01",
        least=0,
        most=36,
    ),
    Key("merit_appeal_days", KeyType.WHOLE, 15, N_("积分申请没有通过，几天内可以申诉"), DAYS, rule="PI-05"),
    Key(
        "report_grades",
        KeyType.GRADES,
        (
            _grade("good", "好", "good"),
            _grade("fairly_good", "较好", "fairly good"),
            _grade("average", "一般", "average"),
            _grade("poor", "差", "poor"),
        ),
        N_("述职评议分几档，从好到差"),
        N_("档"),
        certainty="K",
        rule="AP-04",
    ),
    Key("excellent_share", KeyType.SHARE, Fraction(1, 3), N_("民主评议“优秀”最多占党员几成"), "", "C", "PM-08"),
    Key("study_hours_member", KeyType.WHOLE, 32, N_("党员每年集中学习培训不少于"), HOURS, "C", "PS-01", most=2000),
    Key("study_hours_leader", KeyType.WHOLE, 56, N_("书记和班子成员每年不少于"), HOURS, "C", "PS-01", most=2000),
    Key("new_secretary_months", KeyType.WHOLE, 6, N_("新任书记几个月内参加任职培训"), MONTHS, "C", "PS-02", most=24),
    Key("hours_of_full_day", KeyType.WHOLE, 8, N_("脱产培训一天折几学时"), HOURS, rule="PS-03", most=24),
    Key("carrier_team_least", KeyType.WHOLE, 3, N_("先锋队、突击队不少于"), N_("人"), rule="PP-07", most=100),
    Key("carrier_review_months", KeyType.WHOLE, 3, N_("先锋载体多久评议一次"), MONTHS, rule="PP-07", most=24),
    Key("callup_rally_minutes", KeyType.WHOLE, 30, N_("紧急集结几分钟内到集合点"), MINUTES, most=720),
    Key("callup_hours_in_row", KeyType.WHOLE, 12, N_("集结值守连续不超过"), CLOCK_HOURS, most=24),
    Key("callup_hours_warned", KeyType.WHOLE, 8, N_("集结值守连续超过几小时提醒"), CLOCK_HOURS, most=24),
    Key("callup_rest_hours", KeyType.WHOLE, 8, N_("集结值守中间至少休息"), CLOCK_HOURS, most=24),
    Key("risk_review_days_red", KeyType.WHOLE, 30, N_("重大风险（红）多久复评一次"), DAYS),
    Key("risk_review_days_orange", KeyType.WHOLE, 90, N_("较大风险（橙）多久复评一次"), DAYS),
    Key("risk_review_days_yellow", KeyType.WHOLE, 180, N_("一般风险（黄）多久复评一次"), DAYS, most=730),
    Key("risk_review_days_blue", KeyType.WHOLE, 365, N_("低风险（蓝）多久复评一次"), DAYS, most=1095),
    Key("hazard_days_general", KeyType.WHOLE, 15, N_("一般隐患几天内整改完"), DAYS, rule="IN-04"),
    Key("hazard_days_major", KeyType.WHOLE, 60, N_("重大隐患几天内整改完"), DAYS, rule="IN-04"),
    Key("violation_days", KeyType.WHOLE, 3, N_("违章几天内整改完"), DAYS, rule="IN-05"),
    Key("finding_answer_days", KeyType.WHOLE, 5, N_("督查问题几天内定措施"), WORKING_DAYS, most=60),
    Key("finding_effect_days", KeyType.WHOLE, 30, N_("整改办完几天后看成效"), DAYS),
    Key(
        "incident_head_minutes",
        KeyType.WHOLE,
        60,
        N_("单位负责人接到事故报告后几分钟内上报"),
        MINUTES,
        "C",
        "IN-02",
        most=1440,
    ),
    Key("incident_level_minutes", KeyType.WHOLE, 120, N_("事故逐级上报每级不超过"), MINUTES, "C", "IN-02", most=1440),
    Key("incident_more_days", KeyType.WHOLE, 30, N_("事故发生后几天内伤亡有变化要补报"), DAYS, "C", "IN-02"),
    Key("points_burst_least", KeyType.WHOLE, 5, N_("同一分钟内一人几条计分记录提醒核查"), N_("条"), least=2, most=100),
    Key("points_pair_least", KeyType.WHOLE, 3, N_("两人互相确认各几次提醒核查"), N_("次"), least=2, most=100),
    Key("points_median_times", KeyType.WHOLE, 3, N_("计分条数超过支部中位数几倍提醒核查"), N_("倍"), least=2, most=50),
    Key("hours_of_half_day", KeyType.WHOLE, 4, N_("讲座半天折几学时"), HOURS, rule="PS-03", most=12),
)

KEYS: Mapping[str, Key] = {key.name: key for key in _KEYS}


def key_default(name: str) -> Any:
    """Return the value of a key for a body that works by no playbook.

    :raises KeyError: there is no such key
    """
    return KEYS[name].default


def read_key(name: str, data: Any) -> Any:
    """Return the value that a file gives to a key: an int, a `Fraction`, or a tuple of `Entry`."""
    match KEYS[name].type:
        case KeyType.WHOLE:
            return int(data)
        case KeyType.SHARE:
            return Fraction(data)
        case KeyType.GRADES:
            return tuple(Entry(grade["id"], Words(grade["title"]["zh"], grade["title"]["en"])) for grade in data)
