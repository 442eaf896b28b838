"""The Chinese names of the closed lists that a playbook uses; `named` gives them in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from ronghe.domain.playbooks.calc.vocabulary import (
    AttendanceWay,
    Better,
    BodyKind,
    Evidence,
    Expected,
    GoalHead,
    Layout,
    PartialWindow,
    Reschedule,
    Signs,
    WorkingDayRule,
)
from ronghe.kernel.calendar.periods import PeriodKind
from ronghe.kernel.words import N_, _, listed

NAMES: Mapping[type[StrEnum], Mapping[str, str]] = {
    BodyKind: {
        BodyKind.COMMITTEE: N_("党委"),
        BodyKind.GENERAL_BRANCH: N_("党总支"),
        BodyKind.BRANCH: N_("党支部"),
        BodyKind.JOINT_BRANCH: N_("联合党支部"),
        BodyKind.TEMPORARY_BRANCH: N_("临时党支部"),
        BodyKind.FLOATING_BRANCH: N_("流动党员党支部"),
        BodyKind.CO_BUILT_BRANCH: N_("共建党支部"),
        BodyKind.PARTY_GROUP: N_("党小组"),
        BodyKind.TEMPORARY_PARTY_GROUP: N_("项目攻关临时党小组"),
        BodyKind.REGIONAL_BRANCH: N_("区域党支部"),
        BodyKind.UNION_COMMITTEE: N_("工会委员会"),
        BodyKind.UNION_BRANCH: N_("分工会"),
        BodyKind.UNION_GROUP: N_("工会小组"),
        BodyKind.LEAGUE_COMMITTEE: N_("团委"),
        BodyKind.LEAGUE_GENERAL_BRANCH: N_("团总支"),
        BodyKind.LEAGUE_BRANCH: N_("团支部"),
        BodyKind.LEAGUE_GROUP: N_("团小组"),
        BodyKind.COLLABORATION_ZONE: N_("协作区"),
        BodyKind.PROJECT: N_("项目"),
        BodyKind.COMPANY: N_("公司"),
        BodyKind.UNIT: N_("单位"),
        BodyKind.OPERATION_AREA: N_("作业区"),
        BodyKind.STATION: N_("站场"),
        BodyKind.TEAM: N_("班组"),
        BodyKind.DEPARTMENT: N_("部门"),
        BodyKind.JOINT_PROJECT_OFFICE: N_("联合项目部"),
    },
    Expected: {
        Expected.MEMBERS: N_("党员"),
        Expected.VOTING_MEMBERS: N_("有表决权的党员"),
        Expected.COMMITTEE_MEMBERS: N_("委员"),
        Expected.GROUP_MEMBERS: N_("小组成员"),
        Expected.STAFF: N_("全体人员"),
        Expected.STAFF_ON_SHIFT: N_("当班人员"),
        Expected.UNIT_LEADS: N_("各方负责人"),
        Expected.CONTRACTORS: N_("承包商人员"),
    },
    Evidence: {
        Evidence.SIGN_IN: N_("签到"),
        Evidence.MINUTES: N_("会议记录"),
        Evidence.DECISIONS: N_("决议"),
        Evidence.VOTES: N_("表决"),
        Evidence.PHOTOS: N_("照片"),
        Evidence.SIGNATURES: N_("签字"),
        Evidence.CHECKLIST: N_("检查表"),
        Evidence.MATERIALS: N_("材料"),
    },
    AttendanceWay: {
        AttendanceWay.OWN_PHONE: N_("本人扫码"),
        AttendanceWay.CARD: N_("出示党员卡"),
        AttendanceWay.TICKED: N_("负责人代为勾选"),
    },
    Signs: {
        Signs.EVERYONE: N_("到会人员都签字"),
        Signs.CHAIR: N_("主持人签字"),
        Signs.NONE: N_("不用签字"),
    },
    Reschedule: {
        Reschedule.ALLOWED: N_("可以改期"),
        Reschedule.WITHIN_WINDOW: N_("限期内可以改期"),
        Reschedule.FIXED: N_("不能改期"),
    },
    GoalHead: {
        GoalHead.PARTY_BUILDING: N_("党的建设"),
        GoalHead.PROJECT: N_("项目攻关"),
        GoalHead.IDEOLOGY: N_("政治思想"),
    },
    Better: {
        Better.UP: N_("越高越好"),
        Better.DOWN: N_("越低越好"),
    },
    Layout: {
        Layout.RECORD: N_("会议记录"),
        Layout.RED_HEADED: N_("红头文件"),
        Layout.TABLE: N_("表格"),
    },
    PeriodKind: {
        PeriodKind.DAY: N_("当天"),
        PeriodKind.WEEK: N_("当周"),
        PeriodKind.MONTH: N_("当月"),
        PeriodKind.QUARTER: N_("当季"),
        PeriodKind.HALF: N_("半年内"),
        PeriodKind.YEAR: N_("当年"),
    },
    WorkingDayRule: {
        WorkingDayRule.NONE: N_("不管放不放假"),
        WorkingDayRule.SKIP: N_("不上班就不办"),
        WorkingDayRule.PREVIOUS: N_("遇放假提前"),
        WorkingDayRule.NEXT: N_("遇放假顺延"),
    },
    PartialWindow: {
        PartialWindow.NOT_OWED: N_("中途开始的当期不办"),
        PartialWindow.OWED: N_("中途开始的当期也办"),
    },
}
"""By list, since several lists use one word."""


def named(value: StrEnum) -> str:
    """Return the name of one word of the lists."""
    return _(NAMES[type(value)][value])


def all_named(values: Iterable[StrEnum]) -> str:
    """Return the names of several words, listed; sets in the order of their list."""
    return listed(named(value) for value in sorted(values, key=lambda value: list(NAMES[type(value)]).index(value)))
