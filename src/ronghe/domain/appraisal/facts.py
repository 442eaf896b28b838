"""What the appraisal records: the steps of runs, and the reserved kinds that scoring itself gives a meaning to.

`item` names a node, a veto or a figure of a sheet; it never holds a name or a remark. Quantities are points, places or
plain figures.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Attribute, Code, Day, Flag, Whole, declare
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
GRADED = declare(
    "appraisal.graded",
    N_("评定等次"),
    attributes={"playbook": Code(), "sheet": Code(), "grade": Code(), "period": Code()},
)
"""The final grade of one Party body, one fact a body and run; reversed when another final run replaces that one (RT-03)."""
SHEET_DRAFTED = declare(
    "appraisal.sheet_drafted", N_("由试算起草评分表"), attributes={"sheet": Code(), "draft": Whole()}
)

_ABOUT: dict[str, Attribute] = {"item": Code(), "contractor": Whole(), "carrier": Whole()}
"""`contractor` where it is about a company, `carrier` about a post; about a person or a body the fact itself says so."""

PANEL_MARK = declare("panel.mark", N_("评议打分"), measure="point", attributes=_ABOUT)
FIGURE_VALUE = declare("figure.value", N_("导入数据"), measure="figure", attributes=_ABOUT)
VETO_RAISED = declare("veto.raised", N_("一票否决"), attributes=_ABOUT)
LEFT_OUT = declare("subject.left_out", N_("本期不参加"), attributes=_ABOUT)
TIE_SETTLED = declare("tie.settled", N_("并列裁定"), measure="place", attributes=_ABOUT)

CHECK_OPENED = declare("appraisal.check_opened", N_("考评自查"), attributes={"until": Day()})
REVIEW_BEGUN = declare("appraisal.review_begun", N_("考评复核"), attributes={"remarks": Whole()})
REMARKED = declare("appraisal.remarked", N_("自查提意见"), attributes={"item": Code(), "missing": Whole()})
OBJECTED = declare("appraisal.objected", N_("对考评提异议"), attributes={"item": Code(), "missing": Whole()})
REMARK_ANSWERED = declare(
    "appraisal.remark_answered", N_("答复考评意见"), attributes={"is_objection": Flag(), "is_upheld": Flag()}
)
REMARK_TAKEN_BACK = declare("appraisal.remark_taken_back", N_("收回考评意见"))
RUN_REOPENED = declare("appraisal.run_reopened", N_("异议成立，考评重算"))

VETO_PROPOSED = declare("appraisal.veto_proposed", N_("提出一票否决"), attributes={"item": Code(), "until": Day()})
VETO_FILES_ADDED = declare(
    "appraisal.veto_files_added", N_("附一票否决的依据材料"), attributes={"item": Code(), "files": Whole()}
)
VETO_REVIEWED = declare("appraisal.veto_reviewed", N_("复核一票否决"), attributes={"item": Code(), "holds": Flag()})
VETO_LIFTED = declare("appraisal.veto_lifted", N_("解除一票否决"), attributes={"item": Code(), "from": Day()})

PANEL_OPENED = declare(
    "appraisal.panel_opened",
    N_("发起评议"),
    attributes={"item": Code(), "period": Code(), "subjects": Whole(), "reviewers": Whole(), "is_secret": Flag()},
)
CONFLICT_DECLARED = declare("appraisal.conflict_declared", N_("声明回避"), attributes={"subject": Whole()})
PANEL_MARKED = declare("appraisal.panel_marked", N_("评议打分完毕"), attributes={"subjects": Whole()})
PANEL_COUNTED = declare("appraisal.panel_counted", N_("评议计分"), attributes={"item": Code(), "results": Whole()})
PANEL_VOIDED = declare("appraisal.panel_voided", N_("评议作废"), attributes={"item": Code()})
ODDITY_LOOKED_AT = declare(
    "appraisal.oddity_looked_at",
    N_("核查积分异常"),
    attributes={"pattern": Code(), "key": Code(), "period": Code(), "verdict": Code()},
)
"""Somebody looked at what the platform found odd: `key` is a digest of what it was about, nobody's name."""
