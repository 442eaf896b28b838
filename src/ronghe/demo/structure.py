"""Structure: a temporary branch that ends soon, a merger that waits for the committee's office."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.organization import Field
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.services.people import take_post
from ronghe.domain.structure.enums import ActKind
from ronghe.domain.structure.services.deciding import approve_act
from ronghe.domain.structure.services.proposing import propose_act
from ronghe.domain.structure.services.wanted import NewBody, Wanted
from ronghe.kernel.calendar.moments import day_of

BRANCH = "仪陇输气作业区党支部"
WITHOUT_SECRETARY = "基建管理中心党支部"
CREW = 6
"""Members who take part in the temporary branch."""


def show_structure(field: Field, since: date, now: datetime) -> None:
    """Name secretaries, found a temporary branch for a project, and propose a joint branch of two small ones."""
    _name_secretaries(field, since, now)
    _found_temporary(field, since, now)
    _propose_merger(field, now)


def _name_secretaries(field: Field, since: date, now: datetime) -> None:
    """A full member for each committee and branch whose roster names nobody; one branch stays without."""
    vacant = PartyOrg.objects.filter(kind__in=(PartyOrgKind.COMMITTEE, PartyOrgKind.BRANCH), valid_until=None)
    vacant = vacant.exclude(posts__role=PostRole.SECRETARY).exclude(name=WITHOUT_SECRETARY)
    for body in vacant.order_by("pk"):
        full = Person.objects.filter(political_status=PoliticalStatus.FULL_MEMBER, posts=None, account=None)
        at_home = full.filter(memberships__body__links_above__ancestor=body, memberships__kind=MembershipKind.HOME)
        in_unit = full.filter(unit__links_above__ancestor=body.unit)
        person = at_home.order_by("pk").first() or in_unit.order_by("pk").first()
        if person is not None:
            take_post(person=person, role=PostRole.SECRETARY, since=since, body=body, actor=field.clerk, at=now)


def _found_temporary(field: Field, since: date, now: datetime) -> None:
    branch = PartyOrg.objects.filter(name=BRANCH, valid_until=None).select_related("parent").first()
    if branch is None or branch.parent is None:
        return
    crew = Person.objects.filter(
        memberships__body=branch, memberships__kind=MembershipKind.HOME, memberships__valid_until=None,
        political_status__in=PARTY_MEMBERS,
    )  # fmt: skip
    new = NewBody("管线整治会战临时党支部", PartyOrgKind.TEMPORARY_BRANCH, list(crew.order_by("pk")[:CREW]))
    wanted = Wanted(
        ActKind.FOUND, since, "管线隐患整治会战抽调党员集中", parent=branch.parent, into=[new],
        planned_end_on=day_of(now) + timedelta(days=25),
    )  # fmt: skip
    act = propose_act(wanted=wanted, actor=field.clerk, at=now)
    approve_act(act=act, actor=field.clerk, at=now, approval_ref="演示党字〔2026〕15号")


def _propose_merger(field: Field, now: datetime) -> None:
    """Two branches of three members each, one of them of a supervisor from outside: a joint one would be stronger."""
    names = ("水务工程公司党支部", "庆安监理有限公司党支部")
    pair = list(PartyOrg.objects.filter(name__in=names, valid_until=None).order_by("pk"))
    if len(pair) == len(names):
        wanted = Wanted(
            ActKind.MERGE, day_of(now) + timedelta(days=10), "两个支部党员偏少，现场相邻，拟成立联合党支部",
            body=pair[1], others=[pair[0]], name="水务监理联合党支部", body_kind=PartyOrgKind.JOINT_BRANCH,
        )  # fmt: skip
        propose_act(wanted=wanted, actor=field.clerk, at=now)
