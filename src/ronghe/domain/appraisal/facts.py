"""What the appraisal records: the steps of runs, and the reserved kinds that scoring itself gives a meaning to.

`item` names a node, a veto or a figure of a sheet; it never holds a name or a remark. Quantities are points, places or
plain figures.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Attribute, Code, Day, Whole, declare
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
SHEET_DRAFTED = declare(
    "appraisal.sheet_drafted", N_("由试算起草评分表"), attributes={"sheet": Code(), "draft": Whole()}
)

_ABOUT: dict[str, Attribute] = {"item": Code(), "contractor": Whole()}
"""`contractor` where it is about a company; about a person or a body the fact itself says so."""

PANEL_MARK = declare("panel.mark", N_("评议打分"), measure="point", attributes=_ABOUT)
SURVEY_ANSWER = declare("survey.answer", N_("测评答卷"), measure="point", attributes=_ABOUT)
FIGURE_VALUE = declare("figure.value", N_("导入数据"), measure="figure", attributes=_ABOUT)
VETO_RAISED = declare("veto.raised", N_("一票否决"), attributes=_ABOUT)
LEFT_OUT = declare("subject.left_out", N_("本期不参加"), attributes=_ABOUT)
TIE_SETTLED = declare("tie.settled", N_("并列裁定"), measure="place", attributes=_ABOUT)
