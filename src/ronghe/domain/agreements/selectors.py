"""联创共建合作意向书: what an actor may see, and what is in force."""

from __future__ import annotations

from datetime import date

from ronghe.domain.agreements.enums import BINDING, AgreementKind
from ronghe.domain.agreements.models import Agreement
from ronghe.domain.projects.models import Project
from ronghe.kernel.db.tree import on_day


def agreement_in_force(project: Project, day: date) -> Agreement | None:
    """Return the letter of intent that binds the project's branches on `day`, the one in force longest (SD-02).

    Its first day and its last day count; a supplement alone binds nobody.
    """
    return _in_force(project, day, AgreementKind.LETTER_OF_INTENT)


def safety_agreement_in_force(project: Project, day: date) -> Agreement | None:
    """Return the safety management agreement of the units on the project on `day` (PC-08)."""
    return _in_force(project, day, AgreementKind.SAFETY)


def _in_force(project: Project, day: date, kind: AgreementKind) -> Agreement | None:
    rows = Agreement.objects.filter(
        on_day(day), project=project, kind=kind, supplements=None, state__in=sorted(BINDING)
    )
    return rows.order_by("valid_from", "pk").first()
