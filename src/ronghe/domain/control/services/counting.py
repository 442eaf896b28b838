"""Incidents that set the count of free days back: noted by who looks after safety, withdrawn by somebody else."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from ronghe.domain.control.enums import IncidentKind
from ronghe.domain.control.facts import INCIDENT_RECORDED
from ronghe.domain.control.models import Incident
from ronghe.domain.control.rules import RECORD_INCIDENT, WITHDRAW_INCIDENT
from ronghe.domain.control.services.telling import tell
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import reverse
from ronghe.kernel.words import N_, _

FOLLOWED = N_("事故报告已撤销")


class IncidentUnfit(DomainError):
    code = "incident_unfit"
    sentence = N_("请选类别和发生日期，日期不能在将来，等级最多 40 个字；经过写事不写人。")
    status = 422


class WithdrawIncidentUntold(DomainError):
    code = "incident_withdraw_untold"
    sentence = N_("请写明为什么撤销这条记录。")
    status = 422


@transaction.atomic
def record_incident(
    *, project: Project, kind: IncidentKind, happened_on: date, actor: Person, at: datetime, class_code: str = "",
    note: str = "",
) -> Incident:  # fmt: skip
    """Note an accident or a pollution; free days begin anew after its day.

    :raises IncidentUnfit: a day to come
    """
    RECORD_INCIDENT.require(actor, project, at=at)
    if kind not in IncidentKind.values or happened_on > local_day(at) or len(class_code) > 40 or len(note) > 400:
        raise IncidentUnfit
    fact = tell(INCIDENT_RECORDED, project, actor, at, project, kind=str(kind))
    return Incident.objects.create(
        project=project, kind=kind, class_code=class_code.strip(), happened_on=happened_on, note=note.strip(),
        recorded_by=actor, recorded_at=at, fact=fact.pk,
    )  # fmt: skip


@transaction.atomic
def withdraw_incident(*, incident: Incident, reason: str, actor: Person, at: datetime) -> Incident:
    """Withdraw what was noted by mistake; whoever noted it does not.

    :raises WithdrawIncidentUntold: without a reason
    :raises Stale: it was
    """
    WITHDRAW_INCIDENT.require(actor, incident, at=at)
    if not reason.strip():
        raise WithdrawIncidentUntold
    rows = Incident.objects.filter(pk=incident.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=at, withdrawn_by=actor, withdrawn_why=reason.strip()[:400]):
        raise Stale
    reverse(Fact.objects.get(pk=incident.fact), by=actor, at=at)
    incident.withdrawn_at, incident.withdrawn_by = at, actor
    return incident


@transaction.atomic
def follow_accident(
    *, project: Project, kind: IncidentKind, happened_on: date, class_code: str, accident: int, actor: Person,
    at: datetime,
) -> Incident:  # fmt: skip
    """Count an accident that was reported where accidents are; `accident` is its fact. Its own right was asked there."""
    fact = tell(INCIDENT_RECORDED, project, actor, at, project, kind=str(kind))
    return Incident.objects.create(
        project=project, kind=kind, class_code="" if class_code == "none" else class_code, happened_on=happened_on,
        recorded_by=actor, recorded_at=at, fact=fact.pk, accident=accident,
    )  # fmt: skip


@transaction.atomic
def unfollow_accident(*, accident: int, actor: Person, at: datetime) -> None:
    """Let an accident that was withdrawn where it was reported count no more."""
    incident = Incident.objects.filter(accident=accident, withdrawn_at=None).first()
    if incident is None:
        return
    Incident.objects.filter(pk=incident.pk).update(withdrawn_at=at, withdrawn_by=actor, withdrawn_why=_(FOLLOWED))
    reverse(Fact.objects.get(pk=incident.fact), by=actor, at=at)
