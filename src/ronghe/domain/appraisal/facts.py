"""What the appraisal records: the steps of runs, and the reserved kinds that scoring itself gives a meaning to.

`item` names a node, a veto or a figure of a sheet; it never holds a name or a remark. Quantities are points, places or
plain figures.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Whole, declare
from ronghe.kernel.words import N_

RUN_STARTED = declare(
    "appraisal.run_started",
    N_("开始考评"),
    attributes={"playbook": Code(), "sheet": Code(), "period": Code(), "replaces": Whole()},
)
RUN_COMPUTED = declare(
    "appraisal.run_computed",
    N_("考评算出结果"),
    attributes={"cutoff": Whole(), "inputs": Code(), "results": Code(), "subjects": Whole(), "questions": Whole()},
)
RUN_PUBLISHED = declare("appraisal.run_published", N_("考评公示"), attributes={"results": Code(), "notice_last": Day()})
RUN_WITHDRAWN = declare("appraisal.run_withdrawn", N_("考评撤回"))
RUN_FINALIZED = declare(
    "appraisal.run_finalized",
    N_("考评定稿"),
    attributes={
        "sheet": Code(),
        "results": Code(),
        "rows": Code(),
        "inputs": Code(),
        "chain": Code(),
        "replaces": Whole(),
    },
)

PANEL_MARK = declare("panel.mark", N_("评议打分"), measure="point", attributes={"item": Code()})
SURVEY_ANSWER = declare("survey.answer", N_("测评答卷"), measure="point", attributes={"item": Code()})
FIGURE_VALUE = declare("figure.value", N_("导入数据"), measure="figure", attributes={"item": Code()})
VETO_RAISED = declare("veto.raised", N_("一票否决"), attributes={"item": Code()})
LEFT_OUT = declare("subject.left_out", N_("本期不参加"), attributes={"item": Code()})
TIE_SETTLED = declare("tie.settled", N_("并列裁定"), measure="place", attributes={"item": Code()})
ODDITY_LOOKED_AT = declare(
    "appraisal.oddity_looked_at",
    N_("核查积分异常"),
    attributes={"pattern": Code(), "key": Code(), "period": Code(), "verdict": Code()},
)
"""Somebody looked at what the platform found odd: `key` is a digest of what it was about, nobody's name."""
