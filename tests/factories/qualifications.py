"""A station with its safety officer, a welder with a certificate, and a worker who is still to learn everything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.qualifications.enums import LessonLevel
from ronghe.domain.qualifications.models import Certificate, Lesson
from ronghe.domain.qualifications.services.certificates import CertificateText, enter_certificate
from ronghe.domain.qualifications.services.lessons import LessonText, note_lesson
from ronghe.kernel.sealed import keyed_digest
from tests.factories.org import make_body, make_person, make_post, make_unit

NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
NUMBER = "T51082219900307001X"


@dataclass
class Qualified:
    committee: PartyOrg
    unit: AdminUnit
    officer: Person
    secretary: Person
    welder: Person
    newcomer: Person
    outsider: Person


def make_qualified() -> Qualified:
    """康德刚 keeps the records of 北二采油队, where 焊工老刘 and 新工小赵 work; 倪春梅 is elsewhere."""
    company = make_unit("第一采油厂")
    unit = make_unit("北二采油队", parent=company)
    committee = make_body("厂党委", kind=PartyOrgKind.COMMITTEE, unit=company)
    branch = make_body("北二党支部", parent=committee, unit=unit)
    story = Qualified(
        committee=committee,
        unit=unit,
        officer=make_person("康德刚", unit=unit),
        secretary=make_person("高远", home=branch, unit=unit),
        welder=make_person("焊工老刘", unit=unit),
        newcomer=make_person("新工小赵", unit=unit),
        outsider=make_person("倪春梅", unit=make_unit("采油七队", parent=company)),
    )
    make_post(story.officer, PostRole.HSE_OFFICER, unit=unit)
    make_post(story.secretary, PostRole.SECRETARY, body=branch)
    return story


def certify(
    story: Qualified, person: Person | None = None, *, kind: str = "welding_and_cutting", number: str = NUMBER,
    issued_on: date = date(2024, 9, 15), at: datetime = NOW,
) -> Certificate:  # fmt: skip
    """Issued on 15 September 2024 a welder's certificate is reviewed by 14 September 2027 and ends 14 September 2030."""
    text = CertificateText(kind, number, issued_on)
    return enter_certificate(person=person or story.welder, text=text, actor=story.officer, at=at)


def teach(actor: Person, person: Person, *, on: date = TODAY, hours: int = 24, passed: bool = True) -> None:
    """Let somebody have the three levels of training on one day, with the exam."""
    for level in (LessonLevel.COMPANY, LessonLevel.PROJECT, LessonLevel.TEAM):
        text = LessonText(level, on, Decimal(hours), passed=passed)
        note_lesson(person=person, text=text, actor=actor, at=NOW)


def qualify(people: Mapping[Person, Collection[str]], *, by: Person, at: datetime) -> None:
    """Have people hold these kinds of certificates and the three levels of training, since a month before: rows, no acts."""
    since = at.date() - timedelta(days=30)
    levels = (LessonLevel.COMPANY, LessonLevel.PROJECT, LessonLevel.TEAM)
    Lesson.objects.bulk_create(
        Lesson(person=person, level=level, held_on=since, hours=Decimal(24), passed=True, noted_by=by, noted_at=at)
        for person in people for level in levels
    )  # fmt: skip
    Certificate.objects.bulk_create(
        Certificate(
            person=person, kind=kind, number_sealed="-", number_digest=keyed_digest(f"{kind}-{person.pk}"),
            number_end=f"{person.pk:04d}"[-4:], issued_on=since, expires_on=since + timedelta(days=1090),
            due_on=since + timedelta(days=1090), warn_from=since + timedelta(days=1000), entered_by=by, entered_at=at,
        )
        for person, kinds in people.items() for kind in kinds
    )  # fmt: skip
