"""精准问需: the kind of item that employees raise, and who sees to it (D2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec, FieldType
from ronghe.domain.items.rules import Gives, ItemKind, Need, NotBy, State, StepSpec, Waits, declare_kind
from ronghe.domain.needs.calc.gains import gain_gaps
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own, local_day
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

TRIAGERS = LEADERS | MASS_LEADERS | {PostRole.ZONE_LEAD}
"""Who takes needs up and says who helps: leaders of the body, in union and league those of their trees."""
UNRATED_DAYS = 10
"""Calendar days after which an answer that nobody rated may be closed; the source names none, a unit may want others."""


class RatingStillOpen(DomainError):
    code = "need_rating_still_open"
    sentence = N_("提出人还在评价期内，答复满 %(days)s 天没有评价才能直接办结。")


@dataclass(frozen=True, slots=True)
class ServingMyUnit:
    """The body carries the actor's unit, or a unit above it: any employee, Party or not. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        above = self._above(actor, at)
        return above is not None and thing.unit_id is not None and above.filter(ancestor_id=thing.unit_id).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        above = self._above(actor, at)
        return None if above is None else Q(unit__in=above.values("ancestor_id"))

    def _above(self, actor: Person, at: datetime) -> Any:
        if actor.unit_id is None:
            return None
        return AdminUnit.links().filter(on_day(local_day(at)), descendant_id=actor.unit_id).order_by()


RAISE_NEED = Permission(
    "needs.raise_need",
    Grant(LEADERS | MASS_LEADERS | TEAM, ByBody("pk")),
    Grant((), InBodyOf("pk")),
    Grant((), ServingMyUnit()),
)
"""Asked of the body."""
SEE_TO = Permission("needs.see_to", Grant(TRIAGERS, ByBody("body_id")))
"""Take it up, give it to somebody, refuse it, find its double: those of the body, also where the name is hidden."""
VERIFY = Permission("needs.verify", Grant(TRIAGERS, NotBy(ByBody("body_id"))))
"""Close it and verify what it gained: never the own help."""
HELP = Permission("needs.help", Grant((), Own("owner_id")))
EDIT_NEED = Permission("needs.edit_need", Grant((), Own("raised_by_id")), Grant(TRIAGERS, ByBody("body_id")))
ASK = Permission("needs.ask", Grant((), Own("raised_by_id")))
"""Rate, reopen, take back: whoever raised it."""
AGREE_MOMENT = Permission("needs.agree_moment", Grant((), Own("owner_id")), Grant(TRIAGERS, ByBody("body_id")))
SEE_BOARD = Permission("needs.see_board", Grant(TRIAGERS | WATCHERS, ByBody("pk")))
"""Asked of the body: figures of it and everything below, names of nobody."""
SET_TARGETS = Permission(
    "needs.set_targets",
    Grant(
        {PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.UNION_CHAIR, PostRole.LEAGUE_SECRETARY}, ByBody("pk")
    ),
)


def _unrated_long_enough(item: Any, _actor: Person, at: datetime) -> None:
    if (at - item.since).days < UNRATED_DAYS:
        raise RatingStillOpen(days=UNRATED_DAYS)


GAIN_FIELDS = ("gain_kind", "gain_unit", "gain_before", "gain_after")
NEED = declare_kind(
    ItemKind(
        id="need",
        title=N_("精准问需"),
        raise_title=N_("提一个需求"),
        text_label=N_("补充说明"),
        states=(
            State("raised", N_("待受理"), "due", Waits.RUNNER),
            State("triaged", N_("待帮扶"), "due", Waits.OWNER),
            State("helping", N_("帮扶中"), "running", Waits.OWNER),
            State("answered", N_("待评价"), "attention", Waits.RAISER),
            State("rated", N_("待核实办结"), "attention", Waits.RUNNER),
            State("closed", N_("已办结"), "done", is_final=True, is_success=True),
            State("merged", N_("已合并"), "waived", is_final=True),
            State("refused", N_("不予受理"), "waived", is_final=True),
            State("withdrawn", N_("已撤回"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("tags", N_("想解决哪方面"), FieldType.SEVERAL, is_required=True,
                      choices=(("efficiency", N_("提升工作效率")), ("management", N_("变革管理模式")),
                               ("data", N_("数据深度应用")))),
            FieldSpec("way", N_("怎么帮"), FieldType.CHOICE,
                      choices=(("on_site", N_("上门帮扶")), ("remote", N_("远程帮扶")))),
            FieldSpec("gain_kind", N_("效果怎么算"), FieldType.CHOICE,
                      choices=(("hours", N_("每月工时")), ("cny", N_("每年费用，元")), ("other", N_("其他指标"))),
                      hint=N_("有效果才填：选算法，再填帮扶前、帮扶后的数。")),
            FieldSpec("gain_unit", N_("其他指标的单位"), hint=N_("选“其他指标”时填，如“次每月”。")),
            FieldSpec("gain_before", N_("帮扶前"), FieldType.MONEY),
            FieldSpec("gain_after", N_("帮扶后"), FieldType.MONEY),
            FieldSpec("score", N_("评分"), FieldType.CHOICE,
                      choices=(("5", N_("5 分，很满意")), ("4", N_("4 分，满意")), ("3", N_("3 分，一般")),
                               ("2", N_("2 分，不满意")), ("1", N_("1 分，很不满意")))),
            FieldSpec("gain_holds", N_("所报效果属实"), FieldType.YES_NO),
        ),
        steps=(
            StepSpec("triage", N_("受理并派人"), frozenset({"raised"}), "triaged", SEE_TO, N_("已受理，转给帮扶人。"),
                     asks=("way",), requires=("way",), gives=Gives.CHOSEN, due=Need.REQUIRED),
            StepSpec("help", N_("开始帮扶"), frozenset({"triaged"}), "helping", HELP, N_("已开始帮扶。"), note=Need.NONE),
            StepSpec("answer", N_("答复提出人"), frozenset({"triaged", "helping"}), "answered", HELP,
                     N_("已答复，等提出人评价。"), asks=GAIN_FIELDS, note=Need.REQUIRED, note_label=N_("怎么解决的"),
                     evidence=Need.OPTIONAL, hands_in=True, fits=gain_gaps),
            StepSpec("rate", N_("已解决，评价"), frozenset({"answered"}), "rated", ASK, N_("谢谢评价。"),
                     asks=("score",), requires=("score",), note_label=N_("想说的话")),
            StepSpec("reopen", N_("没解决，重新办"), frozenset({"answered"}), "helping", ASK, N_("已转回帮扶人重新办。"),
                     asks=("score",), requires=("score",), note=Need.REQUIRED, note_label=N_("哪里没解决"),
                     is_danger=True),
            StepSpec("close", N_("核实办结"), frozenset({"rated"}), "closed", VERIFY, N_("已办结。"),
                     asks=("gain_holds",), judges=True),
            StepSpec("lapse", N_("无人评价，办结"), frozenset({"answered"}), "closed", VERIFY, N_("已办结。"),
                     judges=True, check=_unrated_long_enough),
            StepSpec("reassign", N_("改派"), frozenset({"triaged", "helping"}), "triaged", SEE_TO, N_("已改派。"),
                     asks=("way",), gives=Gives.CHOSEN, due=Need.OPTIONAL, is_aside=True),
            StepSpec("hand_back", N_("不归我办，退回"), frozenset({"triaged", "helping"}), "raised", HELP,
                     N_("已退回，重新受理。"), note=Need.REQUIRED, note_label=N_("退回原因"), gives=Gives.NOBODY,
                     is_danger=True),
            StepSpec("merge", N_("并入同类需求"), frozenset({"raised", "triaged"}), "merged", SEE_TO, N_("已合并。"),
                     is_inner=True),
            StepSpec("refuse", N_("不予受理"), frozenset({"raised", "triaged"}), "refused", SEE_TO,
                     N_("已告知提出人。"), note=Need.REQUIRED, note_label=N_("原因，提出人会看到"), is_danger=True),
            StepSpec("withdraw", N_("撤回"), frozenset({"raised", "triaged"}), "withdrawn", ASK, N_("已撤回。"),
                     is_danger=True),
        ),
        clocks=(
            ClockSpec("raised_to_triaged", N_("从提出到受理"), ("triage", "refuse", "merge"), runs_on=False),
            ClockSpec("raised_to_answered", N_("从提出到答复"), ("answer",)),
        ),
        raise_right=RAISE_NEED,
        edit_right=EDIT_NEED,
        parts={"helper": N_("协助"), "follower": N_("关注")},
        due=Need.NONE,
        involved_right=SEE_TO,
        escalates_after_days=(3, 10),
    )
)  # fmt: skip
