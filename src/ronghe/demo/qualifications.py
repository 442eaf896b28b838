"""Training and certificates of the zone's people: most in order, one certificate soon due, one newcomer who has learnt nothing yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.organization import Field
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person, PostHolding
from ronghe.domain.qualifications.enums import LessonLevel
from ronghe.domain.qualifications.selectors.records import people_to_keep
from ronghe.domain.qualifications.services.certificates import CertificateText, enter_certificate
from ronghe.domain.qualifications.services.health import note_restriction
from ronghe.domain.qualifications.services.lessons import LessonText, note_lessons

LEVELS = (LessonLevel.COMPANY, LessonLevel.PROJECT, LessonLevel.TEAM)
SOON = timedelta(days=3 * 365 - 30)
"""Ago: the review of such a certificate is due in about a month."""


def show_qualifications(field: Field, since: date, now: datetime) -> None:
    """Teach all but one of the safety officer's people, and put four certificates and one restriction on record."""
    officer = safety_officer(field)
    people = list(people_to_keep(officer, now).exclude(pk=officer.pk)[:12])
    if not people:
        return
    for level in LEVELS:
        text = LessonText(level, since, Decimal(24), "岗前安全教育", Decimal(92), passed=True)
        note_lessons(people=people[:-1], text=text, actor=officer, at=now)
    kinds = ("welding_and_cutting", "low_voltage_electrician", "working_at_height", "guardian")
    for number, (person, kind) in enumerate(zip(people, kinds, strict=False)):
        issued = now.date() - (SOON if number == 0 else timedelta(days=400 + 30 * number))
        text_of = CertificateText(kind, f"T5108222026{number:04d}", issued, issuer="应急管理厅")
        enter_certificate(person=person, text=text_of, actor=officer, at=now)
    note_restriction(
        person=people[-1], text="体检建议：不宜登高", operations=["work_at_height"], on=since, actor=officer, at=now
    )


def safety_officer(field: Field) -> Person:
    """Return who answers for safety in the zone."""
    held = PostHolding.objects.filter(body=field.zone_body, role=PostRole.HSE_OFFICER, valid_until=None)
    return held.select_related("person").order_by("pk")[0].person
