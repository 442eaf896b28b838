"""Agreements as tests need them: one in force at little cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.domain.agreements.calc.content import Content, Goal, Section, canonical, digest_of
from ronghe.domain.agreements.enums import AgreementKind, AgreementState, SigningRole
from ronghe.domain.agreements.models import (
    Agreement,
    AgreementGoal,
    AgreementParty,
    AgreementSignature,
    AgreementVersion,
)
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from tests.factories.org import LONG_AGO

SECTIONS = (
    Section("overall_idea", "总体思路", "围绕项目建设的重点难点立项攻关。"),
    Section("plan", "实施方案", "成立项目攻关临时党小组。"),
    Section("outcome", "目标成果", "锻炼一个团队、收获一份经验、树立一个品牌。"),
)


def make_agreement_in_force(
    *, project: Project, branches: Sequence[PartyOrg], at: datetime, kind: AgreementKind = AgreementKind.LETTER_OF_INTENT,
    since: date | None = None, until: date | None = None,
) -> Agreement:  # fmt: skip
    """Write an agreement of `branches` on `project` that was signed by all and binds from the day of `at` (or `since`)
    up to and including the project's planned last day (or `until`), with one goal under each head.

    Written past the services and without posts, in seven statements: for stories that only need it to be there.
    """
    starts_on = since or local_day(at)
    ends_on = until or max(project.ends_on, starts_on)
    content = _content(project, branches, kind, starts_on, ends_on)
    text = canonical(content)
    signers = Person.objects.bulk_create(
        Person(name=f"签字人{number}", initials="qzr", valid_from=LONG_AGO) for number, _ in enumerate(branches, 1)
    )
    agreement = Agreement.objects.create(
        kind=kind, state=AgreementState.IN_FORCE, title=content.title, project=project, starts_on=starts_on,
        ends_on=ends_on, drafted_by=signers[0], drafted_at=at, valid_from=starts_on,
        valid_until=ends_on + timedelta(days=1), review_on=min(starts_on + timedelta(days=90), ends_on),
    )  # fmt: skip
    parties = AgreementParty.objects.bulk_create(
        AgreementParty(
            agreement=agreement, body=branch, position=number,
            unit=branch.unit if kind == AgreementKind.SAFETY else None,
        )
        for number, branch in enumerate(branches, 1)
    )  # fmt: skip
    version = AgreementVersion.objects.create(
        agreement=agreement, number=1, content=text, digest=digest_of(text), party=parties[0], made_by=signers[0],
        made_at=at,
    )  # fmt: skip
    AgreementSignature.objects.bulk_create(
        AgreementSignature(
            version=version, party=party, signer=signer, role=SigningRole.SECRETARY, digest=version.digest, signed_at=at
        )
        for party, signer in zip(parties, signers, strict=True)
    )
    AgreementGoal.objects.bulk_create(
        AgreementGoal(
            agreement=agreement, key=goal.id, position=number, head=goal.head, title=goal.title, unit=goal.unit,
            better=goal.better, baseline=goal.baseline, target=goal.target, due_on=goal.due_on,
        )
        for number, goal in enumerate(content.goals, 1)
    )  # fmt: skip
    return agreement


def _content(
    project: Project, branches: Sequence[PartyOrg], kind: AgreementKind, starts_on: date, ends_on: date
) -> Content:
    goals = (
        Goal("joint_study", "party_building", "联合学习", "次", "up", Decimal(0), Decimal(6), ends_on),
        Goal("hard_points", "project", "解决重难点问题", "项", "up", Decimal(0), Decimal(12), ends_on),
        Goal("talks", "ideology", "谈心谈话覆盖", "%", "up", Decimal(0), Decimal(100), ends_on),
    )
    return Content(
        kind=kind, title=f"联创共建攻关{project.name}合作意向书", project=project.name,
        sides=tuple(branch.name for branch in branches), starts_on=starts_on, ends_on=ends_on, review_months=3,
        preamble="经协商，达成如下意向。", sections=SECTIONS, goals=goals,
    )  # fmt: skip
