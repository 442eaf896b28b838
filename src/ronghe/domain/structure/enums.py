"""Closed lists of 建制, and the steps of an act."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.enums import GROUP_KINDS, PartyOrgKind
from ronghe.kernel.workflow import Flow, Step


class ActKind(models.TextChoices):
    FOUND = "found", _("设立")
    SPLIT = "split", _("拆分")
    MERGE = "merge", _("合并")
    MOVE = "move", _("调整隶属")
    RENAME = "rename", _("更名")
    CONVERT = "convert", _("改设")
    DISSOLVE = "dissolve", _("撤销组织")


class ActState(models.TextChoices):
    PROPOSED = "proposed", _("待批准")
    APPROVED = "approved", _("已批准，待生效")
    CARRIED_OUT = "carried_out", _("已生效")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_STATES = frozenset({ActState.PROPOSED, ActState.APPROVED})
"""The act may still happen; its bodies are spoken for."""

ACT_FLOW = Flow(
    "state",
    {
        "approve": Step({ActState.PROPOSED}, ActState.APPROVED),
        "refuse": Step({ActState.PROPOSED}, ActState.REFUSED),
        "withdraw": Step(OPEN_STATES, ActState.WITHDRAWN),
        "carry_out": Step({ActState.APPROVED}, ActState.CARRIED_OUT),
    },
)


class PartPlace(models.TextChoices):
    """What a body is in an act."""

    SOURCE = "source", _("被调整")
    TARGET = "target", _("去向")


SMALL_GROUPS = GROUP_KINDS | {PartyOrgKind.UNION_GROUP, PartyOrgKind.LEAGUE_GROUP}
"""Groups within a body: people belong to the body and stand in one of its groups (PO-08)."""

ONLY_GROUPS_BELOW = frozenset(
    {
        PartyOrgKind.BRANCH,
        PartyOrgKind.JOINT_BRANCH,
        PartyOrgKind.FLOATING_BRANCH,
        PartyOrgKind.TEMPORARY_BRANCH,
        PartyOrgKind.CO_BUILT_BRANCH,
        PartyOrgKind.REGIONAL_BRANCH,
        PartyOrgKind.UNION_BRANCH,
        PartyOrgKind.LEAGUE_BRANCH,
    }
)
"""The lowest bodies that are Party, union or league organizations of their own: below them of their tree are groups."""
