"""The kinds of item of the room: a comment on a design, a point of 三查四定, idle hours or rework, an approval from outside."""

from __future__ import annotations

from ronghe.domain.control.enums import Aspect, LossKind
from ronghe.domain.control.rules.rights import (
    ACCEPT_COMMENT,
    ANSWER_COMMENT,
    ANSWER_LOSS,
    DO_APPROVAL,
    DO_POINT,
    EDIT_POINT,
    OWN_ITEM,
    RAISE_BY_HAND,
    VERIFY_POINT,
)
from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec, FieldType
from ronghe.domain.items.rules import Gives, ItemKind, Need, State, StepSpec, Waits, declare_kind
from ronghe.kernel.words import N_

REVIEW_SOURCE = "control.designreview"
"""What a comment names as the record that it came from."""

COMMENT = declare_kind(
    ItemKind(
        id="design_comment",
        title=N_("审图意见"),
        raise_title=N_("提审图意见"),
        text_label=N_("依据"),
        states=(
            State("open", N_("待设计答复"), "due", Waits.OWNER),
            State("answered", N_("待确认"), "attention", Waits.RAISER),
            State("accepted", N_("已确认"), "done", is_final=True, is_success=True),
            State("withdrawn", N_("已撤回"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("sheet", N_("图号、位置")),
            FieldSpec("answer", N_("怎样答复"), FieldType.CHOICE, is_required=True,
                      choices=(("adopted", N_("采纳，已修改")), ("explained", N_("不修改，说明理由")))),
        ),
        steps=(
            StepSpec("answer", N_("答复"), frozenset({"open"}), "answered", ANSWER_COMMENT, N_("已答复，等提出人确认。"),
                     asks=("answer",), note=Need.REQUIRED, note_label=N_("改了什么，或为什么不改"),
                     evidence=Need.OPTIONAL, hands_in=True),
            StepSpec("accept", N_("确认"), frozenset({"answered"}), "accepted", ACCEPT_COMMENT, N_("已确认。"), judges=True),
            StepSpec("reopen", N_("答复不行"), frozenset({"answered"}), "open", ACCEPT_COMMENT, N_("已退回设计。"),
                     note=Need.REQUIRED, note_label=N_("哪里不行"), judges=True, is_danger=True),
            StepSpec("withdraw", N_("撤回意见"), frozenset({"open", "answered"}), "withdrawn", OWN_ITEM, N_("意见已撤回。"),
                     is_danger=True),
            StepSpec("void", N_("随送审撤回"), frozenset({"open", "answered"}), "withdrawn", ANSWER_COMMENT,
                     N_("意见已随送审撤回。"), is_inner=True),
        ),
        clocks=(
            ClockSpec("raised_to_answered", N_("从提出到答复"), ("answer",)),
            ClockSpec("answered_to_accepted", N_("从答复到确认"), ("accept",), from_step="answer"),
        ),
        raise_right=RAISE_BY_HAND,
        edit_right=OWN_ITEM,
        parts={"reviewer": N_("审查")},
        due=Need.OPTIONAL,
        escalates_after_days=(1, 3),
    )
)  # fmt: skip

POINT = declare_kind(
    ItemKind(
        id="readiness_point",
        title=N_("三查四定问题"),
        raise_title=N_("登记三查四定问题"),
        text_label=N_("说明"),
        states=(
            State("open", N_("待整改"), "due", Waits.OWNER),
            State("done", N_("待核实"), "attention", Waits.RUNNER),
            State("closed", N_("已销项"), "done", is_final=True, is_success=True),
            State("dismissed", N_("不成立"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("aspect", N_("哪一查"), FieldType.CHOICE, is_required=True,
                      choices=((Aspect.DESIGN.value, N_("查设计漏项")), (Aspect.QUALITY.value, N_("查工程质量及隐患")),
                               (Aspect.UNFINISHED.value, N_("查未完工程量")))),
            FieldSpec("measure", N_("整改措施"), is_required=True),
        ),
        steps=(
            StepSpec("fix", N_("整改好了"), frozenset({"open"}), "done", DO_POINT, N_("已提交，等别人核实。"),
                     note=Need.REQUIRED, note_label=N_("怎么整改的"), evidence=Need.REQUIRED, hands_in=True),
            StepSpec("verify", N_("核实销项"), frozenset({"done"}), "closed", VERIFY_POINT, N_("已销项。"), judges=True),
            StepSpec("return", N_("没改好，退回"), frozenset({"done"}), "open", VERIFY_POINT, N_("已退回。"),
                     note=Need.REQUIRED, note_label=N_("哪里没改好"), judges=True, is_danger=True),
            StepSpec("assign", N_("改派"), frozenset({"open"}), "open", EDIT_POINT, N_("已改派。"), gives=Gives.CHOSEN,
                     due=Need.OPTIONAL, is_aside=True),
            StepSpec("reopen", N_("又发现，重新整改"), frozenset({"closed"}), "open", VERIFY_POINT, N_("已重新打开。"),
                     note=Need.REQUIRED, note_label=N_("又发现什么"), is_danger=True, is_aside=True),
            StepSpec("dismiss", N_("不成立"), frozenset({"open"}), "dismissed", VERIFY_POINT, N_("已记为不成立。"),
                     note=Need.REQUIRED, note_label=N_("为什么不成立"), judges=True, is_danger=True),
        ),
        clocks=(ClockSpec("raised_to_closed", N_("从登记到销项"), ("verify",)),),
        raise_right=RAISE_BY_HAND,
        edit_right=EDIT_POINT,
        parts={"helper": N_("协助")},
        due=Need.REQUIRED,
        escalates_after_days=(1, 3),
    )
)  # fmt: skip

LOSS = declare_kind(
    ItemKind(
        id="loss",
        title=N_("窝工返工"),
        raise_title=N_("记窝工、返工"),
        text_label=N_("经过"),
        states=(
            State("recorded", N_("待对方认定"), "attention", Waits.OWNER),
            State("contested", N_("对方有异议"), "due", Waits.RAISER),
            State("agreed", N_("双方认定"), "done", is_final=True, is_success=True),
            State("withdrawn", N_("已撤回"), "waived", is_final=True),
        ),
        fields=(
            FieldSpec("kind", N_("类别"), FieldType.CHOICE, is_required=True,
                      choices=((LossKind.IDLE.value, N_("窝工")), (LossKind.REWORK.value, N_("返工")))),
            FieldSpec("crew", N_("班组"), is_required=True),
            FieldSpec("people", N_("人数"), FieldType.WHOLE, is_required=True, unit=N_("人")),
            FieldSpec("hours", N_("合计工时"), FieldType.MONEY, is_required=True, unit=N_("工时")),
            FieldSpec("cost", N_("费用"), FieldType.MONEY, is_required=True, unit=N_("元")),
            FieldSpec("basis", N_("费用怎么算的"), FieldType.LONG_TEXT, is_required=True),
        ),
        steps=(
            StepSpec("confirm", N_("认定"), frozenset({"recorded"}), "agreed", ANSWER_LOSS, N_("双方已认定，计入合计。"),
                     judges=True),
            StepSpec("contest", N_("有异议"), frozenset({"recorded"}), "contested", ANSWER_LOSS, N_("已告知对方。"),
                     note=Need.REQUIRED, note_label=N_("哪里不同意，应该是多少"), judges=True, is_danger=True),
            StepSpec("resubmit", N_("改好再送"), frozenset({"contested"}), "recorded", OWN_ITEM, N_("已重新送对方认定。"),
                     note=Need.REQUIRED, note_label=N_("改了什么，或为什么不改"), hands_in=True, is_inner=True),
            StepSpec("withdraw", N_("撤回"), frozenset({"recorded", "contested"}), "withdrawn", OWN_ITEM, N_("已撤回。"),
                     is_danger=True),
        ),
        clocks=(ClockSpec("recorded_to_agreed", N_("从登记到认定"), ("confirm",)),),
        raise_right=RAISE_BY_HAND,
        edit_right=RAISE_BY_HAND,
        due=Need.OPTIONAL,
        escalates_after_days=(1, 7),
    )
)  # fmt: skip
"""Owned by who is to answer on the other side. Its numbers are changed with a step alone, so that what the other side saw
stays on record.
"""

APPROVAL = declare_kind(
    ItemKind(
        id="outside_approval",
        title=N_("外部审批"),
        raise_title=N_("登记外部审批"),
        text_label=N_("说明"),
        states=(
            State("preparing", N_("准备材料"), "due", Waits.OWNER),
            State("submitted", N_("已报，等批"), "running", Waits.OWNER),
            State("refused", N_("未批准"), "failed", Waits.OWNER),
            State("got", N_("已取得"), "done", is_final=True, is_success=True),
            State("dropped", N_("不再需要"), "waived", is_final=True),
        ),
        steps=(
            StepSpec("submit", N_("报出去了"), frozenset({"preparing", "refused"}), "submitted", DO_APPROVAL,
                     N_("已记报送，开始计等待天数。"), evidence=Need.OPTIONAL, hands_in=True, is_inner=True),
            StepSpec("advance", N_("进入下一环节"), frozenset({"submitted"}), "submitted", DO_APPROVAL, N_("已进入下一环节。"),
                     evidence=Need.OPTIONAL, is_inner=True),
            StepSpec("get", N_("已取得"), frozenset({"submitted"}), "got", DO_APPROVAL, N_("已取得。"),
                     evidence=Need.REQUIRED, is_inner=True),
            StepSpec("refuse", N_("没批下来"), frozenset({"submitted"}), "refused", DO_APPROVAL, N_("已记未批准。"),
                     note=Need.REQUIRED, note_label=N_("什么原因"), is_inner=True, is_danger=True),
            StepSpec("assign", N_("改由谁跟"), frozenset({"preparing"}), "preparing", DO_APPROVAL, N_("已改派。"),
                     gives=Gives.CHOSEN, due=Need.OPTIONAL, is_aside=True),
            StepSpec("pass_on", N_("改由谁跟"), frozenset({"submitted"}), "submitted", DO_APPROVAL, N_("已改派。"),
                     gives=Gives.CHOSEN, due=Need.OPTIONAL, is_aside=True),
            StepSpec("drop", N_("不再需要"), frozenset({"preparing", "submitted", "refused"}), "dropped", DO_APPROVAL,
                     N_("已记不再需要。"), note=Need.REQUIRED, note_label=N_("为什么"), is_danger=True),
        ),
        clocks=(ClockSpec("submitted_to_got", N_("从报送到取得"), ("get",), from_step="submit"),),
        raise_right=RAISE_BY_HAND,
        edit_right=DO_APPROVAL,
        due=Need.OPTIONAL,
        escalates_after_days=(1, 7, 15),
    )
)  # fmt: skip
