"""回头看: the kind of item that a finding is, and who finds, analyses, verifies and holds sessions."""

from __future__ import annotations

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
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.words import N_

MANAGERS = frozenset(
    {PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ZONE_LEAD, PostRole.GROUP_LEADER,
     PostRole.COMMITTEE_CLERK, PostRole.HSE_OFFICER}
)  # fmt: skip

RAISE_FINDING = Permission("lookbacks.raise_finding", Grant(LEADERS | TEAM | WATCHERS, ByBody("pk")),
                           Grant({PostRole.HSE_OFFICER}, ByBody("pk")), Grant((), InBodyOf("pk")))  # fmt: skip
"""Asked of the body: whoever is in it, and whoever watches over it."""
MANAGE = Permission("lookbacks.manage", Grant(MANAGERS, ByBody("body_id")))
TAKE = Permission(
    "lookbacks.take", Grant(LEADERS | TEAM, Open(ByBody("body_id"))), Grant((), Open(InBodyOf("body_id")))
)
DO = Permission("lookbacks.do", Grant((), Own("owner_id")))
ANALYSE = Permission("lookbacks.analyse", Grant((), Own("owner_id")), Grant((), TakingPart({"analyst"})))
"""Write down causes and set measures."""
VERIFY = Permission("lookbacks.verify", Grant(MANAGERS | WATCHERS, NotBy(ByBody("body_id"))),
                    Grant((), NotBy(Own("raised_by_id"))))  # fmt: skip
"""Never by who was to settle it."""
RECUR = Permission(
    "lookbacks.recur", Grant(LEADERS | TEAM | WATCHERS | MANAGERS, ByBody("body_id")), Grant((), InBodyOf("body_id")),
    Grant((), Own("raised_by_id")),
)  # fmt: skip
EDIT = Permission("lookbacks.edit", Grant((), Own("raised_by_id")), Grant(MANAGERS, ByBody("body_id")))

SEE_SESSION = Permission(
    "lookbacks.see_session", Grant(LEADERS | TEAM | WATCHERS, ByBody("body_id")), Grant((), InBodyOf("body_id"))
)
OPEN_SESSION = Permission("lookbacks.open_session", Grant(MANAGERS - {PostRole.HSE_OFFICER}, ByBody("pk")))
"""Asked of the body."""
RUN_SESSION = Permission("lookbacks.run_session", Grant(MANAGERS - {PostRole.HSE_OFFICER}, ByBody("body_id")))

LOOKBACK = declare_kind(
    ItemKind(
        id="lookback",
        title=N_("回头看"),
        raise_title=N_("记一个问题"),
        text_label=N_("看到了什么"),
        states=(
            State("found", N_("待查原因"), "due", Waits.RUNNER),
            State("analysing", N_("查原因中"), "running", Waits.OWNER),
            State("acting", N_("整改中"), "running", Waits.OWNER),
            State("submitted", N_("待验证"), "attention", Waits.RUNNER),
            State("closed", N_("已销号"), "done", is_final=True, is_success=True),
            State("same", N_("并入旧问题"), "waived", is_final=True),
            State("dismissed", N_("不成立"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("area", N_("哪方面"), FieldType.CHOICE,
                      choices=(("joining", N_("融合工作")), ("safety", N_("安全")), ("quality", N_("质量")),
                               ("schedule", N_("进度")), ("cost", N_("效益")), ("party", N_("党建")))),
        ),
        steps=(
            StepSpec("assign", N_("指定谁来查"), frozenset({"found", "analysing"}), "analysing", MANAGE, N_("已指定，等本人查原因。"),
                     note=Need.NONE, due=Need.OPTIONAL, gives=Gives.CHOSEN),
            StepSpec("take", N_("我来查"), frozenset({"found"}), "analysing", TAKE, N_("由您查原因、定措施。"),
                     note=Need.NONE, gives=Gives.ACTOR),
            StepSpec("plan", N_("措施已定，开始整改"), frozenset({"analysing"}), "acting", DO, N_("开始整改。"),
                     note=Need.NONE, is_inner=True),
            StepSpec("submit", N_("交验"), frozenset({"acting"}), "submitted", DO, N_("已交验，等待别人验证。"),
                     note=Need.REQUIRED, note_label=N_("措施见效了吗"), evidence=Need.OPTIONAL, hands_in=True,
                     is_inner=True),
            StepSpec("rethink", N_("原因没找准，重新查"), frozenset({"acting"}), "analysing", DO, N_("请重新查原因。"),
                     note=Need.OPTIONAL),
            StepSpec("verify", N_("验证见效，销号"), frozenset({"submitted"}), "closed", VERIFY, N_("已销号；再发生会重新打开。"),
                     note=Need.REQUIRED, note_label=N_("怎样验证的"), evidence=Need.OPTIONAL, judges=True),
            StepSpec("return", N_("退回"), frozenset({"submitted"}), "acting", VERIFY, N_("已退回。"),
                     note=Need.REQUIRED, note_label=N_("退回原因"), judges=True, is_danger=True),
            StepSpec("reopen", N_("又发生了"), frozenset({"closed"}), "analysing", RECUR, N_("已重新打开。"),
                     note=Need.REQUIRED, is_inner=True, is_danger=True),
            StepSpec("same", N_("是旧问题又发生"), frozenset({"found", "analysing"}), "same", RECUR,
                     N_("已并入旧问题。"), is_inner=True),
            StepSpec("dismiss", N_("不成立"), frozenset({"found", "analysing"}), "dismissed", MANAGE, N_("已记为不成立。"),
                     note=Need.REQUIRED, note_label=N_("为什么不成立"), is_danger=True),
        ),
        clocks=(
            ClockSpec("found_to_planned", N_("从发现到定措施"), ("plan",)),
            ClockSpec("found_to_closed", N_("从发现到销号"), ("verify",)),
        ),
        raise_right=RAISE_FINDING,
        edit_right=EDIT,
        parts={"analyst": N_("一起查")},
        escalates_after_days=(1, 7),
    )
)  # fmt: skip
