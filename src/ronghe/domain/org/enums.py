"""Closed lists of the organization's room. Values are the glossary's identifiers."""

from __future__ import annotations

from django.db import models

from ronghe.kernel.words import N_


class UnitKind(models.TextChoices):
    COMPANY = "company", N_("公司")
    UNIT = "unit", N_("单位")
    OPERATION_AREA = "operation_area", N_("作业区")
    STATION = "station", N_("站场")
    TEAM = "team", N_("班组")
    DEPARTMENT = "department", N_("部门")
    JOINT_PROJECT_OFFICE = "joint_project_office", N_("联合项目部")


class StaffingMode(models.TextChoices):
    ATTENDED = "attended", N_("有人值守")
    SPARSE = "sparse", N_("少人值守")
    UNATTENDED = "unattended", N_("无人值守")


class PartyOrgKind(models.TextChoices):
    COMMITTEE = "committee", N_("党委")
    GENERAL_BRANCH = "general_branch", N_("党总支")
    BRANCH = "branch", N_("党支部")
    JOINT_BRANCH = "joint_branch", N_("联合党支部")
    TEMPORARY_BRANCH = "temporary_branch", N_("临时党支部")
    FLOATING_BRANCH = "floating_branch", N_("流动党员党支部")
    CO_BUILT_BRANCH = "co_built_branch", N_("共建党支部")
    PARTY_GROUP = "party_group", N_("党小组")
    TEMPORARY_PARTY_GROUP = "temporary_party_group", N_("项目攻关临时党小组")


HOME_KINDS = frozenset({PartyOrgKind.BRANCH, PartyOrgKind.JOINT_BRANCH, PartyOrgKind.FLOATING_BRANCH})
"""Bodies that can be a member's home (PO-12): working bodies of a zone or a task force never are."""


class PoliticalStatus(models.TextChoices):
    """GB/T 4762 (ID-04)."""

    FULL_MEMBER = "01", N_("中共党员")
    PROBATIONARY_MEMBER = "02", N_("中共预备党员")
    LEAGUE_MEMBER = "03", N_("共青团员")
    MINGE = "04", N_("民革党员")
    MINMENG = "05", N_("民盟盟员")
    MINJIAN = "06", N_("民建会员")
    MINJIN = "07", N_("民进会员")
    NONGGONG = "08", N_("农工党党员")
    ZHIGONG = "09", N_("致公党党员")
    JIUSAN = "10", N_("九三学社社员")
    TAIMENG = "11", N_("台盟盟员")
    NO_PARTY = "12", N_("无党派人士")
    MASSES = "13", N_("群众")


PARTY_MEMBERS = frozenset({PoliticalStatus.FULL_MEMBER, PoliticalStatus.PROBATIONARY_MEMBER})


class Gender(models.TextChoices):
    """GB/T 2261.1 (ID-05)."""

    UNKNOWN = "0", N_("未知")
    MALE = "1", N_("男")
    FEMALE = "2", N_("女")
    UNSTATED = "9", N_("未说明")


class MembershipKind(models.TextChoices):
    HOME = "home", N_("组织关系所在")
    PARTICIPATION = "participation", N_("参加活动")


class PostRole(models.TextChoices):
    """Posts in a body or unit. What a person may do on the platform follows from these and nothing else."""

    COMMITTEE_CLERK = "committee_clerk", N_("党群部门干事")
    SECRETARY = "secretary", N_("书记")
    DEPUTY_SECRETARY = "deputy_secretary", N_("副书记")
    ORG_MEMBER = "org_member", N_("组织委员")
    PUBLICITY_MEMBER = "publicity_member", N_("宣传委员")
    DISCIPLINE_MEMBER = "discipline_member", N_("纪检委员")
    COMMITTEE_MEMBER = "committee_member", N_("委员")
    GROUP_LEADER = "group_leader", N_("党小组长")
    TEAM_LEADER = "team_leader", N_("班组长")
    ZONE_LEAD = "zone_lead", N_("协作区负责人")
    AUDITOR = "auditor", N_("纪检审计")


class PostSource(models.TextChoices):
    ELECTED = "elected", N_("选举")
    APPOINTED = "appointed", N_("任命")
    IMPORTED = "imported", N_("花名册导入")
