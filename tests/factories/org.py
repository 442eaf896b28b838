"""A small field: one committee, two branches, a zone's co-built branch, and people with a part to play."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from django.utils import timezone

from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, PostHolding
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.org.services.people import join_body, open_account, take_post
from ronghe.domain.org.services.trees import create_party_org, create_unit
from ronghe.kernel.access.models import Account, Administrator

LONG_AGO = date(2020, 1, 1)
SET_UP_AT = datetime(2026, 1, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "Derrick-2026"
_numbers = count(1)


def make_unit(name: str = "", *, parent: AdminUnit | None = None, kind: UnitKind = UnitKind.UNIT) -> AdminUnit:
    return create_unit(
        name=name or f"单位{next(_numbers)}", kind=kind, parent=parent, since=LONG_AGO, actor=None, at=SET_UP_AT
    )


def make_body(
    name: str = "",
    *,
    parent: PartyOrg | None = None,
    kind: PartyOrgKind = PartyOrgKind.BRANCH,
    unit: AdminUnit | None = None,
) -> PartyOrg:
    return create_party_org(
        name=name or f"党支部{next(_numbers)}", kind=kind, parent=parent, unit=unit, since=LONG_AGO, actor=None,
        at=SET_UP_AT,
    )  # fmt: skip


def make_person(
    name: str = "",
    *,
    home: PartyOrg | None = None,
    participates_in: PartyOrg | None = None,
    unit: AdminUnit | None = None,
    status: PoliticalStatus = PoliticalStatus.FULL_MEMBER,
) -> Person:
    name = name or f"职工{next(_numbers)}"
    person = Person.objects.create(
        name=name, initials=initials_of(name), political_status=status, unit=unit, valid_from=LONG_AGO
    )
    if home is not None:
        join_body(person=person, body=home, kind=MembershipKind.HOME, since=LONG_AGO, actor=None, at=SET_UP_AT)
    if participates_in is not None:
        join_body(
            person=person, body=participates_in, kind=MembershipKind.PARTICIPATION, since=LONG_AGO, actor=None,
            at=SET_UP_AT,
        )  # fmt: skip
    return person


def make_post(
    person: Person, role: PostRole, *, body: PartyOrg | None = None, unit: AdminUnit | None = None
) -> PostHolding:
    person.__dict__.pop("_standing_by_day", None)
    return take_post(person=person, role=role, body=body, unit=unit, since=LONG_AGO, actor=None, at=SET_UP_AT)


def make_account(person: Person, login: str = "", *, administrator: Administrator | None = None) -> Account:
    return open_account(
        person=person,
        login=login or f"user{next(_numbers)}",
        password=PASSWORD,
        actor=None,
        at=timezone.now(),  # a password as old as the set-up would be overdue (SE-01)
        administrator=administrator,
        must_change_password=False,
    )
