"""Closed lists of the organization's room. Values are the glossary's identifiers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    COMPANY = "company", _("公司")
    UNIT = "unit", _("单位")
    OPERATION_AREA = "operation_area", _("作业区")
    STATION = "station", _("站场")
    TEAM = "team", _("班组")
    DEPARTMENT = "department", _("部门")
    JOINT_PROJECT_OFFICE = "joint_project_office", _("联合项目部")


class StaffingMode(models.TextChoices):
    ATTENDED = "attended", _("有人值守")
    SPARSE = "sparse", _("少人值守")
    UNATTENDED = "unattended", _("无人值守")


class PartyOrgKind(models.TextChoices):
    COMMITTEE = "committee", _("党委")
    GENERAL_BRANCH = "general_branch", _("党总支")
    BRANCH = "branch", _("党支部")
    JOINT_BRANCH = "joint_branch", _("联合党支部")
    TEMPORARY_BRANCH = "temporary_branch", _("临时党支部")
    FLOATING_BRANCH = "floating_branch", _("流动党员党支部")
    CO_BUILT_BRANCH = "co_built_branch", _("共建党支部")
    PARTY_GROUP = "party_group", _("党小组")
    TEMPORARY_PARTY_GROUP = "temporary_party_group", _("项目攻关临时党小组")
    REGIONAL_BRANCH = "regional_branch", _("区域党支部")
    UNION_COMMITTEE = "union_committee", _("工会委员会")
    UNION_BRANCH = "union_branch", _("分工会")
    UNION_GROUP = "union_group", _("工会小组")
    LEAGUE_COMMITTEE = "league_committee", _("团委")
    LEAGUE_GENERAL_BRANCH = "league_general_branch", _("团总支")
    LEAGUE_BRANCH = "league_branch", _("团支部")
    LEAGUE_GROUP = "league_group", _("团小组")


class BodyTree(models.TextChoices):
    """Which of the three trees a body stands in. Union and league stand below the Party body that leads them."""

    PARTY = "party", _("党组织")
    UNION = "union", _("工会")
    LEAGUE = "league", _("共青团")


def tree_of(kind: str) -> BodyTree:
    """Return the tree in which bodies of a kind stand."""
    for tree in (BodyTree.UNION, BodyTree.LEAGUE):
        if kind.startswith(f"{tree}_"):
            return tree
    return BodyTree.PARTY


PARTY_KINDS = frozenset(kind for kind in PartyOrgKind if tree_of(kind) == BodyTree.PARTY)
UNION_KINDS = frozenset(kind for kind in PartyOrgKind if tree_of(kind) == BodyTree.UNION)
LEAGUE_KINDS = frozenset(kind for kind in PartyOrgKind if tree_of(kind) == BodyTree.LEAGUE)
GROUP_KINDS = frozenset({PartyOrgKind.PARTY_GROUP, PartyOrgKind.TEMPORARY_PARTY_GROUP})
"""A group is no Party organization of its own (PO-08)."""
WORKING_KINDS = frozenset(
    {
        PartyOrgKind.CO_BUILT_BRANCH,
        PartyOrgKind.REGIONAL_BRANCH,
        PartyOrgKind.TEMPORARY_BRANCH,
        PartyOrgKind.TEMPORARY_PARTY_GROUP,
    }
)
"""Bodies in which people take part while their relations stay at home (PO-05, PO-12)."""

HOME_KINDS = frozenset({PartyOrgKind.BRANCH, PartyOrgKind.JOINT_BRANCH, PartyOrgKind.FLOATING_BRANCH})
"""Bodies that can be a member's home (PO-12): working bodies of a zone or a task force never are."""


class PoliticalStatus(models.TextChoices):
    """GB/T 4762 (ID-04)."""

    FULL_MEMBER = "01", _("中共党员")
    PROBATIONARY_MEMBER = "02", _("中共预备党员")
    LEAGUE_MEMBER = "03", _("共青团员")
    MINGE = "04", _("民革党员")
    MINMENG = "05", _("民盟盟员")
    MINJIAN = "06", _("民建会员")
    MINJIN = "07", _("民进会员")
    NONGGONG = "08", _("农工党党员")
    ZHIGONG = "09", _("致公党党员")
    JIUSAN = "10", _("九三学社社员")
    TAIMENG = "11", _("台盟盟员")
    NO_PARTY = "12", _("无党派人士")
    MASSES = "13", _("群众")


PARTY_MEMBERS = frozenset({PoliticalStatus.FULL_MEMBER, PoliticalStatus.PROBATIONARY_MEMBER})


class Gender(models.TextChoices):
    """GB/T 2261.1 (ID-05)."""

    UNKNOWN = "0", _("未知")
    MALE = "1", _("男")
    FEMALE = "2", _("女")
    UNSTATED = "9", _("未说明")


class MembershipKind(models.TextChoices):
    HOME = "home", _("组织关系所在")
    PARTICIPATION = "participation", _("参加活动")
    UNION = "union", _("工会会员")
    LEAGUE = "league", _("团组织关系")


class VotingBarReason(models.TextChoices):
    """Why a full member has no vote for a time (PE-08)."""

    PARTY_PROBATION = "party_probation", _("留党察看")
    DETAINED = "detained", _("被留置、逮捕")
    MEMBERSHIP_STOPPED = "membership_stopped", _("停止党籍")


class PostRole(models.TextChoices):
    """Posts in a body or unit. What a person may do on the platform follows from these and nothing else."""

    COMMITTEE_CLERK = "committee_clerk", _("党群部门干事")
    SECRETARY = "secretary", _("书记")
    DEPUTY_SECRETARY = "deputy_secretary", _("副书记")
    ORG_MEMBER = "org_member", _("组织委员")
    PUBLICITY_MEMBER = "publicity_member", _("宣传委员")
    DISCIPLINE_MEMBER = "discipline_member", _("纪检委员")
    COMMITTEE_MEMBER = "committee_member", _("委员")
    GROUP_LEADER = "group_leader", _("党小组长")
    TEAM_LEADER = "team_leader", _("班组长")
    ZONE_LEAD = "zone_lead", _("协作区负责人")
    PROJECT_MANAGER = "project_manager", _("联合项目部经理")
    HSE_OFFICER = "hse_officer", _("安全管理")
    AUDITOR = "auditor", _("纪检审计")
    UNION_CHAIR = "union_chair", _("工会主席")
    UNION_DEPUTY = "union_deputy", _("工会副主席")
    UNION_MEMBER = "union_member", _("工会委员")
    WOMEN_OFFICER = "women_officer", _("女工委员")
    UNION_GROUP_LEADER = "union_group_leader", _("工会小组长")
    LEAGUE_SECRETARY = "league_secretary", _("团组织书记")
    LEAGUE_DEPUTY = "league_deputy", _("团组织副书记")
    LEAGUE_MEMBER = "league_member", _("团组织委员")
    YOUTH_OFFICER = "youth_officer", _("青工干事")


class PostSource(models.TextChoices):
    ELECTED = "elected", _("选举")
    APPOINTED = "appointed", _("任命")
    IMPORTED = "imported", _("花名册导入")
    ACTING = "acting", _("代理")


class RosterState(models.TextChoices):
    PREVIEWED = "previewed", _("待确认")
    ACCEPTED = "accepted", _("已导入")
    DISCARDED = "discarded", _("已放弃")


class DifferenceKind(models.TextChoices):
    """What a comparison of rosters finds about one person."""

    DIFFERS = "differs", _("内容不一致")
    NOT_HERE = "not_here", _("本平台没有")
    NOT_LISTED = "not_listed", _("名单里没有")
    ONE_LIST = "one_list", _("只在一份名单里")
    DOUBTFUL = "doubtful", _("疑似同一人")


class DifferenceState(models.TextChoices):
    OPEN = "open", _("待处理")
    TAKEN = "taken", _("已采用")
    DISMISSED = "dismissed", _("不采用")
    ENDED = "ended", _("已办离开")
