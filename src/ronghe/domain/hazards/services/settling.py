"""A hazard is assessed and its five settled; a violation is confirmed, or its confirmation is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from ronghe.domain.contractors.selectors.people import contractor_of
from ronghe.domain.hazards.enums import HAZARD_GRADES, VIOLATION_GRADES, FindingGrade
from ronghe.domain.hazards.facts import HAZARD_ASSESSED, VIOLATION_CONFIRMED
from ronghe.domain.hazards.models import Finding
from ronghe.domain.hazards.rules import HAZARD, VIOLATION
from ronghe.domain.hazards.services.reporting import (
    NOBODY,
    GradeUnfit,
    Offender,
    certificate_columns,
    days_for,
    deadline,
    refuse_certificate,
)
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import ItemPerson, WorkItem
from ronghe.domain.items.rules import ItemKind
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.models import Risk
from ronghe.domain.risks.services.raising import raise_from
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import N_, _


class DeadlineTooFar(DomainError):
    code = "finding_deadline_too_far"
    sentence = N_("%(grade)s%(kind)s最长 %(days)s 天整改完，期限最晚 %(latest)s。请定早一些，或由上级在范本里改期限。")
    status = 422


class RiskElsewhere(DomainError):
    code = "finding_risk_elsewhere"
    sentence = N_("“%(title)s”不是这个区域里在册的风险，请从本区域的风险里选。")
    status = 422


class OffenderSettled(DomainError):
    code = "violation_offender_settled"
    sentence = N_("这条违章已写明涉及%(name)s，要改成别人，请先记为不成立再重新上报。")


@dataclass(frozen=True, slots=True)
class Assessed:
    """五落实: who answers, the measures, the money, until when (by the grade unless told), and the plan for an emergency."""

    grade: FindingGrade
    owner: Person | None
    measure: str
    money: Decimal | int | str
    plan: str
    due_on: date | None = None
    risk: Risk | None = None
    """Which risk of the area it shows to be worse than thought."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How a violation was confirmed, how bad it is, who puts it right, and who did it where that was not said yet."""

    grade: FindingGrade
    owner: Person | None
    note: str
    is_serious_harm: bool = False
    due_on: date | None = None
    offender: Offender = NOBODY
    risk: Risk | None = None


@transaction.atomic
def assess_hazard(*, item: WorkItem, given: Assessed, actor: Person, at: datetime) -> WorkItem:
    """Say how bad a hazard is and settle the five (IN-04); a named risk is raised by it, to red by a major one.

    :raises GradeUnfit: no grade of a hazard
    :raises DeadlineTooFar: later than the grade allows
    :raises RiskElsewhere: a risk of another area, or closed
    :raises ValuesUnfit, OwnerMissing, StepNotAllowed, Stale: as `take_step`
    """
    finding = Finding.objects.select_related("area").get(item=item)
    spec = HAZARD.step_by_id["assess"]
    spec.right.require(actor, item, at=at)
    due_on, days = _due(HAZARD, given.grade, item, given.due_on, at, HAZARD_GRADES)
    _refuse_risk(finding, given.risk)
    values = {"measure": given.measure, "money": str(given.money), "plan": given.plan}
    go(
        item=item, spec=spec, actor=actor, at=at,
        said=Said(note=given.note, values=values, owner=given.owner, due_at=deadline(due_on)),
    )  # fmt: skip
    Finding.objects.filter(pk=finding.pk).update(grade=given.grade, risk=given.risk, settled_on=local_day(at))
    record(
        Draft(
            HAZARD_ASSESSED, at, actor, about=item.owner, body=item.body_id, unit=item.unit_id, zone=item.zone_id,
            source=item, attributes={"grade": given.grade, "days": days},
        )
    )  # fmt: skip
    if given.risk is not None:
        to = RiskGrade.RED if given.grade == FindingGrade.MAJOR else None
        reason = _("隐患：%(title)s") % {"title": item.title}
        raise_from(risk=given.risk, source=item, cause=HAZARD.id, reason=reason, actor=actor, at=at, to=to)
    return item


@transaction.atomic
def confirm_violation(*, item: WorkItem, given: Confirmed, actor: Person, at: datetime) -> WorkItem:
    """Confirm a violation: from now on it counts (IN-05, PC-16); a named risk is raised by it.

    Who did it may be said now, where the report did not: then it is read by those involved alone.

    :raises GradeUnfit, DeadlineTooFar, RiskElsewhere: as `assess_hazard`
    :raises CertificateUnfit: a certificate without its person
    :raises OffenderSettled: the report named somebody else
    :raises StepNoteMissing, OwnerMissing, StepNotAllowed, Stale: as `take_step`
    """
    finding = Finding.objects.select_related("area", "person").get(item=item)
    spec = VIOLATION.step_by_id["confirm"]
    spec.right.require(actor, item, at=at)
    due_on, _days = _due(VIOLATION, given.grade, item, given.due_on, at, VIOLATION_GRADES)
    _refuse_risk(finding, given.risk)
    offender = _offender(finding, given.offender)
    said = Said(note=given.note, owner=given.owner, due_at=deadline(due_on))
    go(item=item, spec=spec, actor=actor, at=at, said=said)
    if offender.person is not None and finding.person is None:
        WorkItem.objects.filter(pk=item.pk).update(visibility=Visibility.INVOLVED)
        item.visibility = Visibility.INVOLVED
        ItemPerson.objects.get_or_create(
            item=item, person=offender.person, part="named", until=None, defaults={"since": at}
        )
    kept = {"certificate_digest": finding.certificate_digest, "certificate_mask": finding.certificate_mask}
    columns = certificate_columns(given.offender) or kept
    fact = record(
        Draft(
            VIOLATION_CONFIRMED, at, actor, about=offender.person, body=item.body_id, unit=item.unit_id,
            zone=item.zone_id, source=item,
            attributes={
                "sort": item.values["sort"], "grade": given.grade, "is_serious_harm": given.is_serious_harm,
                "has_certificate": bool(columns["certificate_digest"]), "is_by_machine": finding.is_by_machine,
                "contractor": contractor_of(offender.person) if offender.person is not None else None,
            },
        )
    )  # fmt: skip
    Finding.objects.filter(pk=finding.pk).update(
        grade=given.grade, risk=given.risk, settled_on=local_day(at), is_serious_harm=given.is_serious_harm,
        person=offender.person, fact=fact.pk, **columns,
    )  # fmt: skip
    if given.risk is not None:
        reason = _("违章：%(title)s") % {"title": item.title}
        raise_from(risk=given.risk, source=item, cause=VIOLATION.id, reason=reason, actor=actor, at=at)
    return item


def uncount(item: WorkItem, actor: Person, at: datetime) -> None:
    """Let a violation whose confirmation was overturned count no more; the step that it follows asked the right."""
    finding = Finding.objects.get(item=item)
    if finding.fact is None or finding.overturned_at is not None:
        return
    Finding.objects.filter(pk=finding.pk).update(overturned_at=at)
    reverse(Fact.objects.get(pk=finding.fact), by=actor, at=at)


def _due(
    kind: ItemKind, grade: FindingGrade | str, item: WorkItem, asked: date | None, at: datetime,
    known: tuple[FindingGrade, ...],
) -> tuple[date, int]:  # fmt: skip
    """Return the last day to put it right and how many days that is; counted from today, by the grade."""
    found = next((one for one in known if one.value == str(grade)), None)
    if found is None:
        raise GradeUnfit
    today = local_day(at)
    days = days_for(kind, found, item.body, today)
    latest = today + timedelta(days=days)
    if asked is not None and asked > latest:
        raise DeadlineTooFar(grade=found.label, kind=_(kind.title), days=days, latest=latest)
    due_on = asked or latest
    return due_on, (due_on - today).days


def _refuse_risk(finding: Finding, risk: Risk | None) -> None:
    if risk is not None and (risk.area_id != finding.area_id or risk.closed_at is not None):
        raise RiskElsewhere(title=risk.title)


def _offender(finding: Finding, given: Offender) -> Offender:
    person = finding.person or given.person
    if finding.person is not None and given.person not in (None, finding.person):
        raise OffenderSettled(name=finding.person.name)
    refuse_certificate(Offender(person, given.certificate))
    return Offender(person, given.certificate)
