"""事故事件: what the room records. That one happened is `safety.accident`, declared with the risks, for others to read."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, declare
from ronghe.kernel.words import N_

LEVEL_TOLD = declare(
    "incidents.level_told", N_("上报事故"), attributes={"line": Code(), "on_time": Flag(), "minutes": Whole()}
)
"""`minutes` since it was known."""
FIGURES_ADDED = declare("incidents.figures_added", N_("补报伤亡"), attributes={"grade": Code(), "before": Code()})
ACCIDENT_CLOSED = declare("incidents.closed", N_("事故结案"), attributes={"grade": Code()})
