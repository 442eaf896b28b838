"""Lines, digests and who may work, as plain values; and the table of steps itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.sitemeetings.calc.briefings import Line, digest_of, lines_of
from ronghe.domain.sitemeetings.calc.standing import Signed, standing
from ronghe.domain.sitemeetings.enums import AFTER_STAGE, CHAIN_FLOW, OPEN_STAGE, ORDER, ChainStage
from ronghe.domain.sitemeetings.selectors.boards import state_of

VERSIONS = {"group": 1, "safety": 2, "technical": 1}
ALL = [Signed("group", 1), Signed("safety", 2), Signed("technical", 1)]
NAMES = [str(meeting) for meeting in ORDER]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("1. 吊装：划警戒区", [Line("吊装", "划警戒区")]),
        ("2、触电——断电 挂牌", [Line("触电", "断电 挂牌")]),
        ("- 坠落 → 系安全带\n\n", [Line("坠落", "系安全带")]),
        ("中毒|检测", [Line("中毒", "检测")]),
        ("没有措施", [Line("没有措施", "")]),
        ("", []),
    ],
)
def test_hazard_and_measure_stand_on_one_line(text, lines):
    assert lines_of(text, in_pairs=True) == lines


def test_technical_points_are_not_torn_apart():
    assert lines_of("1. 先断：再接\n2. 测试", in_pairs=False) == [Line("先断：再接"), Line("测试")]


def test_digest_is_of_what_is_said_and_not_of_space_around_it():
    digest = digest_of("safety", "题目", "甲：乙\n丙：丁")

    assert digest == digest_of("safety", " 题目 ", "甲：乙 \r\n\r\n 丙：丁\n")
    assert len({digest, digest_of("technical", "题目", "甲：乙\n丙：丁"), digest_of("safety", "题", "甲：乙\n丙：丁"),
                digest_of("safety", "题目", "甲：乙丙：丁")}) == 4  # fmt: skip


def test_sd_05_who_signed_all_three_as_they_read_now_may_work():
    assert standing(NAMES, NAMES, VERSIONS, ALL, has_left=False).may_work


@pytest.mark.parametrize(
    ("closed", "signed", "left", "missing", "voided"),
    [
        (["group", "safety"], ALL, False, ("technical",), ()),
        (NAMES, ALL[1:], False, ("group",), ()),
        (NAMES, [ALL[0], Signed("safety", 1), ALL[2]], False, (), ("safety",)),
        (NAMES, ALL, True, (), ()),
        ([], [], False, ("group", "safety", "technical"), ()),
    ],
)
def test_whatever_is_missing_keeps_somebody_from_work(closed, signed, left, missing, voided):
    found = standing(NAMES, closed, VERSIONS, signed, has_left=left)

    assert (found.may_work, found.missing, found.voided) == (False, missing, voided)


@given(st.lists(st.sampled_from(sorted(CHAIN_FLOW.steps)), max_size=40))
def test_sd_05_no_path_of_steps_opens_a_meeting_before_the_one_before_is_closed(path):
    stage, closed = ChainStage.BEGUN, []
    for name in path:
        step = CHAIN_FLOW.steps[name]
        if stage not in step.sources:
            continue
        stage = ChainStage(step.target)
        for place, meeting in enumerate(ORDER):
            if stage == OPEN_STAGE[meeting]:
                assert closed == list(ORDER[:place])
            if stage == AFTER_STAGE[meeting] and name.startswith("close_"):
                closed.append(meeting)
    assert closed == list(ORDER[: len(closed)])


@pytest.mark.parametrize("stage", [one for one in ChainStage if one != ChainStage.CALLED_OFF])
def test_sd_05_at_every_stage_one_meeting_at_most_is_open_or_next(stage):
    states = [state_of(stage, meeting) for meeting in ORDER]

    assert sorted(states, key=["closed", "open", "next", "locked"].index) == states
    assert sum(state in ("open", "next") for state in states) == (0 if stage == ChainStage.CLOSED else 1)


def test_called_off_chain_opens_nothing():
    assert {state_of(ChainStage.CALLED_OFF, meeting) for meeting in ORDER} == {"locked"}
