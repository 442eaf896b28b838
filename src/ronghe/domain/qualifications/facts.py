"""What qualifications record. Of health nothing is told of whom: a fact's moment would lead to the person."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, choice, declare
from ronghe.kernel.words import N_

CERTIFICATE_ENTERED = declare(
    "qualifications.certificate_entered", N_("登记证件"), attributes={"kind": Code(), "due": Day()}
)
CERTIFICATE_REVIEWED = declare(
    "qualifications.certificate_reviewed",
    N_("证件复审"),
    attributes={"kind": Code(), "what": choice("review", "practice"), "passed": Flag()},
)
CERTIFICATE_WITHDRAWN = declare("qualifications.certificate_withdrawn", N_("注销证件"), attributes={"kind": Code()})
CERTIFICATES_IMPORTED = declare(
    "qualifications.certificates_imported", N_("导入证件表"), attributes={"rows": Whole(), "added": Whole()}
)
LESSON_HELD = declare(
    "qualifications.lesson_held", N_("安全教育培训"), measure="hour", attributes={"level": Code(), "passed": Flag()}
)
WORK_BROKEN = declare("qualifications.work_broken", N_("转岗或离岗"), attributes={"what": choice("transfer", "leave")})
VIOLATION_NOTED = declare("qualifications.violation_noted", N_("查实违章"), attributes={"grave": Flag()})
HEALTH_NOTED = declare("qualifications.health_noted", N_("登记健康限制"))
HEALTH_LIFTED = declare("qualifications.health_lifted", N_("解除健康限制"))
