"""效益点: the kind of item that an idea is, and who reckons, reviews, carries out, verifies and takes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.benefits.models import BenefitCase
from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec, FieldType
from ronghe.domain.items.rules import (
    Gives,
    ItemKind,
    Need,
    NotBy,
    Open,
    State,
    StepSpec,
    TakingPart,
    Waits,
    declare_kind,
)
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.kernel.access.permissions import Grant, Permission, Reach
from ronghe.kernel.words import N_

MANAGERS = frozenset(
    {PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ZONE_LEAD, PostRole.COMMITTEE_CLERK,
     PostRole.PROJECT_MANAGER}
)  # fmt: skip
"""Who reviews ideas, gives them to somebody and keeps the book."""
CHECKERS = MANAGERS | {PostRole.AUDITOR, PostRole.DISCIPLINE_MEMBER}
"""Who verifies what was saved, and takes back what did not last."""


@dataclass(frozen=True, slots=True)
class NotReckoner:
    """As far as `reach`, but never to a saving that the actor reckoned: nobody checks the own sums.

    `names` are the columns of the case whose person is kept out.
    """

    reach: Reach
    names: tuple[str, ...] = ("estimated_by",)

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        if not self.reach.holds(actor, roles, thing, at):
            return False
        return not self._own(actor).filter(item_id=thing.pk).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & ~Q(Exists(self._own(actor).filter(item=OuterRef("pk"))))

    def _own(self, actor: Person) -> Any:
        own = Q()
        for name in self.names:
            own |= Q(**{name: actor})
        return BenefitCase.objects.filter(own).order_by()


_REVIEWED = ("raised_by_id",)
_DONE = ("owner_id", "raised_by_id")
_RECKONERS = ("estimated_by", "realised_by")

RAISE_IDEA = Permission("benefits.raise_idea", Grant(LEADERS | TEAM, ByBody("pk")), Grant((), InBodyOf("pk")))
"""Asked of the body: everybody in it, at home or taking part (效益账大家算)."""
ESTIMATE = Permission(
    "benefits.estimate", Grant(MANAGERS, ByBody("body_id")), Grant((), Own("raised_by_id")), Grant((), TakingPart())
)
REVIEW = Permission("benefits.review", Grant(MANAGERS, NotReckoner(NotBy(ByBody("body_id"), _REVIEWED))))
REVIEW_ABOVE = Permission(
    "benefits.review_above",
    Grant(MANAGERS, NotReckoner(NotBy(ByBody("body__parent_id"), _REVIEWED), ("estimated_by", "first_reviewer"))),
)
"""At the level above the body, and by somebody else than the first reviewer."""
MANAGE = Permission("benefits.manage", Grant(MANAGERS, ByBody("body_id")))
TAKE = Permission("benefits.take", Grant(LEADERS | TEAM, Open(ByBody("body_id"))), Grant((), Open(InBodyOf("body_id"))))
DO = Permission("benefits.do", Grant((), Own("owner_id")), Grant(MANAGERS, ByBody("body_id")))
VERIFY = Permission("benefits.verify", Grant(CHECKERS, NotReckoner(NotBy(ByBody("body_id"), _DONE), _RECKONERS)))
"""Neither raiser, owner nor who reckoned."""
REVERSE = Permission("benefits.reverse", Grant(CHECKERS, ByBody("body_id")))
GIVE_UP = Permission("benefits.give_up", Grant((), Own("raised_by_id")), Grant(MANAGERS, ByBody("body_id")))
EDIT = Permission("benefits.edit", Grant((), Own("raised_by_id")), Grant(MANAGERS, ByBody("body_id")))
SHARE = Permission(
    "benefits.share", Grant((), Own("owner_id")), Grant((), Own("raised_by_id")), Grant(MANAGERS, ByBody("body_id"))
)
SET_LIMIT = Permission(
    "benefits.set_limit", Grant({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.COMMITTEE_CLERK}, ByBody("pk"))
)
"""Asked of the body."""
ENTER_GAIN = Permission("benefits.enter_gain", Grant(MANAGERS, ByBody("body_id")))
"""Asked of the project."""
VERIFY_GAIN = Permission("benefits.verify_gain", Grant(CHECKERS, NotBy(ByBody("project__body_id"), ("entered_by_id",))))
WITHDRAW_GAIN = Permission(
    "benefits.withdraw_gain", Grant((), Own("entered_by_id")), Grant(CHECKERS, ByBody("project__body_id"))
)

BENEFIT = declare_kind(
    ItemKind(
        id="benefit",
        title=N_("效益点"),
        raise_title=N_("提一个效益点"),
        text_label=N_("怎么想到的"),
        states=(
            State("idea", N_("待测算"), "due", Waits.RAISER),
            State("estimated", N_("待审核"), "attention", Waits.RUNNER),
            State("second", N_("待上级复审"), "attention", Waits.RUNNER),
            State("approved", N_("待实施"), "due", Waits.RUNNER),
            State("running", N_("实施中"), "running", Waits.OWNER),
            State("realised", N_("待核定"), "attention", Waits.RUNNER),
            State("verified", N_("已入账"), "done", is_final=True, is_success=True),
            State("reversed", N_("已冲回"), "failed", is_final=True),
            State("refused", N_("未采纳"), "waived", is_final=True),
            State("withdrawn", N_("已撤回"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("way_before", N_("原来的做法"), is_required=True),
            FieldSpec("way_after", N_("改成的做法"), is_required=True),
            FieldSpec("saves", N_("省在哪里"), FieldType.SEVERAL,
                      choices=(("money", N_("成本")), ("days", N_("工期")), ("energy", N_("能耗")),
                               ("people", N_("用工")), ("rework", N_("返工")), ("reuse", N_("修旧利废")))),
        ),
        steps=(
            StepSpec("estimate", N_("测算效益"), frozenset({"idea"}), "estimated", ESTIMATE, N_("已测算，等待审核。"),
                     is_inner=True),
            StepSpec("approve", N_("审核通过"), frozenset({"estimated"}), "approved", REVIEW, N_("审核通过，等人实施。"),
                     is_inner=True),
            StepSpec("pass_up", N_("通过并送上级复审"), frozenset({"estimated"}), "second", REVIEW,
                     N_("超过复审金额，已送上级复审。"), is_inner=True),
            StepSpec("return", N_("退回重算"), frozenset({"estimated"}), "idea", REVIEW, N_("已退回。"),
                     note=Need.REQUIRED, note_label=N_("退回原因"), is_danger=True),
            StepSpec("refuse", N_("不采纳"), frozenset({"estimated"}), "refused", REVIEW, N_("已记为不采纳。"),
                     note=Need.REQUIRED, note_label=N_("不采纳的原因"), is_danger=True),
            StepSpec("approve_above", N_("复审通过"), frozenset({"second"}), "approved", REVIEW_ABOVE,
                     N_("复审通过，等人实施。"), is_inner=True),
            StepSpec("return_above", N_("退回重算"), frozenset({"second"}), "idea", REVIEW_ABOVE, N_("已退回。"),
                     note=Need.REQUIRED, note_label=N_("退回原因"), is_danger=True),
            StepSpec("refuse_above", N_("不采纳"), frozenset({"second"}), "refused", REVIEW_ABOVE,
                     N_("已记为不采纳。"), note=Need.REQUIRED, note_label=N_("不采纳的原因"), is_danger=True),
            StepSpec("assign", N_("交人实施"), frozenset({"approved"}), "running", MANAGE, N_("已交人实施。"),
                     note=Need.NONE, due=Need.REQUIRED, gives=Gives.CHOSEN),
            StepSpec("take", N_("我来实施"), frozenset({"approved"}), "running", TAKE, N_("由您实施，办完后填实际效益。"),
                     note=Need.NONE, due=Need.REQUIRED, gives=Gives.ACTOR),
            StepSpec("realise", N_("填报实际效益"), frozenset({"running"}), "realised", DO, N_("已填报，等待别人核定。"),
                     evidence=Need.REQUIRED, hands_in=True, is_inner=True),
            StepSpec("verify", N_("核定入账"), frozenset({"realised"}), "verified", VERIFY, N_("已核定，记入效益账。"),
                     judges=True, is_inner=True),
            StepSpec("return_actual", N_("退回"), frozenset({"realised"}), "running", VERIFY, N_("已退回。"),
                     note=Need.REQUIRED, note_label=N_("退回原因"), judges=True, is_danger=True),
            StepSpec("reverse", N_("冲回"), frozenset({"verified"}), "reversed", REVERSE, N_("已冲回，账上记了负数。"),
                     note=Need.REQUIRED, is_inner=True, is_danger=True),
            StepSpec("reopen", N_("按留下的重新核算"), frozenset({"reversed"}), "running", MANAGE,
                     N_("已重新打开，请填报留下来的效益。"), note=Need.OPTIONAL, due=Need.REQUIRED),
            StepSpec("withdraw", N_("撤回"), frozenset({"idea", "estimated", "second", "approved", "running"}),
                     "withdrawn", GIVE_UP, N_("已撤回。"), note=Need.REQUIRED, note_label=N_("撤回原因"),
                     is_danger=True),
        ),
        clocks=(
            ClockSpec("raised_to_approved", N_("从提出到通过"), ("approve", "approve_above")),
            ClockSpec("raised_to_verified", N_("从提出到入账"), ("verify",)),
        ),
        raise_right=RAISE_IDEA,
        edit_right=EDIT,
        parts={"helper": N_("出力")},
        due=Need.NONE,
        escalates_after_days=(3, 10),
    )
)  # fmt: skip
