"""Members who came with the contractors: some attached, one gone home with a slip, one to be verified; and two who are away."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.organization import Field
from ronghe.domain.floating.selectors import candidates
from ronghe.domain.floating.services.away import note_away, note_contact
from ronghe.domain.floating.services.stays import (
    Home,
    acknowledge_stay,
    attach_stay,
    end_stay,
    find_stay,
    inform_home,
    verify_stay,
)
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person

AWAY_FROM = "第一采油厂第三油矿党支部"
HALF_A_YEAR = timedelta(days=190)


def show_floating(field: Field, since: date, now: datetime) -> None:
    """Take the zone's floating members through their steps, each a different way."""
    workers = list(candidates(field.lead, now).exclude(outside_home_branch=None)[:6])
    for number, person in enumerate(workers[:5]):
        stay = find_stay(person=person, body=field.zone_body, actor=field.lead, at=now)
        if number == 0:
            continue
        contact = Home(name=person.outside_home_branch or "", contact="支部冉书记", phone="0516-5550131")
        verify_stay(stay=stay, home=contact, on=since, actor=field.lead, at=now)
        attach_stay(stay=stay, body=field.zone_body, since=since, actor=field.lead, at=now)
        if number > 1:
            inform_home(stay=stay, actor=field.lead, at=now)
        if number > 2:
            acknowledge_stay(stay=stay, actor=field.lead, at=now)
        if number > 3:
            end_stay(stay=stay, on=now.date() - timedelta(days=3), actor=field.lead, at=now)
    _away(since, now, field)


def _away(since: date, now: datetime, field: Field) -> None:
    branch = PartyOrg.objects.get(name=AWAY_FROM)
    home = Membership.objects.filter(body=branch, kind=MembershipKind.HOME, valid_until=None, person__account=None)
    people = [row.person for row in home.exclude(person__posts__valid_until=None).order_by("-pk")[:2]]
    for number, person in enumerate(people):
        left = since - HALF_A_YEAR
        stay = note_away(
            person=person, body=branch, since=left, destination="新疆塔里木油田" if number else "哈萨克斯坦阿克纠宾",
            is_abroad=not number, actor=_secretary(branch) or field.clerk, at=now,
        )  # fmt: skip
        if number:
            note_contact(
                stay=stay, on=now.date() - timedelta(days=20), actor=field.clerk, at=now, note="电话，身体好，工作顺利"
            )


def _secretary(branch: PartyOrg) -> Person | None:
    return Person.objects.filter(posts__role="secretary", posts__body=branch, posts__valid_until=None).first()
