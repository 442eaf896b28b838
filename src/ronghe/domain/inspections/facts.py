"""督查与达标: what the room records; each fact is of the visited body.

`score` is the share of full marks in hundredths of a percent. A finding's own steps are `items.moved` with item `finding`.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, choice, declare
from ronghe.kernel.words import N_

_FORM = choice("acceptance", "special", "support", "routine")

PLANNED = declare("inspections.planned", N_("安排督查"), attributes={"form": _FORM, "checklist": Code(), "on": Day()})
CALLED_OFF = declare("inspections.called_off", N_("取消督查"), attributes={"form": _FORM})
CALL_ISSUED = declare(
    "inspections.call_issued", N_("部署专项督察"), attributes={"checklist": Code(), "bodies": Whole()}
)
CALL_CLOSED = declare(
    "inspections.call_closed", N_("专项督察结束"), attributes={"sealed": Whole(), "findings": Whole()}
)
JUDGED = declare(
    "inspections.item_judged", N_("督查逐项认定"),
    attributes={"item": Code(), "verdict": Code(), "is_veto": Flag()},
)  # fmt: skip
VISITED = declare(
    "inspections.visited", N_("督查"),
    attributes={"form": _FORM, "checklist": Code(), "findings": Whole(), "vetoes": Whole(), "score": Whole()},
)  # fmt: skip
GRADED = declare(
    "inspections.graded", N_("达标定级"),
    attributes={"grade": Code(), "proposed": Code(), "before": Code(), "score": Whole(), "vetoes": Whole()},
)  # fmt: skip
FINDING_MADE = declare(
    "inspections.finding_made", N_("列为督查问题"), attributes={"checklist": Code(), "check": Code(), "board": Code(), "run": Whole()}
)  # fmt: skip
EFFECT_LOOKED_AT = declare(
    "inspections.effect_looked_at", N_("看成效"), attributes={"has_worked": Flag(), "times": Whole()}
)
"""About whoever carried the measure out; `times` is how often the finding came back."""
VERDICT_CHANGED = declare("inspections.verdict_changed", N_("异议成立，改认定"), attributes={"item": Code()})
