"""Somebody, or a camera, reports a hazard or a violation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from ronghe.domain.hazards.enums import HAZARD_GRADES, VIOLATION_GRADES, FindingGrade, ViolationSort
from ronghe.domain.hazards.facts import FINDING_REPORTED
from ronghe.domain.hazards.models import Finding
from ronghe.domain.hazards.rules import HAZARD, REPORT, VIOLATION
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import ItemKind
from ronghe.domain.items.services.raising import ItemText, put_up
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.domain.qualifications.calc.book import number_kept
from ronghe.domain.risks.models import RiskArea
from ronghe.domain.risks.rules import SEE_AREA
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import keyed_digest, masked
from ronghe.kernel.words import N_

DAY_ENDS = time(18)
DAYS_KEYS = {
    (HAZARD.id, FindingGrade.GENERAL): "hazard_days_general", (HAZARD.id, FindingGrade.MAJOR): "hazard_days_major",
    (VIOLATION.id, FindingGrade.GENERAL): "violation_days", (VIOLATION.id, FindingGrade.SERIOUS): "violation_days",
}  # fmt: skip
LONGEST_CERTIFICATE = 40


class FindingNowhere(DomainError):
    code = "finding_nowhere"
    sentence = N_("请选区域，或者选上报到哪个组织。")
    status = 422


class AreaGivenUp(DomainError):
    code = "finding_area_given_up"
    sentence = N_("“%(name)s”已撤销，请选现在的区域。")


class GradeUnfit(DomainError):
    code = "finding_grade_unfit"
    sentence = N_("隐患分一般、重大（IN-04），违章分一般、严重，请从中选一个。")
    status = 422


class MachineNamesNobody(DomainError):
    code = "violation_machine_names_nobody"
    sentence = N_("摄像头识别的只是疑似，不能指到人（IN-05）；查实时由查实的人写明。")
    status = 422


class CertificateUnfit(DomainError):
    code = "violation_certificate_unfit"
    sentence = N_("写操作证编号要同时写明是谁的，编号最多 40 个字符。")
    status = 422


@dataclass(frozen=True, slots=True)
class Report:
    """What was seen, where, how bad it looks. Of an area its body, unit and zone are known; else `body` is asked."""

    title: str
    grade: FindingGrade = FindingGrade.GENERAL
    area: RiskArea | None = None
    body: PartyOrg | None = None
    place: str = ""
    text: str = ""
    source: RecordOf | None = None


@dataclass(frozen=True, slots=True)
class Offender:
    """Who did it, with the number of the certificate under which the work was done."""

    person: Person | None = None
    certificate: str = ""


NOBODY = Offender()


def report_hazard(*, report: Report, actor: Person, at: datetime, uploads: Sequence[Upload] = ()) -> WorkItem:
    """Report a hidden danger (IN-04); it waits to be assessed, and is to be put right within the days of its grade.

    :raises FindingNowhere, AreaGivenUp, GradeUnfit: not filled in, or with what does not fit
    :raises TitleMissing: without a title
    """
    return _put_up(HAZARD, report, {}, Visibility.BODY, NOBODY, actor, at, uploads)


def report_violation(
    *, report: Report, sort: ViolationSort | str, actor: Person, at: datetime, clause: str = "",
    offender: Offender = NOBODY, is_by_machine: bool = False, uploads: Sequence[Upload] = (),
) -> WorkItem:  # fmt: skip
    """Report a violation; it is suspected until somebody else confirms it, and a machine names nobody (IN-05).

    One that names a person is read by those involved and those who see to it alone.

    :raises FindingNowhere, AreaGivenUp, GradeUnfit: as `report_hazard`
    :raises ValuesUnfit: no such sort
    :raises MachineNamesNobody: a machine with a person
    :raises CertificateUnfit: a certificate without its person, or too long
    """
    if is_by_machine and (offender.person is not None or offender.certificate.strip()):
        raise MachineNamesNobody
    refuse_certificate(offender)
    seen = Visibility.INVOLVED if offender.person is not None else Visibility.BODY
    values = {"sort": str(sort), "clause": clause.strip()}
    return _put_up(VIOLATION, report, values, seen, offender, actor, at, uploads, is_by_machine=is_by_machine)


def days_for(kind: ItemKind, grade: FindingGrade, body: PartyOrg, day: date) -> int:
    """Return within how many days something of this grade is to be put right, by the body's playbook."""
    return key_of(DAYS_KEYS[(kind.id, grade)], body, day)


def deadline(day: date) -> datetime:
    """Return the end of a working day."""
    return datetime.combine(day, DAY_ENDS, tzinfo=SHANGHAI)


def certificate_columns(offender: Offender) -> dict[str, str]:
    """Return what is kept of a certificate: a digest by which it is found, and its masked number."""
    number = number_kept(offender.certificate)
    return {"certificate_digest": keyed_digest(number), "certificate_mask": masked(number)} if number else {}


def refuse_certificate(offender: Offender) -> None:
    """Return where a certificate comes with its person.

    :raises CertificateUnfit: it does not, or its number is too long
    """
    number = offender.certificate.strip()
    if number and (offender.person is None or len(number) > LONGEST_CERTIFICATE):
        raise CertificateUnfit


def _put_up(
    kind: ItemKind, report: Report, values: Mapping[str, object], seen: Visibility, offender: Offender, actor: Person,
    at: datetime, uploads: Sequence[Upload], *, is_by_machine: bool = False,
) -> WorkItem:  # fmt: skip
    body = _body(report, actor, at)
    grade = _grade(kind, report.grade)
    day = local_day(at)
    area = report.area
    text = ItemText(
        report.title, text=report.text, values=values, place=_place(report),
        due_at=deadline(day + timedelta(days=days_for(kind, grade, body, day))),
        unit=area.unit if area is not None else body.unit, zone=area.zone if area is not None else None,
        people=[(offender.person, "named", "")] if offender.person is not None else (), visibility=seen,
        source=report.source,
    )  # fmt: skip
    with transaction.atomic():
        item = put_up(kind=kind, text=text, body=body, actor=actor, at=at, uploads=uploads)
        Finding.objects.create(
            item=item, area=area, grade=grade, is_by_machine=is_by_machine, person=offender.person,
            **certificate_columns(offender),
        )  # fmt: skip
        record(
            Draft(
                FINDING_REPORTED, at, actor, body=body.pk, unit=item.unit_id, zone=item.zone_id, source=item,
                attributes={"item": kind.id, "grade": grade, "is_by_machine": is_by_machine},
            )
        )  # fmt: skip
    return item


def _body(report: Report, actor: Person, at: datetime) -> PartyOrg:
    if report.area is not None:
        SEE_AREA.require(actor, report.area, at=at)
        if report.area.closed_at is not None:
            raise AreaGivenUp(name=report.area.name)
        return report.area.body
    if report.body is None:
        raise FindingNowhere
    REPORT.require(actor, report.body, at=at)
    return report.body


def _grade(kind: ItemKind, grade: FindingGrade | str) -> FindingGrade:
    known = HAZARD_GRADES if kind is HAZARD else VIOLATION_GRADES
    found = next((one for one in known if one.value == str(grade)), None)
    if found is None:
        raise GradeUnfit
    return found


def _place(report: Report) -> str:
    place = report.place.strip()
    if report.area is None:
        return place[:80]
    return (f"{report.area.name} {place}" if place else report.area.name)[:80]
