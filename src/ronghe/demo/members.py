"""What is known about people beyond the rosters: trades, mentors, a request for correction, cards, a coming status."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.organization import Field
from ronghe.domain.members.enums import BroadKind, CorrectionField, MentorKind
from ronghe.domain.members.models import PersonSkill
from ronghe.domain.members.services.broad_names import keep_broad_name
from ronghe.domain.members.services.cards import show_card
from ronghe.domain.members.services.corrections import ask_correction
from ronghe.domain.members.services.mentors import pair_mentor
from ronghe.domain.members.services.skills import claim_skill, enter_skill
from ronghe.domain.org.enums import MembershipKind, PoliticalStatus
from ronghe.domain.org.models import Person
from ronghe.domain.org.services.statuses import set_status
from ronghe.kernel.calendar.moments import day_of

FURTHER = {
    "仪表工": "电工", "电工": "仪表工", "输气工": "管道保护工", "管道保护工": "输气工", "焊工": "管工", "维修工": "焊工",
    "综合计量工": "仪表工",
}  # fmt: skip
BROAD_TRADES = {
    "仪表工": "电仪", "电工": "电仪", "综合计量工": "电仪", "输气工": "运行", "运行工": "运行", "管道保护工": "管道",
    "焊工": "维修", "管工": "维修", "维修工": "维修",
}  # fmt: skip
BROAD_POSTS = {
    "巡检岗": "运行维护岗",
    "运行岗": "运行维护岗",
    "维修岗": "检维修岗",
    "技术岗": "技术管理岗",
    "安全岗": "技术管理岗",
}
GRADES = ("中级工", "高级工", "技师")
MANY_SIDED = 28


def show_members(field: Field, since: date, now: datetime) -> None:
    """Give some people further trades, pair two, let one claim and ask, show two cards, plan a full membership."""
    for kind, names in ((BroadKind.TRADE, BROAD_TRADES), (BroadKind.POST, BROAD_POSTS)):
        for old, broad in names.items():
            keep_broad_name(unit=field.company, kind=kind, old=old, broad=broad, actor=field.clerk, at=now)
    _trades(field, since, now)
    member = Person.objects.filter(account__login="dangyuan").first()
    if member is not None:
        _own_acts(member, field, since, now)
    for person in (field.lead, *([member] if member is not None else [])):
        show_card(person=person, actor=person, at=now)
    _turning_full(field, now)


def _trades(field: Field, since: date, now: datetime) -> None:
    skilled = Person.objects.filter(trade__in=FURTHER).exclude(account__isnull=False).order_by("pk")
    for number, person in enumerate(skilled[:MANY_SIDED]):
        enter_skill(
            person=person, trade=FURTHER[person.trade or ""], grade=GRADES[number % 3], since=since, actor=field.clerk,
            at=now,
        )  # fmt: skip
    grades = PersonSkill.objects.filter(grade="技师").select_related("person").order_by("pk")
    for one in grades[:2]:
        learner = Person.objects.filter(trade=one.trade).exclude(pk=one.person_id).order_by("-pk").first()
        if learner is not None:
            pair_mentor(
                mentor=one.person, apprentice=learner, kind=MentorKind.APPRENTICESHIP, topic=f"{one.trade}实操",
                goal="一年内能独立顶岗", since=since, planned_until=since + timedelta(days=365), actor=field.clerk, at=now,
            )  # fmt: skip


def _own_acts(member: Person, field: Field, since: date, now: datetime) -> None:
    claim_skill(
        person=member, trade="仪表工" if member.trade != "仪表工" else "焊工", grade="高级工",
        certificate_ref="YB-2025-0317", since=since, actor=member, at=now,
    )  # fmt: skip
    ask_correction(
        person=member, field=CorrectionField.EDUCATION, value="大学专科", reason="去年已毕业，证书交支部看过", actor=member,
        at=now,
    )  # fmt: skip
    mentor = next((person for person in field.crew if person.pk != member.pk), None)
    if mentor is not None:
        pair_mentor(
            mentor=mentor, apprentice=member, kind=MentorKind.PASSING_ON, topic="站内电仪联调", since=since,
            actor=field.clerk, at=now,
        )  # fmt: skip


def _turning_full(field: Field, now: datetime) -> None:
    waiting = Person.objects.filter(
        political_status=PoliticalStatus.PROBATIONARY_MEMBER, memberships__kind=MembershipKind.HOME,
        memberships__valid_until=None,
    ).order_by("pk").first()  # fmt: skip
    if waiting is not None:
        set_status(
            person=waiting, status=PoliticalStatus.FULL_MEMBER, since=day_of(now) + timedelta(days=12),
            actor=field.clerk, at=now,
        )  # fmt: skip
