"""议事决策: what the room records. `matter_followed` and `line_done` meet duties of the body."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

LIST_ADOPTED = declare(
    "decisions.list_adopted", N_("通过决策事项清单"), attributes={"version": Whole(), "entries": Whole()}
)
RULES_ADOPTED = declare("decisions.rules_adopted", N_("通过议事规则"), attributes={"version": Whole()})
CHARTER_ADOPTED = declare(
    "decisions.charter_adopted", N_("章程党建条款更新"), attributes={"version": Whole(), "clauses": Whole()}
)
SHEET_ADOPTED = declare(
    "decisions.sheet_adopted", N_("发布责任清单"), attributes={"year": Whole(), "version": Whole(), "lines": Whole()}
)
MATTER_RAISED = declare(
    "decisions.matter_raised", N_("提出决策事项"), attributes={"category": Code(), "on_list": Flag()}
)
MATTER_PREPARED = declare("decisions.matter_prepared", N_("决策事项准备完毕"), attributes={"papers": Whole()})
MATTER_SCHEDULED = declare(
    "decisions.matter_scheduled", N_("决策事项列入议程"), attributes={"purpose": Code(), "day": Day()}
)
MATTER_DEFERRED = declare("decisions.matter_deferred", N_("决策事项未议决"), attributes={"purpose": Code()})
MATTER_DECIDED = declare(
    "decisions.matter_decided",
    N_("议决事项"),
    attributes={
        "purpose": Code(), "forum": Code(), "outcome": Code(), "category": Code(), "entitled": Whole(),
        "present": Whole(), "avoided": Whole(), "dissents": Whole(), "on_list": Flag(),
    },
)  # fmt: skip
MATTER_LINE_GIVEN = declare("decisions.matter_line_given", N_("分解议定事项"), attributes={"due": Day()})
MATTER_FOLLOWED = declare(
    "decisions.matter_followed",
    N_("督办议定事项"),
    attributes={"progress": Code(), "category": Code(), "lines": Whole(), "overdue": Whole(), "day": Day()},
)
MATTER_WITHDRAWN = declare("decisions.matter_withdrawn", N_("撤回决策事项"))
LINE_DONE = declare(
    "decisions.line_done", N_("办结一条责任"), attributes={"layer": Code(), "rhythm": Code(), "day": Day()}
)
