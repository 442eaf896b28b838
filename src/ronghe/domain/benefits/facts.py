"""效益账: what the room records besides the steps of the item. A saving is one fact, however many people share it."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, declare
from ronghe.kernel.words import N_

RECKONED = declare(
    "benefits.reckoned", N_("效益测算"), measure="CNY",
    attributes={"stage": Code(), "round": Whole(), "days": Whole(), "lines": Whole()},
)  # fmt: skip
APPROVED = declare("benefits.approved", N_("效益点审核通过"), measure="CNY", attributes={"is_second": Flag()})
VERIFIED = declare(
    "benefits.verified", N_("效益核定入账"), measure="CNY",
    attributes={"days": Whole(), "round": Whole(), "people": Whole()},
)  # fmt: skip
"""The only one that counts in a book; `quantity` and `days` may be below nought where it cost more than it saved."""
REVERSED = declare("benefits.reversed", N_("效益冲回"), measure="CNY", attributes={"days": Whole(), "round": Whole()})
"""Reverses `benefits.verified`, with the amounts taken back; in the book it stands on its own day."""
SHARED = declare("benefits.shared", N_("效益点功劳分配"), attributes={"people": Whole()})
LIMIT_SET = declare("benefits.limit_set", N_("设定效益点复审金额"), attributes={"yuan": Whole()})
"""Whole yuan; without an amount no second review is wanted."""
GAIN_ENTERED = declare("benefits.gain_entered", N_("登记项目工期节约"), attributes={"days": Whole()})
GAIN_SETTLED = declare("benefits.gain_settled", N_("核定项目工期节约"), attributes={"days": Whole(), "step": Code()})
