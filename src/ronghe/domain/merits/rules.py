"""积分申请: the kind of item that an application is, and who checks, reviews, approves, objects and takes back (PP-02).

Nobody decides alone and nobody about the own points: each of the three steps is somebody else's, and then the whole
branch sees it on notice before it counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec
from ronghe.domain.items.rules import ItemKind, Need, NotBy, Open, State, StepSpec, Waits, declare_kind
from ronghe.domain.merits.models import MeritCase
from ronghe.domain.org.enums import MembershipKind, PostRole
from ronghe.domain.org.models import Membership, Person
from ronghe.domain.org.rules.reaches import Belonging, ByBody, InBodyOf, Own, local_day, roots, value_at
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.access.permissions import Grant, Permission, Reach
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

SECRETARIES = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
BRANCH = SECRETARIES | {
    PostRole.ORG_MEMBER, PostRole.PUBLICITY_MEMBER, PostRole.DISCIPLINE_MEMBER, PostRole.COMMITTEE_MEMBER,
}  # fmt: skip
"""The branch's committee."""
ABOVE = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.DISCIPLINE_MEMBER})


class AppealTooLate(DomainError):
    code = "merit_appeal_too_late"
    sentence = N_("申诉要在 %(days)s 天内提出，这一件已经过了。可以补充依据重新申请。")


class NoticeOver(DomainError):
    code = "merit_notice_over"
    sentence = N_("公示到 %(last_on)s 为止，已经过了。有问题请向支部书记反映，由书记冲销。")


@dataclass(frozen=True, slots=True)
class NotEarlier:
    """As far as `reach`, but never to an application on which the actor took one of the steps before."""

    reach: Reach
    steps: tuple[str, ...] = ("checked_by", "reviewed_by")

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        if not self.reach.holds(actor, roles, thing, at):
            return False
        return not self._own(actor).filter(item_id=thing.pk).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & ~Q(Exists(self._own(actor).filter(item=OuterRef("pk"))))

    def _own(self, actor: Person) -> Any:
        own = Q()
        for name in self.steps:
            own |= Q(**{name: actor})
        return MeritCase.objects.filter(own).order_by()


@dataclass(frozen=True, slots=True)
class LeadsGroupOf:
    """The actor holds the post in the Party group of the person along `path`."""

    path: str = "owner_id"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        mine = self._mine(actor, roles, at)
        return mine is not None and mine.filter(person_id=value_at(thing, self.path)).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        mine = self._mine(actor, roles, at)
        if mine is None:
            return None
        if walk:
            return Q(Exists(mine.filter(person_id=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": mine.values("person_id")})

    def _mine(self, actor: Person, roles: frozenset[str], at: datetime) -> Any:
        day = local_day(at)
        groups = roots(actor, roles, day, "body")
        if not groups:
            return None
        return Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, group__in=groups).order_by()


_OWN = ("owner_id", "raised_by_id")

RAISE_BY_HAND = Permission("merits.raise_by_hand")
"""Nobody: applications come by `services.applying`, which asks its own right and knows the sheet."""
APPLY = Permission("merits.apply", Grant((), Own("pk")))
"""Asked of the person whose points they are."""
REPORT = Permission(
    "merits.report",
    Grant(BRANCH, NotBy(Belonging("pk", at_home=True), ("pk",))),
    Grant({PostRole.GROUP_LEADER}, NotBy(LeadsGroupOf("pk"), ("pk",))),
)
"""Asked of the person: put forward what takes points away; it goes the same way as an application."""
CHECK = Permission(
    "merits.check",
    Grant({PostRole.GROUP_LEADER}, Open(NotBy(LeadsGroupOf(), _OWN))),
    Grant(BRANCH, Open(NotBy(ByBody("body_id"), _OWN))),
)
"""The group's leader; where there is none, somebody of the branch's committee."""
REVIEW = Permission(
    "merits.review", Grant(BRANCH | {PostRole.COMMITTEE_CLERK}, NotEarlier(NotBy(ByBody("body_id"), _OWN)))
)
APPROVE = Permission("merits.approve", Grant(SECRETARIES, NotEarlier(NotBy(ByBody("body_id"), _OWN))))
OBJECT = Permission(
    "merits.object",
    Grant((), NotBy(InBodyOf("body_id"), ("owner_id",))),
    Grant(BRANCH, NotBy(ByBody("body_id"), ("owner_id",))),
)
"""Everybody who belongs to the branch."""
SETTLE = Permission("merits.settle", Grant(SECRETARIES, NotBy(ByBody("body_id"), _OWN)))
APPEAL = Permission("merits.appeal", Grant((), Own("owner_id")))
HEAR_APPEAL = Permission("merits.hear_appeal", Grant(ABOVE, NotBy(ByBody("body__parent_id"), _OWN)))
"""At the level above the branch."""
REVERSE = Permission("merits.reverse", Grant(SECRETARIES | {PostRole.DISCIPLINE_MEMBER}, ByBody("body_id")))
TAKE_BACK = Permission("merits.take_back", Grant((), Own("raised_by_id")))
EDIT = Permission("merits.edit")
"""Nobody: what others have checked is not reworded. Take it back and apply anew."""


def _in_time_to_appeal(item: Any, _actor: Person, at: datetime) -> None:
    """The days are those of the branch's playbook on the day of the refusal: a later one shortens nobody's time."""
    refused_on = local_day(item.since)
    days = key_of("merit_appeal_days", item.body, refused_on)
    if (local_day(at) - refused_on).days > days:
        raise AppealTooLate(days=days)


def _notice_runs(item: Any, _actor: Person, at: datetime) -> None:
    last_on = MeritCase.objects.values_list("notice_last_on", flat=True).get(item=item)
    if last_on is not None and local_day(at) > last_on:
        raise NoticeOver(last_on=last_on)


MERIT = declare_kind(
    ItemKind(
        id="merit",
        title=N_("积分申请"),
        raise_title=N_("申请积分"),
        text_label=N_("做了什么"),
        states=(
            State("applied", N_("待党小组长初核"), "due", Waits.RUNNER),
            State("checked", N_("待支部审核"), "attention", Waits.RUNNER),
            State("reviewed", N_("待书记审定"), "attention", Waits.RUNNER),
            State("notice", N_("公示中"), "running"),
            State("objected", N_("有异议，待核查"), "attention", Waits.RUNNER),
            State("granted", N_("已计分"), "done", is_final=True, is_success=True),
            State("reversed", N_("已冲销"), "failed", is_final=True),
            State("refused", N_("未通过"), "waived", is_final=True),
            State("appealed", N_("申诉中，待上级复核"), "attention", Waits.RUNNER),
            State("rejected", N_("申诉未支持"), "waived", is_final=True),
            State("withdrawn", N_("已撤回"), "waived", is_final=True),
        ),
        fields=(FieldSpec("proof", N_("证明人")),),
        steps=(
            StepSpec("check", N_("初核属实"), frozenset({"applied"}), "checked", CHECK, N_("已初核，等支部审核。")),
            StepSpec("review", N_("审核通过"), frozenset({"checked"}), "reviewed", REVIEW, N_("已审核，等书记审定。")),
            StepSpec("approve", N_("审定并公示"), frozenset({"reviewed"}), "notice", APPROVE,
                     N_("已审定，开始公示；期满没有异议自动计分。"), judges=True),
            StepSpec("object", N_("提出异议"), frozenset({"notice"}), "objected", OBJECT, N_("异议已记下，等书记核查。"),
                     note=Need.REQUIRED, note_label=N_("哪里不实"), check=_notice_runs, is_danger=True),
            StepSpec("dismiss", N_("异议不成立，继续公示"), frozenset({"objected"}), "notice", SETTLE,
                     N_("已答复，继续公示。"), note=Need.REQUIRED, note_label=N_("核查结果"), judges=True),
            StepSpec("uphold", N_("异议成立，不予计分"), frozenset({"objected"}), "refused", SETTLE,
                     N_("已按异议办理，不予计分。"), note=Need.REQUIRED, note_label=N_("核查结果"), judges=True,
                     is_danger=True),
            StepSpec("count", N_("公示期满计分"), frozenset({"notice"}), "granted", SETTLE, N_("已计分。"), is_inner=True),
            StepSpec("refuse", N_("不予计分"), frozenset({"applied"}), "refused", CHECK, N_("已告知本人，可以申诉。"),
                     note=Need.REQUIRED, note_label=N_("原因，本人会看到"), judges=True, is_danger=True),
            StepSpec("refuse_branch", N_("不予计分"), frozenset({"checked"}), "refused", REVIEW,
                     N_("已告知本人，可以申诉。"), note=Need.REQUIRED, note_label=N_("原因，本人会看到"), judges=True,
                     is_danger=True),
            StepSpec("refuse_final", N_("不予计分"), frozenset({"reviewed"}), "refused", APPROVE,
                     N_("已告知本人，可以申诉。"), note=Need.REQUIRED, note_label=N_("原因，本人会看到"), judges=True,
                     is_danger=True),
            StepSpec("appeal", N_("申诉"), frozenset({"refused"}), "appealed", APPEAL, N_("申诉已送上级党组织复核。"),
                     note=Need.REQUIRED, note_label=N_("申诉理由"), evidence=Need.OPTIONAL, check=_in_time_to_appeal),
            StepSpec("support", N_("支持申诉，重新审定"), frozenset({"appealed"}), "reviewed", HEAR_APPEAL,
                     N_("已支持申诉，转书记审定。"), note=Need.REQUIRED, note_label=N_("复核意见"), judges=True),
            StepSpec("reject", N_("不支持申诉"), frozenset({"appealed"}), "rejected", HEAR_APPEAL, N_("已答复本人。"),
                     note=Need.REQUIRED, note_label=N_("复核意见"), judges=True, is_danger=True),
            StepSpec("reverse", N_("冲销"), frozenset({"granted"}), "reversed", REVERSE, N_("已冲销，账上记了冲销。"),
                     note=Need.REQUIRED, note_label=N_("冲销原因"), is_danger=True),
            StepSpec("surpass", N_("就高不重复，冲销"), frozenset({"granted"}), "reversed", REVERSE,
                     N_("同一事项已按更高的计分。"), is_inner=True, is_danger=True),
            StepSpec("withdraw", N_("撤回"), frozenset({"applied", "checked", "reviewed", "notice"}), "withdrawn",
                     TAKE_BACK, N_("已撤回。"), is_danger=True),
        ),
        clocks=(
            ClockSpec("applied_to_decided", N_("从申请到审定"), ("approve", "refuse", "refuse_branch", "refuse_final")),
            ClockSpec("applied_to_counted", N_("从申请到计分"), ("count",)),
        ),
        raise_right=RAISE_BY_HAND,
        edit_right=EDIT,
        due=Need.NONE,
    )
)  # fmt: skip
