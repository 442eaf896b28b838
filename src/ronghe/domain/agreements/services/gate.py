"""What may only begin under an agreement in force asks here."""

from __future__ import annotations

from datetime import date

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.agreements.selectors import agreement_in_force
from ronghe.domain.projects.models import Project
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class AgreementMissing(DomainError):
    code = "agreement_missing"
    sentence = N_(
        "项目“%(project)s”在 %(day)s 没有生效的联创共建合作意向书（SD-02），不能启动。请各方党支部先签订意向书。"
    )


def require_agreement(project: Project, day: date) -> Agreement:
    """Return the letter of intent that binds the project's branches on `day`.

    :raises AgreementMissing: there is none (SD-02)
    """
    agreement = agreement_in_force(project, day)
    if agreement is None:
        raise AgreementMissing(project=project.name, day=day)
    return agreement
