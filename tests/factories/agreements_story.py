"""Two branches that agree about a project, each with a secretary, told through the services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ronghe.domain.agreements.calc.content import Content, Section, read
from ronghe.domain.agreements.enums import AgreementKind
from ronghe.domain.agreements.models import Agreement, AgreementParty, AgreementVersion
from ronghe.domain.agreements.services.drafting import draft_agreement
from ronghe.domain.agreements.services.negotiating import consent, revise
from ronghe.domain.agreements.services.signing import sign
from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.projects.models import Project
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.factories.projects import make_project

FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2026, 12, 20)


@dataclass
class Sides:
    """仪陇 runs the project, 信息站 helps; both have a secretary and a member, above them sits a clerk."""

    committee: PartyOrg
    units: list[AdminUnit]
    bodies: list[PartyOrg]
    secretaries: list[Person]
    members: list[Person]
    clerk: Person
    auditor: Person
    project: Project


def make_sides(at: datetime) -> Sides:
    company = make_unit("输气管理处", kind=UnitKind.COMPANY)
    units = [make_unit("仪陇输气作业区", parent=company), make_unit("信息站", parent=company)]
    committee = make_body("输气管理处党委", kind=PartyOrgKind.COMMITTEE, unit=company)
    bodies = [make_body(f"{unit.name}党支部", parent=committee, unit=unit) for unit in units]
    names = (("熊忠涵", "唐雨"), ("邓国焱", "罗成"))
    people = [
        [make_person(name, home=body, unit=unit) for name in pair]
        for pair, body, unit in zip(names, bodies, units, strict=True)
    ]
    for (secretary, _member), body in zip(people, bodies, strict=True):
        make_post(secretary, PostRole.SECRETARY, body=body)
    clerk, auditor = make_person("周干事"), make_person("纪审")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(auditor, PostRole.AUDITOR, body=committee)
    project = make_project(
        body=bodies[0], unit=units[0], actor=people[0][0], at=at, name="新型输气作业区数字化转型配套工程",
        starts_on=FIRST_DAY, ends_on=LAST_DAY,
    )  # fmt: skip
    return Sides(
        committee, units, bodies, [pair[0] for pair in people], [pair[1] for pair in people], clerk, auditor, project
    )


def make_draft(sides: Sides, at: datetime, **changes: Any) -> Agreement:
    """Let the first side draft the room's own form for the project's time."""
    given: dict[str, Any] = {
        "kind": AgreementKind.LETTER_OF_INTENT, "starts_on": FIRST_DAY, "ends_on": LAST_DAY, "bodies": sides.bodies,
        "project": sides.project, "actor": sides.secretaries[0],
    }  # fmt: skip
    return draft_agreement(at=at, **{**given, **changes})


def party_of(agreement: Agreement, number: int) -> AgreementParty:
    """Return the side by its place, 0 for 甲方."""
    return agreement.parties.select_related("body__unit", "unit", "agreement").get(position=number + 1)


def content_on_table(agreement: Agreement) -> Content:
    return read(AgreementVersion.objects.get(agreement=agreement, number=agreement.current).content)


def with_text(content: Content, text: str) -> Content:
    """Return the content with another text in its first section."""
    first, *others = content.sections
    return replace(content, sections=(Section(first.id, first.title, text), *others))


def change(agreement: Agreement, sides: Sides, number: int, at: datetime, text: str) -> AgreementVersion:
    """Let a side write another first section."""
    agreement.refresh_from_db()
    version = revise(
        agreement=agreement, party=party_of(agreement, number), content=with_text(content_on_table(agreement), text),
        base=agreement.current, actor=sides.secretaries[number], at=at,
    )  # fmt: skip
    agreement.refresh_from_db()
    return version


def agree_all(agreement: Agreement, sides: Sides, at: datetime) -> Agreement:
    """Let every side agree to the version on the table."""
    for number, secretary in enumerate(sides.secretaries):
        consent(
            agreement=agreement, party=party_of(agreement, number), number=agreement.current, actor=secretary, at=at
        )
    agreement.refresh_from_db()
    return agreement


def sign_all(agreement: Agreement, sides: Sides, at: datetime) -> Agreement:
    """Let every side's secretary sign."""
    digest = AgreementVersion.objects.get(agreement=agreement, number=agreement.current).digest
    for number, secretary in enumerate(sides.secretaries):
        sign(agreement=agreement, party=party_of(agreement, number), digest=digest, actor=secretary, at=at)
    agreement.refresh_from_db()
    return agreement


def make_signed(sides: Sides, at: datetime, **changes: Any) -> Agreement:
    """Draft, agree and sign."""
    return sign_all(agree_all(make_draft(sides, at, **changes), sides, at), sides, at)
