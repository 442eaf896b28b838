"""述职评议: what the room records. `held` meets the duty of the body that holds it; `reported` and `result` are told of the reporters
and of their bodies, so that a sheet for people and one for bodies can count them (AP-04).
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Whole, declare
from ronghe.kernel.words import N_

HEARING_PLANNED = declare("hearings.planned", N_("安排述职评议"), attributes={"day": Day(), "reporters": Whole()})
HEARING_CALLED_OFF = declare("hearings.called_off", N_("取消述职评议"))
REPORT_HANDED_IN = declare("hearings.report_handed_in", N_("提交述职报告"), attributes={"version": Whole()})
VOTE_OPENED = declare("hearings.vote_opened", N_("述职测评开始"), attributes={"groups": Whole(), "voters": Whole()})
VOTE_STOPPED = declare("hearings.vote_stopped", N_("述职测评作废重来"))
REMARKED = declare("hearings.remarked", N_("述职提问点评"), attributes={"remark": Code()})
HELD = declare("hearings.held", N_("召开述职评议会"), attributes={"day": Day(), "reporters": Whole()})
REPORTED = declare("hearings.reported", N_("书记述职"), attributes={"year": Whole()})
RESULT = declare("hearings.result", N_("述职评议结果"), attributes={"grade": Code(), "year": Whole()})
OBJECTED = declare("hearings.objected", N_("对述职结果提出异议"))
OBJECTION_ANSWERED = declare("hearings.objection_answered", N_("答复述职异议"), attributes={"answer": Code()})
PROBLEM_NOTED = declare("hearings.problem_noted", N_("列出述职问题"), attributes={"due": Day()})
HEARING_CLOSED = declare("hearings.closed", N_("述职评议办结"), attributes={"problems": Whole()})
