"""践承诺: the kind of item that a promise of a carrier is. It is put up with the carrier and never alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ronghe.domain.carriers.calc.types import reaches
from ronghe.domain.carriers.enums import Direction
from ronghe.domain.carriers.rules.reaches import NotInCarrier
from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec, FieldType, number_in
from ronghe.domain.items.rules import ItemKind, Need, NotBy, State, StepSpec, Waits, declare_kind
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import ByBody, Own, local_day
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

JUDGES = frozenset(
    {PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER, PostRole.ZONE_LEAD,
     PostRole.DISCIPLINE_MEMBER}
)  # fmt: skip


class PromiseNotReached(DomainError):
    code = "promise_not_reached"
    sentence = N_(
        "承诺%(direction)s %(target)s %(unit)s，实际是 %(actual)s，不能判为兑现。请判为没有兑现，或退回核对。"
    )


class PromiseNotDue(DomainError):
    code = "promise_not_due"
    sentence = N_("承诺的期限是 %(due_on)s，还没到，本人也没有申报，不能判为没有兑现。")


RAISE_PROMISE = Permission("carriers.raise_promise")
"""Nobody: a promise is made with its carrier (`services.promises`), which asks the carrier's own right."""
KEEP_PROMISE = Permission("carriers.keep_promise", Grant((), Own("owner_id")))
JUDGE_PROMISE = Permission(
    "carriers.judge_promise", Grant(JUDGES, NotInCarrier(NotBy(ByBody("body_id")), "promise_line__carrier_id"))
)
"""Kept or not is said by somebody who made none of it."""
MOVE_PROMISE = Permission(
    "carriers.move_promise",
    Grant(JUDGES | {PostRole.GROUP_LEADER}, ByBody("body_id")),
    Grant((), Own("raised_by_id")),
    Grant((), Own("promise_line__carrier__proposed_by_id")),
)
"""Published and withdrawn together with the carrier, whose own right was asked; inner steps only."""


def _refuse_short(item: Any, _actor: Person, _at: datetime) -> None:
    target, actual = number_in(item.values, "target"), number_in(item.values, "actual")
    direction = item.values.get("direction", Direction.AT_LEAST.value)
    if target is None or actual is None or reaches(actual, target, direction):
        return
    raise PromiseNotReached(
        direction=Direction(direction).label, target=target, unit=item.values.get("unit", ""), actual=actual
    )


def _refuse_early(item: Any, _actor: Person, at: datetime) -> None:
    if item.state == "running" and item.due_at is not None and at <= item.due_at:
        raise PromiseNotDue(due_on=f"{local_day(item.due_at)}")


PROMISE = declare_kind(
    ItemKind(
        id="promise",
        title=N_("承诺"),
        raise_title=N_("作一项承诺"),
        text_label=N_("怎样算兑现"),
        states=(
            State("draft", N_("待公示"), "due", Waits.NOBODY),
            State("running", N_("践诺中"), "running", Waits.OWNER),
            State("reported", N_("待评"), "attention", Waits.RUNNER),
            State("kept", N_("已兑现"), "done", is_final=True, is_success=True),
            State("not_kept", N_("没有兑现"), "failed", is_final=True),
            State("waived", N_("已免除"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("target", N_("承诺的数"), FieldType.NUMBER),
            FieldSpec("unit", N_("单位")),
            FieldSpec("direction", N_("怎样算达到"), FieldType.CHOICE,
                      choices=tuple((one.value, str(word)) for one, word in (
                          (Direction.AT_LEAST, N_("不低于")), (Direction.AT_MOST, N_("不超过"))))),
            FieldSpec("actual", N_("实际的数"), FieldType.NUMBER),
        ),
        steps=(
            StepSpec("publish", N_("公示"), frozenset({"draft"}), "running", MOVE_PROMISE, N_("已公示。"),
                     note=Need.NONE, is_inner=True),
            StepSpec("drop", N_("撤回"), frozenset({"draft"}), "waived", MOVE_PROMISE, N_("已撤回。"), is_inner=True),
            StepSpec("report", N_("申报兑现"), frozenset({"running"}), "reported", KEEP_PROMISE, N_("已申报，等支部评。"),
                     asks=("actual",), note=Need.REQUIRED, note_label=N_("怎样兑现的"), hands_in=True, is_inner=True),
            StepSpec("keep", N_("评为兑现"), frozenset({"reported"}), "kept", JUDGE_PROMISE, N_("已评为兑现。"),
                     judges=True, check=_refuse_short),
            StepSpec("return", N_("退回核对"), frozenset({"reported"}), "running", JUDGE_PROMISE, N_("已退回。"),
                     note=Need.REQUIRED, note_label=N_("退回原因"), judges=True, is_danger=True),
            StepSpec("fail", N_("评为没有兑现"), frozenset({"running", "reported"}), "not_kept", JUDGE_PROMISE,
                     N_("已评为没有兑现。"), note=Need.REQUIRED, note_label=N_("为什么"), judges=True, is_danger=True,
                     check=_refuse_early),
            StepSpec("waive", N_("免除"), frozenset({"running", "reported"}), "waived", JUDGE_PROMISE, N_("已免除。"),
                     note=Need.REQUIRED, note_label=N_("为什么不用再兑现"), judges=True, is_danger=True),
            StepSpec("reopen", N_("重新评"), frozenset({"kept", "not_kept"}), "reported", JUDGE_PROMISE,
                     N_("已重新打开。"), note=Need.REQUIRED, note_label=N_("为什么重新评"), judges=True, is_danger=True),
        ),
        clocks=(ClockSpec("published_to_judged", N_("从公示到评定"), ("keep", "fail"), from_step="publish"),),
        raise_right=RAISE_PROMISE,
        edit_right=JUDGE_PROMISE,
        evidence=Need.NONE,
        due=Need.REQUIRED,
        escalates_after_days=(3, 14),
    )
)  # fmt: skip
