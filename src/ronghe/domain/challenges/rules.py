"""揭榜挂帅: the kind of item that a challenge is, and who posts, bids, judges, checks and pays (CA-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.challenges.enums import BidState
from ronghe.domain.challenges.models import Bid, Panelist
from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec, FieldType
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.rules import Gives, ItemKind, Need, NotBy, State, StepSpec, Waits, declare_kind
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.words import N_

POSTERS = frozenset(
    {
        PostRole.COMMITTEE_CLERK,
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ZONE_LEAD,
        PostRole.PROJECT_MANAGER,
    }
)
"""Who posts a challenge, names the panel, selects, accepts and pays."""


@dataclass(frozen=True, slots=True)
class OnPanel:
    """The actor sits on the challenge's panel. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return Panelist.objects.filter(item_id=thing.pk, person=actor).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = Panelist.objects.filter(person=actor).order_by()
        if walk:
            return Q(Exists(mine.filter(item=OuterRef("pk"))))
        return Q(pk__in=mine.values("item_id"))


@dataclass(frozen=True, slots=True)
class Published:
    """The challenge is open to everybody's bids. Roles do not matter."""

    is_plain: bool = True

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(thing.kind == "challenge" and thing.state == "published" and thing.raised_by_id != actor.pk)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(kind="challenge", state="published") & ~Q(raised_by=actor.pk)


@dataclass(frozen=True, slots=True)
class NotOfTeam:
    """As far as the actor's own post reaches (`ByBody`), but never to a challenge that his own team was chosen for."""

    path: str = "body_id"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        if self._own(actor).filter(item_id=thing.pk).exists():
            return False
        return ByBody(self.path).holds(actor, roles, thing, at)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = ByBody(self.path).rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & ~Q(Exists(self._own(actor).filter(item=OuterRef("pk"))))

    def _own(self, actor: Person) -> Any:
        of_team = Q(leader=actor) | Q(members__person=actor)
        return Bid.objects.filter(of_team, state=BidState.SELECTED).order_by()


PROPOSE = Permission("challenges.propose", Grant(LEADERS, ByBody("pk")), Grant((), InBodyOf("pk")))
"""Asked of the body: anybody of it may say what ought to be posted (征榜)."""
POST = Permission("challenges.post", Grant(POSTERS, ByBody("body_id")))
"""Set terms, publish, name the panel, select."""
BID = Permission("challenges.bid", Grant((), Published()))
SCORE = Permission("challenges.score", Grant((), OnPanel()))
DO = Permission("challenges.do", Grant((), Own("owner_id")))
JUDGE = Permission("challenges.judge", Grant(POSTERS, NotBy(NotOfTeam())))
"""Check milestones, accept, pay, find on a failure: nobody of the chosen team."""
EDIT = Permission("challenges.edit", Grant(POSTERS, ByBody("body_id")), Grant((), Own("raised_by_id")))

CHALLENGE = declare_kind(
    ItemKind(
        id="challenge",
        title=N_("榜题"),
        raise_title=N_("征集一道榜题"),
        text_label=N_("难在哪里"),
        states=(
            State("proposed", N_("征榜"), "due", Waits.RUNNER),
            State("published", N_("揭榜中"), "running"),
            State("judging", N_("评榜中"), "attention", Waits.RUNNER),
            State("selected", N_("待签军令状"), "attention", Waits.OWNER),
            State("running", N_("攻关中"), "running", Waits.OWNER),
            State("submitted", N_("待验收"), "attention", Waits.RUNNER),
            State("accepted", N_("已验收，待兑现"), "attention", Waits.RUNNER),
            State("paid", N_("已兑现"), "done", is_final=True, is_success=True),
            State("failed", N_("未成"), "waived", is_final=True),
            State("withdrawn", N_("已撤榜"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("field", N_("领域"), FieldType.CHOICE, is_required=True,
                      choices=(("production", N_("生产运行")), ("safety", N_("安全环保")), ("digital", N_("数字化")),
                               ("cost", N_("提质增效")), ("construction", N_("工程建设")), ("management", N_("管理")))),
            FieldSpec("wanted", N_("要达到什么"), is_required=True),
        ),
        steps=(
            StepSpec("publish", N_("发榜"), frozenset({"proposed"}), "published", POST, N_("已发榜，可以揭榜了。"),
                     note=Need.NONE, is_inner=True),
            StepSpec("judge", N_("开始评榜"), frozenset({"published"}), "judging", POST, N_("揭榜截止，开始评榜。"),
                     note=Need.NONE, is_inner=True),
            StepSpec("select", N_("定榜"), frozenset({"judging"}), "selected", POST, N_("已定榜。"), gives=Gives.CHOSEN,
                     is_inner=True),
            StepSpec("repost", N_("重新发榜"), frozenset({"judging", "selected"}), "published", POST, N_("已重新发榜。"),
                     note=Need.REQUIRED, note_label=N_("为什么重新发榜"), gives=Gives.NOBODY, is_danger=True, is_inner=True),
            StepSpec("sign", N_("签军令状"), frozenset({"selected"}), "running", DO, N_("军令状已签，开始攻关。"),
                     note=Need.NONE, signs=True, is_inner=True),
            StepSpec("submit", N_("交验"), frozenset({"running"}), "submitted", DO, N_("已交验，等待验收。"),
                     note=Need.REQUIRED, note_label=N_("解决得怎样"), evidence=Need.REQUIRED, hands_in=True, is_inner=True),
            StepSpec("accept", N_("验收"), frozenset({"submitted"}), "accepted", JUDGE, N_("已验收，请兑现。"), judges=True),
            StepSpec("return", N_("退回"), frozenset({"submitted"}), "running", JUDGE, N_("已退回。"), note=Need.REQUIRED,
                     note_label=N_("退回原因"), judges=True, is_danger=True),
            StepSpec("settle", N_("兑现完毕"), frozenset({"accepted"}), "paid", JUDGE, N_("奖励已兑现。"), is_inner=True),
            StepSpec("fail", N_("认定未成"), frozenset({"running", "submitted"}), "failed", JUDGE, N_("已认定。"),
                     note=Need.REQUIRED, is_danger=True, is_inner=True),
            StepSpec("withdraw", N_("撤榜"), frozenset({"proposed", "published"}), "withdrawn", POST, N_("已撤榜。"),
                     note=Need.REQUIRED, note_label=N_("撤榜原因"), is_danger=True),
        ),
        clocks=(
            ClockSpec("posted_to_selected", N_("从发榜到定榜"), ("select",), from_step="publish"),
            ClockSpec("signed_to_accepted", N_("从签军令状到验收"), ("accept",), from_step="sign"),
        ),
        raise_right=PROPOSE,
        edit_right=EDIT,
        parts={"helper": N_("协助")},
        visibility=Visibility.BODY,
        due=Need.NONE,
        escalates_after_days=(),
    )
)  # fmt: skip
