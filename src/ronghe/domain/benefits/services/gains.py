"""Days that a project gained over all its ideas: entered once, verified by somebody else, withdrawn with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.benefits.facts import GAIN_ENTERED, GAIN_SETTLED
from ronghe.domain.benefits.models import ScheduleGain
from ronghe.domain.benefits.rules import ENTER_GAIN, VERIFY_GAIN, WITHDRAW_GAIN
from ronghe.domain.benefits.services.reckoning import MOST_DAYS
from ronghe.domain.org.models import Person
from ronghe.domain.projects.models import Project
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class GainKnown(DomainError):
    code = "benefit_gain_known"
    sentence = N_("“%(project)s”的工期节约已经登记。要改，请先撤下原来的。")


class GainUnfit(DomainError):
    code = "benefit_gain_unfit"
    sentence = N_("请填 1 到 %(most)s 天，并写明依据，例如开工令和竣工验收日期。")
    status = 422


class ReasonMissing(DomainError):
    code = "benefit_gain_no_reason"
    sentence = N_("请写明为什么撤下。")
    status = 422


@transaction.atomic
def enter_gain(*, project: Project, days: int, basis: str, actor: Person, at: datetime) -> ScheduleGain:
    """Enter how many days a project gained; it counts once somebody else has verified it.

    :raises GainUnfit: no days, or no basis
    :raises GainKnown: one is entered already
    """
    ENTER_GAIN.require(actor, project, at=at)
    if not 1 <= days <= MOST_DAYS or not basis.strip():
        raise GainUnfit(most=MOST_DAYS)
    try:
        with transaction.atomic():
            gain = ScheduleGain.objects.create(
                project=project, days=days, basis=basis.strip()[:400], entered_by=actor, entered_at=at
            )
    except IntegrityError as error:
        raise GainKnown(project=project.name) from error
    _tell(gain, GAIN_ENTERED, actor, at)
    return gain


@transaction.atomic
def verify_gain(*, gain: ScheduleGain, actor: Person, at: datetime) -> ScheduleGain:
    """Verify the days; who entered them never does."""
    VERIFY_GAIN.require(actor, gain, at=at)
    rows = ScheduleGain.objects.filter(pk=gain.pk, verified_at=None, withdrawn_at=None)
    if not rows.update(verified_by=actor, verified_at=at):
        raise Stale
    gain.verified_by, gain.verified_at = actor, at
    _tell(gain, GAIN_SETTLED, actor, at, step="verify")
    return gain


@transaction.atomic
def withdraw_gain(*, gain: ScheduleGain, reason: str, actor: Person, at: datetime) -> ScheduleGain:
    """Take a gain down, verified or not, so that the right one can be entered; it stays on record.

    :raises ReasonMissing: without a reason
    """
    WITHDRAW_GAIN.require(actor, gain, at=at)
    if not reason.strip():
        raise ReasonMissing
    rows = ScheduleGain.objects.filter(pk=gain.pk, withdrawn_at=None)
    if not rows.update(withdrawn_by=actor, withdrawn_at=at, withdrawn_why=reason.strip()[:400]):
        raise Stale
    gain.withdrawn_by, gain.withdrawn_at = actor, at
    _tell(gain, GAIN_SETTLED, actor, at, step="withdraw")
    return gain


def _tell(gain: ScheduleGain, kind: FactKind, actor: Person, at: datetime, **more: object) -> None:
    project = gain.project
    record(
        Draft(
            kind, at, actor, body=project.body_id, unit=project.unit_id, project=project.pk,
            attributes={"days": gain.days, **more}, source=gain,
        )
    )  # fmt: skip
