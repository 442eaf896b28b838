"""隐患和违章: the two kinds, who may report, assess, confirm, put right and accept. Whoever puts right never accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.hazards.enums import ViolationSort
from ronghe.domain.hazards.models import Finding
from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec, FieldType
from ronghe.domain.items.rules import Gives, ItemKind, Need, NotBy, State, StepSpec, Waits, declare_kind
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.domain.risks.rules import SAFETY, WorkingThere
from ronghe.kernel.access.permissions import Grant, Permission, Reach
from ronghe.kernel.inbox import Weight
from ronghe.kernel.words import N_

HANDLERS = SAFETY | {PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.TEAM_LEADER}


@dataclass(frozen=True, slots=True)
class NotNamed:
    """As far as `reach`, but never to a violation that names the actor."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        named = Finding.objects.filter(item_id=thing.pk, person=actor).exists()
        return not named and bool(self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        named = Finding.objects.filter(person=actor).order_by().values("item_id")
        return None if reached is None else reached & ~Q(pk__in=named)


RAISE_BY_HAND = Permission("hazards.raise_by_hand")
"""Nobody: both kinds are reported by `services.reporting`, which asks its own right."""
REPORT = Permission(
    "hazards.report", Grant(LEADERS | MASS_LEADERS | TEAM | SAFETY, ByBody("pk")), Grant((), InBodyOf("pk")),
    Grant((), WorkingThere("unit_id")),
)  # fmt: skip
"""Asked of the body. Whoever sees an area may report in it."""
ASSESS = Permission("hazards.assess", Grant(HANDLERS, ByBody("body_id")))
"""Say how bad a hazard is, and settle the five: who, what, with which money, until when, and what if."""
FIX = Permission("hazards.fix", Grant((), Own("owner_id")))
ACCEPT = Permission("hazards.accept", Grant(HANDLERS, NotBy(ByBody("body_id"))))
"""Accept what was put right, strike it off: never the own work."""
CONFIRM = Permission("hazards.confirm", Grant(HANDLERS, NotNamed(NotBy(ByBody("body_id"), ("raised_by_id",)))))
"""A violation counts when somebody confirmed it who neither reported it nor is named in it (IN-05)."""
OVERTURN = Permission("hazards.overturn", Grant(HANDLERS, NotNamed(ByBody("body_id"))))
VERIFY = Permission("hazards.verify", Grant(HANDLERS, NotNamed(NotBy(ByBody("body_id")))))
TAKE_BACK = Permission("hazards.take_back", Grant((), Own("raised_by_id")))
EDIT = Permission("hazards.edit", Grant((), Own("raised_by_id")), Grant(HANDLERS, ByBody("body_id")))
SEE_TO = Permission("hazards.see_to", Grant(LEADERS | SAFETY | TEAM, ByBody("body_id")))
"""Violations that name somebody are read by those involved, and by those who see to them."""

HAZARD = declare_kind(
    ItemKind(
        id="hazard",
        title=N_("隐患"),
        raise_title=N_("上报隐患"),
        text_label=N_("补充说明"),
        states=(
            State("registered", N_("待评估"), "due", Waits.RUNNER),
            State("rectifying", N_("整改中"), "running", Waits.OWNER),
            State("fixed", N_("待验收"), "attention", Waits.RUNNER),
            State("accepted", N_("待销号"), "attention", Waits.RUNNER),
            State("closed", N_("已销号"), "done", is_final=True, is_success=True),
            State("dismissed", N_("不成立"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("measure", N_("整改措施"), FieldType.LONG_TEXT, is_required=True),
            FieldSpec("money", N_("整改资金"), FieldType.MONEY, is_required=True, unit=N_("元"),
                      hint=N_("不用花钱就填 0。")),
            FieldSpec("plan", N_("应急预案"), FieldType.LONG_TEXT, is_required=True,
                      hint=N_("整改好以前怎么防、出了事怎么办。")),
        ),
        steps=(
            StepSpec("assess", N_("评估并落实整改"), frozenset({"registered"}), "rectifying", ASSESS,
                     N_("五落实已定，转责任人整改。"), asks=("measure", "money", "plan"), gives=Gives.CHOSEN,
                     due=Need.REQUIRED, is_inner=True),
            StepSpec("fix", N_("整改好了"), frozenset({"rectifying"}), "fixed", FIX, N_("已提交，等别人验收。"),
                     note=Need.REQUIRED, note_label=N_("怎么整改的"), evidence=Need.REQUIRED, is_shown_anew=True,
                     hands_in=True),
            StepSpec("accept", N_("验收合格"), frozenset({"fixed"}), "accepted", ACCEPT, N_("验收合格，可以销号。"),
                     note_label=N_("验收意见"), judges=True),
            StepSpec("return", N_("没改好，退回"), frozenset({"fixed", "accepted"}), "rectifying", ACCEPT,
                     N_("已退回整改。"), note=Need.REQUIRED, note_label=N_("哪里没改好"), judges=True, is_danger=True),
            StepSpec("close", N_("销号"), frozenset({"accepted"}), "closed", ACCEPT, N_("已销号。"), judges=True),
            StepSpec("reassign", N_("改派"), frozenset({"rectifying"}), "rectifying", ASSESS, N_("已改派。"),
                     gives=Gives.CHOSEN, is_aside=True),
            StepSpec("reopen", N_("又出现，重新整改"), frozenset({"closed"}), "rectifying", ACCEPT, N_("已重新打开。"),
                     note=Need.REQUIRED, note_label=N_("又发现什么"), is_danger=True, is_aside=True),
            StepSpec("dismiss", N_("不成立"), frozenset({"registered"}), "dismissed", ASSESS, N_("已记为不成立。"),
                     note=Need.REQUIRED, note_label=N_("为什么不成立"), is_danger=True),
            StepSpec("withdraw", N_("撤回"), frozenset({"registered"}), "dismissed", TAKE_BACK, N_("已撤回。"),
                     is_danger=True),
        ),
        clocks=(
            ClockSpec("reported_to_assessed", N_("从上报到评估"), ("assess", "dismiss"), runs_on=False),
            ClockSpec("assessed_to_fixed", N_("从评估到整改好"), ("fix",), from_step="assess"),
            ClockSpec("reported_to_closed", N_("从上报到销号"), ("close",)),
        ),
        raise_right=RAISE_BY_HAND,
        edit_right=EDIT,
        parts={"helper": N_("协助")},
        due=Need.NONE,
        escalates_after_days=(1, 3, 7),
        weight=Weight.HEAVY,
    )
)  # fmt: skip
"""IN-04: registered → assessed → put right (五落实: owner, measure, money, deadline, plan) → accepted → struck off.

`due` is none for whoever edits: the deadline is settled with the assessment, by the grade.
"""

VIOLATION = declare_kind(
    ItemKind(
        id="violation",
        title=N_("违章"),
        raise_title=N_("上报违章"),
        text_label=N_("经过"),
        states=(
            State("reported", N_("疑似，待查实"), "due", Waits.RUNNER),
            State("rectifying", N_("已查实，整改中"), "running", Waits.OWNER),
            State("fixed", N_("待验证"), "attention", Waits.RUNNER),
            State("closed", N_("已关闭"), "done", is_final=True, is_success=True),
            State("dismissed", N_("不成立"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("sort", N_("哪类违章"), FieldType.CHOICE, is_required=True,
                      choices=((ViolationSort.OPERATION.value, N_("违章作业")), (ViolationSort.COMMAND.value, N_("违章指挥")),
                               (ViolationSort.DISCIPLINE.value, N_("违反劳动纪律")))),
            FieldSpec("clause", N_("违反哪一条")),
        ),
        steps=(
            StepSpec("confirm", N_("查实"), frozenset({"reported"}), "rectifying", CONFIRM, N_("已查实，转责任人整改。"),
                     note=Need.REQUIRED, note_label=N_("怎么查实的"), gives=Gives.CHOSEN, due=Need.REQUIRED, judges=True,
                     is_inner=True),
            StepSpec("fix", N_("整改好了"), frozenset({"rectifying"}), "fixed", FIX, N_("已提交，等别人验证。"),
                     note=Need.REQUIRED, note_label=N_("怎么整改的"), evidence=Need.REQUIRED, is_shown_anew=True,
                     hands_in=True),
            StepSpec("verify", N_("验证关闭"), frozenset({"fixed"}), "closed", VERIFY, N_("已关闭。"), judges=True),
            StepSpec("return", N_("没改好，退回"), frozenset({"fixed"}), "rectifying", VERIFY, N_("已退回整改。"),
                     note=Need.REQUIRED, note_label=N_("哪里没改好"), judges=True, is_danger=True),
            StepSpec("reassign", N_("改派"), frozenset({"rectifying"}), "rectifying", CONFIRM, N_("已改派。"),
                     gives=Gives.CHOSEN, is_aside=True),
            StepSpec("dismiss", N_("不成立"), frozenset({"reported"}), "dismissed", CONFIRM, N_("已记为不成立，不计入。"),
                     note=Need.REQUIRED, note_label=N_("为什么不成立"), judges=True, is_danger=True),
            StepSpec("overturn", N_("申诉成立，撤销认定"), frozenset({"rectifying", "fixed", "closed"}), "dismissed", OVERTURN,
                     N_("认定已撤销，不再计入。"), note=Need.REQUIRED, note_label=N_("为什么撤销"), judges=True,
                     is_danger=True, is_aside=True),
            StepSpec("withdraw", N_("撤回"), frozenset({"reported"}), "dismissed", TAKE_BACK, N_("已撤回。"),
                     is_danger=True),
        ),
        clocks=(
            ClockSpec("reported_to_confirmed", N_("从上报到查实"), ("confirm", "dismiss"), runs_on=False),
            ClockSpec("reported_to_closed", N_("从上报到关闭"), ("verify",)),
        ),
        raise_right=RAISE_BY_HAND,
        edit_right=EDIT,
        parts={"named": N_("涉及的人"), "helper": N_("协助")},
        due=Need.NONE,
        involved_right=SEE_TO,
        escalates_after_days=(1, 3, 7),
    )
)  # fmt: skip
"""IN-05: whoever or whatever saw it, it is suspected; it counts when a person confirmed it."""
