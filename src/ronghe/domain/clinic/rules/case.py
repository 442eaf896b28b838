"""The kind of item that a case is (D4). Its words lie in its thread, so every step is taken by a service of the room."""

from __future__ import annotations

from ronghe.domain.clinic.rules.reaches import OPEN
from ronghe.domain.clinic.rules.rights import ADDRESS, ANSWER, ASK, HAND_OUT, JUDGE, LET_IN, SEE_WAITING, TAKE
from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec, FieldType
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.rules import Gives, ItemKind, Need, State, StepSpec, Waits, declare_kind
from ronghe.kernel.access.permissions import Permission
from ronghe.kernel.words import N_

UNTAKEN = frozenset({OPEN, "addressed"})
UNANSWERED = UNTAKEN | {"treating"}


def _step(
    id: str, title: str, sources: frozenset[str], target: str, right: Permission, said: str, **more: object  # noqa: A002
) -> StepSpec:  # fmt: skip
    return StepSpec(id, title, sources, target, right, said, note=Need.NONE, is_inner=True, **more)  # type: ignore[arg-type]


CASE = declare_kind(
    ItemKind(
        id="case",
        title=N_("专家门诊"),
        raise_title=N_("问专家"),
        states=(
            State(OPEN, N_("待接诊"), "due", Waits.RUNNER),
            State("addressed", N_("等专家接诊"), "due", Waits.OWNER),
            State("treating", N_("接诊中"), "running", Waits.OWNER),
            State("answered", N_("已答复，待确认"), "attention", Waits.RAISER),
            State("closed", N_("已解决"), "done", is_final=True, is_success=True),
            State("lapsed", N_("没有回应，已结束"), "waived", is_final=True),
            State("withdrawn", N_("已撤回"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("score", N_("评分"), FieldType.CHOICE,
                      choices=(("5", N_("5 分，很有帮助")), ("4", N_("4 分，有帮助")), ("3", N_("3 分，一般")),
                               ("2", N_("2 分，帮助不大")), ("1", N_("1 分，没有帮助")))),
        ),
        steps=(
            _step("address", N_("请专家看"), UNANSWERED, "addressed", ADDRESS, N_("已转给专家。"), gives=Gives.CHOSEN),
            _step("hand_out", N_("派给专家"), frozenset({OPEN}), "addressed", HAND_OUT, N_("已转给专家。"),
                  gives=Gives.CHOSEN),
            _step("take", N_("接诊"), UNTAKEN, "treating", TAKE, N_("由您接诊。"), gives=Gives.ACTOR),
            _step("answer", N_("答复"), frozenset({"treating"}), "answered", ANSWER, N_("已答复，等提问人确认。"),
                  hands_in=True),
            _step("decline", N_("转回"), UNANSWERED - {OPEN}, OPEN, ANSWER, N_("已转回，由别的专家接诊。"), gives=Gives.NOBODY,
                  is_danger=True),
            _step("confirm", N_("解决了"), frozenset({"answered"}), "closed", JUDGE, N_("谢谢评价。"), asks=("score",),
                  requires=("score",), judges=True),
            _step("reopen", N_("还没解决"), frozenset({"answered", "closed", "lapsed"}), "treating", JUDGE,
                  N_("已转回专家接着看。"), is_danger=True),
            _step("lapse", N_("没有回应，结束"), frozenset({"answered"}), "lapsed", ANSWER, N_("已结束。"), is_danger=True),
            _step("withdraw", N_("撤回"), UNANSWERED, "withdrawn", JUDGE, N_("已撤回。"), is_danger=True),
        ),
        clocks=(
            ClockSpec("asked_to_taken", N_("从提问到接诊"), ("take",), runs_on=False),
            ClockSpec("asked_to_answered", N_("从提问到答复"), ("answer",)),
        ),
        raise_right=ASK,
        edit_right=LET_IN,
        parts={"reader": N_("一起看")},
        visibility=Visibility.INVOLVED,
        involved_right=SEE_WAITING,
        escalates_after_days=(1, 3),
        detail_page="web:clinic_case",
        takes_notes=False,
    )
)  # fmt: skip
