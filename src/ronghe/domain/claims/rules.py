"""任务领办: the kind of item that people claim, and who may do what with it (SD-04)."""

from __future__ import annotations

from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec, FieldType
from ronghe.domain.items.rules import Gives, ItemKind, Need, NotBy, Open, State, StepSpec, Waits, declare_kind
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, InBodyOf, Own
from ronghe.domain.taskforces.rules import SECRETARIES, OfSide
from ronghe.domain.taskforces.rules import TakingPart as InForce
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.words import N_

MANAGERS = frozenset(
    {PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ZONE_LEAD, PostRole.GROUP_LEADER, PostRole.COMMITTEE_CLERK}
)
"""Who splits a difficult point into tasks, publishes them, names somebody, and accepts the work."""

SEE_SHEET = Permission(
    "claims.see_sheet",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")),
    Grant(LEADERS, OfSide(ByBody("body_id"), "force_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), InBodyOf("zone__body_id")),
    Grant((), InForce("force_id", ever=True)),
)
MANAGE_SHEET = Permission("claims.manage_sheet", Grant(MANAGERS, ByBody("body_id")), Grant((), Own("drawn_up_by_id")))
SIGN_FOR_BODY = Permission("claims.sign_for_body", Grant(SECRETARIES, AtBody("pk")))
"""Asked of the side's body."""
DRAW_UP = Permission("claims.draw_up", Grant(MANAGERS, ByBody("pk")))
"""Asked of the body."""
MANAGE = Permission("claims.manage", Grant(MANAGERS, ByBody("body_id")), Grant((), Own("raised_by_id")))
CLAIM = Permission(
    "claims.claim",
    Grant(LEADERS, Open(ByBody("body_id"))),
    Grant((), Open(InBodyOf("body_id"))),
    Grant((), Open(InBodyOf("zone__body_id"))),
    Grant((), Open(InForce("force_id"))),
)
DO = Permission("claims.do", Grant((), Own("owner_id")))
JUDGE = Permission("claims.judge", Grant(MANAGERS, NotBy(ByBody("body_id"))), Grant((), NotBy(Own("raised_by_id"))))
"""Accept or return: never the own work."""
GIVE_BACK = Permission("claims.give_back", Grant((), Own("owner_id")), Grant(MANAGERS, ByBody("body_id")))

CLAIM_TASK = declare_kind(
    ItemKind(
        id="claim",
        title=N_("领办任务"),
        raise_title=N_("分解一项任务"),
        text_label=N_("目标"),
        states=(
            State("draft", N_("待发布"), "due", Waits.RAISER),
            State("published", N_("待领办"), "due", Waits.NOBODY),
            State("claimed", N_("待签字"), "attention", Waits.OWNER),
            State("running", N_("攻关中"), "running", Waits.OWNER),
            State("submitted", N_("待验收"), "attention", Waits.RUNNER),
            State("accepted", N_("已验收"), "done", is_final=True, is_success=True),
            State("withdrawn", N_("已撤下"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("qhse_duty", N_("QHSE 职责"), is_required=True),
            FieldSpec("project_duty", N_("项目职责"), is_required=True),
            FieldSpec("member_duty", N_("党员职责"), is_required=True),
            FieldSpec("responsibility", N_("责任"), is_required=True),
            FieldSpec("score", N_("评分"), FieldType.WHOLE, unit=N_("分")),
        ),
        steps=(
            StepSpec("publish", N_("发布"), frozenset({"draft"}), "published", MANAGE, N_("已发布，等人领办。"),
                     note=Need.NONE),
            StepSpec("claim", N_("领办"), frozenset({"published"}), "claimed", CLAIM, N_("您已领办，请看清后签字承诺。"),
                     note=Need.NONE, gives=Gives.ACTOR),
            StepSpec("assign", N_("指定领办人"), frozenset({"published"}), "claimed", MANAGE, N_("已指定，等本人签字。"),
                     gives=Gives.CHOSEN),
            StepSpec("sign", N_("签字承诺"), frozenset({"claimed"}), "running", DO, N_("已签字承诺，开始攻关。"),
                     note=Need.NONE, signs=True),
            StepSpec("submit", N_("交验"), frozenset({"running"}), "submitted", DO, N_("已交验，等待验收。"),
                     note=Need.REQUIRED, note_label=N_("办得怎样"), evidence=Need.REQUIRED, hands_in=True),
            StepSpec("accept", N_("验收"), frozenset({"submitted"}), "accepted", JUDGE, N_("已验收。"), asks=("score",),
                     judges=True),
            StepSpec("return", N_("退回"), frozenset({"submitted"}), "running", JUDGE, N_("已退回。"),
                     note=Need.REQUIRED, note_label=N_("退回原因"), judges=True, is_danger=True),
            StepSpec("release", N_("退出领办"), frozenset({"claimed", "running"}), "published", GIVE_BACK,
                     N_("已退出，任务重新等人领办。"), note=Need.REQUIRED, note_label=N_("退出原因"), gives=Gives.NOBODY,
                     is_danger=True),
            StepSpec("withdraw", N_("撤下"), frozenset({"draft", "published"}), "withdrawn", MANAGE, N_("已撤下。"),
                     note=Need.REQUIRED, note_label=N_("撤下原因"), is_danger=True),
        ),
        clocks=(
            ClockSpec("raised_to_accepted", N_("从分解到验收"), ("accept",)),
            ClockSpec("claimed_to_accepted", N_("从领办到验收"), ("accept",), from_step="claim"),
        ),
        raise_right=DRAW_UP,
        edit_right=MANAGE,
        parts={"helper": N_("协办")},
        evidence=Need.NONE,
        due=Need.REQUIRED,
        escalates_after_days=(1, 7),
    )
)  # fmt: skip
