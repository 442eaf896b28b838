"""Badges in card size and on sheets, set by the same typesetter as every document."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ronghe.kernel.documents.badges import PrintedBadge, render_badges

AT = datetime(2026, 9, 14, 7, 40, 1, 234567, tzinfo=timezone(timedelta(hours=8)))
ONE = PrintedBadge(
    "共产党员", "欧阳建国", "南八党支部", ("支部书记",), "http://127.0.0.1/badge/abc/", "扫码看岗位和承诺"
)


@pytest.mark.parametrize(("count", "single", "pages"), [(1, True, 1), (3, True, 3), (10, False, 1), (11, False, 2)])
def test_ten_go_on_a_sheet_and_one_on_a_card(count, single, pages):
    pdf = render_badges([ONE] * count, title="胸牌", made_at=AT, single=single)
    assert f"/Type/Pages/Count {pages}/".encode() in pdf


def test_the_same_badges_give_the_same_bytes():
    assert render_badges([ONE], title="胸牌", made_at=AT) == render_badges([ONE], title="胸牌", made_at=AT)
