"""Closed lists of terms and elections, and the steps of an election."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.enums import BodyTree, PartyOrgKind, PostRole, tree_of
from ronghe.kernel.workflow import Flow, Step


class ElectionKind(models.TextChoices):
    RE_ELECTION = "re_election", _("换届选举")
    BY_ELECTION = "by_election", _("补选")


class ElectionState(models.TextChoices):
    PREPARING = "preparing", _("筹备")
    APPROVED = "approved", _("人选已批复")
    HELD = "held", _("已投票")
    REPORTED = "reported", _("已报结果")
    FILED = "filed", _("已备案")
    CANCELLED = "cancelled", _("已取消")


RUNNING = (ElectionState.PREPARING, ElectionState.APPROVED, ElectionState.HELD, ElectionState.REPORTED)

ELECTION_FLOW = Flow(
    "state",
    {
        "approve": Step({ElectionState.PREPARING}, ElectionState.APPROVED),
        "hold": Step({ElectionState.APPROVED, ElectionState.HELD}, ElectionState.HELD),
        "report": Step({ElectionState.HELD}, ElectionState.REPORTED),
        "return": Step({ElectionState.REPORTED}, ElectionState.HELD),
        "file": Step({ElectionState.REPORTED}, ElectionState.FILED),
        "cancel": Step({ElectionState.PREPARING, ElectionState.APPROVED}, ElectionState.CANCELLED),
    },
)


class Electorate(models.TextChoices):
    """Who votes (PE-07, PE-11)."""

    GENERAL_MEETING = "general_meeting", _("党员大会")
    CONGRESS = "congress", _("代表大会")
    COMMITTEE = "committee", _("委员会会议")


class CandidateStage(models.TextChoices):
    NOMINATED = "nominated", _("推荐提名")
    PRELIMINARY = "preliminary", _("候选人预备人选")
    WRITTEN_IN = "written_in", _("另选他人")


class RoundKind(models.TextChoices):
    """Why is voted: for the places of the contest, between equal votes for the last of them, or for places left empty."""

    FIRST = "first", _("第一次投票")
    TIE = "tie", _("票数相等者再投票")
    REFILL = "refill", _("不足名额另行选举")


class TermDue(models.TextChoices):
    """How near the end of a term is (PE-06); the most pressing first."""

    MISSING = "missing", _("没有任期记录")
    OVERDUE = "overdue", _("已届满")
    ONE_MONTH = "one_month", _("1 个月内届满")
    THREE_MONTHS = "three_months", _("3 个月内届满")
    SIX_MONTHS = "six_months", _("6 个月内届满")
    RUNNING = "running", _("任期内")


HEAD_ROLES: dict[BodyTree, PostRole] = {
    BodyTree.PARTY: PostRole.SECRETARY,
    BodyTree.UNION: PostRole.UNION_CHAIR,
    BodyTree.LEAGUE: PostRole.LEAGUE_SECRETARY,
}
"""Who leads a body."""
DEPUTY_ROLES: dict[BodyTree, PostRole] = {
    BodyTree.PARTY: PostRole.DEPUTY_SECRETARY,
    BodyTree.UNION: PostRole.UNION_DEPUTY,
    BodyTree.LEAGUE: PostRole.LEAGUE_DEPUTY,
}
SEAT_ROLES: dict[BodyTree, PostRole] = {
    BodyTree.PARTY: PostRole.COMMITTEE_MEMBER,
    BodyTree.UNION: PostRole.UNION_MEMBER,
    BodyTree.LEAGUE: PostRole.LEAGUE_MEMBER,
}
"""The seats of the body's committee."""
DUTIES: dict[BodyTree, tuple[PostRole, ...]] = {
    BodyTree.PARTY: (
        PostRole.COMMITTEE_MEMBER,
        PostRole.ORG_MEMBER,
        PostRole.PUBLICITY_MEMBER,
        PostRole.DISCIPLINE_MEMBER,
    ),
    BodyTree.UNION: (PostRole.UNION_MEMBER, PostRole.WOMEN_OFFICER),
    BodyTree.LEAGUE: (PostRole.LEAGUE_MEMBER, PostRole.YOUTH_OFFICER),
}
"""What a committee member may take on when the committee divides its work (PE-01)."""

TERM_KINDS = frozenset(
    {
        PartyOrgKind.COMMITTEE,
        PartyOrgKind.GENERAL_BRANCH,
        PartyOrgKind.BRANCH,
        PartyOrgKind.JOINT_BRANCH,
        PartyOrgKind.FLOATING_BRANCH,
        PartyOrgKind.UNION_COMMITTEE,
        PartyOrgKind.UNION_BRANCH,
        PartyOrgKind.LEAGUE_COMMITTEE,
        PartyOrgKind.LEAGUE_GENERAL_BRANCH,
        PartyOrgKind.LEAGUE_BRANCH,
    }
)
"""Bodies that elect their leaders for a term. Temporary and other working bodies do not (PO-06), nor do groups (PO-08)."""


def elected_roles(kind: str) -> frozenset[PostRole]:
    """Return the posts of a body of this kind that end with its term."""
    tree = tree_of(kind)
    return frozenset({HEAD_ROLES[tree], DEPUTY_ROLES[tree], *DUTIES[tree]})
