"""A branch with two groups, its secretary, the clerk above, and people of the branch."""

from __future__ import annotations

from dataclasses import dataclass

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from tests.factories.org import make_body, make_person, make_post, make_unit


@dataclass
class BranchStory:
    company: AdminUnit
    unit: AdminUnit
    committee: PartyOrg
    branch: PartyOrg
    other: PartyOrg
    first: PartyOrg
    second: PartyOrg
    zone_branch: PartyOrg
    clerk: Person
    secretary: Person
    member: Person
    worker: Person
    stranger: Person


def make_branch() -> BranchStory:
    company = make_unit("采油厂")
    unit = make_unit("南区", parent=company)
    committee = make_body("厂党委", kind=PartyOrgKind.COMMITTEE, unit=company)
    branch = make_body("南区党支部", parent=committee, unit=unit)
    other = make_body("北区党支部", parent=committee)
    first, second = (make_body(name, parent=branch, kind=PartyOrgKind.PARTY_GROUP) for name in ("第一小组", "第二小组"))
    zone_branch = make_body("共建党支部", parent=committee, kind=PartyOrgKind.CO_BUILT_BRANCH)
    clerk = make_person("温书宁")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    secretary = make_person("张书记", home=branch, unit=unit)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    member = make_person("王新", home=branch, unit=unit)
    worker = make_person("李群", unit=unit, status="13")
    return BranchStory(
        company, unit, committee, branch, other, first, second, zone_branch, clerk, secretary, member, worker,
        make_person("路人"),
    )  # fmt: skip
