"""Sign-in sheets, signatures, evidence, timelines."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.usefixtures("zh")


@pytest.mark.parametrize(
    ("presence", "shape", "word"),
    [
        ("expected", "upcoming", "应到"),
        ("present", "done", "已到"),
        ("leave", "waived", "请假"),
        ("absent", "failed", "未到"),
        ("extra", "running", "列席"),
    ],
)
def test_sign_row_shows_each_presence(render, presence, shape, word):
    html = render('{% sign_row "于德江" presence=presence %}{% endsign_row %}', presence=presence)
    assert f"st-{shape}" in html
    assert f"<span>{word}</span>" in html


def test_sign_row_ticked_keeps_both_names_and_is_no_signature_pm15(render):
    """PM-15: a tick by the lead is attendance, never a signature."""
    html = render('{% sign_row "孙雅楠" presence="present" way="ticked" by="马广志" %}{% endsign_row %}')
    assert "孙雅楠" in html
    assert "马广志代记到场，不算签字" in html


def test_sign_row_kept_on_the_phone_says_so(render):
    assert "存在本机" in render('{% sign_row "孙雅楠" presence="present" kept=True %}{% endsign_row %}')


def test_signature_states(render):
    signed = render('{% signature "周启明" state="signed" role="书记" at="17:32" digest="7f3a" %}')
    assert "sig-signed" in signed
    assert "7f3a" in signed
    assert "待签" in render('{% signature "吴海燕" state="waiting" role="书记" %}')
    refused = render('{% signature "宫志远" state="refused" reason="取样已失效" %}')
    assert "不同意" in refused
    assert "取样已失效" in refused
    void = render('{% signature "罗一鸣" state="void" reason="正文有改动" %}')
    assert "<s>罗一鸣</s>" in void
    assert "不再有效：正文有改动" in void


def test_evidence_states(render):
    assert "样板段" in render('{% evidence "photo" caption="样板段" %}')
    assert "待上报" in render('{% evidence "photo" state="waiting" %}')
    assert "退回：缺参照尺" in render('{% evidence "photo" state="returned" reason="缺参照尺" %}')


def test_evidence_add_opens_the_camera_for_photos_only(render):
    assert 'capture="environment"' in render('{% evidence_add name="photo" %}')
    assert "capture" not in render('{% evidence_add name="paper" kind="document" %}')


def test_reversed_moment_is_struck_through_with_its_reason_and_stays(render):
    html = render('{% moment "reversed" title="验收" reason="申诉成立" %}{% endmoment %}')
    assert "<s>验收</s>" in html
    assert "已冲销：申诉成立" in html


def test_locked_step_says_what_opens_it(render):
    html = render('{% step "locked" opens="党小组会结束后" %}安全交底会{% endstep %}')
    assert "党小组会结束后才能开始" in html
    assert "还不能开始" in html


def test_step_now_is_the_current_one(render):
    assert 'aria-current="step"' in render('{% step "now" %}公示{% endstep %}')
    assert "aria-current" not in render('{% step "next" %}公示{% endstep %}')
