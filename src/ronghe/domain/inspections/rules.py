"""督查与达标: who arranges, visits, answers, looks at effects and decides grades; and the kind of item that a finding is.

Whoever is visited never visits, whoever carries a measure out or settled on it never says that it worked, whoever was in the
group never decides the grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.inspections.enums import InspectionState
from ronghe.domain.inspections.models import GroupMember, InspectionFinding
from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec, FieldType
from ronghe.domain.items.models import ItemStep
from ronghe.domain.items.rules import Gives, ItemKind, Need, State, StepSpec, TakingPart, Waits, declare_kind
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own, local_day, roots, value_at
from ronghe.kernel.access.permissions import Grant, Permission, Reach
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.inbox import Weight
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import Flow, Step

PLANNED, UNDER_WAY = InspectionState.PLANNED, InspectionState.UNDER_WAY
FLOW = Flow("state", {
    "begin": Step({PLANNED}, UNDER_WAY),
    "seal": Step({UNDER_WAY}, InspectionState.SEALED),
    "call_off": Step({PLANNED, UNDER_WAY}, InspectionState.CALLED_OFF),
})  # fmt: skip
INSPECTORS = LEADERS | WATCHERS
INSPECTOR = "inspector"
"""The part that those of the group have in a finding."""


class EffectTooEarly(DomainError):
    code = "finding_effect_too_early"
    sentence = N_("整改办完后要过 %(days)s 天才看得出成效，%(day)s 起可以认定见效。没有见效的现在就可以说。")


@dataclass(frozen=True, slots=True)
class Above:
    """The body (along `path`, to its id) lies below a body of mine, and is not mine itself."""

    path: str = "body_id"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        day = local_day(at)
        mine, there = roots(actor, roles, day, "body"), value_at(thing, self.path)
        if not mine or there is None or there in mine:
            return False
        return bool(PartyOrg.links().filter(on_day(day), ancestor_id__in=mine, descendant_id=there).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        day = local_day(at)
        mine = roots(actor, roles, day, "body")
        if not mine:
            return None
        links = PartyOrg.links().filter(on_day(day), ancestor_id__in=mine).exclude(descendant_id__in=mine)
        if walk:
            return Q(Exists(links.filter(descendant_id=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": links.order_by().values("descendant_id")})


@dataclass(frozen=True, slots=True)
class InGroup:
    """The actor is of the inspection's group; `path` leads from the thing to its inspection. Roles do not matter."""

    path: str = "pk"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return GroupMember.objects.filter(person=actor, inspection_id=value_at(thing, self.path)).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(**{f"{self.path}__in": GroupMember.objects.filter(person=actor).values("inspection_id")})


@dataclass(frozen=True, slots=True)
class InGroupOfCall:
    """The actor is of a group that goes out on this call. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return GroupMember.objects.filter(person=actor, inspection__call_id=thing.pk).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = GroupMember.objects.filter(person=actor, inspection__call__isnull=False)
        return Q(pk__in=mine.values("inspection__call_id"))


@dataclass(frozen=True, slots=True)
class NotInGroup:
    """As far as `reach`, but not to what the actor visited."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        if GroupMember.objects.filter(person=actor, inspection_id=thing.pk).exists():
            return False
        return bool(self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        visited = GroupMember.objects.filter(person=actor).values("inspection_id")
        return None if reached is None else reached & ~Q(pk__in=visited)


@dataclass(frozen=True, slots=True)
class NotOwnWork:
    """As far as `reach`, but never to a finding that the actor owns, ever carried out, or settled the measure of."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        if thing.owner_id == actor.pk:
            return False
        if InspectionFinding.objects.filter(item_id=thing.pk, measured_by=actor).exists():
            return False
        if ItemStep.objects.filter(item_id=thing.pk, step="carry_out", by=actor).exists():
            return False
        return bool(self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        if reached is None:
            return None
        measured = InspectionFinding.objects.filter(measured_by=actor).values("item_id")
        carried = ItemStep.objects.filter(step="carry_out", by=actor).order_by().values("item_id")
        # A bare `~Q(owner=…)` loses the rows without an owner on both databases.
        return reached & (~Q(owner=actor.pk) | Q(owner=None)) & ~Q(pk__in=measured) & ~Q(pk__in=carried)


ARRANGE = Permission("inspections.arrange", Grant(INSPECTORS, Above("pk")))
"""Asked of the body that is to be visited: from above, never one's own."""
SEE_INSPECTION = Permission(
    "inspections.see_inspection", Grant(INSPECTORS, ByBody("body_id")), Grant((), InBodyOf("body_id")),
    Grant((), InGroup()),
)  # fmt: skip
SEE_VERDICTS = Permission("inspections.see_verdicts", Grant(INSPECTORS, Above("body_id")), Grant((), InGroup()))
"""While the visit goes on; once it is sealed, whoever sees the visit sees them."""
VISIT = Permission("inspections.visit", Grant((), InGroup()))
CALL_OFF = Permission("inspections.call_off", Grant(INSPECTORS, Above("body_id")))
DECIDE_GRADE = Permission("inspections.decide_grade", Grant(LEADERS, NotInGroup(Above("body_id"))))
ISSUE_CALL = Permission("inspections.issue_call", Grant(INSPECTORS, ByBody("pk")))
SEE_CALL = Permission("inspections.see_call", Grant(INSPECTORS, ByBody("body_id")), Grant((), InGroupOfCall()))
RUN_CALL = Permission("inspections.run_call", Grant(INSPECTORS, ByBody("body_id")))

RAISE_BY_HAND = Permission("inspections.raise_by_hand")
"""Nobody: a finding is raised by `services.findings`, which asks its own right and keeps what the item cannot."""
RAISE_FINDING = Permission("inspections.raise_finding", Grant(INSPECTORS, ByBody("pk")))
SETTLE_MEASURE = Permission("inspections.settle_measure", Grant(LEADERS | TEAM, ByBody("body_id")))
CARRY_OUT = Permission("inspections.carry_out", Grant((), Own("owner_id")))
LOOK_AT_EFFECT = Permission(
    "inspections.look_at_effect", Grant(INSPECTORS, NotOwnWork(ByBody("body_id"))),
    Grant((), NotOwnWork(Own("raised_by_id"))), Grant((), NotOwnWork(TakingPart({INSPECTOR}))),
)  # fmt: skip
OBJECT = Permission("inspections.object", Grant(LEADERS, ByBody("body_id")))
ANSWER_OBJECTION = Permission(
    "inspections.answer_objection", Grant(INSPECTORS, Above("body_id")), Grant((), TakingPart({INSPECTOR}))
)
RECUR = Permission(
    "inspections.recur", Grant(INSPECTORS, ByBody("body_id")), Grant((), Own("raised_by_id")),
    Grant((), TakingPart({INSPECTOR})),
)  # fmt: skip
EDIT = Permission("inspections.edit", Grant((), Own("raised_by_id")), Grant(INSPECTORS, Above("body_id")))


def _refuse_early(item: Any, actor: Person, at: datetime) -> None:  # noqa: ARG001 - as every check
    finding = item.inspection_finding
    if finding.effect_on is not None and local_day(at) < finding.effect_on:
        raise EffectTooEarly(days=finding.effect_days, day=finding.effect_on)


def _figures_fit(values: Any) -> list[tuple[str, str]]:
    """A figure after says nothing without the one before, and the other way round."""
    has = {name: values.get(name) is not None for name in ("figure_before", "figure_after")}
    return [(name, "missing") for name, is_there in has.items() if not is_there] if any(has.values()) else []


FINDING = declare_kind(
    ItemKind(
        id="finding",
        title=N_("督查问题"),
        raise_title=N_("提出督查问题"),
        text_label=N_("发现的情况"),
        states=(
            State("found", N_("待定措施"), "due", Waits.RUNNER),
            State("acting", N_("整改中"), "running", Waits.OWNER),
            State("watching", N_("待看成效"), "attention", Waits.NOBODY),
            State("objected", N_("有异议，待复核"), "attention", Waits.RUNNER),
            State("closed", N_("已见效"), "done", is_final=True, is_success=True),
            State("dismissed", N_("不成立"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("measure", N_("整改措施"), FieldType.LONG_TEXT, is_required=True),
            FieldSpec("figure_before", N_("整改前的数"), FieldType.NUMBER, may_be_negative=True,
                      hint=N_("有数就写，没有就在说明里写清楚。")),
            FieldSpec("figure_after", N_("现在的数"), FieldType.NUMBER, may_be_negative=True),
        ),
        steps=(
            StepSpec("settle", N_("定措施"), frozenset({"found"}), "acting", SETTLE_MEASURE,
                     N_("措施、责任人、期限已定。"), asks=("measure",), gives=Gives.CHOSEN, due=Need.REQUIRED, is_inner=True),
            StepSpec("carry_out", N_("办完了"), frozenset({"acting"}), "watching", CARRY_OUT,
                     N_("已提交，到日子由别人看成效。"), note=Need.REQUIRED, note_label=N_("怎么办的"),
                     evidence=Need.REQUIRED, is_shown_anew=True, hands_in=True),
            StepSpec("shown", N_("见效，销号"), frozenset({"watching"}), "closed", LOOK_AT_EFFECT, N_("已见效，销号。"),
                     asks=("figure_before", "figure_after"), note=Need.REQUIRED, note_label=N_("看到的成效"),
                     evidence=Need.OPTIONAL, judges=True, check=_refuse_early, fits=_figures_fit),
            StepSpec("not_shown", N_("没有见效，重定措施"), frozenset({"watching"}), "found", LOOK_AT_EFFECT,
                     N_("没有见效，请重新定措施。"), asks=("figure_before", "figure_after"), note=Need.REQUIRED,
                     note_label=N_("为什么说没有见效"), gives=Gives.NOBODY, judges=True, is_danger=True, fits=_figures_fit),
            StepSpec("return", N_("没办到位，退回"), frozenset({"watching"}), "acting", LOOK_AT_EFFECT, N_("已退回。"),
                     note=Need.REQUIRED, note_label=N_("哪里没办到位"), judges=True, is_danger=True),
            StepSpec("reassign", N_("改派"), frozenset({"acting"}), "acting", SETTLE_MEASURE, N_("已改派。"),
                     gives=Gives.CHOSEN, is_aside=True),
            StepSpec("object", N_("对认定有异议"), frozenset({"found"}), "objected", OBJECT, N_("异议已提出，等复核。"),
                     note=Need.REQUIRED, note_label=N_("异议的理由"), evidence=Need.OPTIONAL, is_inner=True, is_aside=True),
            StepSpec("uphold", N_("维持认定"), frozenset({"objected"}), "found", ANSWER_OBJECTION, N_("已维持认定，请定措施。"),
                     note=Need.REQUIRED, note_label=N_("复核意见"), judges=True),
            StepSpec("dismiss", N_("异议成立，撤销问题"), frozenset({"objected"}), "dismissed", ANSWER_OBJECTION,
                     N_("问题已撤销，认定已改。"), note=Need.REQUIRED, note_label=N_("复核意见"), judges=True, is_danger=True),
            StepSpec("reopen", N_("又出现了"), frozenset({"closed"}), "found", RECUR, N_("已重新打开，请重新定措施。"),
                     note=Need.REQUIRED, note_label=N_("这一次在哪里、怎样又出现"), gives=Gives.NOBODY, is_danger=True,
                     is_aside=True),
        ),
        clocks=(
            ClockSpec("found_to_settled", N_("从发现到定措施"), ("settle",), runs_on=False),
            ClockSpec("settled_to_carried", N_("从定措施到办完"), ("carry_out",), from_step="settle"),
            ClockSpec("found_to_shown", N_("从发现到见效"), ("shown",)),
        ),
        raise_right=RAISE_BY_HAND,
        edit_right=EDIT,
        parts={INSPECTOR: N_("督查组"), "helper": N_("协助")},
        due=Need.NONE,
        escalates_after_days=(1, 3, 7),
        weight=Weight.HEAVY,
    )
)  # fmt: skip
"""跟踪问效: a measure that was carried out closes nothing; its effect does, seen by somebody else after some days.

`settle` and `object` are inner: a deadline of its own is asked for, and an objection ends with the notice.
"""
